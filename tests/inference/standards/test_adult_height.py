"""The Bayley-Pinneau table as transcribed, and the arithmetic on it."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.standards.adult_height import (
    CATEGORIES,
    CATEGORY_MONTHS,
    adult_height_range_cm,
    category_of,
    maturity_of,
    predict_adult_height,
)

COLUMNS = [(sex, category) for sex in "MF" for category in CATEGORIES]
COLUMN = st.sampled_from(COLUMNS)


@pytest.mark.parametrize(
    ("sex", "category", "years", "percent"),
    [
        ("F", "average", 10, 86.2),
        ("F", "average", 12, 92.2),
        ("M", "average", 10, 78.4),
        ("M", "average", 12, 83.4),
        ("M", "average", 14, 92.7),
    ],
)
def test_the_table_says_what_the_printed_examples_say(sex, category, years, percent):
    assert maturity_of(sex, category).at(12 * years) == percent


def test_the_table_is_whole():
    """Counts and ends as transcribed: 251 rows; boys of the category retarded end at 13 years."""
    columns = {each: maturity_of(*each) for each in COLUMNS}
    assert {each: len(column.percents) for each, column in columns.items()} == {
        ("M", "average"): 47,
        ("M", "accelerated"): 41,
        ("M", "retarded"): 29,
        ("F", "average"): 47,
        ("F", "accelerated"): 42,
        ("F", "retarded"): 45,
    }
    assert {each: (column.bone_ages_months[0], column.bone_ages_months[-1]) for each, column in columns.items()} == {
        ("M", "average"): (84, 222),
        ("M", "accelerated"): (84, 204),
        ("M", "retarded"): (72, 156),
        ("F", "average"): (72, 216),
        ("F", "accelerated"): (84, 210),
        ("F", "retarded"): (72, 204),
    }


@pytest.mark.parametrize("column", COLUMNS)
def test_rows_rise(column):
    """A slip of a digit would show as a fall, as a gap in the ages, or as a jump."""
    ages, percents = maturity_of(*column).bone_ages_months, maturity_of(*column).percents
    steps = [later - earlier for earlier, later in pairwise(ages)]
    assert set(steps) <= {2, 3, 4, 6}
    gains = [later - earlier for earlier, later in pairwise(percents)]
    assert all(0 <= gain <= 1.6 for gain in gains)
    assert 60 < percents[0] < percents[-1] <= 100


@pytest.mark.parametrize("sex", ["M", "F"])
def test_a_retarded_child_has_reached_more_of_its_height(sex):
    """At one bone age, that is: such a child is older. In one row the girls' tables meet (17 y 6 m)."""
    rows = {category: dict(zip(*_rows(sex, category), strict=True)) for category in CATEGORIES}
    for ahead, behind in (("accelerated", "average"), ("average", "retarded")):
        common = rows[ahead].keys() & rows[behind].keys()
        assert len(common) >= 25
        assert {age for age in common if rows[ahead][age] >= rows[behind][age]} <= ({210} if sex == "F" else set())


def _rows(sex, category):
    column = maturity_of(sex, category)
    return column.bone_ages_months, column.percents


@given(COLUMN, st.data())
def test_at_a_row_it_is_the_row(column, data):
    found = maturity_of(*column)
    place = data.draw(st.integers(0, len(found.percents) - 1))
    assert found.at(found.bone_ages_months[place]) == found.percents[place]


@given(COLUMN, st.floats(0, 1), st.floats(0, 1))
def test_between_rows_it_never_falls(column, one, other):
    found = maturity_of(*column)
    first, last = found.bone_ages_months[0], found.bone_ages_months[-1]
    low, high = (found.at(min(last, first + share * (last - first))) for share in sorted((one, other)))
    assert low <= high + 1e-9


def test_between_rows_it_is_linear():
    assert maturity_of("M", "average").at(145.5) == pytest.approx((83.4 + 84.3) / 2)
    assert maturity_of("F", "average").at(80) == pytest.approx(73.8 + (80 - 78) / (82 - 78) * (75.1 - 73.8))


@given(COLUMN, st.floats(allow_nan=True, allow_infinity=True))
def test_outside_there_is_none(column, age):
    found = maturity_of(*column)
    inside = found.bone_ages_months[0] <= age <= found.bone_ages_months[-1]
    assert (found.at(age) is None) == (not inside)


