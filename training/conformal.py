"""Prediction intervals by conformal calibration: half widths from errors on hands that were not learnt from."""

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

LEAST_IN_BAND = 80
"""A band of predicted ages with fewer calibration hands is joined to its neighbour."""


def half_width(errors: NDArray[np.float64], coverage: float) -> float:
    """The smallest width that a new absolute error stays within with at least `coverage`: the order statistic
    ceil((n + 1) * coverage) of the n calibration errors, or the largest where n is too small for one."""
    ordered = np.sort(np.abs(errors))
    rank = min(len(ordered), math.ceil((len(ordered) + 1) * coverage))
    return float(ordered[rank - 1])


def half_widths_by_age(
    predicted: NDArray[np.float64],
    errors: NDArray[np.float64],
    *,
    coverage: float,
    edges: Sequence[float] = (48.0, 96.0, 144.0, 180.0),
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Half widths by band of predicted age.

    Returns:
        The edges that were kept, in months, and one width more than edges.
    """
    kept: list[float] = []
    low = -math.inf
    for edge in edges:
        in_band = int(((predicted >= low) & (predicted < edge)).sum())
        above = int((predicted >= edge).sum())
        if in_band >= LEAST_IN_BAND and above >= LEAST_IN_BAND:
            kept.append(edge)
            low = edge
    bounds = [-math.inf, *kept, math.inf]
    widths = tuple(half_width(errors[(predicted >= a) & (predicted < b)], coverage) for a, b in pairwise(bounds))
    return tuple(kept), widths
