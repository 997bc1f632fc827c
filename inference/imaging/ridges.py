"""How far a pixel stands above its ground on both sides, along eight lines through it."""

import cv2
import numpy as np
from numpy.typing import NDArray

LINES = 8
"""Number of directions, evenly over half a turn."""

LINES_NEEDED = 3
"""A pixel's height is its third largest: a forearm that leaves the picture still has three such lines."""

_NOTHING = 2.0
"""Stands for what is outside: it lies above every grey value, so it never is the darkest of a line."""


def ridge_heights(grey: NDArray[np.float32], region: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Height above the higher of the two darkest points ahead and behind, third largest over the lines.

    Args:
        grey: float32 [rows, columns], 0 to 1.
        region: bool, same shape; outside it there is no ground and no height.

    Returns:
        float32, same shape, 0 to 1.
    """
    walled = np.where(region, grey, np.float32(_NOTHING)).astype(np.float32)
    heights = np.stack([_heights_along(walled, 180.0 * line / LINES) for line in range(LINES)])
    ranked: NDArray[np.float32] = np.partition(heights, LINES - LINES_NEEDED, axis=0)[LINES - LINES_NEEDED]
    ranked[~region] = 0
    return ranked


def _heights_along(walled: NDArray[np.float32], degrees: float) -> NDArray[np.float32]:
    """Turns the picture so that the line runs along rows, and compares with running minima from both ends."""
    rows, columns = walled.shape
    side = int(np.ceil(np.hypot(rows, columns)))
    turn = cv2.getRotationMatrix2D((columns / 2, rows / 2), degrees, 1.0)
    turn[:, 2] += ((side - columns) / 2, (side - rows) / 2)
    # nearest neighbour: a mixture of a grey value with what stands for nothing would be a wall that is not there
    turned = cv2.warpAffine(walled, turn, (side, side), flags=cv2.INTER_NEAREST, borderValue=_NOTHING)
    ahead = np.minimum.accumulate(turned, axis=1)
    behind = np.minimum.accumulate(turned[:, ::-1], axis=1)[:, ::-1]
    height = np.maximum(turned - np.maximum(ahead, behind), 0)
    height[turned > 1.5] = 0
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    back: NDArray[np.float32] = cv2.warpAffine(np.ascontiguousarray(height), turn, (columns, rows), flags=flags)
    return back
