"""Spread of bone age among healthy children, by named table; and a child's standard deviation score in it.

The atlas of 1959 holds two tables that disagree by up to a third (a girl of 12: 10.24 or 14.0 months), so a score
without its table's name means nothing. Values between ages are interpolated linearly; outside a table there is none:
the nearest age is never taken instead.

Both describe white children of one time and region: a normal child of today reads a few months older.
"""

import csv
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


@dataclass(frozen=True, slots=True)
class SdTable:
    """A named table.

    Attributes:
        id: key of :data:`SD_TABLES`; stored with every score.
        name_en: English name for reports.
        name_zh: Chinese name for reports.
    """

    id: str
    name_en: str
    name_zh: str


SD_TABLES: dict[str, SdTable] = {
    "gp1959_brush": SdTable(
        "gp1959_brush", "Greulich-Pyle 1959, Brush Foundation children", "Greulich-Pyle 1959，Brush 基金会儿童"
    ),
    "gp1959_tables_v_vi": SdTable(
        "gp1959_tables_v_vi",
        "Greulich-Pyle 1959, Tables V (boys) and VI (girls)",
        "Greulich-Pyle 1959，表 V（男）与表 VI（女）",
    ),
}
"""Brush has two public transcriptions that agree, the other table one. No Chinese table ships: none was found with a
source that could be cited."""

_FILE = Path(__file__).parent / "data" / "bone_age_sd.csv"


def sd_months(table: str, sex: Sex, age_months: float) -> float | None:
    """Standard deviation of bone age at a chronological age, in months; None outside the table.

    Raises:
        KeyError: no such table, or sex neither M nor F.
    """
    ages, spreads = _tables()[table, sex]
    if not ages[0] <= age_months <= ages[-1]:
        return None
    return float(np.interp(age_months, ages, spreads))


def sds(table: str, sex: Sex, chronological_age_months: float, bone_age_months: float) -> float | None:
    """(Bone age - chronological age) / SD at the chronological age; None outside the table."""
    spread = sd_months(table, sex, chronological_age_months)
    return None if spread is None else (bone_age_months - chronological_age_months) / spread


def age_class(score: float | None) -> AgeClass | None:
    """Delayed, normal or advanced by a score; the limit itself is normal. None where there is no score."""
    if score is None:
        return None
    return "advanced" if score > NORMAL_RANGE_SD else "delayed" if score < -NORMAL_RANGE_SD else "normal"


def age_range_months(table: str, sex: Sex) -> tuple[float, float]:
    """First and last chronological age of a table, in months."""
    ages, _ = _tables()[table, sex]
    return float(ages[0]), float(ages[-1])


@cache
def _tables() -> dict[tuple[str, str], tuple[NDArray[np.float64], NDArray[np.float64]]]:
    rows: dict[tuple[str, str], list[tuple[float, float]]] = {}
    with _FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            rows.setdefault((row["table"], row["sex"]), []).append((float(row["age_months"]), float(row["sd_months"])))
    return {
        key: (np.array([age for age, _ in sorted(pairs)]), np.array([spread for _, spread in sorted(pairs)]))
        for key, pairs in rows.items()
    }
