"""Whether a film that is about to be released still carries writing.

Cleaning (:mod:`burned_text`, :mod:`clean_pixels`) works without a person and may miss something; this looks at its
result. Markers of the side and the projection are allowed, all else that can be read is not.

What was read never leaves :mod:`text_lines`: it is compared with the allowed markers and forgotten.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference.imaging.text_engine import text_engine
from inference.imaging.text_lines import ENLARGED_AT_MOST, WrittenLine, grey_levels, written_lines

SMALL_FILM_PX = 800
LOOKS = ((1280, False), (2048, False), (960, True), (1280, True))
SMALL_FILM_LOOKS = ((720, False), (960, False), (1280, False), (720, True), (960, True), (1280, True))
"""Longer side of the copy that lines are found on, and whether in the negative; the second for films whose longer side
is less than the first number.

The network that finds lines overlooks a plain name in one size and sees it in the next, either way round: of thirteen
names that cleaning had left readable, one look (1536, as it is) found four and these together all but one character.
Each look has false alarms of its own; what they come to is in docs/benchmarks.md."""


@dataclass(frozen=True, slots=True)
class WrittenRegion:
    """Upright frame in pixels of the picture, x to the right, y down, and how surely it is writing (0 to 1)."""

    x0: float
    y0: float
    x1: float
    y1: float
    score: float


def written_regions(
    pixels: NDArray[np.float32], *, where: NDArray[np.bool_] | None = None, threads: int = 1
) -> tuple[WrittenRegion, ...]:
    """Writing on a film that is more than an allowed marker; empty if there is none.

    Args:
        pixels: float32 [rows, columns], either polarity.
        where: bool, same shape: what is not blanked, the only place where writing can be. None: everywhere.
        threads: of the networks; the first call in a process decides.
    """
    if where is not None and not where.any():
        return ()
    rows, columns = pixels.shape
    x0, y0, x1, y1 = _frame_of(where) if where is not None else (0, 0, columns, rows)
    grey = grey_levels(pixels[y0:y1, x0:x1])
    engine, side = text_engine(threads=threads), max(rows, columns)
    lines: list[WrittenLine] = []
    largest = round(ENLARGED_AT_MOST * max(grey.shape))
    looks = SMALL_FILM_LOOKS if side < SMALL_FILM_PX else LOOKS
    for at_side, negative in dict.fromkeys((min(at_side, largest), negative) for at_side, negative in looks):
        shown = 255 - grey if negative else grey
        lines += written_lines(engine, shown, film_side_px=side, at_side_px=at_side, with_large=True)
    regions: list[WrittenRegion] = []
    for line in lines:
        corners = np.clip(line.corners, 0, grey.shape[::-1]) + np.array((x0, y0))
        (left, top), (right, bottom) = corners.min(axis=0).tolist(), corners.max(axis=0).tolist()
        region = WrittenRegion(left, top, right, bottom, round(line.score, 3))
        if not any(_is_same(region, other) for other in regions):
            regions.append(region)
    return tuple(regions)


def _is_same(one: WrittenRegion, other: WrittenRegion) -> bool:
    """Whether the middle of one lies in the other."""
    x, y = (one.x0 + one.x1) / 2, (one.y0 + one.y1) / 2
    return other.x0 <= x <= other.x1 and other.y0 <= y <= other.y1


def _frame_of(where: NDArray[np.bool_]) -> tuple[int, int, int, int]:
    rows, columns = np.flatnonzero(where.any(axis=1)), np.flatnonzero(where.any(axis=0))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1
