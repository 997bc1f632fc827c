"""The pixels of a clean film: letters drawn over, and ground wherever there is no hand.

Works on stored values of either polarity, so that what is kept of the hand is kept bit for bit.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.imaging.burned_text import without_text
from inference.imaging.film import Film
from inference.imaging.hand_mask import HandMask, find_hand

GROUND_RING_SHARE = 0.03
"""Width of the ring round the hand whose median becomes the ground, as a share of the longer side."""

RECTANGLE_RING_SHARE = 0.01
"""The same round a rectangle that a person drew: narrower, so that the ground is that of the place."""


EraseText = Callable[[NDArray[np.int32]], tuple[NDArray[np.int32], NDArray[np.bool_]]]
"""Called as :func:`inference.imaging.burned_text.without_text`."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """Clean pixels, int32 [rows, columns], and where letters were drawn over, bool, same shape."""

    pixels: NDArray[np.int32]
    drawn_over: NDArray[np.bool_]


def cleaned(
    stored: NDArray[np.int32],
    hand: HandMask,
    padding: NDArray[np.bool_] | None,
    *,
    erase_text: EraseText = without_text,
) -> Cleaned:
    """The ground drawn through rows of letters, then ground outside the hand.

    In this order: half a name, cut through by the edge of the mask, would no longer be seen to be writing.

    Args:
        stored: int32 [rows, columns].
        hand: as found on the grey values.
        padding: bool [rows, columns], pixels that belong to no picture; the ground is not taken from them.
        erase_text: draws the ground over letters.
    """
    without_letters, drawn_over = erase_text(stored)
    return Cleaned(_ground_outside(without_letters, hand, padding), drawn_over)


def clean_film(film: Film) -> tuple[Film, HandMask]:
    """The same for a film without a header (PNG, JPEG), letters excepted: ground outside the hand, if one was found."""
    hand = find_hand(film.pixels)
    if not hand.plausible:
        return film, hand
    return replace(film, pixels=_ground_outside(film.pixels, hand, None)), hand


def blanked(stored: NDArray[np.int32], rectangles: list[tuple[int, int, int, int]]) -> NDArray[np.int32]:
    """A copy in which each rectangle has the median of the pixels round it that lie in no rectangle.

    Args:
        stored: int32 [rows, columns].
        rectangles: x0, y0, x1, y1 in whole pixels, half open, inside the picture.
    """
    drawn = np.zeros(stored.shape, dtype=bool)
    for x0, y0, x1, y1 in rectangles:
        drawn[y0:y1, x0:x1] = True
    result = stored.copy()
    width = max(2, round(RECTANGLE_RING_SHARE * max(stored.shape)))
    for x0, y0, x1, y1 in rectangles:
        ring = np.s_[max(0, y0 - width) : y1 + width, max(0, x0 - width) : x1 + width]
        around = stored[ring][~drawn[ring]]
        if not around.size:
            around = stored[~drawn]
        result[y0:y1, x0:x1] = np.median(around).astype(stored.dtype) if around.size else 0
    return result


def _ground_outside(values: NDArray[Any], hand: HandMask, padding: NDArray[np.bool_] | None) -> NDArray[Any]:
    """Sets everything outside the hand to the ground next to it."""
    radius = max(1, round(GROUND_RING_SHARE * max(values.shape)))
    step = max(1, radius // 6)
    thin = hand.mask[::step, ::step].astype(np.uint8)
    kernel = np.ones((2 * (radius // step) + 1,) * 2, np.uint8)
    ring = (cv2.dilate(thin, kernel) > 0) & (thin == 0)
    outside = thin == 0
    if padding is not None:
        ring &= ~padding[::step, ::step]
    sampled = values[::step, ::step]
    ground = np.median(sampled[ring]) if ring.any() else np.median(sampled[outside]) if outside.any() else 0
    return np.where(hand.mask, values, np.asarray(ground).astype(values.dtype))
