"""What is said of a child from several sides: option, table, header. The first that speaks counts; none is guessed."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from inference.imaging.errors import FilmError
from inference.imaging.film import FilmFacts, Sex

Source = Literal["option", "table", "header"]
COLUMNS = ("file", "sex", "chronological_age_months")
OLDEST_MONTHS = 1440.0
"""120 years: a larger number is not an age in months."""


class TableError(Exception):
    """A table that cannot be used at all; the message says what to correct."""


class FactError(Exception):
    """A stated fact that cannot be used for one film."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


@dataclass(frozen=True, slots=True)
class Stated:
    """What one side says, as text of a person; None or empty says nothing."""

    sex: str | None = None
    chronological_age_months: str | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What is used for a film, and who said it."""

    sex: Sex | None
    sex_source: Source | None
    chronological_age_months: float | None
    chronological_age_source: Source | None


def read_table(path: Path) -> dict[str, Stated]:
    """Rows of a CSV with the columns ``file, sex, chronological_age_months`` by file; values are checked when used.

    Raises:
        TableError: not readable, a column too few or too many, or a file named twice.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            columns = tuple(reader.fieldnames or ())
            rows = list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise TableError(f"{path} cannot be read as a CSV table in UTF-8 ({error}).") from error
    if "file" not in columns or set(columns) - set(COLUMNS):
        raise TableError(f"{path} has the columns {', '.join(columns) or 'none'}; it may have {', '.join(COLUMNS)}.")
    stated: dict[str, Stated] = {}
    for row in rows:
        name = (row["file"] or "").strip()
        if not name or name in stated:
            raise TableError(f"{path} names {name or 'no file'!r} in a row that is not the only one for it.")
        stated[name] = Stated(row.get("sex"), row.get("chronological_age_months"))
    return stated


def row_of(table: Mapping[str, Stated], file: str) -> Stated:
    """The table's row for a file: by the path as given, else by its name."""
    return table.get(file) or table.get(Path(file).name) or Stated()


def facts_for(film: FilmFacts, *, option: Stated, table: Stated) -> Facts:
    """Sex and chronological age of a film, from the option, the table or the header, in that order.

    Raises:
        FactError: a value that is no sex or no age.
        FilmError: ``contradictory_sex``, two sides name different sexes.
    """
    said: list[tuple[Source, Sex]] = []
    sides: tuple[tuple[Source, str | None], ...] = (("option", option.sex), ("table", table.sex), ("header", film.sex))
    for source, text in sides:
        if sex := _sex(text, source):
            said.append((source, sex))
    if len({sex for _, sex in said}) > 1:
        raise FilmError("contradictory_sex")
    source_of_sex, sex_used = next(iter(said), (None, None))
    ages: tuple[tuple[Source, float | None], ...] = (
        ("option", _age(option.chronological_age_months, "option")),
        ("table", _age(table.chronological_age_months, "table")),
        ("header", film.chronological_age_months),
    )
    source_of_age, age = next(((source, age) for source, age in ages if age is not None), (None, None))
    return Facts(sex_used, source_of_sex, age, source_of_age)


def _sex(text: str | None, source: Source) -> Sex | None:
    match (text or "").strip():
        case "":
            return None
        case "M":
            return "M"
        case "F":
            return "F"
    raise FactError("bad_sex", f"The sex given by the {source} is not M or F. Correct it, or leave it empty.")


def _age(text: str | None, source: Source) -> float | None:
    text = (text or "").strip()
    if not text:
        return None
    try:
        months = float(text)
    except ValueError:
        months = float("nan")
    if not 0 <= months <= OLDEST_MONTHS:
        raise FactError("bad_age", f"The age given by the {source} is no number of months from 0 on. Correct it.")
    return months
