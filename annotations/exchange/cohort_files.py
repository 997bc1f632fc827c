"""A cohort table as a file: CSV or Parquet, row after row, so that memory does not grow with the cohort.

CSV: UTF-8, comma, unknown is an empty cell, yes and no are ``true`` and ``false``, lists are joined by ``;``. A text
that a spreadsheet would take for a formula gets an apostrophe before it. Parquet: the types of the columns are fixed,
whatever the rows hold, and each column carries its meaning.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq

from annotations.base.spreadsheet import plain_cell
from annotations.exchange.cohort_columns import COLUMNS, Column, data_dictionary

ROWS_PER_GROUP = 5000
_ARROW_TYPES = {
    "text": pa.string(),
    "number": pa.float64(),
    "count": pa.int64(),
    "yes_no": pa.bool_(),
    "list": pa.list_(pa.string()),
}


def _field(column: Column) -> Any:
    about = {"about": column.about_en, "about_zh": column.about_zh}
    return pa.field(column.name, _ARROW_TYPES[column.type], metadata=about)


SCHEMA = pa.schema(
    [_field(column) for column in COLUMNS],
    metadata={"data_dictionary": json.dumps(data_dictionary(), ensure_ascii=False)},
)


def write_csv(file: IO[bytes], rows: Iterable[dict[str, Any]]) -> int:
    """Write the table; returns the number of rows."""
    text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(column.name for column in COLUMNS)
    count = 0
    for row in rows:
        writer.writerow(_cell(column, row[column.name]) for column in COLUMNS)
        count += 1
    text.detach()
    return count


def write_parquet(file: IO[bytes], rows: Iterable[dict[str, Any]]) -> int:
    """Write the table, a group of rows at a time; returns the number of rows."""
    count = 0
    with pq.ParquetWriter(file, SCHEMA, compression="zstd") as writer:
        for group in _groups(iter(rows)):
            writer.write_table(pa.Table.from_pylist(group, schema=SCHEMA))
            count += len(group)
    return count


def _groups(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    while group := list(islice(rows, ROWS_PER_GROUP)):
        yield group


def _cell(column: Column, value: Any) -> str:
    if value is None:
        return ""
    match column.type:
        case "yes_no":
            return "true" if value else "false"
        case "number":
            return repr(float(value))
        case "list":
            return ";".join(value)
    return plain_cell(str(value))
