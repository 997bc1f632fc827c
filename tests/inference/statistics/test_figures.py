"""Every figure against an independent count: SciPy, scikit-learn, the case-by-case functions, or by hand."""

import json

import numpy as np
import pytest
from scipy import stats
from sklearn import metrics

from inference.standards.bone_age_sd import age_class, sds
from inference.statistics.age_bands import AGE_BANDS, age_band
from inference.statistics.agreement import ccc, icc_2_1
from inference.statistics.case_filter import CaseFilter, select
from inference.statistics.case_table import CaseTable
from inference.statistics.errors import bland_altman, share_within
from inference.statistics.figures.bands import band_numbers
from inference.statistics.figures.comparison import comparison
from inference.statistics.figures.plots import MOST_POINTS
from inference.statistics.figures.registry import FIGURES, count
from tests.factories.cases import made_rows, made_table

ALL = CaseFilter(rejected="with")


@pytest.fixture(scope="module")
def table() -> CaseTable:
    return made_table(900, seed=11)


@pytest.fixture(scope="module")
def chosen(table):
    return select(table, ALL)


@pytest.fixture(scope="module")
def headline(table):
    return FIGURES["headline"](table, ALL).values


def test_every_figure_is_json_and_its_rows_fit_its_columns(table):
    for name, figure in FIGURES.items():
        for wanted in (ALL, CaseFilter(sex="F", from_years=3, to_years=4), CaseFilter(site="unheard")):
            made = figure(table, wanted).to_json()
            json.dumps(made, allow_nan=False)
            assert all(len(row) == len(made["columns"]) for row in made["rows"]), name


def test_errors_equal_scikit_learn(headline, chosen):
    overall = headline["overall"]
    assert overall["mae_months"] == pytest.approx(metrics.mean_absolute_error(chosen.truth, chosen.predicted))
    assert overall["rmse_months"] == pytest.approx(metrics.root_mean_squared_error(chosen.truth, chosen.predicted))
    assert overall["n"] == len(chosen)
    assert headline["by_sex"]["F"]["n"] + headline["by_sex"]["M"]["n"] == len(chosen)


def test_intervals_are_close_to_scipys(headline, chosen):
    """SciPy draws films, not children; nine in ten children of this table have one film."""
    for name, values in (("mae", np.abs(chosen.difference)), ("bias", chosen.difference)):
        theirs = stats.bootstrap((values,), np.mean, method="percentile", n_resamples=4000, rng=1).confidence_interval
        low, high = headline["overall"][f"{name}_interval_months"]
        tolerance = 0.12 * (theirs.high - theirs.low)
        assert low == pytest.approx(theirs.low, abs=tolerance)
        assert high == pytest.approx(theirs.high, abs=tolerance)


def test_agreement_equals_the_definitions(headline, chosen):
    agreement = headline["agreement"]
    limits = bland_altman(chosen.truth, chosen.predicted)
    assert agreement["lower_months"]["value"] == pytest.approx(limits.lower)
    assert agreement["upper_months"]["value"] == pytest.approx(limits.upper)
    assert agreement["icc_2_1"]["value"] == pytest.approx(icc_2_1(np.column_stack([chosen.truth, chosen.predicted])))
    assert agreement["ccc"]["value"] == pytest.approx(ccc(chosen.truth, chosen.predicted))
    line = stats.linregress((chosen.truth + chosen.predicted) / 2, chosen.difference)
    assert agreement["slope"]["value"] == pytest.approx(line.slope)
    low, high = agreement["slope"]["interval"]
    assert (high - low) / 2 == pytest.approx(1.96 * line.stderr, rel=0.15)
    assert all(found["interval"][0] <= found["value"] <= found["interval"][1] for found in agreement.values())


def test_shares_within(headline, chosen):
    for row in headline["within"]:
        assert row["share"] == pytest.approx(share_within(chosen.truth, chosen.predicted, row["limit_months"]))
        exact = stats.binomtest(round(row["share"] * row["n"]), row["n"]).proportion_ci(method="wilson")
        assert row["interval"] == pytest.approx([exact.low, exact.high], abs=0.012)


