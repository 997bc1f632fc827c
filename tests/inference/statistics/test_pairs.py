"""Every measure with its interval: equal to the single functions, to other people's code, and to direct resampling."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.statistics.age_bands import WIDE_BANDS, wide_band
from inference.statistics.agreement import ccc, icc_2_1, weighted_kappa
from inference.statistics.bootstrap import bootstrap_interval, resampled_means
from inference.statistics.errors import bias, bland_altman, mae
from inference.statistics.pairs import kappa_measure, pair_measures, repeat_measures


def two_readers(n: int = 60, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    first = generator.uniform(20, 200, n)
    return first, first + generator.normal(3, 8, n)


def test_values_are_those_of_the_single_functions() -> None:
    x, y = two_readers()
    found = {name: measure.value for name, measure in pair_measures(x, y).items()}
    limits = bland_altman(x, y)
    assert limits is not None
    assert found == {
        "bias": bias(x, y),
        "mae": mae(x, y),
        "sd": pytest.approx(np.std(y - x, ddof=1)),
        "lower": limits.lower,
        "upper": limits.upper,
        "icc_2_1": icc_2_1(np.column_stack((x, y))),
        "ccc": ccc(x, y),
    }


def test_intervals_are_those_of_resampling_films_and_counting_again() -> None:
    """The moments' short cut against the slow way: draw films, call the plain function, take the percentiles."""
    x, y = two_readers(40)
    generator = np.random.default_rng(9)
    draws = [generator.integers(0, 40, 40) for _ in range(4000)]
    plain = {
        "bias": lambda a, b: bias(a, b),
        "mae": lambda a, b: mae(a, b),
        "sd": lambda a, b: float(np.std(b - a, ddof=1)),
        "lower": lambda a, b: bland_altman(a, b).lower,
        "upper": lambda a, b: bland_altman(a, b).upper,
        "icc_2_1": lambda a, b: icc_2_1(np.column_stack((a, b))),
        "ccc": lambda a, b: ccc(a, b),
    }
    for name, measure in pair_measures(x, y).items():
        slow = np.quantile([plain[name](x[draw], y[draw]) for draw in draws], (0.025, 0.975))
        width = slow[1] - slow[0]
        assert measure.interval == pytest.approx(tuple(slow), abs=0.12 * width), name


def test_resampled_moments_give_each_resamples_own_value() -> None:
    """Not only in distribution: the formulas from means equal the plain functions on one and the same resample."""
    from inference.statistics import pairs

    x, y = two_readers(25)
    counts = np.random.default_rng(3).multinomial(25, np.full(25, 1 / 25))
    a, b = np.repeat(x, counts), np.repeat(y, counts)
    features = np.column_stack((a, b, a * a, b * b, a * b, np.abs(b - a), (b - a) ** 2))
    means = pairs._Means(features.mean(axis=0, keepdims=True), 25)
    assert pairs._icc(means)[0] == pytest.approx(icc_2_1(np.column_stack((a, b))))
    assert pairs._ccc(means)[0] == pytest.approx(ccc(a, b))
    assert means.sd[0] == pytest.approx(np.std(b - a, ddof=1))
    assert pairs._within_sd(means)[0] == pytest.approx(np.sqrt(np.mean((b - a) ** 2) / 2))


def test_the_mean_has_the_interval_of_the_one_column_bootstrap() -> None:
    x, y = two_readers(200)
    assert pair_measures(x, y)["mae"].interval == pytest.approx(bootstrap_interval(np.abs(y - x)), abs=0.15)


def test_nothing_is_measured_twice_differently_at_large_ages() -> None:
    """Squares of ages around 228 months must not eat a difference of a thousandth."""
    x = np.full(30, 228.0) + np.linspace(0, 1, 30)
    found = pair_measures(x, x + 0.001)
    assert found["sd"].interval == pytest.approx((0, 0), abs=1e-6)
    assert found["bias"].interval == pytest.approx((0.001, 0.001), abs=1e-9)


def test_one_film_has_values_where_they_exist_and_no_interval() -> None:
    found = pair_measures([100], [104])
    assert (found["bias"].value, found["mae"].value, found["sd"].value, found["ccc"].value) == (4, 4, None, None)
    assert {measure.interval for measure in found.values()} == {None}


def test_what_does_not_vary_has_no_coefficient_and_no_interval_of_one() -> None:
    found = pair_measures([100] * 12, [100] * 12)
    assert (found["ccc"].value, found["ccc"].interval) == (None, None)
    assert (found["icc_2_1"].value, found["icc_2_1"].interval) == (None, None)
    assert found["mae"].interval == (0, 0)


@pytest.mark.parametrize(("first", "second"), [([], []), ([1], [1, 2]), ([1, float("nan")], [1, 2])])
def test_what_cannot_be_compared_is_refused(first: list[float], second: list[float]) -> None:
    with pytest.raises(ValueError, match=r"No cases|same length|finite"):
        pair_measures(first, second)


def test_dahlbergs_error_by_hand() -> None:
    """Differences 2, -2, 4: root of (4 + 4 + 16) / 6 = 2."""
    found = repeat_measures([100, 100, 100], [102, 98, 104])
    assert found["within_sd"].value == pytest.approx(2)
    assert found["bias"].value == pytest.approx(4 / 3)


CATEGORIES = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=2, max_size=60)


@given(CATEGORIES)
def test_quadratic_kappa_is_the_concordance_of_category_numbers(pairs: list[tuple[int, int]]) -> None:
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    assert weighted_kappa(first, second, categories=3) == pytest.approx(ccc(first, second), nan_ok=True)


def test_kappas_interval_holds_its_value() -> None:
    generator = np.random.default_rng(2)
    first = generator.integers(0, 3, 120)
    second = np.where(generator.random(120) < 0.8, first, generator.integers(0, 3, 120))
    found = kappa_measure(list(first), list(second), categories=3)
    assert found.value == weighted_kappa(first, second, categories=3)
    assert found.value is not None
    assert found.interval is not None
    assert found.interval[0] < found.value < found.interval[1]


def test_resampled_means_draw_each_case_as_often_as_any_other() -> None:
    means = resampled_means(np.eye(5), resamples=4000)
    assert means.sum(axis=1) == pytest.approx(np.ones(4000))
    assert means.mean(axis=0) == pytest.approx(np.full(5, 0.2), abs=0.01)
    assert (means == resampled_means(np.eye(5), resamples=4000)).all()
    with pytest.raises(ValueError, match="table"):
        resampled_means([])


@given(st.floats(0, 400))
def test_every_age_has_one_wide_band(months: float) -> None:
    band = wide_band(months)
    assert band in WIDE_BANDS
    assert band.to_years is None or band.from_years * 12 <= months <= band.to_years * 12 + 1e-9
