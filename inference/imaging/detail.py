"""Sharpness and noise inside the hand, measured where the eye looks for growth plates: at half a millimetre.

The film is reduced to 512 pixels, so that 20 cm of hand give the same numbers from any detector; what is smaller than
that on a film says nothing about a bone age. Between Gaussian scales of 0.7, 1.4 and 2.8 pixels lie edges of bone; a
blurred film has lost the finer of the two bands. The difference from the finest scale is noise, more than detail.
"""

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

WORKING_SIDE_PX = 512
SMALL_SIDE_PX = 256
"""Below this longer side a picture has scales of its own: what is measured on it compares with small pictures only."""
SMALLEST_SIDE_PX = 64
"""Below this longer side there is nothing to be measured."""

SCALES_PX = (0.7, 1.4, 2.8)
RIM_SHARE = 0.03
"""The rim of the widened mask, as a share of the longer side: it is ground or the hand's outline, which stays sharp."""
MINIMUM_INSIDE_PX = 200


@dataclass(frozen=True, slots=True)
class Detail:
    """How sharp and how noisy the hand is.

    Attributes:
        sharpness: finer over coarser band (root mean squares); white noise alone gives about 2.
        noise: median change at the finest scale, as a share of the hand's 5 to 95 % grey range.
    """

    sharpness: float
    noise: float


def measure_detail(pixels: NDArray[np.float32], mask: NDArray[np.bool_]) -> Detail | None:
    """Measures the hand; None where the picture is too small or the hand has one grey value.

    Args:
        pixels: [rows, columns], any range.
        mask: the widened hand, of the same shape.
    """
    if max(pixels.shape) < SMALLEST_SIDE_PX:
        return None
    small, inside = _reduced(pixels, mask)
    low, high = np.percentile(small[inside], (5, 95))
    if high <= low:
        return None
    levels = [small, *(cv2.GaussianBlur(small, (0, 0), scale) for scale in SCALES_PX)]
    finest, finer, coarser = ((a - b)[inside] for a, b in pairwise(levels))
    strength = float(np.sqrt(np.mean(coarser**2)))
    return Detail(
        sharpness=float(np.sqrt(np.mean(finer**2))) / strength if strength > 0 else 0.0,
        noise=float(np.median(np.abs(finest))) / float(high - low),
    )


def _reduced(pixels: NDArray[np.float32], mask: NDArray[np.bool_]) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """The film at the working side, and the mask without its rim."""
    scale = min(1.0, WORKING_SIDE_PX / max(pixels.shape))
    size = (max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale)))
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    wide = cv2.resize(mask.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST)
    radius = max(1, round(RIM_SHARE * max(size)))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    core = cv2.erode(wide, kernel) > 0
    return small, core if core.sum() >= MINIMUM_INSIDE_PX else wide > 0
