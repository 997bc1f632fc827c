"""Our statistics against published worked examples and against other people's code.

Data as printed in the papers; sources stand at each table.
"""

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import cohen_kappa_score, mean_absolute_error, root_mean_squared_error

from inference.statistics.agreement import ccc, icc_2_1, weighted_kappa
from inference.statistics.bootstrap import bootstrap_interval
from inference.statistics.errors import bias, bland_altman, mae, rmse
from inference.statistics.pairs import kappa_measure, pair_measures, repeat_measures

PEAK_FLOW = np.array(
    [
        (494, 490, 512, 525), (395, 397, 430, 415), (516, 512, 520, 508), (434, 401, 428, 444), (476, 470, 500, 500),
        (557, 611, 600, 625), (413, 415, 364, 460), (442, 431, 380, 390), (650, 638, 658, 642), (433, 429, 445, 432),
        (417, 420, 432, 420), (656, 633, 626, 605), (267, 275, 260, 227), (478, 492, 477, 467), (178, 165, 259, 268),
        (423, 372, 350, 370), (427, 421, 451, 443),
    ],
    dtype=float,
)  # fmt: skip
"""Bland and Altman 1986, Lancet i:307, table 1: peak expiratory flow in l/min of 17 people; Wright meter first and
second, mini Wright meter first and second."""


def test_limits_of_agreement_of_bland_and_altman() -> None:
    """Mini meter against large meter, first readings. The paper: mean difference (large - mini) -2.1, SD 38.8."""
    large, mini = PEAK_FLOW[:, 0], PEAK_FLOW[:, 2]
    limits = bland_altman(mini, large)
    assert limits is not None
    assert limits.bias == pytest.approx(-2.1, abs=0.05)
    assert pair_measures(mini, large)["sd"].value == pytest.approx(38.8, abs=0.05)
    # the paper rounds 1.96 to 2 and the limits to -79.7 and 75.5
    assert limits.lower == pytest.approx(-2.1 - 1.96 * 38.8, abs=0.1)
    assert limits.upper == pytest.approx(-2.1 + 1.96 * 38.8, abs=0.1)


def test_the_error_within_people_is_that_of_a_one_way_analysis_of_variance() -> None:
    """Repeats of the large meter: root of the mean square within people, 15.3 l/min."""
    repeats = PEAK_FLOW[:, :2]
    found = repeat_measures(repeats[:, 0], repeats[:, 1])["within_sd"].value
    assert found == pytest.approx(np.sqrt(np.mean(np.var(repeats, axis=1, ddof=1))))
    assert found == pytest.approx(15.3, abs=0.05)


def test_shrout_and_fleiss_by_every_pair_of_judges_and_by_anova() -> None:
    """Their table 2; ICC(2,1) of all four is printed as .29. For each pair, mean squares by scipy's two-way sums."""
    ratings = np.array(
        [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], dtype=float
    )
    assert icc_2_1(ratings) == pytest.approx(0.29, abs=0.005)
    for first, second in ((0, 1), (0, 3), (1, 2)):
        x, y = ratings[:, first], ratings[:, second]
        assert pair_measures(x, y)["icc_2_1"].value == pytest.approx(_icc_by_anova(x, y))


def _icc_by_anova(x: np.ndarray, y: np.ndarray) -> float:
    """McGraw and Wong 1996, ICC(A,1), from a one-way F test over subjects and the paired t test over raters."""
    n = len(x)
    between = 2 * np.var((x + y) / 2, ddof=1)
    error = np.var(y - x, ddof=1) / 2
    t = stats.ttest_rel(y, x).statistic
    raters = error * t**2
    return float((between - error) / (between + error + 2 * (raters - error) / n))


def test_concordance_is_correlation_times_bias_correction() -> None:
    """Lin 1989: rho_c = rho * C_b, C_b = 2 / (v + 1/v + u^2). Correlation by scipy."""
    generator = np.random.default_rng(4)
    x = generator.normal(120, 40, 80)
    y = 0.9 * x + generator.normal(10, 9, 80)
    scale = np.std(x) / np.std(y)
    shift = (x.mean() - y.mean()) / np.sqrt(np.std(x) * np.std(y))
    correction = 2 / (scale + 1 / scale + shift**2)
    assert ccc(x, y) == pytest.approx(stats.pearsonr(x, y).statistic * correction)


def test_errors_equal_scikit_learn() -> None:
    generator = np.random.default_rng(5)
    truth = generator.uniform(0, 228, 300)
    estimate = truth + generator.normal(2, 9, 300)
    assert mae(truth, estimate) == pytest.approx(mean_absolute_error(truth, estimate))
    assert rmse(truth, estimate) == pytest.approx(root_mean_squared_error(truth, estimate))
    assert bias(truth, estimate) == pytest.approx(stats.describe(estimate - truth).mean)
    slope = stats.linregress((truth + estimate) / 2, estimate - truth).slope
    limits = bland_altman(truth, estimate)
    assert limits is not None
    assert limits.slope == pytest.approx(slope)


@pytest.mark.parametrize("categories", [2, 3, 5, 20])
def test_weighted_kappa_equals_scikit_learn(categories: int) -> None:
    generator = np.random.default_rng(categories)
    first = generator.integers(0, categories, 200)
    second = np.clip(first + generator.integers(-1, 2, 200), 0, categories - 1)
    theirs = cohen_kappa_score(first, second, weights="quadratic", labels=list(range(categories)))
    assert weighted_kappa(first, second, categories=categories) == pytest.approx(theirs)
    assert kappa_measure(list(first), list(second), categories=categories).value == pytest.approx(theirs)


def test_bootstrap_interval_equals_scipys() -> None:
    """Percentile intervals of the mean; both draw at random, so they agree to the noise of the draw."""
    values = np.random.default_rng(6).gamma(2, 3, 150)
    theirs = stats.bootstrap((values,), np.mean, n_resamples=5000, method="percentile", rng=7).confidence_interval
    ours = bootstrap_interval(values, resamples=5000)
    assert ours is not None
    width = theirs.high - theirs.low
    assert ours == pytest.approx((theirs.low, theirs.high), abs=0.05 * width)
