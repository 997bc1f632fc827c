"""YOLO: a text file a picture, a line a box, ``class x_centre y_centre width height``, and a list of classes.

Coordinates: shares of the picture's width and height, centre and size; 0 and 1 are the picture's outer edges, as our
origin is. The file does not say how large the picture is: the reader is told. Boxes past the frame have shares below 0
or above 1 and are kept, read and written; labelImg's own reader cuts them at the frame and rounds to whole pixels, its
writer gives six decimals. Written are eight decimals: at 10 000 pixels that moves an edge by 0.0001 pixel.
YOLO holds class and box; flags and what is absent are lost.

The list of classes: labelImg's ``classes.txt`` (or ``predefined_classes.txt``), one name a line, or the ``names`` of
Ultralytics' ``data.yaml``.
"""

import json
from collections.abc import Sequence

import yaml

from inference.box_formats.findings import BoxFileError, BoxFinding
from inference.box_formats.picture_boxes import NamedBox, PictureBoxes, check_bytes, decoded, judged, strict_number

MAX_BYTES = 1_000_000
DECIMALS = 8
_FIELDS = 5


def parse_yolo(data: bytes, *, classes: Sequence[str], picture: str, columns: int, rows: int) -> PictureBoxes:
    """Read the lines of one picture of the given size.

    Raises:
        BoxFileError: ``too_many_bytes``, ``not_text``, ``no_class_list``.
    """
    check_bytes(data, MAX_BYTES)
    if not classes:
        raise BoxFileError("no_class_list")
    boxes: list[NamedBox] = []
    findings: list[BoxFinding] = []
    lines = [line for line in decoded(data).splitlines() if line.strip()]
    for number, line in enumerate(lines, start=1):
        fields = [strict_number(text) for text in line.split()]
        if len(fields) != _FIELDS:
            findings.append(BoxFinding("wrong_fields", number))
            continue
        name = _class_name(fields[0], classes)
        if name is None:
            findings.append(BoxFinding("unknown_class_number", number, {"value": f"{fields[0] or 0:g}"}))
            continue
        box, found = judged(_edges(fields[1:], columns, rows), number=number, columns=columns, rows=rows)
        findings += found
        if box is not None:
            boxes.append(NamedBox(name, box, number))
    if not lines:
        findings.append(BoxFinding("empty_file"))
    return PictureBoxes(picture, columns, rows, tuple(boxes), findings=tuple(findings))


def yolo_bytes(picture: PictureBoxes, classes: Sequence[str]) -> bytes:
    """The lines of one picture. Every box's name must be in ``classes``."""
    lines = []
    for named in picture.boxes:
        x, y = named.box.centre
        across, down = picture.columns, picture.rows
        shares = (x / across, y / down, named.box.width / across, named.box.height / down)
        numbers = " ".join(f"{share:.{DECIMALS}f}" for share in shares)
        lines.append(f"{classes.index(named.name)} {numbers}\n")
    return "".join(lines).encode()


def parse_classes(data: bytes) -> tuple[str, ...]:
    """``classes.txt``: the names in order; blank lines at the end do not count, one in between keeps its number."""
    check_bytes(data, MAX_BYTES)
    return tuple(line.strip() for line in decoded(data).rstrip().splitlines())


def parse_data_yaml(data: bytes) -> tuple[str, ...]:
    """``names`` of a ``data.yaml``: a list, or a mapping of numbers from 0 without a gap.

    Raises:
        BoxFileError: ``no_class_list``, also when the file is no YAML.
    """
    check_bytes(data, MAX_BYTES)
    try:
        names = yaml.safe_load(decoded(data))["names"]
        listed = names if isinstance(names, list) else [names[number] for number in range(len(names))]
    except (yaml.YAMLError, TypeError, KeyError, ValueError, RecursionError):
        raise BoxFileError("no_class_list") from None
    if not all(isinstance(name, str) for name in listed):
        raise BoxFileError("no_class_list")
    return tuple(listed)


def classes_bytes(classes: Sequence[str]) -> bytes:
    """``classes.txt``."""
    return "".join(f"{name}\n" for name in classes).encode()


def data_yaml_bytes(classes: Sequence[str]) -> bytes:
    """``data.yaml`` for folders ``images`` and ``labels`` beside it; whoever trains splits them first."""
    names = "".join(f"  {number}: {json.dumps(name, ensure_ascii=False)}\n" for number, name in enumerate(classes))
    return f"path: .\ntrain: images\nval: images\nnames:\n{names}".encode()


def _class_name(number: float | None, classes: Sequence[str]) -> str | None:
    if number is None or number != int(number) or not 0 <= number < len(classes):
        return None
    return classes[int(number)]


def _edges(fields: Sequence[float | None], columns: int, rows: int) -> list[float | None]:
    x, y, width, height = fields
    if x is None or y is None or width is None or height is None:
        return [None] * 4
    half = width * columns / 2, height * rows / 2
    return [x * columns - half[0], y * rows - half[1], x * columns + half[0], y * rows + half[1]]
