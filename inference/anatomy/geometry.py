"""How the 17 regions lie to each other: expected places, order along the rays, side of the hand.

Everything here works for left and right, mirrored and rotated hands, and for pictures whose aspect was squeezed: a
hand is laid over the template by an affine map, which may mirror.

The template's numbers are medians over 556 real hands of the RSNA 2017 training data with public boxes (training part
only), each turned and scaled onto the others; hand proportions, no picture of anyone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
import numpy.typing as npt

from inference.anatomy.boxes import Box, iou
from inference.anatomy.regions import REGION_BY_ID, REGION_IDS

Floats = npt.NDArray[np.floating]

# u towards the thumb, v towards the fingers, origin at the carpals' centre, unit = carpals to mc3: centre, spread of a
# region's place round it (one standard deviation), size of its box.
_TABLE: dict[str, tuple[float, float, float, float, float]] = {
    "radius": (0.066, -0.463, 0.071, 0.583, 0.750),
    "ulna": (-0.337, -0.476, 0.081, 0.388, 0.655),
    "carpals": (0.000, 0.000, 0.053, 0.734, 0.497),
    "mc2": (0.345, 1.007, 0.042, 0.342, 0.595),
    "mc3": (0.000, 1.000, 0.040, 0.324, 0.599),
    "mc4": (-0.273, 0.902, 0.042, 0.292, 0.546),
    "mc5": (-0.521, 0.751, 0.048, 0.308, 0.548),
    "pp1": (0.898, 0.789, 0.080, 0.398, 0.432),
    "pp2": (0.389, 1.427, 0.036, 0.363, 0.488),
    "pp3": (0.003, 1.429, 0.034, 0.344, 0.483),
    "pp4": (-0.322, 1.294, 0.035, 0.334, 0.479),
    "pp5": (-0.630, 1.079, 0.040, 0.334, 0.413),
    "dp1": (1.179, 1.222, 0.153, 0.482, 0.549),
    "dp2": (0.546, 2.319, 0.079, 0.372, 0.464),
    "dp3": (-0.003, 2.485, 0.056, 0.371, 0.486),
    "dp4": (-0.487, 2.285, 0.080, 0.365, 0.489),
    "dp5": (-0.967, 1.772, 0.110, 0.360, 0.437),
}
_ROWS = np.array([_TABLE[region] for region in REGION_IDS])
TEMPLATE_CENTRES: Floats = _ROWS[:, :2]
TEMPLATE_SPREADS: Floats = _ROWS[:, 2]
TEMPLATE_SIZES: Floats = _ROWS[:, 3:]

RAYS: tuple[tuple[str, ...], ...] = (
    ("pp1", "dp1"),
    *((f"mc{ray}", f"pp{ray}", f"dp{ray}") for ray in range(2, 6)),
)
"""Regions of each ray from the wrist outwards."""

HandSide = Literal["L", "R"]

AFFINE_NEEDS = 6
"""With fewer regions an affine map bends to any mistake, so a similarity (which may mirror) is fitted instead."""


@dataclass(frozen=True, slots=True)
class Pose:
    """How the template lies on a picture: ``picture = centre(u, v) @ linear.T + offset``.

    Attributes:
        linear: ``[2, 2]``, px per template unit.
        offset: ``[2]``, px: where the carpals' centre is expected.
    """

    linear: Floats
    offset: Floats

    @property
    def unit_px(self) -> float:
        """Length of the template's unit (carpals to mc3), as the geometric mean of both directions."""
        return float(abs(np.linalg.det(self.linear)) ** 0.5)

    @property
    def side(self) -> HandSide:
        """Which hand this is if the film is a PA view that was not mirrored: thumb on the picture's right is left."""
        return "L" if np.linalg.det(self.linear) < 0 else "R"

    def centres(self) -> Floats:
        """Expected centres of the 17 regions, ``[17, 2]`` px."""
        return TEMPLATE_CENTRES @ self.linear.T + self.offset

    def sizes(self) -> Floats:
        """Expected width and height of the 17 boxes, ``[17, 2]`` px, of the ellipse inside each."""
        return np.sqrt(TEMPLATE_SIZES**2 @ (self.linear.T**2))

    def deviations(self, centres: Floats) -> Floats:
        """How far each of ``centres`` ``[17, 2]`` px lies from its expected place, in template units, ``[17]``."""
        inverse = np.linalg.inv(self.linear)
        return np.asarray(np.linalg.norm((centres - self.centres()) @ inverse.T, axis=1))


def fit_pose(centres: Floats, weights: Floats) -> Pose | None:
    """Lay the template over the regions that are there.

    Args:
        centres: ``[17, 2]`` px; rows of weight 0 are not looked at.
        weights: ``[17]`` how much each counts; 0 for a missing region.

    Returns:
        The pose, or None where fewer than three regions (or three in a line) leave it open.
    """
    known = weights > 0
    if known.sum() < 3:
        return None
    weight = weights / TEMPLATE_SPREADS**2
    if known.sum() >= AFFINE_NEEDS:
        pose = _affine(centres[known], TEMPLATE_CENTRES[known], weight[known])
    else:
        pose = _similarity(centres[known], TEMPLATE_CENTRES[known], weight[known])
    return pose if pose is not None and pose.unit_px > 1e-6 else None


def _affine(target: Floats, source: Floats, weight: Floats) -> Pose | None:
    design = np.column_stack([source, np.ones(len(source))]) * np.sqrt(weight)[:, None]
    if np.linalg.matrix_rank(design) < 3:
        return None
    solution = np.linalg.lstsq(design, target * np.sqrt(weight)[:, None], rcond=None)[0]
    return Pose(linear=solution[:2].T, offset=solution[2])


