"""The case table, its filter and the draws: nothing is lost on the way, and the same table has the same name."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.statistics.case_filter import CaseFilter, select
from inference.statistics.case_table import CaseTable, CaseTableError, Category, content_hash
from inference.statistics.measures import error_columns
from inference.statistics.resampling import MOST_UNITS, interval, resampled_sums
from tests.factories.cases import made_rows, made_table


def test_a_table_comes_back_from_its_bytes_and_has_one_name():
    table = made_table(200, seed=3)
    data = table.to_bytes()
    again = CaseTable.from_bytes(data)
    assert content_hash(again.to_bytes()) == content_hash(data)
    np.testing.assert_array_equal(again.predicted, table.predicted)
    np.testing.assert_array_equal(again.site.codes, table.site.codes)
    assert again.site.names == table.site.names
    assert list(again.id) == list(table.id)


def test_no_pseudonym_is_in_the_bytes():
    rows = [dict(row, patient=f"PSEUDONYM{i // 2}") for i, row in enumerate(made_rows(40))]
    table = CaseTable.from_rows(rows)
    assert np.unique(table.patient).size == 20
    assert b"PSEUDONYM" not in table.to_bytes()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"sex": None}, "sex"),
        ({"sex": "X"}, "sex"),
        ({"consensus": None}, "truth"),
        ({"predicted": None}, "reason"),
        ({"refusal": "too_few_regions"}, "reason"),
        ({"consensus": -1.0}, "months"),
        ({"predicted": float("inf")}, "months"),
        ({"weight": 3}, "no weight"),
    ],
)
def test_what_cannot_be_a_case_is_refused(change, message):
    row = {"id": "a", "sex": "M", "consensus": 100.0, "predicted": 90.0} | change
    with pytest.raises(CaseTableError, match=message):
        CaseTable.from_rows([row])


@pytest.mark.parametrize("data", [b"", b"PAR1", b"no table at all"])
def test_other_bytes_are_refused(data):
    with pytest.raises(CaseTableError, match="case table"):
        CaseTable.from_bytes(data)


@given(st.lists(st.sampled_from(["", "a", "b", "c"]), min_size=1, max_size=30))
def test_a_category_counts_its_words(words):
    category = Category.of(words)
    assert [category.names[code] for code in category.codes] == words
    everything = np.ones(len(words), dtype=bool)
    assert category.counts(everything) == {word: words.count(word) for word in set(words) if word}
    for word in ("a", "unheard"):
        assert int(category.equals(word).sum()) == words.count(word)


def test_every_case_is_in_one_group_of_each_filter():
    table = made_table(500, seed=5)
    everything = select(table, CaseFilter(rejected="with"))
    answered = ~np.isnan(table.predicted)
    assert len(everything) == int(answered.sum())
    assert sum(everything.refused.values()) == int((~answered).sum()) > 0
    by_sex = [select(table, CaseFilter(rejected="with", sex=sex)) for sex in ("F", "M")]
    assert sum(map(len, by_sex)) == len(everything)
    by_rejected = [select(table, CaseFilter(rejected=kind)) for kind in ("without", "only")]
    assert sum(map(len, by_rejected)) == len(everything)
    sites = [select(table, CaseFilter(rejected="with", site=site)) for site in ("A", "B", "none")]
    assert sum(map(len, sites)) == len(everything)


def test_bands_of_the_filter_are_half_open():
    ages = [0.0, 0.5, 12.0, 12.5, 24.0, 230.0]
    table = CaseTable.from_rows(
        [{"id": str(age), "sex": "F", "consensus": age, "predicted": age} for age in ages],
    )

    def kept(**bounds):
        return list(select(table, CaseFilter(**bounds)).truth)

    assert kept(to_years=0) == [0.0]
    assert kept(from_years=0, to_years=1) == [0.5, 12.0]
    assert kept(from_years=1, to_years=2) == [12.5, 24.0]
    assert kept(from_years=18) == [230.0]


def test_a_film_without_chronological_age_is_in_no_band_of_it():
    table = CaseTable.from_rows([{"id": "a", "sex": "F", "consensus": 100.0, "predicted": 99.0}])
    assert len(select(table, CaseFilter(band_by="chronological_age"))) == 1
    assert len(select(table, CaseFilter(band_by="chronological_age", from_years=0))) == 0


def test_the_truth_is_chosen():
    table = CaseTable.from_rows(
        [
            {"id": "a", "sex": "F", "consensus": 100.0, "single_read": 104.0, "predicted": 101.0},
            {"id": "b", "sex": "F", "single_read": 90.0, "predicted": 101.0},
        ]
    )
    assert list(select(table, CaseFilter()).difference) == [1.0]
    assert list(select(table, CaseFilter(truth="single_read")).difference) == [-3.0, 11.0]


def test_equal_filters_have_equal_keys_and_come_back():
    wanted = CaseFilter(sex="F", from_years=3.0, site="A")
    assert CaseFilter.from_json({"site": "A", "from_years": 3.0, "sex": "F"}) == wanted
    assert wanted.key() != CaseFilter(sex="M", from_years=3.0, site="A").key()


def test_drawing_children_is_wider_than_drawing_films_when_a_childs_errors_agree():
    generator = np.random.default_rng(4)
    of_child = np.repeat(generator.normal(0, 6, 150), 4)
    columns = error_columns(of_child + generator.normal(0, 1, 600))
    films = resampled_sums(columns, np.arange(600))
    children = resampled_sums(columns, np.repeat(np.arange(150), 4))

    def width(sums):
        low, high = interval(sums, lambda s: s[:, 2] / s[:, 0])
        return high - low

    assert width(children) / width(films) == pytest.approx(2.0, rel=0.15)  # sqrt(4 films a child)


def test_many_children_in_groups_give_the_interval_that_theory_gives():
    values = np.random.default_rng(8).exponential(5.0, 60_000)
    columns = np.stack([np.ones_like(values), values], axis=1)
    assert values.size > MOST_UNITS
    low, high = interval(resampled_sums(columns, np.arange(values.size)), lambda s: s[:, 1] / s[:, 0])
    margin = 1.96 * values.std(ddof=1) / values.size**0.5
    assert (high - low) / 2 == pytest.approx(margin, rel=0.1)
    assert (high + low) / 2 == pytest.approx(values.mean(), abs=margin * 0.15)


def test_draws_repeat_and_one_child_has_none():
    columns = np.ones((5, 1))
    np.testing.assert_array_equal(resampled_sums(columns, np.arange(5)), resampled_sums(columns, np.arange(5)))
    assert resampled_sums(columns, np.zeros(5, dtype=int)) is None
    assert interval(None, lambda sums: sums[:, 0]) is None
