"""Text burned into the pixels at a corner, as many films carry it."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

Frame = tuple[int, int, int, int]
"""x0, y0, x1, y1 in pixels, half open."""


def burn_in(
    pixels: NDArray[np.uint16], lines: Sequence[str], *, white: int, avoid: NDArray[np.bool_]
) -> tuple[NDArray[np.uint16], Frame]:
    """A copy with the lines written in ``white`` into the corner where they cover least of ``avoid``.

    The text is made smaller, down to half, before it may cover anything.

    Args:
        pixels: (rows, columns), bone bright.
        lines: ASCII text, top to bottom.
        white: the value of the letters.
        avoid: bool (rows, columns), where text would hide something: hand and marker.

    Returns:
        The picture, and the frame of the text.
    """
    rows, columns = pixels.shape
    best: tuple[int, float, Frame] | None = None
    for shrink in (1.0, 0.8, 0.65, 0.5):
        scale = max(0.28, 0.62 * shrink * min(rows, columns * 1.25) / 1000)
        for frame in _corners(lines, scale, rows, columns):
            x0, y0, x1, y1 = frame
            covered = int(avoid[y0:y1, x0:x1].sum())
            if best is None or covered < best[0]:
                best = (covered, scale, frame)
        assert best is not None
        if best[0] == 0:
            break
    assert best is not None
    _, scale, frame = best
    canvas = np.zeros((rows, columns), np.uint8)
    thick = max(1, round(1.7 * scale))
    for number, line in enumerate(lines):
        at = (frame[0] + 2, frame[1] + round((number + 0.78) * _line_height(scale)))
        cv2.putText(canvas, line, at, cv2.FONT_HERSHEY_SIMPLEX, scale, 255, thick, cv2.LINE_AA)
    share = canvas.astype(np.float32) / 255
    return np.round(pixels * (1 - share) + white * share).astype(np.uint16), frame


def _line_height(scale: float) -> float:
    return 34 * scale + 3


def _corners(lines: Sequence[str], scale: float, rows: int, columns: int) -> list[Frame]:
    thick = max(1, round(1.7 * scale))
    widest = max(cv2.getTextSize(line, cv2.FONT_HERSHEY_SIMPLEX, scale, thick)[0][0] for line in lines)
    width, height = min(columns, widest + 6), min(rows, round(len(lines) * _line_height(scale)) + 2)
    gap = max(2, round(0.012 * rows))
    left, right = min(gap, columns - width), max(0, columns - width - gap)
    top, bottom = min(gap, rows - height), max(0, rows - height - gap)
    return [(x, y, x + width, y + height) for y in (top, bottom) for x in (left, right)]
