"""How far estimates lie from the truth. All in the unit of the input, months throughout the project."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

LIMITS_OF_AGREEMENT_SD = 1.96
"""Bland and Altman 1986: limits that hold 95 % of normally distributed differences."""


@dataclass(frozen=True, slots=True)
class BlandAltman:
    """Agreement of two measurements (Bland and Altman 1986, 1999).

    Attributes:
        bias: mean of estimate - truth.
        lower: bias - 1.96 SD of the differences.
        upper: bias + 1.96 SD.
        slope: of the differences on the means of both (proportional bias); None where all means are equal.
    """

    bias: float
    lower: float
    upper: float
    slope: float | None


def differences(truth: ArrayLike, estimate: ArrayLike) -> NDArray[np.float64]:
    """estimate - truth as float64 [n].

    Raises:
        ValueError: different lengths, more than one dimension, nothing at all, or a value that is not finite.
    """
    reference, measured = np.asarray(truth, dtype=np.float64), np.asarray(estimate, dtype=np.float64)
    if reference.shape != measured.shape or reference.ndim != 1:
        raise ValueError("Truth and estimate must be two lists of the same length.")
    if reference.size == 0:
        raise ValueError("No cases: there is nothing to measure.")
    if not (np.isfinite(reference).all() and np.isfinite(measured).all()):
        raise ValueError("Truth and estimate must be finite numbers: leave out cases without one and say how many.")
    return measured - reference


def mae(truth: ArrayLike, estimate: ArrayLike) -> float:
    """Mean absolute error, the paper's measure: (1/n) sum |estimate - truth|."""
    return float(np.mean(np.abs(differences(truth, estimate))))


def bias(truth: ArrayLike, estimate: ArrayLike) -> float:
    """Mean signed error: above 0 the estimates are too old."""
    return float(np.mean(differences(truth, estimate)))


def rmse(truth: ArrayLike, estimate: ArrayLike) -> float:
    """Root of the mean squared error."""
    return float(np.sqrt(np.mean(differences(truth, estimate) ** 2)))


def share_within(truth: ArrayLike, estimate: ArrayLike, limit: float) -> float:
    """Share of cases, 0 to 1, whose absolute error is at most ``limit``."""
    return float(np.mean(np.abs(differences(truth, estimate)) <= limit))


def bland_altman(truth: ArrayLike, estimate: ArrayLike) -> BlandAltman | None:
    """Bias, limits of agreement and proportional bias; None with fewer than two cases, which have no spread."""
    difference = differences(truth, estimate)
    if difference.size < 2:
        return None
    mean = np.asarray(truth, dtype=np.float64) + difference / 2
    centred = mean - mean.mean()
    spread = float(centred @ centred)
    centre, margin = float(difference.mean()), LIMITS_OF_AGREEMENT_SD * float(difference.std(ddof=1))
    slope = None if spread < 1e-12 else float(centred @ (difference - centre)) / spread
    return BlandAltman(bias=centre, lower=centre - margin, upper=centre + margin, slope=slope)