def test_calibration_equals_scipys_regression(table, chosen):
    figure = FIGURES["calibration"](table, ALL).values
    line = stats.linregress(chosen.predicted, chosen.truth)
    assert figure["line"]["slope"]["value"] == pytest.approx(line.slope)
    assert figure["line"]["intercept_months"]["value"] == pytest.approx(line.intercept)
    low, high = figure["line"]["slope"]["interval"]
    assert (high - low) / 2 == pytest.approx(1.96 * line.stderr, rel=0.15)
    assert sum(row["n"] for row in figure["rows"]) == len(chosen)
    low, high = chosen.column("low"), chosen.column("high")
    assert figure["held"]["share"] == pytest.approx(np.mean((low <= chosen.truth) & (chosen.truth <= high)))


def test_table_3_equals_a_count_case_by_case(table, chosen):
    figure = FIGURES["table3"](table, ALL).values
    labels = np.array([age_band(months).label for months in chosen.truth])
    for row in figure["rows"]:
        for group, sex in (("female", 0), ("male", 1)):
            mine = (labels == row["band"]) & (chosen.sex == sex)
            if not mine.any():
                assert row[group] is None
                continue
            assert row[group]["n"] == int(mine.sum())
            assert row[group]["mae_months"] == pytest.approx(
                metrics.mean_absolute_error(chosen.truth[mine], chosen.predicted[mine])
            )
    assert sum(row["total"]["n"] for row in figure["rows"] if row["total"]) == len(chosen)
    assert figure["all"]["total"]["n"] == len(chosen)


def test_band_numbers_agree_with_the_bands():
    ages = np.array([0, 0.1, 12, 12.01, 48, 216, 216.5, np.nan])
    expected = [AGE_BANDS.index(age_band(age)) for age in ages[:-1]]
    assert list(band_numbers(ages)) == [*expected, -1]


def test_the_points_of_a_small_table_are_its_cases(table, chosen):
    values = FIGURES["scatter"](table, ALL).values
    assert values["density"] is None
    assert values["points"]["row"] == chosen.rows.tolist()
    assert values["points"]["x"] == pytest.approx(chosen.truth.tolist(), abs=0.006)


def test_the_density_of_a_large_table_loses_no_case_and_keeps_the_furthest():
    table = made_table(MOST_POINTS + 600, seed=2)
    chosen = select(table, ALL)
    values = FIGURES["bland_altman"](table, ALL).values
    assert sum(n for _, _, n in values["density"]) == len(chosen)
    assert max(abs(y) for y in values["points"]["y"]) == pytest.approx(np.abs(chosen.difference).max(), abs=0.01)
    cell = values["density"][0]
    mean = (chosen.truth + chosen.predicted) / 2
    half = values["cell_months"] / 2
    inside = (
        (cell[0] - half <= mean) & (mean < cell[0] + half)
        & (cell[1] - half <= chosen.difference) & (chosen.difference < cell[1] + half)
    )  # fmt: skip
    assert cell[2] == int(inside.sum())


def test_error_by_gap_covers_every_case_with_an_age(table, chosen):
    values = FIGURES["error_by_gap"](table, ALL).values
    assert sum(row["measures"]["n"] for row in values["rows"] if row["measures"]) == len(chosen)
    gap = chosen.truth - chosen.column("chronological")
    delayed = gap <= -24
    assert values["rows"][0]["measures"]["bias_months"] == pytest.approx(chosen.difference[delayed].mean())


def test_clinical_classes_equal_a_count_with_the_published_rule(table, chosen):
    values = FIGURES["clinical_class"](table, ALL, sd_table="gp1959_brush").values
    ages = chosen.column("chronological")
    pairs = []
    for i in range(len(chosen)):
        sex = "FM"[chosen.sex[i]]
        classes = [
            age_class(sds("gp1959_brush", sex, float(ages[i]), float(months)))
            for months in (chosen.truth[i], chosen.predicted[i])
        ]
        if None not in classes:
            pairs.append(classes)
    assert values["n"] == len(pairs)
    assert values["changed"] == sum(one != other for one, other in pairs)
    order = ["delayed", "normal", "advanced"]
    expected = metrics.confusion_matrix(*zip(*pairs, strict=True), labels=order)
    assert values["counts"] == expected.tolist()
    other = FIGURES["clinical_class"](table, ALL, sd_table="gp1959_tables_v_vi").values
    assert other["counts"] != values["counts"]


