"""Where the hand is: the largest bright structure that has darker ground on both sides.

A threshold on grey alone takes the bright field outside a collimator, the white edge of a film or a saturated wedge
for hand. What tells a hand from those is that it is a *ridge*: going out from it, in most directions, it gets darker on
both sides before the picture ends. A bright field has no darker ground on its outer side, and the ground between the
fingers has none anywhere. That height above the higher of the two darkest points ahead and behind is measured along
eight lines through every pixel, on a small copy of the film.

Inverted pictures (dark bone) are not its job. Writing that touches the hand belongs to its structure and stays in it.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

WORKING_SIDE_PX = 192
"""Longer side of the copy the mask is found on: a finger is still six pixels wide."""

LINES = 8
"""Number of directions, evenly over half a turn."""

LINES_NEEDED = 3
"""A pixel's height is its third largest: a forearm that leaves the picture still has three such lines."""

DILATION_SHARE = 0.03
"""How far the mask is widened, as a share of the longer side: soft tissue at fingertips fades into the ground."""

MINIMUM_AREA_SHARE = 0.02
MAXIMUM_AREA_SHARE = 0.85
"""A widened mask smaller or larger than this share of the film is not a hand that was found."""


@dataclass(frozen=True, slots=True)
class HandMask:
    """A mask and what was measured on the way.

    Attributes:
        mask: bool [rows, columns], widened.
        area_share: of the film, 0 to 1.
        contrast: difference of the medians inside and outside, in units of the film's 1 to 99 % range.
        plausible: whether a hand was found at all.
    """

    mask: NDArray[np.bool_]
    area_share: float
    contrast: float
    plausible: bool


def hand_mask(pixels: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Bool mask [rows, columns] of the widened hand; may be implausible, see :func:`find_hand`."""
    return find_hand(pixels).mask


def find_hand(pixels: NDArray[np.float32]) -> HandMask:
    """Finds the hand on a film of any size.

    Args:
        pixels: float32 [rows, columns], bone bright.
    """
    small = _small_copy(pixels)
    core = _largest_structure(_ridge_height(small))
    wide = _widened(core)
    share = float(wide.mean())
    contrast = _contrast(small, core)
    rows, columns = pixels.shape
    mask: NDArray[np.bool_] = cv2.resize(wide.astype(np.uint8), (columns, rows), interpolation=cv2.INTER_NEAREST) > 0
    plausible = MINIMUM_AREA_SHARE <= share <= MAXIMUM_AREA_SHARE
    return HandMask(mask=mask, area_share=share, contrast=contrast, plausible=plausible)


def _small_copy(pixels: NDArray[np.float32]) -> NDArray[np.float32]:
    """Shrinks to the working side, smooths, and spreads the 1 to 99 % range over 0..1."""
    rows, columns = pixels.shape
    scale = WORKING_SIDE_PX / max(rows, columns)
    shape = (max(8, round(columns * scale)), max(8, round(rows * scale)))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    small = cv2.GaussianBlur(cv2.resize(pixels, shape, interpolation=method), (0, 0), 1.0)
    low, high = np.percentile(small, (1, 99))
    spread = np.float32(max(float(high - low), 1e-6))
    clipped: NDArray[np.float32] = np.clip((small - np.float32(low)) / spread, 0, 1).astype(np.float32)
    return clipped


def _ridge_height(small: NDArray[np.float32]) -> NDArray[np.float32]:
    """Height above the higher of the two darkest points of each line, third largest over the lines."""
    heights = np.stack([_height_along(small, np.pi * line / LINES) for line in range(LINES)])
    ranked: NDArray[np.float32] = np.sort(heights, axis=0)[LINES - LINES_NEEDED]
    return ranked


def _height_along(small: NDArray[np.float32], angle: float) -> NDArray[np.float32]:
    """Turns the picture so that the line runs along rows, and compares with running minima from both ends."""
    rows, columns = small.shape
    side = int(np.ceil(np.hypot(rows, columns)))
    turn = cv2.getRotationMatrix2D((columns / 2, rows / 2), np.degrees(angle), 1.0)
    turn[:, 2] += ((side - columns) / 2, (side - rows) / 2)
    # outside the picture nothing is darker: 2 lies above every grey value, so it never becomes a minimum
    turned = cv2.warpAffine(small, turn, (side, side), flags=cv2.INTER_LINEAR, borderValue=2.0)
    ahead = np.minimum.accumulate(turned, axis=1)
    behind = np.minimum.accumulate(turned[:, ::-1], axis=1)[:, ::-1]
    height = np.maximum(turned - np.maximum(ahead, behind), 0)
    back: NDArray[np.float32] = cv2.warpAffine(
        np.ascontiguousarray(height), turn, (columns, rows), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    )
    return back


def _largest_structure(height: NDArray[np.float32]) -> NDArray[np.bool_]:
    grey = np.clip(height * 255, 0, 255).astype(np.uint8)
    threshold, _ = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    binary = (grey > 0.6 * threshold).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(binary, connectivity=8)
    if count < 2:
        return np.zeros(height.shape, dtype=bool)
    largest = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
    found: NDArray[np.bool_] = labels == largest
    return found


def _widened(core: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Fills holes and widens by :data:`DILATION_SHARE`."""
    radius = max(1, round(DILATION_SHARE * max(core.shape)))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    wide = cv2.dilate(core.astype(np.uint8), kernel)
    contours, _ = cv2.findContours(wide, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    filled = np.zeros_like(wide)
    cv2.drawContours(filled, contours, -1, 1, thickness=cv2.FILLED)
    found: NDArray[np.bool_] = filled > 0
    return found


def _contrast(small: NDArray[np.float32], core: NDArray[np.bool_]) -> float:
    if not core.any() or core.all():
        return 0.0
    return float(np.median(small[core]) - np.median(small[~core]))
