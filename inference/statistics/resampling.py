"""Intervals for many statistics at once: children are drawn with replacement, and sums over the drawn are kept.

Whatever is a function of sums (means, RMSE, correlations, slopes) gets its interval from the same draws. The cost is
bounded: above :data:`MOST_UNITS` children, that many random groups of children are drawn instead. The sums of random
groups have, but for the size of a group, the spread of the children's own (Efron and Tibshirani 1993, section 19.2 on
grouping), so the interval is as wide; with 2 000 groups its width is known to 1.6 %, less than 1 000 resamples add.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from inference.statistics.bootstrap import CONFIDENCE, RESAMPLES, SEED

Floats = NDArray[np.float64]

MOST_UNITS = 2000
_CELLS_AT_ONCE = 200_000  # draws and counts in memory at a time: 1.6 MB each, small enough to stay in the cache


def resampled_sums(
    columns: Floats, units: NDArray[np.int64], *, resamples: int = RESAMPLES, seed: int = SEED
) -> Floats | None:
    """Sums of the columns over resamples of units.

    Args:
        columns: float64 [n, k], the summands of each case.
        units: int64 [n], which unit (child) a case belongs to; any whole numbers from 0 on.
        resamples: how often all units are drawn.
        seed: of the generator; the same cases in the same order give the same sums.

    Returns:
        float64 [resamples, k]; None with fewer than two units, which have no spread.
    """
    _, dense = np.unique(units, return_inverse=True)
    count = int(dense.max()) + 1 if dense.size else 0
    if count < 2:
        return None
    generator = np.random.default_rng(seed)
    if count > MOST_UNITS:
        group_of_unit = generator.permutation(count) % MOST_UNITS
        dense, count = group_of_unit[dense], MOST_UNITS
    by_unit = np.stack([np.bincount(dense, weights=column, minlength=count) for column in columns.T], axis=1)
    rows_at_once = max(1, _CELLS_AT_ONCE // count)
    sums = []
    for start in range(0, resamples, rows_at_once):
        rows = min(rows_at_once, resamples - start)
        drawn = generator.integers(0, count, size=(rows, count), dtype=np.int64)
        drawn += np.arange(rows)[:, None] * count
        counts = np.bincount(drawn.ravel(), minlength=rows * count).reshape(rows, count)
        sums.append(counts @ by_unit)
    return np.concatenate(sums)


def interval(
    sums: Floats | None, statistic: Callable[[Floats], Floats], *, confidence: float = CONFIDENCE
) -> tuple[float, float] | None:
    """Percentile interval of a statistic of resampled sums; None where there are no resamples.

    Args:
        sums: float64 [resamples, k] of :func:`resampled_sums`.
        statistic: [resamples, k] -> [resamples]. A resample in which it is not defined (NaN) is left out.
        confidence: share of the resamples inside the interval.
    """
    if sums is None:
        return None
    with np.errstate(invalid="ignore", divide="ignore"):
        values = statistic(sums)
    values = values[np.isfinite(values)]
    if values.size < sums.shape[0] / 2:
        return None
    tail = (1 - confidence) / 2
    lower, upper = np.quantile(values, (tail, 1 - tail))
    return float(lower), float(upper)
