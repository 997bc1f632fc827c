"""Writing burned into a film: rows of small, sharp, even-toned signs, lines that can be read, and the picture without.

The hand mask takes away what lies outside the hand. This is for what it keeps: a name beside a finger, inside a bright
field, or across the wrist. It looks twice, and what either finds goes.

*Signs*, told from bone by how they were made. Letters have one tone, so that almost every pixel of a row is either ink
or ground; bone, skin and noise have all the tones between. Found: three or more of about one height in a row, lying or
standing, bright or dark, 0.4 to 3.5 % of the longer side high.

*Lines*, found and read by two networks (:mod:`text_lines`): slanting, mirrored, Chinese and hand-written ones too. A
lone initial is left to the text check.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.imaging.drawn_over import drawn_over
from inference.imaging.text_engine import text_engine
from inference.imaging.text_ink import ink_of
from inference.imaging.text_lines import CLEANING_SIDE_PX, grey_levels, written_lines

STROKE_SHARE = 0.0075
"""Widest stroke, as a share of the longer side; what is thicker is no letter but a structure."""

HEIGHT_SHARES = (0.004, 0.035)
SMALLEST_HEIGHT_PX = 5
CONTRAST_SHARES = (0.15, 0.40, 0.70)
"""Heights of a stroke above its ground at which signs are looked for, as shares of the film's 0.5 to 99.8 % range. The
lowest finds faint writing; at the upper ones, letters that blur into one another come apart."""

SIGNS_IN_A_ROW = 3
LONGEST_SIGN = 1.7
"""Widest sign, in its own heights. Letting whole words that hang together pass would take growth plates for writing."""
GROUND_AT_LEAST, BETWEEN_AT_MOST, SPREAD_AT_MOST, EVEN_AT_LEAST = 0.35, 0.38, 0.35, 0.25
FEW_SIGNS, FEW_BETWEEN_AT_MOST, FEW_SPREAD_AT_MOST = 5, 0.25, 0.15
AMBIENT_AT_MOST = 0.45
"""Limits for a row of signs, measured on 24 near-native films.

Of its pixels at least this share is ground and at most this share neither ground nor ink; the ground varies by at most
this share of the ink's contrast; and this share of each stroke has its top tone. Bone and noise had 0.44 and more
between ground and ink, writing 0.21 and less (0.37 on one film whose histogram had been equalised). Rows of
less than five signs are held to stricter limits: three edges of carpals that overlap reached 0.37. And the ground is
that of the surroundings, to this share of the contrast: the gaps between dark letters are no bright letters."""


_GAP = 1.6
"""Widest gap between neighbours of a row, in heights: two spaces."""


@dataclass(frozen=True, slots=True)
class _Sign:
    """A component that could be a letter: its frame in pixels, its top tone, its contrast and its evenness."""

    x0: int
    y0: int
    x1: int
    y1: int
    tone: float
    contrast: float
    even: float

    @property
    def height(self) -> int:
        return self.y1 - self.y0


@dataclass(frozen=True, slots=True)
class _Layer:
    """One polarity and direction of the picture: values with ink bright, ground without ink, ink above its ground."""

    values: NDArray[np.float32]
    ground: NDArray[np.float32]
    ink: NDArray[np.float32]
    tones: float


def without_text(values: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
    """The picture with the ground drawn through its writing, and where that was.

    Args:
        values: int32 [rows, columns], either polarity; not changed.

    Returns:
        A picture of the same type, and a bool mask [rows, columns].
    """
    found = _rows_of_signs(values) | _lines_read(values)
    found = np.asarray(cv2.dilate(found.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0)
    return drawn_over(values, found), found


def _lines_read(values: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Ink of the lines that networks find and read; a single sign is left to the text check, since it may be bone."""
    picture = values.astype(np.float32)
    low, high = np.percentile(picture[::3, ::3], (0.5, 99.8))
    found = np.zeros(values.shape, dtype=bool)
    grey, side = grey_levels(picture), max(values.shape)
    for line in written_lines(text_engine(), grey, film_side_px=side, at_side_px=CLEANING_SIDE_PX):
        if line.signs > 1:
            found |= ink_of(picture, line, tones=float(high - low))
    return found


