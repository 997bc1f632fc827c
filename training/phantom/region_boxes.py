"""The exact box of each of the 17 regions, from the geometry that was drawn.

A box goes round the growth region of the anatomy, ossified or not, so it exists at every age. Its extent follows the
habit of the public labelImg boxes of the RSNA hands (a metacarpal from beyond its head to the middle of its shaft, a
distal phalanx with its fingertip), measured in L: metacarpal 0.28 x 0.50, proximal phalanx 0.31 x 0.40, distal phalanx
0.33 x 0.42, radius 0.50 x 0.65, ulna 0.34 x 0.58; the carpals 0.85 x 0.60 after the wrist boxes of Koitka et al. 2018.
"""

import numpy as np
from numpy.typing import NDArray

from inference.anatomy.boxes import Box
from inference.anatomy.regions import REGION_IDS
from training.phantom.outlines import CARPAL_SHAPES, carpal_outline
from training.phantom.placement import Placement
from training.phantom.skeleton import Bone

_EXTENTS = {
    "mc": (-0.065, 0.385, 0.055),
    "pp": (-0.045, 0.305, 0.055),
    "dp": (-0.105, 0.300, 0.095),
    "radius": (-0.115, 0.525, 0.070),
    "ulna": (-0.105, 0.460, 0.070),
}
"""Along the bone from, to (in L from the joint), and margin across it beyond the bone's half width."""
_SMALL_MARGIN = 0.012
_CARPAL_MARGIN = 0.075


def bone_of_region(region: str) -> str:
    """Name of the bone whose growth end a region shows (``mc2`` -> ``MC2``)."""
    return region if region in ("radius", "ulna") else region.upper()


def region_boxes(bones: list[Bone], placement: Placement) -> dict[str, Box]:
    """Box of every region in pixels of the film, in the order of the region table."""
    by_id = {bone.id: bone for bone in bones}
    boxes = {}
    for region in REGION_IDS:
        if region == "carpals":
            points = np.vstack([carpal_outline(name, progress=1.0) for name in CARPAL_SHAPES])
            margin = _CARPAL_MARGIN
        else:
            points = _growth_region(by_id[bone_of_region(region)], region)
            margin = _SMALL_MARGIN
        boxes[region] = _round(placement.to_px(points), margin * placement.unit_px)
    return boxes


def _growth_region(bone: Bone, region: str) -> NDArray[np.float64]:
    """Corner points (u, v) of the growth region: both sides of the bone along its extent, margin included."""
    assert bone.axis is not None
    start, end, margin = _EXTENTS[region if region in _EXTENTS else region[:2]]
    t = np.linspace(start, end, 12)
    at, widths = zip(*bone.half_width_at, strict=True)
    # The corners of a slanting region are left out, as a person drawing round a slanting bone leaves them out.
    taper = np.where((t < start + 0.04) | (t > end - 0.04), 0.6, 1.0)
    half_width = (np.interp(t, at, widths) + margin) * taper
    across = np.array([bone.axis[1], -bone.axis[0]])
    middle = bone.growth_end + t[:, None] * bone.axis
    return np.vstack([middle + half_width[:, None] * across, middle - half_width[:, None] * across])


def _round(points_px: NDArray[np.float64], margin_px: float) -> Box:
    (x0, y0), (x1, y1) = points_px.min(axis=0) - margin_px, points_px.max(axis=0) + margin_px
    return Box(float(x0), float(y0), float(x1), float(y1))


def mirrored_box(box: Box, *, columns: int) -> Box:
    """The box on the film turned over left to right."""
    return Box(columns - box.x1, box.y0, columns - box.x0, box.y1)
