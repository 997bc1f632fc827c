"""Whether a film that is about to be released still carries writing.

Cleaning (:mod:`burned_text`, :mod:`deidentify`) works without a person and may miss something; this looks at its
result with other eyes. A network finds what looks like a line of text, in any direction, and another reads it: lying,
standing, upside down and mirrored. Edges of bone are found now and then but make no sense when read. Markers of the
side and the projection are sense, and allowed.

What was read never leaves this module: it is compared with the allowed markers and forgotten.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.imaging.text_engine import DETECTOR_GRID_PX, Reading, TextEngine, text_engine

ALLOWED_MARKERS = frozenset({"L", "R", "PA", "AP", "LEFT", "RIGHT"})
"""Side and projection. A marker that carries initials or a number as well is read as more than this and not allowed."""

DETECTION_SIDE_PX = 1280
"""Longer side of the copy that lines are found on."""

CORE_PROBABILITY = 0.3
LINE_PROBABILITY = 0.5
"""A line's core is where the detector exceeds the first; its mean there has to exceed the second."""

UNCLIP = 1.6
"""The detector draws shrunken lines: they are widened by this times area / perimeter (as it was trained)."""

READ_AT_LEAST = 0.75
"""Mean probability of the signs from which a reading counts as writing."""

SQUARE_UP_TO = 2.0
"""A region with sides in less than this ratio may be a line that stands."""


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
    engine = text_engine(threads=threads)
    x0, y0, x1, y1 = _frame_of(where) if where is not None else (0, 0, pixels.shape[1], pixels.shape[0])
    grey = _grey(pixels[y0:y1, x0:x1])
    regions = []
    for line in _lines(engine, grey):
        best = max(engine.read(list(_views(grey, line))), key=lambda reading: reading.score)
        if _is_writing(best):
            corners = np.clip(cv2.boxPoints(line), 0, grey.shape[::-1]) + np.array((x0, y0))
            left, top = (float(value) for value in corners.min(axis=0))
            right, bottom = (float(value) for value in corners.max(axis=0))
            regions.append(WrittenRegion(left, top, right, bottom, round(best.score, 3)))
    return tuple(regions)


_Line = tuple[tuple[float, float], tuple[float, float], float]
"""Centre, sides and angle in degrees, as cv2 has a turned rectangle."""


def _frame_of(where: NDArray[np.bool_]) -> tuple[int, int, int, int]:
    rows, columns = np.flatnonzero(where.any(axis=1)), np.flatnonzero(where.any(axis=0))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def _grey(pixels: NDArray[np.float32]) -> NDArray[np.uint8]:
    """0..255 over the picture's 0.5 to 99.8 % range: what stands out further, as text does, is cut off."""
    low, high = np.percentile(pixels[::3, ::3], (0.5, 99.8))
    scaled = (pixels - np.float32(low)) * np.float32(255 / max(float(high - low), 1e-6))
    grey: NDArray[np.uint8] = np.clip(scaled, 0, 255).astype(np.uint8)
    return grey


def _lines(engine: TextEngine, grey: NDArray[np.uint8]) -> Iterator[_Line]:
    """What the detector takes for lines of text, as turned rectangles in pixels of the picture."""
    rows, columns = grey.shape
    scale = min(1.0, DETECTION_SIDE_PX / max(rows, columns))
    tall, wide = (max(1, round(side * scale / DETECTOR_GRID_PX)) * DETECTOR_GRID_PX for side in (rows, columns))
    probability = engine.text_probability(cv2.resize(grey, (wide, tall), interpolation=cv2.INTER_AREA))
    core = (probability > CORE_PROBABILITY).astype(np.uint8)
    contours, _ = cv2.findContours(core, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    for contour in contours:
        centre, (width, height), angle = cv2.minAreaRect(contour)
        if min(width, height) < 2:
            continue
        inside = np.zeros_like(core)
        cv2.drawContours(inside, [contour], -1, 1, cv2.FILLED)
        if float(probability[inside > 0].mean()) < LINE_PROBABILITY:
            continue
        margin = UNCLIP * width * height / (2 * (width + height))
        corners = cv2.boxPoints((centre, (width + 2 * margin, height + 2 * margin), angle))
        corners *= (columns / wide, rows / tall)
        yield cv2.minAreaRect(corners.astype(np.float32))


def _views(grey: NDArray[np.uint8], line: _Line) -> Iterator[NDArray[np.uint8]]:
    """The line laid flat, upside down and mirrored; turned by a quarter as well where it may be standing."""
    _, (width, height), _ = line
    corners = cv2.boxPoints(line)
    size = (max(8, round(width)), max(8, round(height)))
    target = np.array(((0, size[1]), (0, 0), (size[0], 0), size), np.float32)
    turn = cv2.getPerspectiveTransform(corners.astype(np.float32), target)
    flat = cv2.warpPerspective(grey, turn, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    ratio = width / height
    quarters = (0, 1) if 1 / SQUARE_UP_TO < ratio < SQUARE_UP_TO else (0,) if ratio > 1 else (1,)
    for quarter in quarters:
        for view in (np.rot90(flat, quarter), np.rot90(flat, quarter + 2)):
            yield np.ascontiguousarray(view)
            yield np.ascontiguousarray(view[:, ::-1])


def _is_writing(reading: Reading) -> bool:
    signs = "".join(sign for sign in reading.text.upper() if sign.isalnum())
    return bool(signs) and reading.score >= READ_AT_LEAST and signs not in ALLOWED_MARKERS
