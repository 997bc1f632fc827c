"""The paper's own tables and the literature rows it compares with: shown beside our figures, and marked as such.

Source: Liu Mingqian et al. 2018, tables 1, 2 and 3; years as printed. Table 3 is the validation set: its rows,
weighted by table 1's validation counts, give the printed means (0.474, 0.445, 0.461).
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

SOURCE = "Liu et al. 2018"
PARTS = ("train", "validation", "test")
_DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Method:
    """A row of table 2: years as printed."""

    reference: str
    year: int
    method: str
    samples: int
    mae_years: float


@cache
def methods() -> tuple[Method, ...]:
    """Table 2, in the paper's order."""
    return tuple(
        Method(row["reference"], int(row["year"]), row["method"], int(row["samples"]), float(row["mae_years"]))
        for row in _rows("table2_methods.csv")
    )


@cache
def age_distribution() -> tuple[dict[str, Any], ...]:
    """Table 1: per band (from_years, to_years) and part, how many girls and boys."""
    return tuple(
        {
            "from_years": int(row["age_from_years"]),
            "to_years": int(row["age_to_years"]),
            **{part: {"F": int(row[f"{part}_female"]), "M": int(row[f"{part}_male"])} for part in PARTS},
        }
        for row in _rows("table1_age_distribution.csv")
    )


@cache
def mae_by_band() -> tuple[dict[str, Any], ...]:
    """Table 3: per band the MAE of girls and boys in years."""
    return tuple(
        {
            "from_years": int(row["age_from_years"]),
            "to_years": int(row["age_to_years"]),
            "F": float(row["female_mae_years"]),
            "M": float(row["male_mae_years"]),
        }
        for row in _rows("table3_mae_by_age_and_sex.csv")
    )


def _rows(name: str) -> list[dict[str, str]]:
    with (_DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
