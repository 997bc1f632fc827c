"""How readers differ, with names; and as CSV."""

import csv
import io
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.utils import timezone

from annotations.api.present.people import person_json
from annotations.base.spreadsheet import plain_cell
from annotations.models import Person
from annotations.permissions.blinding import open_studies
from annotations.permissions.readers import reads_in_figures_for, truths_in_figures_for
from annotations.selectors.reader_figures import Against, reader_figures
from annotations.selectors.reader_films import films_read
from annotations.selectors.reader_progress import cohort_progress, people_progress

MEASURES = ("bias", "mae", "sd", "lower", "upper", "icc_2_1", "ccc", "kappa", "within_sd")
CSV_COLUMNS = ("reader", "compared_with", "group", "n", "measure", "unit", "value", "interval_low", "interval_high")
_WITHOUT_UNIT = ("icc_2_1", "ccc", "kappa")


def readers_json(person: Person, *, cohort: UUID | None, against: Against) -> dict[str, Any]:
    """Figures of all readers for this person."""
    reads = reads_in_figures_for(person, cohort=cohort)
    films = films_read(reads, truths_in_figures_for(person))
    figures = reader_figures(films, against=against)
    people = Person.objects.filter(reads__isnull=False).distinct()
    names: dict[str, Any] = {str(row.pk): person_json(row) for row in people}
    rows = [row | {"reader": names[row["reader"]]} for row in figures["readers"]]
    pairs = [row | {"first": names[row["first"]], "second": names[row["second"]]} for row in figures["pairs"]]
    return figures | {
        "synthetic": any(film.synthetic for film in films),
        "readers": sorted(rows, key=lambda row: row["reader"]["display_name"]),
        "pairs": sorted(pairs, key=lambda row: (row["first"]["display_name"], row["second"]["display_name"])),
    }


def progress_json(person: Person) -> dict[str, Any]:
    """How far reading is, for this person."""
    open_to_them = open_studies(person)
    people = [
        {
            "person": {"id": str(row["id"]), "username": row["username"], "display_name": row["display_name"]},
            "is_active": row["is_active"],
            "locked": row["locked"],
            "lately": row["lately"],
            "unreadable": row["unreadable"],
            "amended": row["amended"],
            "last_at": row["last_at"].isoformat() if row["last_at"] else None,
        }
        for row in people_progress(person, open_to_them, now=timezone.now())
    ]
    return {"people": people, "cohorts": cohort_progress(open_to_them)}


def readers_csv(figures: dict[str, Any]) -> str:
    """One line for each measure of each group; where there are too few films, a line without a value."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([*CSV_COLUMNS, "synthetic"])
    for line in _lines(figures):
        cells = [plain_cell(cell) if isinstance(cell, str) else cell for cell in line]
        writer.writerow([*cells, "yes" if figures["synthetic"] else "no"])
    return out.getvalue()


def _lines(figures: dict[str, Any]) -> Iterator[list[Any]]:
    for row in figures["readers"]:
        name = row["reader"]["username"]
        yield from _group(name, figures["against"], "all", row["overall"])
        for sex, group in row["by_sex"].items():
            yield from _group(name, figures["against"], f"sex {sex}", group)
        for group in row["by_band"]:
            yield from _group(name, figures["against"], f"age {group['band']}", group)
        for step in row["drift"]:
            yield from _group(name, figures["against"], f"readings {step['from']} to {step['to']}", step)
        yield from _group(name, "own first reading", "repeats", row["repeats"])
    for pair in figures["pairs"]:
        yield from _group(pair["second"]["username"], pair["first"]["username"], "all", pair)


def _group(reader: str, compared_with: str, group: str, cell: dict[str, Any]) -> Iterator[list[Any]]:
    measures = cell.get("measures", cell)
    if measures is None:
        yield [reader, compared_with, group, cell["n"], "", "", "", "", ""]
        return
    for name in MEASURES:
        if name in measures:
            n = measures["kappa_n"] if name == "kappa" else cell["n"]
            low, high = measures[name]["interval"] or ("", "")
            unit = "" if name in _WITHOUT_UNIT else "months"
            value = measures[name]["value"]
            yield [reader, compared_with, group, n, name, unit, "" if value is None else value, low, high]
