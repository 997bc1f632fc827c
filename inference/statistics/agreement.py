"""How well readers, or a model and readers, agree. Bone ages span 18 years, so a correlation near 1 says little."""

import numpy as np
from numpy.typing import ArrayLike


def icc_2_1(ratings: ArrayLike) -> float | None:
    """Intraclass correlation ICC(2,1): two-way random effects, absolute agreement, single rating.

    Shrout and Fleiss 1979, Psychological Bulletin 86:420, formula for ICC(2,1).

    Args:
        ratings: [subjects, raters], complete, at least two of each.

    Returns:
        At most 1; None where nothing varies.

    Raises:
        ValueError: too few subjects or raters, or a rating that is missing.
    """
    x = np.asarray(ratings, dtype=np.float64)
    if x.ndim != 2 or min(x.shape) < 2:
        raise ValueError("ICC needs a table of at least two subjects by two raters.")
    if not np.isfinite(x).all():
        raise ValueError("ICC needs every rater's rating of every subject.")
    n, k = x.shape
    grand = x.mean()
    between_subjects = k * float(((x.mean(axis=1) - grand) ** 2).sum()) / (n - 1)
    between_raters = n * float(((x.mean(axis=0) - grand) ** 2).sum()) / (k - 1)
    residual = x - x.mean(axis=1, keepdims=True) - x.mean(axis=0, keepdims=True) + grand
    error = float((residual**2).sum()) / ((n - 1) * (k - 1))
    denominator = between_subjects + (k - 1) * error + k * (between_raters - error) / n
    return None if denominator <= 1e-12 else (between_subjects - error) / denominator


def ccc(first: ArrayLike, second: ArrayLike) -> float | None:
    """Lin's concordance correlation coefficient (Lin 1989, Biometrics 45:255), with n in the variances.

    Returns:
        -1 to 1; None where neither varies and both are equal.

    Raises:
        ValueError: different lengths or fewer than two pairs.
    """
    x, y = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    if x.shape != y.shape or x.ndim != 1 or x.size < 2:
        raise ValueError("Concordance needs two lists of the same length with at least two values.")
    covariance = float(np.mean((x - x.mean()) * (y - y.mean())))
    denominator = float(x.var() + y.var() + (x.mean() - y.mean()) ** 2)
    return None if denominator <= 1e-12 else 2 * covariance / denominator


def weighted_kappa(first: ArrayLike, second: ArrayLike, *, categories: int) -> float | None:
    """Cohen's kappa with quadratic weights (Cohen 1968), for ordered categories 0 .. categories - 1.

    Returns:
        At most 1; None where chance alone explains everything (both always the same one category).

    Raises:
        ValueError: different lengths, nothing at all, or a category outside the range.
    """
    x, y = np.asarray(first, dtype=np.int64), np.asarray(second, dtype=np.int64)
    if x.shape != y.shape or x.ndim != 1 or x.size == 0 or categories < 2:
        raise ValueError("Kappa needs two lists of the same length and at least two categories.")
    if min(x.min(), y.min()) < 0 or max(x.max(), y.max()) >= categories:
        raise ValueError("Kappa's categories run from 0 to one less than their number.")
    observed = np.zeros((categories, categories))
    np.add.at(observed, (x, y), 1 / x.size)
    expected = np.outer(observed.sum(axis=1), observed.sum(axis=0))
    index = np.arange(categories)
    weights = (index[:, None] - index[None, :]) ** 2
    chance = float((weights * expected).sum())
    return None if chance <= 1e-12 else 1 - float((weights * observed).sum()) / chance
