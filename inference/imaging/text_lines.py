"""Lines of writing on a film: found in any direction by one network, read by another, and told from bone by sense.

Edges of bone, growth plates above all, are found as if they were lines. Most are larger than any writing; what is left
reads as nothing, or as one of the few signs that are drawn like bone: a bar, a cross, a box. A whole hand reads as 业.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.imaging.text_engine import DETECTOR_GRID_PX, Reading, TextEngine

ALLOWED_MARKERS = frozenset({"L", "R", "PA", "AP", "LEFT", "RIGHT"})
"""Side and projection. A marker that carries initials or a number as well is read as more than this and not allowed."""

CLEANING_SIDE_PX = 1024
ENLARGED_AT_MOST = 4.0
"""Longer side of the copy that cleaning finds lines on, and how much a small film is enlarged at most. Cleaning is
coarse, for the sake of time: what it misses the check finds, and a person blanks."""

CORE_PROBABILITY = 0.3
LINE_PROBABILITY = 0.45
"""A line's core is where the detector exceeds the first; its mean there has to exceed the second."""

UNCLIP = 1.6
"""The detector draws shrunken lines: they are widened by this times area / perimeter, as it was trained."""

HIGHEST_SHARE, LARGEST_SHARE = 0.085, 0.20
"""A line is lower than the first share of the film's longer side, margins included: its signs than about 5 %. Only the
check looks for larger ones, up to the second, and blocks: drawing over signs of that size would draw over bone."""

LOWEST_PX = 8.0
"""A line with its margins is at least as high: signs of five pixels and less are read from noise, not from writing."""

SQUARE_UP_TO = 2.0
"""A region with sides in less than this ratio may be a line that stands."""

DRAWN_LIKE_BONE = frozenset("12347089ABCDEFHIJKLMNOTUVWXYZĪⅠⅡⅢ口元二一三文日目且自门业水木不米大入人工王县风飞冒贝文小")
"""Signs that bones were read as, capitals for both cases."""

SINGLE_READ_AT_LEAST = 0.985
PAIR_READ_AT_LEAST, LINE_READ_AT_LEAST = 0.85, 0.60
BONY_PAIR_READ_AT_LEAST, BONY_THREE_READ_AT_LEAST, BONY_LINE_READ_AT_LEAST = 0.99, 0.92, 0.75
"""Mean probability of the signs from which a reading is writing: of one sign, which bone must not be like; of two and
of more; and of two, three and more that are all drawn like bone. On phantoms without a name that an earlier setting
blocked, two such signs were read from bone with 0.98 at most ("AK"), three with 0.89 ("BNN"), more never."""

LARGE_PAIR_READ_AT_LEAST, LARGE_READ_AT_LEAST = 0.92, 0.86
"""The same for large lines, of two signs and of more. On 180 real films and 40 phantoms without a name, whose bones are
of that size, two signs were read with 0.875 at most, three and more with 0.823; single ones with up to 0.998, so that
one large sign says nothing, nor do two that are drawn like bone: a phantom's metacarpals read as "mn" with 0.92."""

STARK_LEVELS, STARK_READ_AT_LEAST = 100, 0.45
"""Strokes that stand out from their ground by so many of 255 grey levels were printed, not grown, and two signs or more
that are read from such a line need to be read no more surely than this. Small letters on small films are read badly:
"Xu Yu" of seven pixels with 0.49. On 120 real films without a name, small lines of bone that were read as two
signs or more with 0.45 stood out by 60 at most."""

STROKE_OF_HEIGHT = 0.18
"""Widest stroke of a line, as a share of its height with margins."""


@dataclass(frozen=True, slots=True)
class WrittenLine:
    """A line that was read: its turned rectangle as cv2 has it (centre, sides, degrees), in pixels, its score, and how
    many signs were read."""

    centre: tuple[float, float]
    sides: tuple[float, float]
    degrees: float
    score: float
    signs: int

    @property
    def corners(self) -> NDArray[np.float32]:
        """float32 [4, 2], x and y."""
        corners: NDArray[np.float32] = cv2.boxPoints((self.centre, self.sides, self.degrees))
        return corners


def written_lines(
    engine: TextEngine, grey: NDArray[np.uint8], *, film_side_px: int, at_side_px: int, with_large: bool = False
) -> list[WrittenLine]:
    """Writing that is more than an allowed marker.

    Args:
        grey: uint8 [rows, columns], either polarity; a film or the part of it that matters.
        film_side_px: longer side of the whole film, which the size of letters is judged by.
        at_side_px: longer side of the copy that lines are found on.
        with_large: whether lines up to :data:`LARGEST_SHARE` count.
    """
    written = []
    highest_px = HIGHEST_SHARE * film_side_px
    for line in _candidates(engine, grey, LARGEST_SHARE * film_side_px if with_large else highest_px, at_side_px):
        large = min(line[1]) > highest_px
        views = list(_views(grey, line))
        readings = engine.read(views)
        # a marker is stark too, and its other views read as nonsense
        marker = _signs_of(max(readings, key=lambda reading: reading.score)) in ALLOWED_MARKERS
        stark = not large and not marker and stroke_levels(views[0]) >= STARK_LEVELS
        score, best = max((sense(reading, large=large, stark=stark), reading) for reading in readings)
        if score > 0:
            written.append(WrittenLine(*line, score=best.score, signs=len(_signs_of(best))))
    return written


