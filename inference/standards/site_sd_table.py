"""A site's own table of standard deviations, read from a CSV file and refused where it cannot be right.

Columns: ``sex`` (M or F), ``age_months``, ``sd_months``. One sex alone is a table too: the other then has no reference.
"""

import csv
import io
import math
from dataclasses import dataclass

from inference.standards.bone_age_sd import Sex, Spread, spread_from

COLUMNS = ("sex", "age_months", "sd_months")
FEWEST_AGES = 3
OLDEST_MONTHS = 240.0
LARGEST_SD_MONTHS = 36.0
"""No published table comes near it; years written for months do not reach it either, see :data:`SMALLEST_SD_MONTHS`."""
SMALLEST_SD_MONTHS = 0.3
MOST_BYTES = 200_000


class SiteTableError(Exception):
    """The table cannot be used; the message names the line and says what to correct."""


@dataclass(frozen=True, slots=True)
class SiteTable:
    """One spread for each sex that the file has."""

    spreads: dict[Sex, Spread]


def read_site_table(text: str) -> SiteTable:
    """Raises SiteTableError."""
    if len(text.encode()) > MOST_BYTES:
        raise SiteTableError(f"The file is larger than {MOST_BYTES // 1000} kB. A table of SDs has some hundred lines.")
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    columns = tuple(name.strip() for name in reader.fieldnames or ())
    if set(columns) != set(COLUMNS):
        raise SiteTableError(f"The first line must name the columns {', '.join(COLUMNS)}; it has {', '.join(columns)}.")
    pairs: dict[Sex, dict[float, float]] = {}
    for line, row in enumerate(reader, start=2):
        values = {str(name).strip(): str(value or "").strip() for name, value in row.items() if name is not None}
        if None in row or not all(values.get(name) for name in COLUMNS):
            raise SiteTableError(f"Line {line} does not have a value in each of the three columns.")
        sex, age, spread = _line(line, values)
        if age in pairs.setdefault(sex, {}):
            raise SiteTableError(f"Line {line} repeats the age {age:g} months of sex {sex}.")
        pairs[sex][age] = spread
    if not pairs:
        raise SiteTableError("The file has no line under its head.")
    for sex, found in pairs.items():
        if len(found) < FEWEST_AGES:
            raise SiteTableError(f"Sex {sex} has {len(found)} ages; at least {FEWEST_AGES} are needed.")
    return SiteTable({sex: spread_from(found.items()) for sex, found in pairs.items()})


def _line(line: int, values: dict[str, str]) -> tuple[Sex, float, float]:
    sex: Sex
    match values["sex"].upper():
        case "M":
            sex = "M"
        case "F":
            sex = "F"
        case other:
            raise SiteTableError(f"Line {line}: the sex is {other!r}; write M or F.")
    age = _number(line, "age_months", values["age_months"])
    spread = _number(line, "sd_months", values["sd_months"])
    if not 0 <= age <= OLDEST_MONTHS:
        raise SiteTableError(f"Line {line}: an age of {age:g} months is none of a child. Ages are in months.")
    if not SMALLEST_SD_MONTHS <= spread <= LARGEST_SD_MONTHS:
        raise SiteTableError(
            f"Line {line}: an SD of {spread:g} months cannot be right "
            f"({SMALLEST_SD_MONTHS:g} to {LARGEST_SD_MONTHS:g}). Is it in months?"
        )
    return sex, age, spread


def _number(line: int, column: str, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise SiteTableError(f"Line {line}: {column} is {text!r}, which is no number.")
    return number
