import json
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from inference.statistics.age_bands import AGE_BANDS, age_band
from inference.statistics.agreement import ccc, icc_2_1, weighted_kappa
from inference.statistics.bootstrap import bootstrap_interval
from inference.statistics.errors import bias, bland_altman, mae, rmse, share_within
from inference.statistics.report import Case, evaluation_report, measures

AGES = arrays(np.float64, st.shared(st.integers(2, 40), key="n"), elements=st.floats(0, 240))


def _cases(n: int, *, seed: int = 0, noise: float = 6.0) -> list[Case]:
    generator = np.random.default_rng(seed)
    truth = generator.uniform(0, 228, n)
    return [
        Case(id=str(i), sex="MF"[i % 2], truth_months=float(t), predicted_months=float(t + generator.normal(0, noise)))
        for i, t in enumerate(truth)
    ]


def test_errors_by_hand():
    truth, estimate = [10, 20, 30], [12, 17, 30]
    assert mae(truth, estimate) == pytest.approx(5 / 3)
    assert bias(truth, estimate) == pytest.approx(-1 / 3)
    assert rmse(truth, estimate) == pytest.approx((13 / 3) ** 0.5)
    assert share_within(truth, estimate, 2) == pytest.approx(2 / 3)


@given(AGES, AGES)
def test_errors_are_ordered(truth, estimate):
    assert abs(bias(truth, estimate)) <= mae(truth, estimate) + 1e-9
    assert mae(truth, estimate) <= rmse(truth, estimate) + 1e-9


@pytest.mark.parametrize(("truth", "estimate"), [([], []), ([1, 2], [1]), ([1, float("nan")], [1, 2]), ([[1]], [[1]])])
def test_what_cannot_be_measured_is_refused(truth, estimate):
    with pytest.raises(ValueError, match=r"cases|same length|finite"):
        mae(truth, estimate)


def test_bland_altman_finds_a_proportional_bias():
    truth = np.linspace(20, 200, 50)
    limits = bland_altman(truth, truth * 0.9 + 5)
    assert limits.slope == pytest.approx(-0.1 / 0.95, abs=1e-9)
    assert limits.bias == pytest.approx(np.mean(truth * -0.1 + 5))
    assert limits.lower < limits.bias < limits.upper
    assert bland_altman([1.0], [2.0]) is None
    assert bland_altman([3.0, 4.0], [4.0, 3.0]).slope is None


def test_icc_of_shrout_and_fleiss():
    """Their table 2: six subjects, four judges, ICC(2,1) = 0.29."""
    ratings = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
    assert icc_2_1(ratings) == pytest.approx(0.2898, abs=5e-4)


def test_concordance_by_hand_and_against_a_shift():
    x = np.array([1.0, 2.0, 3.0, 4.0])
    assert ccc(x, x) == pytest.approx(1)
    assert ccc(x, -x + 5) == pytest.approx(-1)
    assert ccc(x, x + 2) == pytest.approx(2 * 1.25 / (2.5 + 4))
    assert ccc([3, 3], [3, 3]) is None


@given(AGES, AGES)
def test_concordance_stays_in_range_and_is_symmetric(first, second):
    value = ccc(first, second)
    assert value is None or -1 - 1e-9 <= value <= 1 + 1e-9
    assert value is None or value == pytest.approx(ccc(second, first))


def test_weighted_kappa_by_hand():
    assert weighted_kappa([0, 1, 2], [0, 1, 2], categories=3) == pytest.approx(1)
    assert weighted_kappa([0, 2], [2, 0], categories=3) == pytest.approx(-1)
    # observed disagreement 1/4 x 1, expected 3/8 + 1/8 = 1/2
    assert weighted_kappa([0, 0, 1, 1], [0, 1, 1, 1], categories=2) == pytest.approx(0.5)
    assert weighted_kappa([1, 1], [1, 1], categories=3) is None
    with pytest.raises(ValueError, match="categories"):
        weighted_kappa([0, 3], [0, 1], categories=3)


