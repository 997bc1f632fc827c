"""Signs that carry a line on beyond what was read of it.

The network that finds lines loses letters where they cross bone: of a date it may read the year. What stands in the
same line, as high, in the same tone and not far off is taken to be the rest.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.imaging.text_lines import WrittenLine

REACH = 7.0
"""How far beyond each end signs are looked for, in heights of the line with its margins: about a dozen signs."""

GAP_AT_MOST = 1.3
LOWEST, HIGHEST, WIDEST = 0.28, 0.85, 0.9
"""Between a sign and the line so far, and a sign's own sides, in heights of the line."""

TONE_WITHIN = 0.3
STANDS_OUT = 0.35
"""Shares of the line's contrast: how near a sign's tone is to the line's, and how far it stands out from its ground."""


def continued(values: NDArray[np.float32], line: WrittenLine, *, stroke_px: int) -> NDArray[np.bool_]:
    """Bool mask [rows, columns] of signs on either side of the line.

    Args:
        values: float32 [rows, columns], either polarity.
        line: in pixels of ``values``.
        stroke_px: wider than any stroke, odd.
    """
    long, high = max(line.sides), min(line.sides)
    reach = round(REACH * high)
    size = (round(long) + 2 * reach, max(6, round(high)))
    to_film = _to_film(line, size)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    band = cv2.warpAffine(values, to_film, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    itself = np.s_[:, reach : size[0] - reach]
    strokes = _strokes(band, itself, stroke_px)
    limit = np.percentile(strokes[itself], 98)
    sure = strokes[itself] > 0.6 * limit
    if not sure.any():
        return np.zeros(values.shape, bool)
    tone, contrast = float(np.median(band[itself][sure])), float(np.median(strokes[itself][sure]))
    alike = (np.abs(band - tone) < TONE_WITHIN * contrast) & (strokes > STANDS_OUT * contrast)
    kept = _chained(alike, first=reach, last=size[0] - reach, high=size[1])
    rows, columns = values.shape
    back = cv2.warpAffine(kept, to_film, (columns, rows), flags=cv2.INTER_LINEAR)
    return np.asarray(cv2.dilate((back > 0).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0)


def _to_film(line: WrittenLine, size: tuple[int, int]) -> NDArray[np.float64]:
    """Matrix from the band, which lies flat, to the film."""
    width, height = line.sides
    turn = np.deg2rad(line.degrees if width >= height else line.degrees + 90)
    linear = np.array(((np.cos(turn), -np.sin(turn)), (np.sin(turn), np.cos(turn))))
    middle = (np.array(size) - 1) / 2
    return np.column_stack((linear, np.array(line.centre) - linear @ middle))


def _strokes(band: NDArray[np.float32], itself: tuple[slice, slice], stroke_px: int) -> NDArray[np.float32]:
    """How far each pixel stands out from its ground, in the polarity of the line."""
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (stroke_px, stroke_px))
    bright = band - cv2.morphologyEx(band, cv2.MORPH_OPEN, kernel)
    dark = cv2.morphologyEx(band, cv2.MORPH_CLOSE, kernel) - band
    more = float((bright[itself] ** 2).sum()) > float((dark[itself] ** 2).sum())
    return np.asarray(bright if more else dark, np.float32)


def _chained(alike: NDArray[np.bool_], *, first: int, last: int, high: int) -> NDArray[np.uint8]:
    """Components of the size of a sign, for as long as none is far from the one before."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(alike.astype(np.uint8), connectivity=8)
    fits = (stats[:, 3] >= LOWEST * high) & (stats[:, 3] <= HIGHEST * high) & (stats[:, 2] <= WIDEST * high)
    fits[0] = False
    kept = np.zeros(count, bool)
    for label in sorted(np.flatnonzero(fits), key=lambda number: stats[number, 0]):
        if stats[label, 0] + stats[label, 2] > last and stats[label, 0] - last <= GAP_AT_MOST * high:
            kept[label], last = True, max(last, stats[label, 0] + stats[label, 2])
    for label in sorted(np.flatnonzero(fits), key=lambda number: -stats[number, 0] - stats[number, 2]):
        if stats[label, 0] < first and first - stats[label, 0] - stats[label, 2] <= GAP_AT_MOST * high:
            kept[label], first = True, min(first, stats[label, 0])
    return np.asarray(kept[labels], np.uint8)