def _rows_of_signs(values: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Ink of rows of signs, by how they were made."""
    cleaned = values.copy()
    found = np.zeros(values.shape, dtype=bool)
    for negative in (False, True):
        for upright in (True, False):
            # each pass sees what the one before has cleaned, so that gaps between letters are no letters
            picture = cleaned if upright else cleaned.T
            layer = _layer(picture.astype(np.float32), negative=negative)
            if layer is None:
                continue
            text = _text_of(layer)
            if not text.any():
                continue
            ground = np.rint(-layer.ground if negative else layer.ground).astype(values.dtype)
            text, ground = (text, ground) if upright else (text.T, ground.T)
            cleaned[text] = ground[text]
            found |= text
    return found


def _layer(picture: NDArray[np.float32], *, negative: bool) -> _Layer | None:
    values = -picture if negative else picture
    step = max(1, max(values.shape) // 400)
    low, high = np.percentile(values[::step, ::step], (0.5, 99.8))
    tones = float(max(high - low, values.max() - np.median(values[::step, ::step])))
    if tones <= 0:
        return None
    width = max(5, round(STROKE_SHARE * max(values.shape))) | 1
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (width, width))
    ground = np.asarray(cv2.morphologyEx(values, cv2.MORPH_OPEN, kernel), np.float32)
    return _Layer(values, ground, values - ground, tones)


def _text_of(layer: _Layer) -> NDArray[np.bool_]:
    """Mask of all writing in one layer."""
    rows = [_measured(row, layer) for share in CONTRAST_SHARES for row in _rows(_signs(layer, share), layer)]
    surely = [row for row in rows if row.is_written(layer, strict=row.signs < FEW_SIGNS)]
    # a short row next to writing is its rest: the day of a date, the second half of a name
    rest = [
        row for row in rows if any(row.is_beside(other) for other in surely) and row.is_written(layer, strict=False)
    ]
    text = np.zeros(layer.values.shape, np.uint8)
    for row in (*surely, *rest):
        x0, y0, x1, y1 = row.frame
        # the ends of a row may hold a comma, a dash or a letter that hung together with something: only what is as
        # bright as ink goes there, since the hand may begin there too
        high = y1 - y0
        around = np.s_[max(0, y0 - high // 2) : y1 + high // 2, max(0, x0 - 3 * high) : x1 + 3 * high]
        text[around] |= (layer.ink[around] > 0.5 * row.contrast).astype(np.uint8)
        itself = np.s_[max(0, y0 - 2) : y1 + 2, max(0, x0 - 2) : x1 + 2]
        text[itself] |= (layer.ink[itself] > 0.06 * row.contrast).astype(np.uint8)
    return np.asarray(cv2.dilate(text, np.ones((3, 3), np.uint8)) > 0)


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of signs as measured: see :data:`GROUND_AT_LEAST` and its neighbours for what the shares mean."""

    frame: tuple[int, int, int, int]
    signs: int
    contrast: float
    ground: float
    between: float
    spread: float
    even: float

    def is_written(self, layer: _Layer, *, strict: bool) -> bool:
        """Whether it is writing; strict for a row that is too short to show it by its length."""
        x0, y0, x1, y1 = self.frame
        return (
            x1 - x0 >= 1.6 * (y1 - y0)
            and self.between < (FEW_BETWEEN_AT_MOST if strict else BETWEEN_AT_MOST)
            and self.spread < (FEW_SPREAD_AT_MOST if strict else SPREAD_AT_MOST)
            and self.ground > GROUND_AT_LEAST
            and self.even > EVEN_AT_LEAST
            and _is_ambient(layer, self.frame, self.contrast)
        )

    def is_beside(self, other: "_Row") -> bool:
        """Whether it could be a part of the same lines: as high, within ten heights across and two down."""
        (x0, y0, x1, y1), (a0, b0, a1, b1) = self.frame, other.frame
        high = b1 - b0
        alike = 0.6 * high <= y1 - y0 <= 1.6 * high
        return alike and max(x0 - a1, a0 - x1) < 10 * high and max(y0 - b1, b0 - y1) < 2 * high


def _measured(row: list[_Sign], layer: _Layer) -> _Row:
    x0, x1 = min(sign.x0 for sign in row), max(sign.x1 for sign in row)
    y0, y1 = min(sign.y0 for sign in row), max(sign.y1 for sign in row)
    contrast = float(np.median([sign.contrast for sign in row]))
    ink = layer.ink[y0:y1, x0:x1]
    ground = float((ink < 0.15 * contrast).mean())
    return _Row(
        frame=(x0, y0, x1, y1),
        signs=len(row),
        contrast=contrast,
        ground=ground,
        between=1 - ground - float((ink > 0.6 * contrast).mean()),
        spread=float(layer.ground[y0:y1, x0:x1].std()) / contrast,
        even=float(np.median([sign.even for sign in row])),
    )


def _is_ambient(layer: _Layer, frame: tuple[int, int, int, int], contrast: float) -> bool:
    """Whether the ground between the signs goes on around the row."""
    x0, y0, x1, y1 = frame
    high = y1 - y0
    top, left = max(0, y0 - high), max(0, x0 - high)
    around = layer.values[top : y1 + high, left : x1 + high]
    outside = np.ones(around.shape, dtype=bool)
    outside[y0 - top : y1 - top, x0 - left : x1 - left] = False
    below = np.median(layer.ground[y0:y1, x0:x1])
    return abs(float(np.median(around[outside]) - below)) < AMBIENT_AT_MOST * contrast


def _signs(layer: _Layer, contrast_share: float) -> list[_Sign]:
    """Components of the size and shape of a letter, from left to right."""
    side = max(layer.values.shape)
    above = (layer.ink > contrast_share * layer.tones).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(above, connectivity=8)
    wide, high, area = stats[:, 2], stats[:, 3], stats[:, 4]
    fits = (high >= max(SMALLEST_HEIGHT_PX, HEIGHT_SHARES[0] * side)) & (high <= HEIGHT_SHARES[1] * side)
    fits &= (wide <= LONGEST_SIGN * high) & (area >= 8) & (area >= 0.08 * wide * high)
    fits[0] = False
    signs = []
    for label in np.flatnonzero(fits):
        x, y, w, h = (int(value) for value in stats[label, :4])
        inside = labels[y : y + h, x : x + w] == label
        tones = layer.values[y : y + h, x : x + w][inside]
        tone = float(np.percentile(tones, 90))
        contrast = float(np.percentile(layer.ink[y : y + h, x : x + w][inside], 90))
        signs.append(_Sign(x, y, x + w, y + h, tone, contrast, float((tones > tone - 0.12 * contrast).mean())))
    return sorted(signs, key=lambda sign: sign.x0)


def _rows(signs: list[_Sign], layer: _Layer) -> Iterator[list[_Sign]]:
    """Chains of neighbours of about one height, line and tone."""
    leader = list(range(len(signs)))

    def find(sign: int) -> int:
        while leader[sign] != sign:
            leader[sign] = leader[leader[sign]]
            sign = leader[sign]
        return sign

    reach = _GAP * HEIGHT_SHARES[1] * max(layer.values.shape)
    for first, one in enumerate(signs):
        for second in range(first + 1, len(signs)):
            if signs[second].x0 - one.x1 > reach:
                break
            if _neighbours(one, signs[second], layer.tones):
                leader[find(first)] = find(second)
    chains: dict[int, list[_Sign]] = {}
    for number, sign in enumerate(signs):
        chains.setdefault(find(number), []).append(sign)
    return (chain for chain in chains.values() if len(chain) >= SIGNS_IN_A_ROW)


def _neighbours(one: _Sign, other: _Sign, tones: float) -> bool:
    higher, lower = max(one.height, other.height), min(one.height, other.height)
    gap = other.x0 - one.x1
    level = min(abs(one.y0 - other.y0), abs(one.y1 - other.y1)) <= 0.3 * higher
    close = -0.3 * min(one.x1 - one.x0, other.x1 - other.x0) <= gap <= _GAP * higher
    return close and level and lower >= 0.55 * higher and abs(one.tone - other.tone) <= 0.12 * tones
