"""Ages of the standards (plates) of Greulich and Pyle, 2nd edition 1959.

Two lists, never one shared scale: there is no plate of 30 or 144 months for boys, and the girls' plates between 4 and 9
years do not lie on whole years. The ages are facts and ship with the project; the plates are in copyright and do not.
"""

import csv
from functools import cache
from pathlib import Path
from typing import Literal

Sex = Literal["M", "F"]

_TABLE = Path(__file__).parent / "data" / "gp_standards.csv"
_SEX = {"male": "M", "female": "F"}


def gp_standards_months(sex: Sex) -> tuple[int, ...]:
    """Ages of one sex's plates in months, rising: 31 for boys, 27 for girls.

    Raises:
        ValueError: sex is neither M nor F.
    """
    if sex not in ("M", "F"):
        raise ValueError("Sex must be M or F: the two atlases have different plates.")
    return _standards()[sex]


@cache
def _standards() -> dict[str, tuple[int, ...]]:
    ages: dict[str, list[int]] = {"M": [], "F": []}
    with _TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            ages[_SEX[row["sex"]]].append(int(row["age_months"]))
    return {sex: tuple(months) for sex, months in ages.items()}
