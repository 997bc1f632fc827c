"""Which pixels of a line that was read are its ink.

On even ground, beside the hand or in its soft tissue, all of the line is taken: nothing is lost there. Over bone only
the strokes are, so that the bone between them stays as it is.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.imaging.text_continued import continued
from inference.imaging.text_lines import STROKE_OF_HEIGHT, WrittenLine

INK_SHARE = 0.25
"""Ink stands out by this share of what the strongest strokes do; less is the bone's own texture."""

EVEN_SHARE = 0.10
RIM_PX = 4
"""Ground is even if round the line, in a rim of this width, the 5 to 95 % range is less than this share of the film's.
What lies under the line cannot be judged by itself; but a bone or an edge of skin under it comes out again."""

_ONE_POLARITY = 1.5
"""Writing is bright or dark, and where neither has this much more energy than the other, both are taken."""
_LONGER = 0.5
"""The line is followed by this share of its height beyond both ends: the detector cuts off faint letters."""


def ink_of(values: NDArray[np.float32], line: WrittenLine, *, tones: float) -> NDArray[np.bool_]:
    """Bool mask [rows, columns] of the line's ink.

    Args:
        values: float32 [rows, columns], either polarity.
        line: in pixels of ``values``.
        tones: the film's 0.5 to 99.8 % range.
    """
    high = min(line.sides)
    longer = _LONGER * high
    sides = tuple(side + 2 * (longer if side == max(line.sides) else 0.1 * high) for side in line.sides)
    inside = np.zeros(values.shape, np.uint8)
    cv2.fillConvexPoly(inside, np.rint(cv2.boxPoints((line.centre, sides, line.degrees))).astype(np.int32), 1)
    x, y, width, height = cv2.boundingRect(inside)
    around = round(high)
    part = np.s_[max(0, y - around) : y + height + around, max(0, x - around) : x + width + around]
    here = inside[part] > 0
    stroke_px = max(5, round(STROKE_OF_HEIGHT * high)) | 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (stroke_px, stroke_px))
    opened = cv2.morphologyEx(values[part], cv2.MORPH_OPEN, kernel)
    closed = cv2.morphologyEx(values[part], cv2.MORPH_CLOSE, kernel)
    bright, dark = values[part] - opened, closed - values[part]
    more, less = (float((one[here] ** 2).sum()) for one in (bright, dark))
    if _is_even(values[part], inside[part], tones):
        taken = here
    else:
        ink = np.zeros(here.shape, bool)
        for strokes, energy in ((bright, more), (dark, less)):
            if energy * _ONE_POLARITY > max(more, less):
                ink |= strokes > INK_SHARE * np.percentile(strokes[here], 98)
        taken = cv2.dilate((ink & here).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    mask = continued(values, line, stroke_px=stroke_px)
    mask[part] |= taken
    return mask


def _is_even(values: NDArray[np.float32], inside: NDArray[np.uint8], tones: float) -> bool:
    wide = cv2.dilate(inside, np.ones((2 * RIM_PX + 1,) * 2, np.uint8))
    rim = values[(wide > 0) & (inside == 0)]
    if not rim.size:
        return False
    low, high = np.percentile(rim, (5, 95))
    return bool(high - low < EVEN_SHARE * tones)
