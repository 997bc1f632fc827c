"""Panels of the manual's pictures: a piece of a film, outlines, a sign for right or wrong, and the word SYNTHETIC."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.anatomy.boxes import Box
from inference.anatomy.regions import TYPE_OF_REGION, RegionType
from training.labelling_manual.films import Film

Picture = NDArray[np.uint8]
"""uint8 (rows, columns, 3), blue first as OpenCV draws."""
Verdict = Literal["right", "wrong"]

COLOURS: dict[RegionType, str] = {
    "radius": "#d55e00",
    "ulna": "#f0e442",
    "carpals": "#009e73",
    "metacarpal": "#56b4e9",
    "proximal_phalanx": "#e69f00",
    "distal_phalanx": "#cc79a7",
}
"""Okabe-Ito, as on the labelling page (a test compares them)."""

_FONT = cv2.FONT_HERSHEY_SIMPLEX
_GAP_PX = 8
_SIGNS: dict[Verdict, tuple[int, int, int]] = {"right": (143, 216, 123), "wrong": (110, 110, 255)}


@dataclass(frozen=True)
class Mark:
    """One outline: a region's box (or what somebody took for it), with its id where ``named``."""

    region: str
    box: Box
    named: bool = True
    dashed: bool = False


@dataclass(frozen=True)
class Note:
    """A number beside a place on the film, explained in the text, with a line to ``place``."""

    text: str
    at: tuple[float, float]
    place: tuple[float, float]


@dataclass(frozen=True)
class Panel:
    """A piece of a film and what is drawn on it.

    Attributes:
        film: where it comes from.
        shows: the piece, in pixels of the film; outside the film it is white, as the page.
        marks: outlines.
        verdict: sign in the upper left corner, or none.
        letter: by which the text names the panel.
        notes: numbered places.
    """

    film: Film
    shows: Box
    marks: tuple[Mark, ...]
    verdict: Verdict | None = None
    letter: str = ""
    notes: tuple[Note, ...] = ()


def square_around(box: Box, *, times: float) -> Box:
    """A square window with the box in its middle, ``times`` as wide as the longer side of the box."""
    (x, y), half = box.centre, times * max(box.width, box.height) / 2
    return Box(x - half, y - half, x + half, y + half)


def whole(film: Film) -> Box:
    """The window that shows all of a film."""
    rows, columns = film.grey.shape
    return Box(0, 0, columns, rows)


def draw_strip(panels: Sequence[Panel], *, height_px: int) -> Picture:
    """Panels side by side."""
    drawn = [draw_panel(panel, height_px=height_px) for panel in panels]
    gap = np.full((height_px, _GAP_PX, 3), 255, np.uint8)
    pieces = [piece for picture in drawn for piece in (picture, gap)][:-1]
    return np.hstack(pieces)


def draw_panel(panel: Panel, *, height_px: int) -> Picture:
    """One panel, ``height_px`` high and as wide as its window asks for."""
    shows = panel.shows
    scale = height_px / shows.height
    width_px = round(shows.width * scale)
    matrix = np.array([[scale, 0, -shows.x0 * scale], [0, scale, -shows.y0 * scale]])
    blurred = cv2.GaussianBlur(panel.film.grey, (0, 0), max(0.01, 0.45 / scale)) if scale < 1 else panel.film.grey
    grey = cv2.warpAffine(blurred, matrix, (width_px, height_px), flags=cv2.INTER_CUBIC, borderValue=255)
    picture = cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR)
    for mark in panel.marks:
        _outline(picture, mark, matrix)
    for mark in panel.marks:
        if mark.named:
            _name(picture, mark, matrix)
    for note in panel.notes:
        x, y = matrix @ (*note.at, 1.0)
        end_x, end_y = matrix @ (*note.place, 1.0)
        cv2.line(picture, (round(x), round(y)), (round(end_x), round(end_y)), (255, 255, 255), 1, cv2.LINE_AA)
        cv2.circle(picture, (round(x), round(y)), 13, (255, 255, 255), cv2.FILLED, cv2.LINE_AA)
        cv2.putText(picture, note.text, (round(x) - 6, round(y) + 6), _FONT, 0.55, (0, 0, 0), 2, cv2.LINE_AA)
    _corner_texts(picture, panel)
    return picture


