"""Which film a name means: its id here, its pseudonymous SOP Instance UID, or what a table of the user's says."""

import csv
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from uuid import UUID

from annotations.base.errors import Invalid
from annotations.models import Radiograph

COLUMNS = ("file", "radiograph")


def film_named(name: str, table: Mapping[str, str]) -> Radiograph | None:
    """The film that a file of this stem is of, with its study; None when there is none.

    Args:
        name: stem of the file.
        table: stem -> id or UID, asked first.
    """
    key = table.get(name, name)
    films = Radiograph.objects.select_related("study")
    try:
        return films.filter(pk=UUID(key)).first()
    except ValueError:
        return films.filter(sop_instance_uid=key).first()


def read_film_table(path: Path) -> dict[str, str]:
    """A CSV with the columns ``file, radiograph``: stem of the file -> id or UID of the film.

    Raises:
        Invalid: ``bad_table``.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            rows = list(reader)
            columns = set(reader.fieldnames or ())
    except (OSError, UnicodeDecodeError, csv.Error):
        raise Invalid("bad_table", f"{path.name} cannot be read as a CSV table in UTF-8.") from None
    if columns != set(COLUMNS):
        raise Invalid("bad_table", f"{path.name} must have the columns {' and '.join(COLUMNS)}, and no others.")
    table: dict[str, str] = {}
    for row in rows:
        stem = PurePosixPath((row["file"] or "").strip()).stem
        if not stem or stem in table:
            raise Invalid("bad_table", f"{path.name} has a row without a file, or a file in two rows.")
        table[stem] = (row["radiograph"] or "").strip()
    return table
