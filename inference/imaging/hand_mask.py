"""Where the hand is: the largest bright structure that has darker ground on both sides.

A threshold on grey alone takes the bright field outside a collimator, the white edge of a film or a saturated wedge
for hand. What tells a hand from those is that it is a *ridge*: going out from it, in most directions, it gets darker on
both sides before the picture ends (:mod:`ridges`). A field that the collimator left brighter than what lies round it
is a ridge too; but its outline fills its own rectangle, which no hand does. So where the structure found looks like a
field, the search starts again inside it.

Inverted pictures (dark bone) are not its job. Writing that touches the hand belongs to its structure and stays in it.

Measured on 1 025 radiographs of the RSNA 2017 set with boxes by people (100 pixels); a sample of them is measured again
in tests/inference/imaging/test_real_films.py. It errs both ways: of 24 near-native films one lost the tip of its thumb,
and on three a field or a marker beside the hand stayed inside the mask.
"""

from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.imaging.ridges import ridge_heights

WORKING_SIDE_PX = 192
"""Longer side of the copy the mask is found on: a finger is still six pixels wide."""


class _Sensitivity(NamedTuple):
    """How faint tissue may be: the gamma that lifts it, and the share of Otsu's threshold from which it counts."""

    gamma: float
    core_share: float


GENEROUS = _Sensitivity(0.7, 0.5)
SPARING = _Sensitivity(1.0, 0.8)
WITNESS = _Sensitivity(1.5, 0.6)
"""Soft tissue of fingertips is faint beside the wrist, so the generous setting serves. But a faint field round the hand
is taken in as well; a hand hardly shrinks when looked at with the witness's eyes, and such a field falls away."""

WITNESS_RATIO = 0.7
"""Below this ratio of areas, witness to generous, the sparing setting serves. On 513 hands with boxes: without it 2.3 %
had a field or frame in the mask, with it 1.0 %; hands with the centre of each region inside went from all to 99.8 %."""

REACH_SHARES = (0.22, 0.32, 0.42)
MAXIMUM_GROWTH = 1.7
"""Fainter tissue within :data:`REACH` is added down to the first of these shares with which the structure grows by no
more than this factor: more than that is a field round the hand."""

REACH = 0.08
DILATION = 0.03
FIELD_RIM = 0.018
"""As shares of the longer side: how far faint tissue is followed, the mask is widened, a field's rim is left out."""

FIELD_EXTENT = 0.885
"""A structure whose hull fills more of its tightest rectangle than this is a field: hands reach 0.60 to 0.88."""

FIELD_MINIMUM_SHARE = 0.15
FRAME_SOLIDITY = 0.66
FRAME_CONTACT = 0.55
FRAME_MINIMUM_SHARE = 0.5
"""A frame of bright lines with a hand in it: fills little of its hull, yet touches more than half of its outline."""

MAXIMUM_PASSES = 5

MINIMUM_AREA_SHARE = 0.03
MAXIMUM_AREA_SHARE = 0.88
MAXIMUM_SOLIDITY = 0.95
"""A widened mask smaller or larger than this share of the film, or without any gap between fingers, thumb and forearm,
is not a hand that was found."""


@dataclass(frozen=True, slots=True)
class HandMask:
    """A mask and what was measured on the way.

    Attributes:
        mask: bool [rows, columns], widened.
        area_share: of the film, 0 to 1.
        solidity: area of the unwidened structure / area of its hull; 0 if there is none.
        border_share: share of the film's outline that the unwidened structure touches, for each of top, right, bottom
            and left.
        plausible: whether a hand was found at all.
    """

    mask: NDArray[np.bool_]
    area_share: float
    solidity: float
    border_share: tuple[float, float, float, float]
    plausible: bool


@dataclass(frozen=True, slots=True)
class _Outline:
    """Shape of a structure: hull / tightest rectangle, structure / hull, hull / picture, hull touched."""

    hull: NDArray[np.int32]
    extent: float
    solidity: float
    hull_share: float
    contact: float