def test_rejected_films_with_and_without(table):
    rows = {row["rejected"]: row for row in FIGURES["rejected_films"](table, CaseFilter()).values["rows"]}
    counted = {kind: row["measures"]["n"] for kind, row in rows.items()}
    assert counted["with"] == counted["without"] + counted["only"]
    assert rows["with"]["refused"] == int(np.isnan(table.predicted).sum())


def test_age_alone_is_an_estimate_too(table, chosen):
    rows = {row["answer"]: row for row in FIGURES["chronological_age"](table, ALL).values["rows"]}
    assert set(rows) == {"as_asked", "age_alone"}
    expected = metrics.mean_absolute_error(chosen.truth, chosen.column("chronological"))
    assert rows["age_alone"]["measures"]["mae_months"] == pytest.approx(expected)


def test_the_model_without_age_stands_beside_it_on_the_same_cases():
    rows = made_rows(60, seed=9)
    for i, row in enumerate(rows):
        row["without_age"] = None if row["predicted"] is None or i % 3 == 0 else row["predicted"] + 5
    figure = FIGURES["chronological_age"](CaseTable.from_rows(rows), ALL).values
    found = {row["answer"]: row["measures"] for row in figure["rows"]}
    assert len({measures["n"] for measures in found.values()}) == 1
    assert found["withheld"]["bias_months"] - found["as_asked"]["bias_months"] == pytest.approx(5)


def test_subgroups_add_up(table, chosen):
    rows = FIGURES["subgroups"](table, ALL).values["rows"]
    for name in ("site", "device", "year", "quality"):
        assert sum(row["measures"]["n"] for row in rows if row["by"] == name) == len(chosen)


def test_the_number_of_cases_that_a_band_needs(table, chosen):
    figure = FIGURES["data_need"](table, ALL, half_width_months=1.2).values
    row = next(row for row in figure["rows"] if row["n"] >= 20)
    mine = np.array([age_band(months).label == row["band"] for months in chosen.truth])
    mine &= chosen.sex == ("female", "male").index(row["sex"])
    spread = np.abs(chosen.difference[mine]).std(ddof=1)
    assert row["needed"] == int(np.ceil((stats.norm.ppf(0.975) * spread / 1.2) ** 2))
    assert row["missing"] == max(0, row["needed"] - row["n"])
    # the field's rule of thumb: about 47 cases for a tenth of a year where |error| spreads by 0.35 years
    assert np.ceil((1.959964 * 0.35 / 0.1) ** 2) == 48
    few = [row for row in figure["rows"] if row["n"] < 20]
    assert few
    assert all(row["borrowed"] for row in few)
    with pytest.raises(ValueError, match="half width"):
        FIGURES["data_need"](table, ALL, half_width_months=0)


def test_two_models_on_the_same_cases():
    rows = made_rows(300, seed=21)
    better = [dict(row) for row in rows if row["id"] != "film-7"]
    for row in better:
        if row["predicted"] is not None:
            row["predicted"] = max(0.0, row["consensus"] + (row["predicted"] - row["consensus"]) / 2)
    first, second = CaseTable.from_rows(rows), CaseTable.from_rows(list(reversed(better)))
    found = comparison(first, second, ALL)
    everybody = found.values["rows"][0]
    ours = {row["id"]: row for row in rows if row["predicted"] is not None and row["id"] != "film-7"}
    halves = np.array([abs(row["predicted"] - row["consensus"]) for row in ours.values()])
    assert everybody["n"] == len(ours)
    assert everybody["first_mae"] == pytest.approx(halves.mean())
    assert everybody["difference"] == pytest.approx(-halves.mean() / 2, abs=0.05)
    assert everybody["difference_low"] < everybody["difference"] < everybody["difference_high"] < 0
    paired = stats.bootstrap((-halves / 2,), np.mean, method="percentile", rng=1).confidence_interval
    assert everybody["difference_low"] == pytest.approx(paired.low, abs=0.1)
    assert found.values["only_first"] == int("film-7" in {row["id"] for row in rows if row["predicted"] is not None})
    same = comparison(first, first, ALL).values["rows"][0]
    assert (same["difference_low"], same["difference_high"]) == (0, 0)


def test_an_unknown_option_is_refused(table):
    with pytest.raises(TypeError):
        count("table3", table, ALL, {"sd_table": "gp1959_brush"})
