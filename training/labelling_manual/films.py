"""The films that the manual shows: synthetic hands as eight-bit pictures with their boxes."""

from dataclasses import dataclass, replace
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.anatomy.boxes import Box
from training.phantom.phantom import Phantom, render_phantom
from training.phantom.region_boxes import mirrored_box
from training.phantom.schedule import Sex

Grey = NDArray[np.uint8]

SEED = 5
"""A hand that lies nearly straight, on a film without a shutter's edge."""
SIZE = (2000, 1600)
"""Rows and columns of a film: enough for a close-up of one region."""


@dataclass(frozen=True)
class Film:
    """A film as the manual shows it.

    Attributes:
        grey: uint8 (rows, columns), windowed.
        boxes: box of each region in pixels of ``grey``.
        no_centre: regions whose ossification centre is not visible.
        centres: middle (x, y) of each visible ossification centre, by its id in the schedule.
        age: as printed into the picture.
    """

    grey: Grey
    boxes: dict[str, Box]
    no_centre: frozenset[str]
    centres: dict[str, tuple[float, float]]
    age: str


@cache
def film(age_years: int, sex: Sex = "M") -> Film:
    """The hand of the manual's child at an age; the same child at all ages."""
    phantom = render_phantom(bone_age_months=12 * age_years, sex=sex, seed=SEED, size=SIZE, mirrored=False)
    return Film(
        grey=_windowed(phantom),
        boxes=dict(phantom.boxes),
        no_centre=phantom.centre_not_visible,
        centres={centre.id: centre.place_px for centre in phantom.centres if centre.place_px is not None},
        age=f"{age_years} y {sex}",
    )


def _windowed(phantom: Phantom) -> Grey:
    low, high = np.percentile(phantom.pixels[phantom.hand], (0.5, 99.7))
    low -= 0.12 * (high - low)
    return np.asarray(np.clip((phantom.pixels - low) / (high - low), 0, 1) * 255, np.uint8)


def mirrored(source: Film) -> Film:
    """The film turned over: the thumb on the other side."""
    columns = source.grey.shape[1]
    boxes = {region: mirrored_box(box, columns=columns) for region, box in source.boxes.items()}
    return replace(source, grey=np.ascontiguousarray(source.grey[:, ::-1]), boxes=boxes)


def on_its_side(source: Film) -> Film:
    """The film turned by a quarter, clockwise."""
    rows = source.grey.shape[0]
    boxes = {region: Box(rows - b.y1, b.x0, rows - b.y0, b.x1) for region, b in source.boxes.items()}
    return replace(source, grey=np.ascontiguousarray(np.rot90(source.grey, -1)), boxes=boxes)


def cropped(source: Film, shows: Box) -> Film:
    """The part of a film inside ``shows``."""
    x0, y0, x1, y1 = (round(edge) for edge in shows)
    grey = source.grey[max(0, y0) : y1, max(0, x0) : x1]
    dx, dy = max(0, x0), max(0, y0)
    boxes = {region: Box(b.x0 - dx, b.y0 - dy, b.x1 - dx, b.y1 - dy) for region, b in source.boxes.items()}
    return replace(source, grey=np.ascontiguousarray(grey), boxes=boxes)


def top_cut_off(source: Film, *, at_px: float) -> Film:
    """What is left when the film ends at row ``at_px``: boxes end there, and those are gone whose growth plate is."""
    top = round(at_px)
    boxes = {}
    for region, box in source.boxes.items():
        _, plate_y = source.centres.get(region.upper(), box.centre)
        if plate_y > top + 0.05 * box.height:
            boxes[region] = Box(box.x0, max(0.0, box.y0 - top), box.x1, box.y1 - top)
    return replace(source, grey=np.ascontiguousarray(source.grey[top:]), boxes=boxes)


def with_plate(source: Film, *, over: str) -> Film:
    """A metal plate with screws over one region."""
    grey, box = source.grey.copy(), source.boxes[over]
    (x, _), half, top = box.centre, 0.23 * box.width, box.y0 + 0.2 * box.height
    corners = [(x - half, top), (x + half, top), (x + half, box.y1), (x - half, box.y1)]
    cv2.fillPoly(grey, [np.round(corners).astype(np.int32)], 255, cv2.LINE_AA)
    for share in (0.3, 0.5, 0.7, 0.9):
        at = round(box.y0 + share * box.height)
        cv2.line(grey, (round(x - 0.5 * box.width), at), (round(x + 0.5 * box.width), at), 255, 11, cv2.LINE_AA)
    return replace(source, grey=grey)


def with_ring(source: Film, *, over: str) -> Film:
    """A ring across the shaft of one region, seen from the side."""
    grey, box = source.grey.copy(), source.boxes[over]
    at = (round(box.centre[0]), round(box.y0 + 0.22 * box.height))
    cv2.ellipse(grey, at, (round(0.42 * box.width), round(0.06 * box.height)), 0, 0, 360, 250, 9, cv2.LINE_AA)
    return replace(source, grey=grey)


def beside(left: Film, right: Film) -> Film:
    """Two hands on one plate; the boxes are those of ``right``."""
    shift = left.grey.shape[1]
    boxes = {region: Box(b.x0 + shift, b.y0, b.x1 + shift, b.y1) for region, b in right.boxes.items()}
    return replace(right, grey=np.hstack([left.grey, right.grey]), boxes=boxes)