@pytest.mark.parametrize("column", COLUMNS)
def test_just_beyond_the_ends_there_is_none(column):
    found = maturity_of(*column)
    first, last = found.bone_ages_months[0], found.bone_ages_months[-1]
    assert found.at(math.nextafter(first, 0)) is None
    assert found.at(math.nextafter(last, 999)) is None


@pytest.mark.parametrize(
    ("ahead", "category"),
    [(12, "accelerated"), (11.99, "average"), (0, "average"), (-11.99, "average"), (-12, "retarded")],
)
def test_twelve_months_are_the_step(ahead, category):
    assert category_of(120 + ahead, 120) == category


def test_a_prediction_by_hand():
    """A girl of 10 y 6 m, bone age 10 y, 138 cm: average, 86.2 %, so 160.1 cm."""
    found = predict_adult_height("F", height_cm=138, bone_age_months=120, chronological_age_months=126)
    assert (found.category, found.percent, found.covers_months) == ("average", 86.2, (72, 216))
    assert found.predicted_cm == pytest.approx(160.093, abs=0.001)


def test_beyond_the_table_there_is_no_prediction():
    """Boys who are behind end at a bone age of 13 years; the last row, 88 %, is not taken for 13 y 3 m."""
    found = predict_adult_height("M", height_cm=150, bone_age_months=159, chronological_age_months=180)
    assert (found.category, found.percent, found.predicted_cm) == ("retarded", None, None)
    assert found.covers_months == (72, 156)


@pytest.mark.parametrize("sex", ["O", "m", None])
def test_no_table_without_a_sex(sex):
    with pytest.raises(KeyError):
        predict_adult_height(sex, height_cm=140, bone_age_months=120, chronological_age_months=120)


@given(st.sampled_from("MF"), st.floats(75, 220), st.floats(60, 230), st.floats(48, 230))
def test_the_share_of_the_adult_height_is_the_height(sex, height, bone_age, age):
    found = predict_adult_height(sex, height_cm=height, bone_age_months=bone_age, chronological_age_months=age)
    assert (found.predicted_cm is None) == (found.percent is None)
    if found.predicted_cm is not None:
        assert found.predicted_cm * found.percent / 100 == pytest.approx(height)
        assert found.predicted_cm >= height


@given(
    st.sampled_from("MF"), st.floats(60, 230), st.floats(0, 40), st.floats(0, 1), st.integers(6000, 22000)
)  # ages to a hundredth of a month, so that the steps at 12 months are hit
def test_every_age_of_the_interval_is_in_the_range(sex, low, width, share, age_hundredths):
    age, high = age_hundredths / 100, low + width
    within = adult_height_range_cm(sex, height_cm=140, bone_ages_months=(low, high), chronological_age_months=age)
    bone_age = min(high, low + share * width)
    found = predict_adult_height(sex, height_cm=140, bone_age_months=bone_age, chronological_age_months=age)
    if within is None:
        ends = (low, high, age - CATEGORY_MONTHS, age + CATEGORY_MONTHS)
        seen = [maturity_of(sex, category).at(end) for category in CATEGORIES for end in ends]
        assert None in seen, "the table ends somewhere"
    else:
        assert found.predicted_cm is not None
        assert within[0] - 1e-9 <= found.predicted_cm <= within[1] + 1e-9


def test_the_step_at_twelve_months_is_in_the_range():
    """From 131 to 133 months at an age of 120: average up to 132, accelerated from there."""
    low, high = adult_height_range_cm(
        "M", height_cm=140, bone_ages_months=(131, 133), chronological_age_months=120
    )  # fmt: skip
    assert high == pytest.approx(140 / 0.767), "accelerated, at 132 months"
    assert low == pytest.approx(140 / 0.804), "average, at 132 months"


def test_an_interval_that_leaves_the_table_has_no_range():
    ends = {"height_cm": 140, "chronological_age_months": 170}
    assert adult_height_range_cm("M", bone_ages_months=(145, 156), **ends) is not None
    assert adult_height_range_cm("M", bone_ages_months=(145, 156.1), **ends) is None
    assert adult_height_range_cm("M", bone_ages_months=(71.9, 145), **ends) is None