def _similarity(target: Floats, source: Floats, weight: Floats) -> Pose | None:
    share = weight / weight.sum()
    mean_source, mean_target = share @ source, share @ target
    moved = (target - mean_target) @ [1, 1j]
    best: tuple[float, Pose] | None = None
    for mirror in (1.0, -1.0):
        flat = ((source - mean_source) * [1, mirror]) @ [1, 1j]
        power = float(share @ np.abs(flat) ** 2)
        if power < 1e-9:
            return None
        turn = complex((share * np.conj(flat)) @ moved) / power
        error = float(share @ np.abs(moved - turn * flat) ** 2)
        linear = np.array([[turn.real, -turn.imag * mirror], [turn.imag, turn.real * mirror]])
        if best is None or error < best[0]:
            best = error, Pose(linear=linear, offset=mean_target - linear @ mean_source)
    return best[1] if best else None


def pose_of(boxes: Mapping[str, Box]) -> Pose | None:
    """The pose of a hand from its boxes, all counting alike."""
    centres, weights = np.zeros((len(REGION_IDS), 2)), np.zeros(len(REGION_IDS))
    for region, box in boxes.items():
        centres[REGION_BY_ID[region].index], weights[REGION_BY_ID[region].index] = box.centre, 1.0
    return fit_pose(centres, weights)


def expected_boxes(boxes: Mapping[str, Box]) -> dict[str, Box]:
    """Where the regions that are not in ``boxes`` are to be expected; empty where too few regions are known."""
    pose = pose_of(boxes)
    if pose is None:
        return {}
    low, high = pose.centres() - pose.sizes() / 2, pose.centres() + pose.sizes() / 2
    return {region: Box(*map(float, (*low[i], *high[i]))) for i, region in enumerate(REGION_IDS) if region not in boxes}


def hand_side(boxes: Mapping[str, Box]) -> HandSide | None:
    """Left or right, as a PA view that was not mirrored would show it; None where the boxes leave it open."""
    pose = pose_of(boxes) if len(boxes) >= AFFINE_NEEDS else None
    return pose.side if pose else None


@dataclass(frozen=True, slots=True)
class GeometryWarning:
    """Something about a set of boxes that a person should look at.

    Codes: ``order_along_ray`` (a phalanx nearer the wrist than the bone before it), ``order_of_rays`` (fingers
    crossed), ``overlap`` (two boxes in one place), ``place`` (far from where it is expected), ``size`` (far larger or
    smaller than expected).
    """

    code: Literal["order_along_ray", "order_of_rays", "overlap", "place", "size"]
    regions: tuple[str, ...]


OVERLAP_IOU = 0.6
PLACE_SPREADS = 6.0
"""A region further from its place than this many spreads is worth a look; fingers spread and thumbs fold."""
PLACE_AT_LEAST = 0.25
SIZE_FACTOR = 2.5


def geometry_warnings(boxes: Mapping[str, Box]) -> tuple[GeometryWarning, ...]:
    """All that looks wrong with a hand's boxes; with fewer than ``AFFINE_NEEDS`` regions only overlaps are judged."""
    found = [
        GeometryWarning("overlap", (a, b))
        for i, a in enumerate(REGION_IDS)
        for b in REGION_IDS[i + 1 :]
        if a in boxes and b in boxes and iou(boxes[a], boxes[b]) > OVERLAP_IOU
    ]
    pose = pose_of(boxes) if len(boxes) >= AFFINE_NEEDS else None
    if pose is None:
        return tuple(found)
    places = {region: np.linalg.solve(pose.linear, np.array(box.centre) - pose.offset) for region, box in boxes.items()}
    found += [GeometryWarning("order_along_ray", pair) for pair in broken_rays(places)]
    found += [GeometryWarning("order_of_rays", pair) for pair in _crossed_rays(places)]
    sizes = pose.sizes()
    for region, box in boxes.items():
        i = REGION_BY_ID[region].index
        if np.linalg.norm(places[region] - TEMPLATE_CENTRES[i]) > max(
            PLACE_SPREADS * TEMPLATE_SPREADS[i], PLACE_AT_LEAST
        ):
            found.append(GeometryWarning("place", (region,)))
        factor = (box.area / float(np.prod(sizes[i]))) ** 0.5
        if not 1 / SIZE_FACTOR < factor < SIZE_FACTOR:
            found.append(GeometryWarning("size", (region,)))
    return tuple(found)


def broken_rays(places: Mapping[str, Floats]) -> list[tuple[str, str]]:
    """Neighbours on a ray in the wrong order, from places in template coordinates (u, v)."""
    broken = []
    for ray in RAYS:
        there = [region for region in ray if region in places]
        for near, far in pairwise(there):
            i, j = REGION_BY_ID[near].index, REGION_BY_ID[far].index
            along = TEMPLATE_CENTRES[j] - TEMPLATE_CENTRES[i]
            if float((places[far] - places[near]) @ along) <= 0:
                broken.append((near, far))
    return broken


def _crossed_rays(places: Mapping[str, Floats]) -> list[tuple[str, str]]:
    crossed = []
    for row in (["radius", "ulna"], *([f"{bone}{ray}" for ray in range(2, 6)] for bone in ("mc", "pp", "dp"))):
        there = [region for region in row if region in places]
        crossed += [(a, b) for a, b in pairwise(there) if places[a][0] <= places[b][0]]
    return crossed
