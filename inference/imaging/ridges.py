"""How far a pixel stands above its ground on both sides, along eight lines through it."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

LINES = 8
"""Number of directions, evenly over half a turn."""

LINES_NEEDED = 3
"""A pixel's height is its third largest: a forearm that leaves the picture still has three such lines."""

_LEVELS = 254
_NOTHING = 255
"""Stands for what is outside: it lies above every grey level, so it never is the darkest of a line."""


def ridge_heights(grey: NDArray[np.float32], region: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Height above the higher of the two darkest points ahead and behind, third largest over the lines.

    Args:
        grey: float32 [rows, columns], 0 to 1.
        region: bool, same shape; outside it there is no ground and no height.

    Returns:
        uint8, same shape, in steps of 1/254 of the grey range.
    """
    levels = np.rint(grey * np.float32(_LEVELS)).astype(np.uint8)
    walled = np.where(region, levels, np.uint8(_NOTHING))
    ranked = nth_largest([_heights_along(walled, 180.0 * line / LINES) for line in range(LINES)], LINES_NEEDED)
    ranked[~region] = 0
    return ranked


def nth_largest(planes: Sequence[NDArray[np.uint8]], n: int) -> NDArray[np.uint8]:
    """Pixel by pixel the n-th largest value; for a few planes some thirty times faster than ``np.partition``."""
    best = [np.zeros_like(planes[0]) for _ in range(n)]
    for plane in planes:
        falling = plane
        for place in range(n):
            best[place], falling = np.maximum(best[place], falling), np.minimum(best[place], falling)
    return best[-1]


def _heights_along(walled: NDArray[np.uint8], degrees: float) -> NDArray[np.uint8]:
    """Turns the picture so that the line runs down its columns, and compares with running minima from both ends."""
    rows, columns = walled.shape
    side = int(np.ceil(np.hypot(rows, columns)))
    turn = cv2.getRotationMatrix2D((columns / 2, rows / 2), degrees, 1.0)
    turn[:, 2] += ((side - columns) / 2, (side - rows) / 2)
    # nearest neighbour: a mixture of a grey value with what stands for nothing would be a wall that is not there
    turned = cv2.warpAffine(walled, turn, (side, side), flags=cv2.INTER_NEAREST, borderValue=_NOTHING)
    ahead = np.minimum.accumulate(turned, axis=0)
    behind = np.minimum.accumulate(turned[::-1], axis=0)[::-1]
    height = cv2.subtract(turned, np.maximum(ahead, behind))
    height[turned == _NOTHING] = 0
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    back: NDArray[np.uint8] = cv2.warpAffine(height, turn, (columns, rows), flags=flags)
    return back
