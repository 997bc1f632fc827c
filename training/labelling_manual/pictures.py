"""Which pictures the manual has. Each is drawn anew from its name; file names are ``<name>.webp``."""

from collections.abc import Callable
from functools import partial, reduce

import numpy as np

from inference.anatomy.boxes import Box
from inference.anatomy.regions import REGION_IDS
from training.labelling_manual.drawing import Mark, Note, Panel, Picture, draw_strip, square_around, whole
from training.labelling_manual.films import (
    Film,
    beside,
    cropped,
    film,
    mirrored,
    on_its_side,
    top_cut_off,
    with_plate,
    with_ring,
)
from training.phantom.schedule import Sex

AGES = (2, 6, 10, 14, 17)
REGION_AGES = (2, 10, 16)
_PLATES_OPEN = 6
_HEIGHT_PX = 340


def _mark(source: Film, region: str, *, named: bool = True) -> Mark:
    return Mark(region, source.boxes[region], named=named, dashed=region in source.no_centre)


def _all(source: Film, *, named: bool = True) -> tuple[Mark, ...]:
    return tuple(_mark(source, region, named=named) for region in REGION_IDS if region in source.boxes)


def _hand(source: Film) -> Box:
    """A window with all boxes in it and a little more."""
    boxes = source.boxes.values()
    margin = 0.03 * source.grey.shape[0]
    return Box(
        min(b.x0 for b in boxes) - margin,
        min(b.y0 for b in boxes) - margin,
        max(b.x1 for b in boxes) + margin,
        max(b.y1 for b in boxes) + margin,
    )


def _overview() -> Picture:
    source = film(10)
    return draw_strip([Panel(source, _hand(source), _all(source))], height_px=1000)


def _ages(sex: Sex) -> Picture:
    films = [film(age, sex) for age in AGES]
    return draw_strip([Panel(one, _hand(one), _all(one, named=False)) for one in films], height_px=420)


def _joint() -> Picture:
    """The joint MCP III with its landmarks, before and after the plates have closed."""
    panels = []
    for age in (2, _PLATES_OPEN, 16):
        source = film(age)
        both = _union(source.boxes["mc3"], source.boxes["pp3"])
        notes = _landmarks(source) if age == _PLATES_OPEN else ()
        marks = (_mark(source, "mc3"), _mark(source, "pp3"))
        panels.append(Panel(source, square_around(both, times=1.12), marks, notes=notes))
    return draw_strip(panels, height_px=460)


def _landmarks(source: Film) -> tuple[Note, ...]:
    """Shaft, plate and base of the phalanx, joint, head, plate and shaft of metacarpal III, from the tip downwards."""
    mc, pp = source.boxes["mc3"], source.boxes["pp3"]
    (head_x, head_y), (base_x, base_y) = source.centres["MC3"], source.centres["PP3"]
    right = mc.x1 + 0.30 * mc.width
    places = (
        (base_x, pp.y0 + 0.28 * pp.height),
        (base_x, base_y - 0.115 * pp.height),
        (base_x + 0.12 * pp.width, base_y),
        (base_x, (head_y + base_y) / 2 - 0.03 * mc.height),
        (head_x, head_y),
        (head_x, head_y + 0.155 * mc.height),
        (head_x, head_y + 0.45 * mc.height),
    )
    rows = np.linspace(pp.y0 + 0.28 * pp.height, mc.y1 - 0.25 * mc.height, len(places))
    return tuple(
        Note(str(i), (right, float(row)), place) for i, (row, place) in enumerate(zip(rows, places, strict=True), 1)
    )


def _union(a: Box, b: Box) -> Box:
    return Box(min(a.x0, b.x0), min(a.y0, b.y0), max(a.x1, b.x1), max(a.y1, b.y1))


def _region(region: str) -> Picture:
    """One region at three ages, its box alone."""
    times = 1.5 if region == "carpals" else 1.9
    panels = [
        Panel(source, square_around(source.boxes[region], times=times), (_mark(source, region),))
        for source in (film(age) for age in REGION_AGES)
    ]
    return draw_strip(panels, height_px=_HEIGHT_PX)


def _part(box: Box, left: float, top: float, right: float, bottom: float) -> Box:
    """A box made of shares of another: 0, 0, 1, 1 is the box itself, and numbers beyond go outside it."""
    return Box(
        box.x0 + left * box.width, box.y0 + top * box.height, box.x0 + right * box.width, box.y0 + bottom * box.height
    )


def _examples(source: Film, region: str, wrong: list[Box]) -> Picture:
    """The right box, and wrong ones with letters b, c, d, in one window with all of them."""
    right = source.boxes[region]
    shows = square_around(reduce(_union, wrong, right), times=1.5)
    panels = [Panel(source, shows, (_mark(source, region),), verdict="right", letter="a")]
    panels += [
        Panel(source, shows, (Mark(region, box),), verdict="wrong", letter=letter)
        for letter, box in zip("bcd", wrong, strict=True)
    ]
    return draw_strip(panels, height_px=300)


