"""Spread of bone age among healthy children, by named table; and a child's standard deviation score in it.

The atlas of 1959 holds two tables that disagree by up to a third (a girl of 12: 10.24 or 14.0 months), so a score
without its table's name means nothing. Values between ages are interpolated linearly; outside a table there is none:
the nearest age is never taken instead.

Both describe white children of one time and region: a normal child of today reads a few months older.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Sex = Literal["M", "F"]
AgeClass = Literal["delayed", "normal", "advanced"]

NORMAL_RANGE_SD = 2.0
"""A bone age further than this from the chronological age is delayed or advanced, by the usual reporting."""


CHECK_IDENTITY_SD = 3.0
"""Beyond this it is more often a wrong child, sex or date than a finding: whoever signs is asked to look."""


@dataclass(frozen=True, slots=True)
class SdTable:
    """A named table.

    Attributes:
        id: key of :data:`SD_TABLES`; stored with every score.
        name_en: English name for reports.
        name_zh: Chinese name for reports.
        source: where its numbers were taken from.
    """

    id: str
    name_en: str
    name_zh: str
    source: str


@dataclass(frozen=True, slots=True)
class Spread:
    """Standard deviation of bone age by chronological age, of one sex in one table.

    Attributes:
        ages_months: rising.
        sd_months: at each of them, above 0.
    """

    ages_months: tuple[float, ...]
    sd_months: tuple[float, ...]

    def at(self, age_months: float) -> float | None:
        """Interpolated linearly between two ages, in months; None outside, where the nearest age is never taken."""
        spread = float(self.at_all(np.array([age_months]))[0])
        return None if np.isnan(spread) else spread

    def at_all(self, ages_months: NDArray[np.float64]) -> NDArray[np.float64]:
        """:meth:`at` of many ages, float64 [n]; NaN outside, and for NaN."""
        return np.interp(ages_months, self.ages_months, self.sd_months, left=np.nan, right=np.nan)

    def score(self, chronological_age_months: float, bone_age_months: float) -> float | None:
        """(Bone age - chronological age) / SD at the chronological age; None outside the table."""
        spread = self.at(chronological_age_months)
        return None if spread is None else (bone_age_months - chronological_age_months) / spread

    def normal_range_months(self, chronological_age_months: float) -> tuple[float, float] | None:
        """Bone ages from -2 to +2 SD, never below 0; None outside the table."""
        spread = self.at(chronological_age_months)
        if spread is None:
            return None
        reach = NORMAL_RANGE_SD * spread
        return max(0.0, chronological_age_months - reach), chronological_age_months + reach


SD_TABLES: dict[str, SdTable] = {
    "gp1959_brush": SdTable(
        "gp1959_brush",
        "Greulich-Pyle 1959, Brush Foundation children",
        "Greulich-Pyle 1959，Brush 基金会儿童",
        "Greulich WW, Pyle SI: Radiographic Atlas of Skeletal Development of the Hand and Wrist, 2nd ed., 1959; "
        "two public transcriptions that agree",
    ),
    "gp1959_tables_v_vi": SdTable(
        "gp1959_tables_v_vi",
        "Greulich-Pyle 1959, Tables V (boys) and VI (girls)",
        "Greulich-Pyle 1959，表 V（男）与表 VI（女）",
        "Greulich WW, Pyle SI: Radiographic Atlas of Skeletal Development of the Hand and Wrist, 2nd ed., 1959; "
        "one public transcription",
    ),
}
"""Brush has two public transcriptions that agree, the other table one. No Chinese table ships: none was found with a
source that could be cited."""

_FILE = Path(__file__).parent / "data" / "bone_age_sd.csv"


def spread_of(table: str, sex: Sex) -> Spread:
    """One sex's column of a shipped table.

    Raises:
        KeyError: no such table, or sex neither M nor F.
    """
    return _tables()[table, sex]


def sd_months(table: str, sex: Sex, age_months: float) -> float | None:
    """Standard deviation of bone age at a chronological age, in months; None outside the table. Raises KeyError."""
    return spread_of(table, sex).at(age_months)


def sd_months_of(table: str, sex: Sex, ages_months: NDArray[np.float64]) -> NDArray[np.float64]:
    """:func:`sd_months` of many ages at once, float64 [n]; NaN outside the table and for NaN. Raises KeyError."""
    return spread_of(table, sex).at_all(ages_months)


def sds(table: str, sex: Sex, chronological_age_months: float, bone_age_months: float) -> float | None:
    """(Bone age - chronological age) / SD at the chronological age; None outside the table."""
    return spread_of(table, sex).score(chronological_age_months, bone_age_months)


def age_class(score: float | None) -> AgeClass | None:
    """Delayed, normal or advanced by a score; the limit itself is normal. None where there is no score."""
    if score is None:
        return None
    return "advanced" if score > NORMAL_RANGE_SD else "delayed" if score < -NORMAL_RANGE_SD else "normal"


def age_range_months(table: str, sex: Sex) -> tuple[float, float]:
    """First and last chronological age of a table, in months."""
    ages = spread_of(table, sex).ages_months
    return ages[0], ages[-1]


@cache
def _tables() -> dict[tuple[str, str], Spread]:
    rows: dict[tuple[str, str], list[tuple[float, float]]] = {}
    with _FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            rows.setdefault((row["table"], row["sex"]), []).append((float(row["age_months"]), float(row["sd_months"])))
    return {key: spread_from(pairs) for key, pairs in rows.items()}


def spread_from(pairs: Iterable[tuple[float, float]]) -> Spread:
    """From (age, SD) in any order."""
    ages, spreads = zip(*sorted(pairs), strict=True)
    return Spread(ages, spreads)
