"""Error measures of a group of cases with their intervals, all from sums over cases (see `resampling`)."""

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.statistics.errors import LIMITS_OF_AGREEMENT_SD
from inference.statistics.resampling import Floats, interval, resampled_sums

WITHIN_MONTHS = (6, 12, 24)

# columns of `error_columns`
_N, _ABS, _DIFFERENCE, _SQUARE, _WITHIN = 0, 1, 2, 3, 4
# columns of `pair_columns`
_T, _P, _TT, _PP, _TP = 1, 2, 3, 4, 5


def error_columns(difference: Floats) -> Floats:
    """Summands of MAE, bias, RMSE and shares within limits; float64 [n, 4 + limits]."""
    size = np.abs(difference)
    return np.stack(
        [np.ones_like(size), size, difference, difference**2, *((size <= limit) * 1.0 for limit in WITHIN_MONTHS)],
        axis=1,
    )


def measures_of(difference: Floats, units: NDArray[np.int64]) -> dict[str, Any] | None:
    """n, MAE, bias and RMSE of a group, in months, each with its 95 % interval; None for an empty group.

    Args:
        difference: predicted - truth, float64 [n].
        units: children, int64 [n]; they are drawn, not films.
    """
    if difference.size == 0:
        return None
    columns = error_columns(difference)
    return measures_from_sums(columns.sum(axis=0), resampled_sums(columns, units))


def measures_from_sums(total: Floats, resampled: Floats | None) -> dict[str, Any] | None:
    """The same from sums that were taken already: `error_columns` of the group, and of its resamples."""
    n = float(total[_N])
    if n == 0:
        return None
    return {
        "n": round(n),
        "mae_months": float(total[_ABS] / n),
        "mae_interval_months": _listed(interval(resampled, lambda sums: sums[:, _ABS] / sums[:, _N])),
        "bias_months": float(total[_DIFFERENCE] / n),
        "bias_interval_months": _listed(interval(resampled, lambda sums: sums[:, _DIFFERENCE] / sums[:, _N])),
        "rmse_months": float(np.sqrt(total[_SQUARE] / n)),
        "rmse_interval_months": _listed(interval(resampled, lambda sums: np.sqrt(sums[:, _SQUARE] / sums[:, _N]))),
    }


def within_of(difference: Floats, units: NDArray[np.int64]) -> list[dict[str, Any]]:
    """Share of cases whose error is at most 6, 12 and 24 months, each with its interval; none without cases."""
    if difference.size == 0:
        return []
    columns = error_columns(difference)
    total, resampled = columns.sum(axis=0), resampled_sums(columns, units)
    return [
        {
            "limit_months": limit,
            "n": difference.size,
            "share": float(total[place] / total[_N]),
            "interval": _listed(interval(resampled, partial(_share, place=place))),
        }
        for place, limit in enumerate(WITHIN_MONTHS, start=_WITHIN)
    ]


def _share(sums: Floats, *, place: int) -> Floats:
    share: Floats = sums[:, place] / sums[:, _N]
    return share


def pair_columns(truth: Floats, predicted: Floats) -> Floats:
    """Summands of all that two columns have in common; float64 [n, 6]."""
    return np.stack(
        [np.ones_like(truth), truth, predicted, truth**2, predicted**2, truth * predicted],
        axis=1,
    )


class Moments:
    """Means, variances (with n - 1) and covariance of truth and prediction, for each row of sums.

    Args:
        sums: float64 [r, 6] of :func:`pair_columns`.
    """

    def __init__(self, sums: Floats) -> None:
        self.n = sums[:, _N]
        self.truth = sums[:, _T] / self.n
        self.predicted = sums[:, _P] / self.n
        freedom = self.n - 1
        self.truth_variance = (sums[:, _TT] - self.n * self.truth**2) / freedom
        self.predicted_variance = (sums[:, _PP] - self.n * self.predicted**2) / freedom
        self.covariance = (sums[:, _TP] - self.n * self.truth * self.predicted) / freedom
        self.bias = self.predicted - self.truth
        self.difference_variance = np.maximum(self.truth_variance + self.predicted_variance - 2 * self.covariance, 0.0)


def limits_of_agreement(sums: Floats) -> tuple[Floats, Floats]:
    """Bias - and + 1.96 SD of the differences (Bland and Altman 1986)."""
    m = Moments(sums)
    margin = LIMITS_OF_AGREEMENT_SD * np.sqrt(m.difference_variance)
    return m.bias - margin, m.bias + margin


def proportional_bias(sums: Floats) -> Floats:
    """Slope of the differences on the means of both."""
    m = Moments(sums)
    mean_variance = (m.truth_variance + m.predicted_variance + 2 * m.covariance) / 4
    slope: Floats = (m.predicted_variance - m.truth_variance) / 2 / mean_variance
    return slope


def calibration_slope(sums: Floats) -> Floats:
    """Slope of the truth on the prediction; 1 where a year more predicted is a year more of bone age."""
    m = Moments(sums)
    slope: Floats = m.covariance / m.predicted_variance
    return slope


def calibration_intercept(sums: Floats) -> Floats:
    """Intercept that belongs to :func:`calibration_slope`, in months."""
    m = Moments(sums)
    intercept: Floats = m.truth - calibration_slope(sums) * m.predicted
    return intercept


def icc_2_1_of(sums: Floats) -> Floats:
    """ICC(2,1) of two raters (Shrout and Fleiss 1979), as `agreement.icc_2_1`."""
    m = Moments(sums)
    between_subjects = (m.truth_variance + m.predicted_variance + 2 * m.covariance) / 2
    error = m.difference_variance / 2
    between_raters = m.n * m.bias**2 / 2
    icc: Floats = (between_subjects - error) / (between_subjects + error + 2 * (between_raters - error) / m.n)
    return icc


def ccc_of(sums: Floats) -> Floats:
    """Lin's concordance (Lin 1989), as `agreement.ccc`: with n in the variances."""
    m = Moments(sums)
    shrink = (m.n - 1) / m.n
    ccc: Floats = 2 * shrink * m.covariance / (shrink * (m.truth_variance + m.predicted_variance) + m.bias**2)
    return ccc


def _listed(pair: tuple[float, float] | None) -> list[float] | None:
    return None if pair is None else list(pair)
