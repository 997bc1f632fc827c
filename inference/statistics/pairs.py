"""Two lists of ages of the same films, measured against each other in every way a reader study reports, each with its
bootstrap interval over films.

The values are those of ``errors.py`` and ``agreement.py``. For the intervals, every measure is written as a function of
means over films (of x, y, x^2, y^2, xy and |y - x|), so that all of them come out of one set of resamples.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inference.statistics.agreement import ccc, icc_2_1, weighted_kappa
from inference.statistics.bootstrap import CONFIDENCE, RESAMPLES, SEED, resampled_means
from inference.statistics.errors import LIMITS_OF_AGREEMENT_SD, bias, bland_altman, differences, mae

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Measure:
    """A value with its percentile interval; the value is None where it is not defined, the interval where fewer than
    two films or no defined resample make one."""

    value: float | None
    interval: tuple[float, float] | None

    def to_json(self) -> dict[str, Any]:
        return {"value": self.value, "interval": None if self.interval is None else list(self.interval)}


def pair_measures(first: ArrayLike, second: ArrayLike) -> dict[str, Measure]:
    """bias, mae, sd, lower and upper limit of agreement (all ``second`` - ``first``, in the unit of the input),
    icc_2_1 and ccc.

    Args:
        first: what is compared with: another reader, the others' mean, the consensus, an earlier reading [n].
        second: what is measured [n].

    Raises:
        ValueError: different lengths, nothing at all, or a value that is not finite.
    """
    difference = differences(first, second)
    x, y = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    limits = bland_altman(x, y)
    enough = x.size >= 2
    values = {
        "bias": bias(x, y),
        "mae": mae(x, y),
        "sd": float(difference.std(ddof=1)) if enough else None,
        "lower": limits.lower if limits else None,
        "upper": limits.upper if limits else None,
        "icc_2_1": icc_2_1(np.column_stack((x, y))) if enough else None,
        "ccc": ccc(x, y) if enough else None,
    }
    centre = x.mean()  # subtracted, so that squares of large ages do not eat the small differences
    means = _means_of_resamples(x - centre, y - centre)
    return {name: Measure(value, _interval(_RESAMPLED[name], means)) for name, value in values.items()}


def repeat_measures(first: ArrayLike, second: ArrayLike) -> dict[str, Measure]:
    """:func:`pair_measures` of two readings by one person, and ``within_sd``: the standard deviation of a single
    reading about that person's mean, root of (sum of squared differences / 2n) (Dahlberg 1940)."""
    x, y = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    value = float(np.sqrt(np.mean(differences(x, y) ** 2) / 2))
    means = _means_of_resamples(x - x.mean(), y - x.mean())
    return pair_measures(x, y) | {"within_sd": Measure(value, _interval(_within_sd, means))}


def kappa_measure(first: Sequence[int], second: Sequence[int], *, categories: int) -> Measure:
    """Quadratically weighted kappa of two lists of ordered categories.

    With quadratic weights kappa is Lin's concordance of the category numbers (Fleiss and Cohen 1973 for the ICC; the
    same algebra), which is how its resamples are counted.

    Raises:
        ValueError: as :func:`weighted_kappa`.
    """
    value = weighted_kappa(first, second, categories=categories)
    x, y = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    return Measure(value, _interval(_ccc, _means_of_resamples(x, y)))


class _Means:
    """Means of each resample, as the formulas below name them; variances with n."""

    def __init__(self, means: Floats, n: int) -> None:
        self.n = n
        self.x, self.y, xx, yy, xy, self.absolute, self.squared = means.T
        self.var_x = np.maximum(xx - self.x**2, 0)
        self.var_y = np.maximum(yy - self.y**2, 0)
        self.cov = xy - self.x * self.y
        self.bias = self.y - self.x
        self.sd = np.sqrt(np.maximum(self.var_x + self.var_y - 2 * self.cov, 0) * n / max(n - 1, 1))


def _means_of_resamples(x: Floats, y: Floats) -> _Means | None:
    if x.size < 2:
        return None
    features = np.column_stack((x, y, x * x, y * y, x * y, np.abs(y - x), (y - x) ** 2))
    return _Means(resampled_means(features, resamples=RESAMPLES, seed=SEED), x.size)


def _ccc(means: _Means) -> Floats:
    return _divided(2 * means.cov, means.var_x + means.var_y + means.bias**2)


def _icc(means: _Means) -> Floats:
    """Shrout and Fleiss' mean squares for two raters, from moments."""
    n = means.n
    subjects = n * (means.var_x + means.var_y + 2 * means.cov) / (2 * (n - 1))
    error = n * (means.var_x + means.var_y - 2 * means.cov) / (2 * (n - 1))
    raters = n * means.bias**2 / 2
    return _divided(subjects - error, subjects + error + 2 * (raters - error) / n)


def _within_sd(means: _Means) -> Floats:
    root: Floats = np.sqrt(means.squared / 2)
    return root


_RESAMPLED: Mapping[str, Callable[[_Means], Floats]] = {
    "bias": lambda means: means.bias,
    "mae": lambda means: means.absolute,
    "sd": lambda means: means.sd,
    "lower": lambda means: means.bias - LIMITS_OF_AGREEMENT_SD * means.sd,
    "upper": lambda means: means.bias + LIMITS_OF_AGREEMENT_SD * means.sd,
    "icc_2_1": _icc,
    "ccc": _ccc,
}


def _divided(numerator: Floats, denominator: Floats) -> Floats:
    """NaN where a resample happens to hold one film only, again and again."""
    usable = denominator > 1e-9
    return np.where(usable, numerator / np.where(usable, denominator, 1), np.nan)


def _interval(statistic: Callable[[_Means], Floats], means: _Means | None) -> tuple[float, float] | None:
    if means is None:
        return None
    values = statistic(means)
    values = values[np.isfinite(values)]
    if values.size == 0:
        return None
    tail = (1 - CONFIDENCE) / 2
    lower, upper = np.quantile(values, (tail, 1 - tail))
    return float(lower), float(upper)
