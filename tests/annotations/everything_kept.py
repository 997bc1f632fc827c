"""All that the application keeps, as bytes to search in."""

import gzip
from pathlib import Path

from django.db import connection


def everything_kept(folder: Path) -> bytes:
    """All rows of the database, and all files of the data folder with their names; compressed ones are opened."""
    with connection.cursor() as cursor:
        dump = ""
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            dump += str(cursor.fetchall())
    files = [path for path in folder.rglob("*") if path.is_file()]
    names = " ".join(str(path.relative_to(folder)) for path in files)
    contents = [gzip.decompress(raw) if path.suffix == ".gz" else raw for path in files for raw in [path.read_bytes()]]
    return b" ".join([dump.encode(), names.encode(), *contents])
