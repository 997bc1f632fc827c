"""What changed between two sets of boxes of one film, region by region."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from annotations.models import RegionBox
from annotations.models.box_set import ATTRIBUTES
from annotations.states import BoxChange, RegionState
from inference.anatomy.boxes import Box, iou
from inference.anatomy.regions import REGION_IDS

SAME_WITHIN_PX = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionDifference:
    """One region, before and after.

    ``shift_px`` is how far the centre moved, ``dx_px`` and ``dy_px`` in which direction; ``width_px`` and
    ``height_px`` are after minus before; ``shift_mm`` is None where the film's spacing is not known.
    """

    region: str
    change: BoxChange
    before: RegionBox
    after: RegionBox
    shift_px: float | None = None
    shift_mm: float | None = None
    dx_px: float | None = None
    dy_px: float | None = None
    width_px: float | None = None
    height_px: float | None = None
    iou: float | None = None


def differences(
    before: Iterable[RegionBox], after: Iterable[RegionBox], *, spacing_mm: tuple[float, float] | None
) -> list[RegionDifference]:
    """All 17 regions in order. ``spacing_mm`` is (row, column) spacing of the film."""
    old, new = _by_region(before), _by_region(after)
    return [_difference(old[region], new[region], spacing_mm) for region in REGION_IDS]


def _by_region(rows: Iterable[RegionBox]) -> Mapping[str, RegionBox]:
    found = {row.region: row for row in rows}
    return {region: found.get(region) or RegionBox(region=region) for region in REGION_IDS}


def _difference(old: RegionBox, new: RegionBox, spacing_mm: tuple[float, float] | None) -> RegionDifference:
    if old.box is None or new.box is None:
        return RegionDifference(region=new.region, change=_change_of_state(old, new), before=old, after=new)
    (x, y), (x_new, y_new) = old.box.centre, new.box.centre
    dx, dy = x_new - x, y_new - y
    width, height = new.box.width - old.box.width, new.box.height - old.box.height
    return RegionDifference(
        region=new.region,
        change=_change_of_box(old, new, (dx, dy), (width, height)),
        before=old,
        after=new,
        shift_px=math.hypot(dx, dy),
        shift_mm=math.hypot(dy * spacing_mm[0], dx * spacing_mm[1]) if spacing_mm else None,
        dx_px=dx,
        dy_px=dy,
        width_px=width,
        height_px=height,
        iou=iou(Box(*old.box), Box(*new.box)),
    )


def _change_of_state(old: RegionBox, new: RegionBox) -> BoxChange:
    if (old.state, old.absent_reason) == (new.state, new.absent_reason):
        return BoxChange.SAME
    if new.state == RegionState.BOXED:
        return BoxChange.ADDED
    return BoxChange.ABSENT if new.state == RegionState.ABSENT else BoxChange.REMOVED


def _change_of_box(old: RegionBox, new: RegionBox, shift: Sequence[float], growth: Sequence[float]) -> BoxChange:
    if any(abs(each) > SAME_WITHIN_PX for each in growth):
        return BoxChange.RESIZED
    if any(abs(each) > SAME_WITHIN_PX for each in shift):
        return BoxChange.MOVED
    marked = any(getattr(old, name) != getattr(new, name) for name in ATTRIBUTES)
    return BoxChange.MARKED if marked else BoxChange.SAME
