"""Our own CSV: one row a box, nothing lost. UTF-8, comma, one heading, columns of :data:`COLUMNS`.

Coordinates: ours as they are (float pixels, origin at the outer corner of the top-left pixel, y down, half open),
written so that reading gives the very same number. ``mark`` is ``boxed``, or ``absent`` with a reason and no edges.
Flags are 0 or 1. A picture without a row has no boxes; a picture whose only row has neither class nor mark is listed
without any.
"""

import csv
import io
from collections.abc import Iterable, Iterator

from inference.box_formats.coco import ManyPictures
from inference.box_formats.findings import BoxFileError, BoxFinding, shown
from inference.box_formats.picture_boxes import (
    FLAGS,
    AbsentMark,
    NamedBox,
    PictureBoxes,
    check_bytes,
    decoded,
    judged,
    picture_size,
    strict_number,
)

MAX_BYTES = 256_000_000
EDGES = ("x0_px", "y0_px", "x1_px", "y1_px")
COLUMNS = ("picture", "columns_px", "rows_px", "class", "mark", *EDGES, "absent_reason", *FLAGS)


def parse_csv(data: bytes) -> ManyPictures:
    """Read a table; rows of one picture may stand anywhere. The number of a box is its row, headings not counted.

    Raises:
        BoxFileError: ``too_many_bytes``, ``not_text``, ``wrong_columns``.
    """
    check_bytes(data, MAX_BYTES)
    reader = csv.DictReader(io.StringIO(decoded(data), newline=""), strict=True)
    rows_of: dict[str, list[tuple[int, dict[str, str]]]] = {}
    try:
        _check_columns(reader.fieldnames or ())
        for number, row in enumerate(reader, start=1):
            if None in row or None in row.values():
                raise BoxFileError("wrong_columns", name=f"row {number}")
            rows_of.setdefault(row["picture"].strip(), []).append((number, row))
    except csv.Error:
        raise BoxFileError("not_text") from None
    pictures, refused = [], []
    for name, rows in rows_of.items():
        try:
            pictures.append(_picture(name, rows))
        except BoxFileError as error:
            refused.append((name, error.finding))
    return ManyPictures(tuple(pictures), tuple(refused))


def csv_lines(pictures: Iterable[PictureBoxes]) -> Iterator[str]:
    """The table, a picture's rows at a time."""
    yield _line(COLUMNS)
    for picture in pictures:
        head = (picture.picture, str(picture.columns), str(picture.rows))
        rows = [
            (*head, named.name, "boxed", *map(repr, named.box), "", *(str(int(flag in named.flags)) for flag in FLAGS))
            for named in picture.boxes
        ]
        rows += [
            (*head, mark.name, "absent", *[""] * len(EDGES), mark.reason, *["0"] * len(FLAGS))
            for mark in picture.absent
        ]
        yield "".join(map(_line, rows or [(*head, *[""] * (len(COLUMNS) - len(head)))]))


def _line(cells: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue()


def _check_columns(given: Iterable[str]) -> None:
    odd = sorted(set(COLUMNS) ^ set(given), key=str)
    if odd:
        raise BoxFileError("wrong_columns", name=shown(str(odd[0])))


def _picture(name: str, numbered: list[tuple[int, dict[str, str]]]) -> PictureBoxes:
    sizes = {(row["columns_px"], row["rows_px"]) for _, row in numbered}
    if len(sizes) != 1:
        raise BoxFileError("no_picture_size")
    columns, rows = picture_size(*sizes.pop())
    boxes: list[NamedBox] = []
    absent: list[AbsentMark] = []
    findings: list[BoxFinding] = []
    for number, row in numbered:
        if row["mark"] == "absent" and row["absent_reason"]:
            absent.append(AbsentMark(row["class"], row["absent_reason"]))
        elif row["mark"] == "boxed":
            edges = [strict_number(row[edge]) for edge in EDGES]
            box, found = judged(edges, number=number, columns=columns, rows=rows)
            findings += found
            if box is not None:
                flags = frozenset(flag for flag in FLAGS if row[flag] == "1")
                boxes.append(NamedBox(row["class"], box, number, flags))
        elif row["mark"] or row["class"]:
            findings.append(BoxFinding("unknown_mark", number))
    if not (boxes or absent or findings):
        findings.append(BoxFinding("empty_file"))
    return PictureBoxes(name, columns, rows, tuple(boxes), tuple(absent), tuple(findings))
