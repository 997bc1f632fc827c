"""From the frame of the hand to pixels of the film."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.phantom.layout import HandLayout, Point

_MARGIN_L = 0.16
_FOREARM_SHOWN_L = 0.86
"""How much of the forearm must be on the film, so that the box of the radius fits."""


@dataclass(frozen=True, slots=True)
class Placement:
    """A turn, a scale and a shift.

    Attributes:
        origin_px: pixel (x, y) of the centre of the carpals.
        unit_px: length of L in pixels.
        rotation_degrees: turn of the hand, clockwise on the film.
    """

    origin_px: tuple[float, float]
    unit_px: float
    rotation_degrees: float

    def matrix(self) -> NDArray[np.float64]:
        """Takes a row vector (u, v) to pixels (x, y), without the shift; u runs right and v up when not turned."""
        angle = np.deg2rad(self.rotation_degrees)
        cos, sin = np.cos(angle), np.sin(angle)
        return np.array([[cos, sin], [sin, -cos]]) * self.unit_px

    def to_px(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Points (n, 2) or (2,) in the frame of the hand as pixels, origin at the outer corner of the first pixel."""
        return np.asarray(points @ self.matrix() + self.origin_px)


def place(layout: HandLayout, *, size: tuple[int, int], age_years: float, rng: np.random.Generator) -> Placement:
    """Puts the hand on a film of (rows, columns), smaller than the film's usual scale if it would not fit."""
    rows, columns = size
    rotation = float(np.clip(rng.normal(0.0, 4.5), -12.0, 12.0))
    # Share of the film's height that L takes: 0.22 in the smallest, 0.26 at school age (measured on real films).
    share = float(np.interp(age_years, [1.5, 13.5], [0.225, 0.262])) * float(rng.uniform(0.94, 1.04))
    shift = rng.uniform(-1.0, 1.0, 2)
    turned = Placement((0.0, 0.0), 1.0, rotation).to_px(_extremes(layout))
    low, high = turned.min(axis=0) - _MARGIN_L, turned.max(axis=0) + _MARGIN_L
    extent = high - low
    unit = min(share * rows, columns / extent[0], rows / extent[1])
    spare = np.array([columns, rows]) - extent * unit
    at = spare * (0.5 + 0.35 * shift)
    return Placement((float(at[0] - low[0] * unit), float(at[1] - low[1] * unit)), unit, rotation)


def _extremes(layout: HandLayout) -> NDArray[np.float64]:
    ends: list[Point] = [ray.tip for ray in layout.rays.values()]
    ends += [np.array([0.4, -_FOREARM_SHOWN_L + _MARGIN_L]), np.array([-0.5, -_FOREARM_SHOWN_L + _MARGIN_L])]
    return np.array(ends)