def test_bootstrap_is_seeded_and_close_to_the_normal_interval():
    values = np.random.default_rng(1).normal(10, 2, 400)
    low, high = bootstrap_interval(values)
    assert (low, high) == bootstrap_interval(values)
    assert (low, high) != bootstrap_interval(values, seed=2)
    margin = 1.96 * values.std(ddof=1) / 20
    assert low == pytest.approx(values.mean() - margin, abs=0.05)
    assert high == pytest.approx(values.mean() + margin, abs=0.05)


def test_bootstrap_interval_covers_the_truth_about_as_often_as_it_says():
    generator = np.random.default_rng(3)
    hits = 0
    for trial in range(200):
        low, high = bootstrap_interval(generator.normal(5, 1, 60), resamples=400, seed=trial)
        hits += low <= 5 <= high
    assert 0.88 <= hits / 200 <= 0.99


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=30))
def test_bootstrap_interval_lies_within_the_values(values):
    low, high = bootstrap_interval(values, resamples=50)
    assert min(values) - 1e-6 <= low <= high <= max(values) + 1e-6


def test_one_case_has_no_interval():
    assert bootstrap_interval([4.0]) is None


@pytest.mark.parametrize(
    ("months", "label"),
    [(0, "0"), (0.1, "(0,1]"), (12, "(0,1]"), (12.01, "(1,2]"), (48, "(3,4]"), (216, "(17,18]"), (216.5, ">18")],
)
def test_bands_are_half_open(months, label):
    assert age_band(months).label == label


@given(st.floats(0, 400))
def test_every_age_has_one_band(months):
    band = age_band(months)
    assert band in AGE_BANDS
    if band.label.startswith("("):
        assert band.from_years < months / 12 <= band.to_years


@pytest.mark.parametrize("months", [-1, float("nan"), float("inf")])
def test_no_band_for_what_is_no_age(months):
    with pytest.raises(ValueError, match="age"):
        age_band(months)


def test_report_loses_no_case_and_is_json():
    cases = _cases(300)
    report = json.loads(json.dumps(evaluation_report(cases, band_by="bone_age", synthetic=True)))
    assert report["n"] == 300 == sum(row["total"]["n"] for row in report["table3"] if row["total"])
    assert report["by_sex"]["M"]["n"] + report["by_sex"]["F"]["n"] == 300
    assert len(report["table3"]) == 20
    assert report["overall"]["mae_interval_months"][0] < report["overall"]["mae_months"]
    assert set(report["within"]) == {"6", "12", "24"}
    assert report["synthetic"] is True
    weighted = sum(row["total"]["n"] * row["total"]["mae_months"] for row in report["table3"] if row["total"])
    assert weighted / 300 == pytest.approx(report["overall"]["mae_months"])


def test_cases_without_the_banding_age_are_counted_not_lost():
    cases = [*_cases(5), Case("x", "F", 100.0, 101.0, chronological_age_months=99.0)]
    report = evaluation_report(cases, band_by="chronological_age", synthetic=False)
    assert (report["n"], report["unbanded"]) == (6, 5)
    assert sum(row["total"]["n"] for row in report["table3"] if row["total"]) == 1


def test_one_case_is_a_report_and_none_is_an_error():
    report = evaluation_report(_cases(1), band_by="bone_age", synthetic=False)
    assert report["overall"]["mae_interval_months"] is None
    assert report["bland_altman"] is None
    assert measures([]) is None
    with pytest.raises(ValueError, match="No cases"):
        evaluation_report([], band_by="bone_age", synthetic=False)


def test_report_on_the_held_out_hands_takes_a_second_at_most():
    start = time.process_time()
    evaluation_report(_cases(2265), band_by="bone_age", synthetic=False)
    assert time.process_time() - start < 3
