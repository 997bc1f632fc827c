"""How far a pixel stands above its ground on both sides, along eight lines through it."""

from collections.abc import Sequence
from itertools import pairwise

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
    ranked = nth_largest(_heights_along_lines(walled), LINES_NEEDED)
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


def _heights_along_lines(walled: NDArray[np.uint8]) -> list[NDArray[np.uint8]]:
    """Turns the picture so that each line runs down its columns, and compares with running minima from both ends."""
    rows, columns = walled.shape
    side = int(np.ceil(np.hypot(rows, columns)))
    turns = [_turn(rows, columns, side, 180.0 * line / LINES) for line in range(LINES)]
    # Side by side, so that one pass down the rows serves all lines: eight times fewer steps, each on a longer row.
    turned = np.empty((side, LINES, side), np.uint8)
    for line, turn in enumerate(turns):
        # nearest neighbour: a mixture of a grey value with what stands for nothing would be a wall that is not there
        flags = cv2.INTER_NEAREST
        turned[:, line] = cv2.warpAffine(walled, turn, (side, side), flags=flags, borderValue=_NOTHING)
    ground = np.maximum(_minima_from_above(turned), _minima_from_above(turned[::-1])[::-1])
    height = turned - np.minimum(turned, ground)
    height[turned == _NOTHING] = 0
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return [
        np.asarray(cv2.warpAffine(np.ascontiguousarray(height[:, line]), turn, (columns, rows), flags=flags), np.uint8)
        for line, turn in enumerate(turns)
    ]


def _minima_from_above(planes: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The darkest so far, row by row; ``np.minimum.accumulate`` goes down each column and takes ten times as long."""
    darkest = planes.copy()
    for above, row in pairwise(darkest):
        np.minimum(above, row, out=row)
    return darkest


def _turn(rows: int, columns: int, side: int, degrees: float) -> NDArray[np.float64]:
    turn = cv2.getRotationMatrix2D((columns / 2, rows / 2), degrees, 1.0)
    turn[:, 2] += ((side - columns) / 2, (side - rows) / 2)
    return np.asarray(turn, np.float64)
