"""Intervals by resampling: seeded, percentile, fast."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

RESAMPLES = 1000
CONFIDENCE = 0.95
SEED = 20181116
"""Fixed, so that the same cases give the same interval on every page and every machine."""

_CELLS_AT_ONCE = 4_000_000  # resampled indices in memory at a time: 32 MB

RowStatistic = Callable[[NDArray[np.float64]], NDArray[np.float64]]
"""[resamples, n] -> [resamples]: one value for each row."""


def row_means(samples: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean of each resample."""
    means: NDArray[np.float64] = samples.mean(axis=1)
    return means


def bootstrap_interval(
    values: ArrayLike,
    statistic: RowStatistic = row_means,
    *,
    resamples: int = RESAMPLES,
    confidence: float = CONFIDENCE,
    seed: int = SEED,
) -> tuple[float, float] | None:
    """Percentile interval of a statistic over cases drawn with replacement (Efron and Tibshirani 1993, section 13.3).

    Args:
        values: one number a case, such as its absolute error.
        statistic: see :data:`RowStatistic`.
        resamples: how often all cases are drawn.
        confidence: share of the resamples inside the interval.
        seed: of the generator.

    Returns:
        (lower, upper); None with fewer than two cases, which cannot be resampled into an interval.
    """
    x = np.asarray(values, dtype=np.float64)
    if x.ndim != 1 or x.size < 2:
        return None
    generator = np.random.default_rng(seed)
    rows_at_once = max(1, _CELLS_AT_ONCE // x.size)
    results = [
        statistic(x[generator.integers(0, x.size, size=(min(rows_at_once, resamples - start), x.size))])
        for start in range(0, resamples, rows_at_once)
    ]
    tail = (1 - confidence) / 2
    lower, upper = np.quantile(np.concatenate(results), (tail, 1 - tail))
    return float(lower), float(upper)


def resampled_means(features: ArrayLike, *, resamples: int = RESAMPLES, seed: int = SEED) -> NDArray[np.float64]:
    """Means of several columns over cases drawn with replacement, the same draw for all columns.

    A resample is how often it holds each case, so that all means are one matrix product.

    Args:
        features: [cases, columns], at least one case.
        resamples: how often all cases are drawn.
        seed: of the generator.

    Returns:
        float64 [resamples, columns].

    Raises:
        ValueError: no cases, or not a table.
    """
    x = np.asarray(features, dtype=np.float64)
    if x.ndim != 2 or len(x) == 0:
        raise ValueError("Resampling needs a table with at least one case.")
    n = len(x)
    generator = np.random.default_rng(seed)
    rows_at_once = max(1, _CELLS_AT_ONCE // n)
    parts = []
    for start in range(0, resamples, rows_at_once):
        rows = min(rows_at_once, resamples - start)
        drawn = generator.integers(0, n, size=(rows, n)) + n * np.arange(rows)[:, None]
        counts = np.bincount(drawn.ravel(), minlength=rows * n).reshape(rows, n)
        parts.append(counts @ x / n)
    means: NDArray[np.float64] = np.concatenate(parts)
    return means