def _wrong_metacarpal() -> Picture:
    source = film(_PLATES_OPEN)
    mc, pp = source.boxes["mc3"], source.boxes["pp3"]
    joint = Box(pp.x0, pp.y0 + 0.50 * pp.height, pp.x1, mc.y0 + 0.42 * mc.height)
    return _examples(source, "mc3", [_part(mc, 0.20, 0.24, 0.80, 0.52), _part(mc, 0, 0.33, 1, 1.0), joint])


def _wrong_proximal() -> Picture:
    source = film(_PLATES_OPEN)
    pp = source.boxes["pp3"]
    middle = _moved(pp, source.centres["PP3"], source.centres["MP3"])
    wrong = [_part(pp, 0.20, 0.62, 0.80, 0.92), _part(pp, 0, 0, 1, 0.70), middle]
    return _examples(source, "pp3", wrong)


def _wrong_distal() -> Picture:
    source = film(_PLATES_OPEN)
    dp = source.boxes["dp3"]
    middle = _moved(dp, source.centres["DP3"], source.centres["MP3"])
    return _examples(source, "dp3", [_part(dp, 0, 0.45, 1, 1.05), _part(dp, 0, 0, 1, 0.62), middle])


def _moved(box: Box, start: tuple[float, float], end: tuple[float, float]) -> Box:
    dx, dy = end[0] - start[0], end[1] - start[1]
    return Box(box.x0 + dx, box.y0 + dy, box.x1 + dx, box.y1 + dy)


def _wrong_radius() -> Picture:
    source = film(_PLATES_OPEN)
    box, ulna = source.boxes["radius"], source.boxes["ulna"]
    both = box._replace(x0=ulna.x0)
    return _examples(source, "radius", [_part(box, 0, 0, 1, 0.42), _part(box, 0, 0.34, 1, 1), both])


def _wrong_ulna() -> Picture:
    source = film(4)
    box = source.boxes["ulna"]
    return _examples(source, "ulna", [_part(box, 0, 0.34, 1, 1), _part(box, 0, 0, 1, 0.45), _part(box, 0, 0, 1.9, 1)])


def _wrong_carpals() -> Picture:
    source = film(3)
    box = source.boxes["carpals"]
    seen = [source.centres[name] for name in ("capitate", "hamate")]
    reach = 0.11 * box.width
    only_seen = Box(
        min(x for x, _ in seen) - reach,
        min(y for _, y in seen) - reach,
        max(x for x, _ in seen) + reach,
        max(y for _, y in seen) + reach,
    )
    return _examples(source, "carpals", [only_seen, _part(box, 0, 0.25, 1, 1.45), _part(box, 0, 0, 0.68, 1)])


def _mirrored() -> Picture:
    source = mirrored(film(10))
    return draw_strip([Panel(source, _hand(source), _all(source))], height_px=620)


def _on_its_side() -> Picture:
    source = on_its_side(film(10))
    return draw_strip([Panel(source, _hand(source), _all(source))], height_px=520)


def _cut_off() -> Picture:
    """The film ends in the fingertips: what still shows its growth plate is boxed to the edge, the rest is gone."""
    full = film(10)
    dp = full.boxes["dp3"]
    tip_gone = top_cut_off(full, at_px=dp.y0 + 0.42 * dp.height)
    all_gone = top_cut_off(full, at_px=dp.y1 - 0.05 * dp.height)
    panels = []
    for source, letter in ((tip_gone, "a"), (all_gone, "b")):
        pp = source.boxes["pp3"]
        shows = Box(pp.x0 - 2.3 * pp.width, -0.2 * pp.height, pp.x1 + 2.3 * pp.width, pp.y1)
        panels.append(Panel(source, shows, _all(source), letter=letter))
    return draw_strip(panels, height_px=400)


def _covered() -> Picture:
    """A ring beside the growth plate (boxed, occluded) and a plate over it (absent)."""
    ring, plate = with_ring(film(10), over="pp4"), with_plate(film(10), over="mc4")
    around = square_around(_union(ring.boxes["mc4"], ring.boxes["pp4"]), times=1.35)
    panels = [
        Panel(ring, around, (_mark(ring, "mc4"), _mark(ring, "pp4")), letter="a"),
        Panel(plate, around, (_mark(plate, "pp4"),), letter="b"),
    ]
    return draw_strip(panels, height_px=400)


def _two_hands() -> Picture:
    shows = _hand(film(10))
    left_hand = cropped(film(10), shows)
    source = beside(mirrored(left_hand), left_hand)
    return draw_strip([Panel(source, whole(source), _all(source, named=False))], height_px=460)


PICTURES: dict[str, Callable[[], Picture]] = {
    "overview": _overview,
    "ages-boys": partial(_ages, "M"),
    "ages-girls": partial(_ages, "F"),
    "joint": _joint,
    **{f"region-{region}": partial(_region, region) for region in REGION_IDS},
    "wrong-radius": _wrong_radius,
    "wrong-ulna": _wrong_ulna,
    "wrong-carpals": _wrong_carpals,
    "wrong-metacarpal": _wrong_metacarpal,
    "wrong-proximal_phalanx": _wrong_proximal,
    "wrong-distal_phalanx": _wrong_distal,
    "mirrored": _mirrored,
    "on-its-side": _on_its_side,
    "cut-off": _cut_off,
    "covered": _covered,
    "two-hands": _two_hands,
}
"""Name -> how it is drawn."""
