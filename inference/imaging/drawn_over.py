"""A picture without what a mask covers: the ground round it goes on underneath, grain included.

A patch that is smoother or darker than its surroundings keeps the shape of the letter that it hides, and the letter
can be read from it. So both are carried on: the mean by a weighted blur of what is not covered, and the grain by taking
that of a place nearby.
"""

from itertools import product

import cv2
import numpy as np
from numpy.typing import NDArray

_BLURS_PX = (1.5, 3.0, 6.0, 12.0, 24.0)
"""Each place takes its mean from the narrowest blur that sees enough of the ground."""
_ENOUGH = 0.05
_GRAIN_BLUR_PX = 1.5
_GRAIN_STEPS_PX = (5, 9, 14, 20, 28, 40)
_MARGIN_PX = 60


def drawn_over(values: NDArray[np.int32], covered: NDArray[np.bool_]) -> NDArray[np.int32]:
    """A copy with the ground instead of what is covered.

    Args:
        values: int32 [rows, columns].
        covered: bool, same shape.
    """
    result = values.copy()
    near = cv2.dilate(covered.astype(np.uint8), np.ones((9, 9), np.uint8))
    count, _, frames, _ = cv2.connectedComponentsWithStats(near, connectivity=8)
    for x, y, width, height, _ in frames[1:count]:
        part = np.s_[max(0, y - _MARGIN_PX) : y + height + _MARGIN_PX, max(0, x - _MARGIN_PX) : x + width + _MARGIN_PX]
        # from the picture as it was: a patch that overlaps another's surroundings is not to be its ground
        ground = _ground(values[part].astype(np.float32), covered[part])
        inside = np.zeros(covered.shape, bool)[part]
        inside[y - part[0].start :, x - part[1].start :][:height, :width] = True
        inside &= covered[part]
        result[part][inside] = np.rint(ground[inside]).astype(np.int32)
    return result


def _ground(values: NDArray[np.float32], covered: NDArray[np.bool_]) -> NDArray[np.float32]:
    seen = (~covered).astype(np.float32)
    if not seen.any():
        return values
    mean = np.full(values.shape, np.float32(values[~covered].mean()))
    for blur in reversed(_BLURS_PX):
        weight = cv2.GaussianBlur(seen, (0, 0), blur)
        enough = weight > _ENOUGH
        blurred = cv2.GaussianBlur(values * seen, (0, 0), blur)
        mean[enough] = blurred[enough] / weight[enough]
    return mean + _grain(values, covered, seen)


def _grain(values: NDArray[np.float32], covered: NDArray[np.bool_], seen: NDArray[np.float32]) -> NDArray[np.float32]:
    """The difference from the local mean, where covered that of the nearest place in one of four directions."""
    weight = np.maximum(cv2.GaussianBlur(seen, (0, 0), _GRAIN_BLUR_PX), 1e-6)
    grain = values - cv2.GaussianBlur(values * seen, (0, 0), _GRAIN_BLUR_PX) / weight
    # an edge nearby is structure and no grain
    limit = 3 * float(np.median(np.abs(grain[~covered]))) / 0.6745
    grain = np.clip(grain, -limit, limit).astype(np.float32)
    grain[covered] = 0
    missing = covered.copy()
    for step, (down, right) in product(_GRAIN_STEPS_PX, ((0, 1), (1, 0), (0, -1), (-1, 0))):
        from_there = np.roll(grain, (step * down, step * right), axis=(0, 1))
        there_seen = np.roll(~covered, (step * down, step * right), axis=(0, 1))
        taken = missing & there_seen
        grain[taken] = from_there[taken]
        missing &= ~taken
    return np.asarray(grain, np.float32)
