"""One synthetic radiograph, from a bone age, a sex and a seed."""

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.anatomy.boxes import Box
from inference.anatomy.regions import REGION_IDS
from training.phantom.exposure import collimate, digitise, draw_exposure, expose, lead_marker
from training.phantom.layout import hand_layout, unit_length_mm
from training.phantom.outlines import Outline
from training.phantom.painting import paint_bone, texture
from training.phantom.placement import Placement, place
from training.phantom.region_boxes import bone_of_region, mirrored_box, region_boxes
from training.phantom.schedule import CARPALS, CentreGrowth, Sex, centre_growth
from training.phantom.skeleton import Bone, skeleton
from training.phantom.soft_tissue import hand_silhouette, thickness

DEFAULT_SIZE = (1000, 800)
MIRRORED_SHARE = 0.02
"""Share of a real left-hand set that shows the thumb on the other side (7 of 327)."""
OLDEST_MONTHS = 240.0
_SMALLEST_SIDE_PX = 64
_SOFT_TISSUE = 0.52
"""Attenuation of soft tissue per L."""

CentreState = Literal["not_visible", "open", "fused"]


@dataclass(frozen=True, slots=True)
class Centre:
    """One ossification centre as drawn.

    Attributes:
        id: as in the schedule (``PP3``, ``radius_epiphysis``, ``capitate``).
        region: the region that shows it, or None (middle phalanges, metacarpal I, sesamoid).
        state: carpals are never fused.
        place_px: its middle (x, y) on the film; None while it is not visible.
        area_mm2: area of the bone of the centre alone; 0 while it is not visible.
    """

    id: str
    region: str | None
    state: CentreState
    place_px: tuple[float, float] | None
    area_mm2: float


@dataclass(frozen=True, slots=True)
class Phantom:
    """A synthetic radiograph with its truth.

    Attributes:
        pixels: uint16 (rows, columns), 0 to 4095 (twelve bits), bone bright and air dark.
        boxes: box of each of the 17 regions in pixels of ``pixels``.
        centre_not_visible: regions whose ossification centre has not appeared yet.
        hand: bool (rows, columns), the soft tissue outline.
        pixel_spacing_mm: side of a pixel, so that the hand has the length usual at this age.
        marker_px: frame x0, y0, x1, y1 of the lead marker, or None where it found no room.
        mirrored: the whole film is turned over, its marker included.
    """

    pixels: NDArray[np.uint16]
    boxes: dict[str, Box]
    bone_age_months: float
    sex: Sex
    seed: int
    visit: int
    mirrored: bool
    poor_exposure: bool
    rotation_degrees: float
    pixel_spacing_mm: float
    centres: tuple[Centre, ...]
    centre_not_visible: frozenset[str]
    hand: NDArray[np.bool_]
    marker_px: tuple[int, int, int, int] | None


