"""Predicted adult height after Bayley and Pinneau: a child's height divided by the share of it that is reached.

The share (percent of mature height) stands in one table for each sex and each of three categories of how far bone age
and chronological age lie apart. Between two rows, which are mostly three months of bone age apart, it is interpolated
linearly; outside a table there is no prediction: the last row is never taken instead. Boys of the category `retarded`
end at a bone age of 13 years.

The numbers rest on one public transcription. How far the method itself is off is in none of them.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from inference.standards.bone_age_sd import Sex

Category = Literal["accelerated", "average", "retarded"]
"""The words of the table itself. They are no classes of a standard deviation score."""

CATEGORIES: tuple[Category, ...] = ("retarded", "average", "accelerated")
"""In the order of bone age minus chronological age."""

CATEGORY_MONTHS = 12.0
"""A bone age so many months ahead of the chronological age, or more, is accelerated; so many behind, retarded."""


@dataclass(frozen=True, slots=True)
class HeightTable:
    """What the table is called and where its numbers were taken from."""

    id: str
    name_en: str
    name_zh: str
    source_en: str
    source_zh: str


BAYLEY_PINNEAU = HeightTable(
    "bayley_pinneau_1952",
    "Bayley-Pinneau 1952",
    "Bayley-Pinneau 1952",
    "as reprinted in Greulich and Pyle 1959; one public transcription, not checked against the book",
    "转载于 Greulich 和 Pyle 1959；仅据一份公开转录，未与原书核对",
)


@dataclass(frozen=True, slots=True)
class Maturity:
    """Percent of mature height by bone age, of one sex and category.

    Attributes:
        bone_ages_months: rising.
        percents: at each of them; they never fall.
    """

    bone_ages_months: tuple[float, ...]
    percents: tuple[float, ...]

    def at(self, bone_age_months: float) -> float | None:
        """Interpolated linearly between two rows; None outside, and for NaN."""
        ages, percents = self.bone_ages_months, self.percents
        if not ages[0] <= bone_age_months <= ages[-1]:
            return None
        upper = next(place for place, age in enumerate(ages) if bone_age_months <= age)
        if ages[upper] == bone_age_months:
            return percents[upper]
        share = (bone_age_months - ages[upper - 1]) / (ages[upper] - ages[upper - 1])
        return percents[upper - 1] + share * (percents[upper] - percents[upper - 1])


@dataclass(frozen=True, slots=True)
class AdultHeight:
    """A prediction, or what there is where the table ends.

    Attributes:
        category: by which the table was entered.
        percent: of mature height; None outside the table.
        predicted_cm: None outside the table.
        covers_months: first and last bone age of this sex and category.
    """

    category: Category
    percent: float | None
    predicted_cm: float | None
    covers_months: tuple[float, float]


def category_of(bone_age_months: float, chronological_age_months: float) -> Category:
    """By bone age minus chronological age; 12 months exactly are accelerated or retarded already."""
    ahead = bone_age_months - chronological_age_months
    if ahead >= CATEGORY_MONTHS:
        return "accelerated"
    return "retarded" if ahead <= -CATEGORY_MONTHS else "average"


def maturity_of(sex: Sex, category: Category) -> Maturity:
    """One column of the table. Raises KeyError: sex neither M nor F, or no such category."""
    return _tables()[sex, category]


def predict_adult_height(
    sex: Sex, *, height_cm: float, bone_age_months: float, chronological_age_months: float
) -> AdultHeight:
    """Height / (percent of mature height / 100), by the category of the two ages. Raises KeyError as above."""
    category = category_of(bone_age_months, chronological_age_months)
    column = maturity_of(sex, category)
    percent = column.at(bone_age_months)
    return AdultHeight(
        category,
        percent,
        None if percent is None else _adult_cm(height_cm, percent),
        (column.bone_ages_months[0], column.bone_ages_months[-1]),
    )


def adult_height_range_cm(
    sex: Sex, *, height_cm: float, bone_ages_months: tuple[float, float], chronological_age_months: float
) -> tuple[float, float] | None:
    """Lowest and highest prediction over an interval of bone ages (low, high); None where it leaves the table.

    Where the interval reaches into another category that one's column counts there, so that the steps of the table at
    12 months are in the range. Raises KeyError as above.
    """
    percents = [
        column.at(bone_age)
        for column, ends in _pieces(sex, bone_ages_months, chronological_age_months)
        for bone_age in ends
    ]
    known = [percent for percent in percents if percent is not None]
    if len(known) < len(percents):
        return None
    return _adult_cm(height_cm, max(known)), _adult_cm(height_cm, min(known))


def _pieces(
    sex: Sex, bone_ages_months: tuple[float, float], chronological_age_months: float
) -> Iterator[tuple[Maturity, tuple[float, float]]]:
    """The part of the interval that lies in each category; within one, percents never fall from its low to its high."""
    low, high = bone_ages_months
    first, last = (CATEGORIES.index(category_of(age, chronological_age_months)) for age in bone_ages_months)
    steps = (chronological_age_months - CATEGORY_MONTHS, chronological_age_months + CATEGORY_MONTHS)
    for place in range(first, last + 1):
        begins = low if place == first else steps[place - 1]
        ends = high if place == last else steps[place]
        yield maturity_of(sex, CATEGORIES[place]), (begins, ends)


def _adult_cm(height_cm: float, percent: float) -> float:
    return height_cm / (percent / 100)


_FILE = Path(__file__).parent / "data" / "bayley_pinneau.csv"


@cache
def _tables() -> dict[tuple[str, str], Maturity]:
    rows: dict[tuple[str, str], list[tuple[float, float]]] = {}
    with _FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            pair = float(row["bone_age_months"]), float(row["percent_of_mature_height"])
            rows.setdefault((row["sex"], row["category"]), []).append(pair)
    return {key: Maturity(*zip(*sorted(pairs), strict=True)) for key, pairs in rows.items()}