def hand_mask(pixels: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Bool mask [rows, columns] of the widened hand; may be implausible, see :func:`find_hand`."""
    return find_hand(pixels).mask


def find_hand(pixels: NDArray[np.float32]) -> HandMask:
    """Finds the hand on a film of any size.

    Args:
        pixels: float32 [rows, columns], bone bright.
    """
    core = _best_core(_small_copy(pixels))
    wide = _filled(_widened(core, DILATION))
    share = float(wide.mean())
    solidity = _outline(core).solidity if core.any() else 0.0
    rows, columns = pixels.shape
    mask: NDArray[np.bool_] = cv2.resize(wide.astype(np.uint8), (columns, rows), interpolation=cv2.INTER_NEAREST) > 0
    sized = MINIMUM_AREA_SHARE <= share <= MAXIMUM_AREA_SHARE
    return HandMask(
        mask=mask,
        area_share=share,
        solidity=solidity,
        border_share=_border_share(core),
        plausible=sized and 0 < solidity <= MAXIMUM_SOLIDITY,
    )


def _small_copy(pixels: NDArray[np.float32]) -> NDArray[np.float32]:
    """Shrinks (or enlarges) to the working side and smooths."""
    rows, columns = pixels.shape
    scale = WORKING_SIDE_PX / max(rows, columns)
    shape = (max(8, round(columns * scale)), max(8, round(rows * scale)))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    small: NDArray[np.float32] = cv2.GaussianBlur(cv2.resize(pixels, shape, interpolation=method), (0, 0), 1.0)
    return small


def _best_core(small: NDArray[np.float32]) -> NDArray[np.bool_]:
    generous, witness = _core(small, GENEROUS), _core(small, WITNESS)
    if _widened(witness, DILATION).sum() < WITNESS_RATIO * _widened(generous, DILATION).sum():
        return _core(small, SPARING)
    return generous


def _core(small: NDArray[np.float32], sensitivity: _Sensitivity) -> NDArray[np.bool_]:
    """The structure itself: found in the whole picture, then again inside it for as long as it looks like a field."""
    region = np.ones(small.shape, dtype=bool)
    found = np.zeros(small.shape, dtype=bool)
    for _ in range(MAXIMUM_PASSES):
        heights = ridge_heights(_spread(small, region, sensitivity.gamma), region)
        structure = _largest_structure(heights, region, sensitivity.core_share)
        if not structure.any():
            break
        found = structure
        outline = _outline(structure)
        if not _is_field(outline):
            break
        inner = _inside_of(outline, small.shape) & region
        if inner.mean() < MINIMUM_AREA_SHARE:
            break
        region = inner
    return found


def _spread(small: NDArray[np.float32], region: NDArray[np.bool_], gamma: float) -> NDArray[np.float32]:
    """Spreads the region's 0.5 to 99 % range over 0..1 and lifts faint tissue."""
    low, high = np.percentile(small[region], (0.5, 99))
    spread = np.clip((small - np.float32(low)) / np.float32(max(float(high - low), 1e-6)), 0, 1)
    lifted: NDArray[np.float32] = np.power(spread, np.float32(gamma), dtype=np.float32)
    return lifted


def _largest_structure(grey: NDArray[np.uint8], region: NDArray[np.bool_], core_share: float) -> NDArray[np.bool_]:
    threshold, _ = cv2.threshold(grey[region].reshape(-1, 1), 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    ball = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (3, 3))
    bright = cv2.morphologyEx((grey > core_share * threshold).astype(np.uint8), cv2.MORPH_OPEN, ball)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(bright, connectivity=8)
    if count < 2:
        return np.zeros(grey.shape, dtype=bool)
    largest: NDArray[np.bool_] = labels == 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
    limit = MAXIMUM_GROWTH * int(stats[1:, cv2.CC_STAT_AREA].max())
    for share in REACH_SHARES:
        grown = _with_faint_tissue(largest, grey > share * threshold)
        if grown.sum() <= limit:
            return grown
    return largest


def _with_faint_tissue(structure: NDArray[np.bool_], faint: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Adds fainter pixels that hang together with the structure and lie within reach of it."""
    near = (faint & _widened(structure, REACH)) | structure
    opened = cv2.morphologyEx(near.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    _, labels = cv2.connectedComponents(opened | structure.astype(np.uint8), connectivity=4)
    joined: NDArray[np.bool_] = np.isin(labels, np.unique(labels[structure]))
    return joined


def _outline(structure: NDArray[np.bool_]) -> _Outline:
    contours, _ = cv2.findContours(structure.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    contour = max(contours, key=cv2.contourArea)
    hull = cv2.convexHull(contour)
    hull_area = max(float(cv2.contourArea(hull)), 1e-6)
    width, height = cv2.minAreaRect(contour)[1]
    drawn = np.zeros(structure.shape, np.uint8)
    cv2.polylines(drawn, [hull], True, 1, 1)
    near = cv2.dilate(structure.astype(np.uint8), np.ones((5, 5), np.uint8))
    return _Outline(
        hull=hull,
        extent=hull_area / max(float(width * height), 1e-6),
        solidity=float(cv2.contourArea(contour)) / hull_area,
        hull_share=hull_area / structure.size,
        contact=float(near[drawn > 0].mean()),
    )


def _is_field(outline: _Outline) -> bool:
    rectangle = outline.extent > FIELD_EXTENT and outline.hull_share > FIELD_MINIMUM_SHARE
    hollow = outline.solidity < FRAME_SOLIDITY and outline.contact > FRAME_CONTACT
    return rectangle or (hollow and outline.hull_share > FRAME_MINIMUM_SHARE)


def _inside_of(outline: _Outline, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """The hull without its rim, where a collimator's edge glares."""
    filled = np.zeros(shape, np.uint8)
    cv2.fillConvexPoly(filled, outline.hull, 1)
    size = 2 * max(2, round(FIELD_RIM * max(shape))) + 1
    kernel = np.ones((size, size), np.uint8)
    inner: NDArray[np.bool_] = cv2.erode(filled, kernel, borderType=cv2.BORDER_CONSTANT, borderValue=0) > 0
    return inner


def _widened(structure: NDArray[np.bool_], share: float) -> NDArray[np.bool_]:
    radius = max(1, round(share * max(structure.shape)))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    wide: NDArray[np.bool_] = cv2.dilate(structure.astype(np.uint8), kernel) > 0
    return wide


def _filled(structure: NDArray[np.bool_]) -> NDArray[np.bool_]:
    contours, _ = cv2.findContours(structure.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    drawn = np.zeros(structure.shape, np.uint8)
    cv2.drawContours(drawn, contours, -1, 1, thickness=cv2.FILLED)
    filled: NDArray[np.bool_] = drawn > 0
    return filled


def _border_share(core: NDArray[np.bool_]) -> tuple[float, float, float, float]:
    """Within two pixels of the edge: smoothing draws the structure back from it."""
    sides = (core[:2].any(axis=0), core[:, -2:].any(axis=1), core[-2:].any(axis=0), core[:, :2].any(axis=1))
    top, right, bottom, left = (float(side.mean()) for side in sides)
    return top, right, bottom, left