def render_phantom(
    *,
    bone_age_months: float,
    sex: Sex,
    seed: int,
    size: tuple[int, int] = DEFAULT_SIZE,
    visit: int = 1,
    mirrored: bool | None = None,
    poor_exposure: bool = False,
) -> Phantom:
    """Draws the film; the same arguments give the same pixels.

    Args:
        bone_age_months: 0 to 240; drives every centre.
        sex: ``M`` or ``F``; the schedules differ by years.
        seed: the child: the shape of its hand, and the months by which each centre is early or late.
        size: (rows, columns) of the film, each at least 64.
        visit: the film: where the hand lies on it, exposure, marker, noise. One seed at two bone ages and visits is
            one child, twice.
        mirrored: turn the film over; None leaves it to chance (2 % of films).
        poor_exposure: a flat, noisy film.

    Raises:
        ValueError: if an argument is outside what can be drawn.
    """
    _check(bone_age_months=bone_age_months, sex=sex, seed=seed, visit=visit, size=size)
    age_years = bone_age_months / 12
    shape, growing = (np.random.default_rng([seed, stream]) for stream in (1, 2))
    film = np.random.default_rng([seed, 3, visit])
    plumpness = float(np.clip(shape.normal(1.0, 0.05), 0.9, 1.12))
    turned_over = bool(film.uniform() < MIRRORED_SHARE) if mirrored is None else mirrored
    layout = hand_layout(age_years=age_years, rng=shape)
    placement = place(layout, size=size, age_years=age_years, rng=film)
    growth = centre_growth(bone_age_months=bone_age_months, sex=sex, rng=growing)
    bones = skeleton(layout, growth, age_years=age_years, rng=shape)
    hand = hand_silhouette(layout, placement, size=size, age_years=age_years, plumpness=plumpness)

    attenuation = _SOFT_TISSUE * thickness(hand, unit_px=placement.unit_px)
    textures = texture(size, unit_px=placement.unit_px, rng=film)
    for bone in bones:
        paint_bone(attenuation, bone, placement, textures)
    exposure = draw_exposure(film, poor=poor_exposure)
    grey = expose(attenuation, exposure, rng=film)
    marker = lead_marker(grey, hand=hand, unit_px=placement.unit_px, rng=film)
    pixels = digitise(collimate(grey, hand=hand, rng=film), exposure, rng=film)

    boxes = region_boxes(bones, placement)
    centres = _centres(bones, growth, placement, spacing_mm=unit_length_mm(age_years=age_years, sex=sex))
    not_visible = {c.region for c in centres if c.region not in (None, "carpals") and c.state == "not_visible"}
    if all(c.state == "not_visible" for c in centres if c.region == "carpals"):
        not_visible.add("carpals")
    if turned_over:
        columns = size[1]
        pixels, hand = np.ascontiguousarray(pixels[:, ::-1]), np.ascontiguousarray(hand[:, ::-1])
        boxes = {region: mirrored_box(box, columns=columns) for region, box in boxes.items()}
        centres = tuple(_mirrored_centre(centre, columns) for centre in centres)
        marker = None if marker is None else (columns - marker[2], marker[1], columns - marker[0], marker[3])
    return Phantom(
        pixels=pixels,
        boxes=boxes,
        bone_age_months=float(bone_age_months),
        sex=sex,
        seed=seed,
        visit=visit,
        mirrored=turned_over,
        poor_exposure=poor_exposure,
        rotation_degrees=placement.rotation_degrees,
        pixel_spacing_mm=round(unit_length_mm(age_years=age_years, sex=sex) / placement.unit_px, 4),
        centres=centres,
        centre_not_visible=frozenset(region for region in not_visible if region is not None),
        hand=hand > 0,
        marker_px=marker,
    )


def _check(*, bone_age_months: float, sex: str, seed: int, visit: int, size: tuple[int, int]) -> None:
    if not 0 <= bone_age_months <= OLDEST_MONTHS:
        raise ValueError(f"bone_age_months must lie between 0 and {OLDEST_MONTHS:g}, not {bone_age_months!r}")
    if sex not in ("M", "F"):
        raise ValueError(f"sex must be 'M' or 'F', not {sex!r}: the schedules differ")
    if min(seed, visit) < 0:
        raise ValueError(f"seed and visit must not be negative, not {seed} and {visit}")
    if min(size) < _SMALLEST_SIDE_PX:
        raise ValueError(f"size must be at least {_SMALLEST_SIDE_PX} x {_SMALLEST_SIDE_PX} pixels, not {size}")


def _centres(
    bones: list[Bone], growth: dict[str, CentreGrowth], placement: Placement, *, spacing_mm: float
) -> tuple[Centre, ...]:
    """What was drawn of each centre; ``spacing_mm`` is the length of L, since outlines are in L."""
    region_of = {bone_of_region(region): region for region in REGION_IDS if region != "carpals"}
    centres = []
    for bone in bones:
        id_ = f"{bone.id}_epiphysis" if bone.id in ("radius", "ulna") else bone.id
        state: CentreState = "not_visible"
        place_px, area = None, 0.0
        if bone.centre is not None:
            never_fuses = growth[id_].fused_for_months is None
            state = "fused" if growth[id_].progress >= 1 and not never_fuses else "open"
            x, y = placement.to_px(bone.centre).mean(axis=0)
            place_px = (float(x), float(y))
            area = _area(bone.centre) * spacing_mm**2
        region = "carpals" if bone.id in CARPALS else region_of.get(bone.id)
        centres.append(Centre(id_, region, state, place_px, area))
    return tuple(centres)


def _area(outline: Outline) -> float:
    return float(cv2.contourArea(outline.astype(np.float32)[:, None, :]))


def _mirrored_centre(centre: Centre, columns: int) -> Centre:
    if centre.place_px is None:
        return centre
    x, y = centre.place_px
    return Centre(centre.id, centre.region, centre.state, (columns - x, y), centre.area_mm2)
