"""Whether a film that is about to be released still carries writing.

Cleaning (:mod:`burned_text`, :mod:`clean_pixels`) works without a person and may miss something; this looks at its
result. Markers of the side and the projection are allowed, all else that can be read is not.

What was read never leaves :mod:`text_lines`: it is compared with the allowed markers and forgotten.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference.imaging.text_engine import text_engine
from inference.imaging.text_lines import CHECK_SIDE_PX, NEGATIVE_SIDE_PX, grey_levels, written_lines


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
    lines = written_lines(engine, grey, film_side_px=side, at_side_px=CHECK_SIDE_PX, with_large=True)
    lines += written_lines(engine, 255 - grey, film_side_px=side, at_side_px=NEGATIVE_SIDE_PX, with_large=True)
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
