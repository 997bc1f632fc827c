import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.standards.bone_age_sd import SD_TABLES, age_class, age_range_months, sd_months, sds
from inference.standards.greulich_pyle import gp_standards_months

TABLE_AND_SEX = st.tuples(st.sampled_from(sorted(SD_TABLES)), st.sampled_from("MF"))


def test_plates_are_those_of_the_atlas():
    boys, girls = gp_standards_months("M"), gp_standards_months("F")
    assert (len(boys), len(girls)) == (31, 27)
    assert list(boys) == sorted(set(boys))
    assert list(girls) == sorted(set(girls))
    assert not {30, 144} & set(boys)
    assert {32, 138, 150, 186} <= set(boys)
    assert {50, 69, 82, 94, 106} <= set(girls)


@pytest.mark.parametrize("sex", ["O", "", "m", None])
def test_no_plates_without_a_sex(sex):
    with pytest.raises(ValueError, match="M or F"):
        gp_standards_months(sex)


def test_tables_disagree_as_printed():
    assert sd_months("gp1959_brush", "F", 144) == pytest.approx(10.24)
    assert sd_months("gp1959_tables_v_vi", "F", 144) == pytest.approx(14.0)
    assert age_class(sds("gp1959_brush", "F", 144, 168)) == "advanced"
    assert age_class(sds("gp1959_tables_v_vi", "F", 144, 168)) == "normal"


def test_between_ages_it_is_linear():
    assert sd_months("gp1959_brush", "M", 66) == pytest.approx((8.79 + 9.17) / 2)


@given(TABLE_AND_SEX, st.floats(-50, 400))
def test_outside_a_table_there_is_none(table_and_sex, age):
    table, sex = table_and_sex
    first, last = age_range_months(table, sex)
    spread = sd_months(table, sex, age)
    assert (spread is None) == (not first <= age <= last)
    assert (sds(table, sex, age, 100.0) is None) == (spread is None)
    assert spread is None or 0 < spread < 20


@given(TABLE_AND_SEX, st.floats(12, 180), st.floats(-40, 40))
def test_score_times_spread_is_the_difference(table_and_sex, age, difference):
    table, sex = table_and_sex
    assert sds(table, sex, age, age + difference) * sd_months(table, sex, age) == pytest.approx(difference, abs=1e-9)


def test_limits_of_the_classes():
    assert [age_class(score) for score in (None, -2.01, -2.0, 0, 2.0, 2.01)] == [
        None, "delayed", "normal", "normal", "normal", "advanced",
    ]  # fmt: skip


def test_unknown_table_is_an_error():
    with pytest.raises(KeyError):
        sd_months("china05", "F", 100)