def sense(reading: Reading, *, large: bool = False, stark: bool = False) -> float:
    """The reading's score if it is writing and no allowed marker, else 0.

    Args:
        reading: of a line.
        large: holds it to stricter limits.
        stark: whether strokes stand out as only print does, which relaxes them.
    """
    signs = _signs_of(reading)
    # one or two digits are nobody's number, and epiphyses look like an 8
    if not signs or signs in ALLOWED_MARKERS or (len(signs) <= 2 and signs.isdigit()):
        return 0.0
    like_bone = set(signs) <= DRAWN_LIKE_BONE
    if large:
        needed = LARGE_READ_AT_LEAST if len(signs) > 2 else 2.0
        if len(signs) == 2 and not like_bone:
            needed = LARGE_PAIR_READ_AT_LEAST
    elif stark and len(signs) > 1:
        needed = STARK_READ_AT_LEAST
    elif len(signs) == 1:
        needed = SINGLE_READ_AT_LEAST if not like_bone else 2.0
    elif len(signs) == 2:
        needed = BONY_PAIR_READ_AT_LEAST if like_bone else PAIR_READ_AT_LEAST
    elif not like_bone:
        needed = LINE_READ_AT_LEAST
    else:
        needed = BONY_THREE_READ_AT_LEAST if len(signs) == 3 else BONY_LINE_READ_AT_LEAST
    return reading.score if reading.score >= needed else 0.0


def stroke_levels(flat: NDArray[np.uint8]) -> float:
    """How far the strokes of a line stand out from the ground beside them, bright or dark, in grey levels.

    Args:
        flat: uint8 [rows, columns], the line alone.
    """
    width = max(5, round(STROKE_OF_HEIGHT * min(flat.shape))) | 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (width, width))
    bright = flat - cv2.morphologyEx(flat, cv2.MORPH_OPEN, kernel)
    dark = cv2.morphologyEx(flat, cv2.MORPH_CLOSE, kernel) - flat
    return float(max(np.percentile(bright, 95), np.percentile(dark, 95)))


def _signs_of(reading: Reading) -> str:
    return "".join(sign for sign in reading.text.upper() if sign.isalnum())


def grey_levels(pixels: NDArray[np.float32]) -> NDArray[np.uint8]:
    """0..255 over the picture's 0.5 to 99.8 % range: what stands out further, as text may, is cut off."""
    low, high = np.percentile(pixels[::3, ::3], (0.5, 99.8))
    scaled = (pixels - np.float32(low)) * np.float32(255 / max(float(high - low), 1e-6))
    grey: NDArray[np.uint8] = np.clip(scaled, 0, 255).astype(np.uint8)
    return grey


_Rectangle = tuple[tuple[float, float], tuple[float, float], float]


def _candidates(
    engine: TextEngine, grey: NDArray[np.uint8], highest_px: float, at_side_px: int
) -> Iterator[_Rectangle]:
    """What the detector takes for lines of text, as turned rectangles in pixels of the picture."""
    rows, columns = grey.shape
    scale = min(ENLARGED_AT_MOST, at_side_px / max(rows, columns))
    tall, wide = (max(1, round(side * scale / DETECTOR_GRID_PX)) * DETECTOR_GRID_PX for side in (rows, columns))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    probability = engine.text_probability(cv2.resize(grey, (wide, tall), interpolation=method))
    core = (probability > CORE_PROBABILITY).astype(np.uint8)
    contours, _ = cv2.findContours(core, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    for contour in contours:
        centre, (width, height), degrees = cv2.minAreaRect(contour)
        if min(width, height) < 2:
            continue
        margin = UNCLIP * width * height / (2 * (width + height))
        if (min(width, height) + 2 * margin) * rows / tall > highest_px:
            continue
        if _mean_inside(probability, contour) < LINE_PROBABILITY:
            continue
        corners = cv2.boxPoints((centre, (width + 2 * margin, height + 2 * margin), degrees))
        line = cv2.minAreaRect((corners * (columns / wide, rows / tall)).astype(np.float32))
        if min(line[1]) >= LOWEST_PX:
            yield line


def _mean_inside(probability: NDArray[np.float32], contour: NDArray[np.int32]) -> float:
    x, y, width, height = cv2.boundingRect(contour)
    inside = np.zeros((height, width), np.uint8)
    cv2.drawContours(inside, [contour - (x, y)], -1, 1, cv2.FILLED)
    return float(probability[y : y + height, x : x + width][inside > 0].mean())


def _views(grey: NDArray[np.uint8], line: _Rectangle) -> Iterator[NDArray[np.uint8]]:
    """The line laid flat, upside down and mirrored; turned by a quarter as well where it may be standing."""
    _, (width, height), _ = line
    size = (max(8, round(width)), max(8, round(height)))
    target = np.array(((0, size[1]), (0, 0), (size[0], 0)), np.float32)
    turn = cv2.getAffineTransform(cv2.boxPoints(line)[:3].astype(np.float32), target)
    flat = cv2.warpAffine(grey, turn, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    ratio = width / height
    quarters = (0, 1) if 1 / SQUARE_UP_TO < ratio < SQUARE_UP_TO else (0,) if ratio > 1 else (1,)
    for quarter in quarters:
        for view in (np.rot90(flat, quarter), np.rot90(flat, quarter + 2)):
            yield np.ascontiguousarray(view)
            yield np.ascontiguousarray(view[:, ::-1])