def _colour(region: str) -> tuple[int, int, int]:
    code = COLOURS[TYPE_OF_REGION[region]]
    return int(code[5:7], 16), int(code[3:5], 16), int(code[1:3], 16)


def _corners(mark: Mark, matrix: NDArray[np.float64]) -> tuple[int, int, int, int]:
    x0, y0 = matrix @ (mark.box.x0, mark.box.y0, 1.0)
    x1, y1 = matrix @ (mark.box.x1, mark.box.y1, 1.0)
    return round(x0), round(y0), round(x1), round(y1)


def _outline(picture: Picture, mark: Mark, matrix: NDArray[np.float64]) -> None:
    x0, y0, x1, y1 = _corners(mark, matrix)
    sides = [((x0, y0), (x1, y0)), ((x1, y0), (x1, y1)), ((x1, y1), (x0, y1)), ((x0, y1), (x0, y0))]
    for colour, thick in (((0, 0, 0), 4), (_colour(mark.region), 2)):
        for start, end in sides:
            for a, b in _dashes(start, end) if mark.dashed else [(start, end)]:
                cv2.line(picture, a, b, colour, thick, cv2.LINE_8)


def _dashes(start: tuple[int, int], end: tuple[int, int]) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    (x0, y0), (x1, y1) = start, end
    count = max(1, round(max(abs(x1 - x0), abs(y1 - y0)) / 14))
    at = np.linspace(0, 1, 2 * count)
    xs, ys = np.round(x0 + at * (x1 - x0)).astype(int), np.round(y0 + at * (y1 - y0)).astype(int)
    return [((int(xs[i]), int(ys[i])), (int(xs[i + 1]), int(ys[i + 1]))) for i in range(0, 2 * count, 2)]


def _name(picture: Picture, mark: Mark, matrix: NDArray[np.float64]) -> None:
    x0, y0, _, _ = _corners(mark, matrix)
    (width, height), _ = cv2.getTextSize(mark.region, _FONT, 0.5, 1)
    x, y = max(0, x0), max(height + 8, y0)
    cv2.rectangle(picture, (x, y - height - 8), (x + width + 8, y), _colour(mark.region), cv2.FILLED)
    cv2.putText(picture, mark.region, (x + 4, y - 5), _FONT, 0.5, (0, 0, 0), 1, cv2.LINE_AA)


def _corner_texts(picture: Picture, panel: Panel) -> None:
    rows, columns = picture.shape[:2]
    _shadowed(picture, "SYNTHETIC", (6, rows - 8), 0.42)
    (width, _), _ = cv2.getTextSize(panel.film.age, _FONT, 0.5, 1)
    _shadowed(picture, panel.film.age, (columns - width - 8, rows - 8), 0.5)
    if panel.letter:
        _shadowed(picture, panel.letter, (columns - 26, 28), 0.8)
    if panel.verdict is not None:
        _sign(picture, panel.verdict)


def _shadowed(picture: Picture, text: str, at: tuple[int, int], scale: float) -> None:
    cv2.putText(picture, text, at, _FONT, scale, (0, 0, 0), 4, cv2.LINE_AA)
    cv2.putText(picture, text, at, _FONT, scale, (235, 235, 235), 1, cv2.LINE_AA)


def _sign(picture: Picture, verdict: Verdict) -> None:
    """A tick or a cross on a dark disc: the shape says it, the colour only helps."""
    cv2.circle(picture, (26, 26), 19, (20, 20, 20), cv2.FILLED, cv2.LINE_AA)
    ink = _SIGNS[verdict]
    if verdict == "right":
        cv2.polylines(picture, [np.array([[16, 27], [23, 34], [36, 18]], np.int32)], False, ink, 4, cv2.LINE_AA)
    else:
        cv2.line(picture, (18, 18), (34, 34), ink, 4, cv2.LINE_AA)
        cv2.line(picture, (34, 18), (18, 34), ink, 4, cv2.LINE_AA)
