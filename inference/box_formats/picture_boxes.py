"""What all formats are read into and written from: the boxes of one picture under their annotators' names."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from inference.anatomy.boxes import Box
from inference.box_formats.findings import BoxFileError, BoxFinding

FLAGS = ("centre_not_visible", "occluded", "difficult")
"""What may be said of a box beside its place; formats that cannot hold one lose it and say so."""

FARTHEST_PX = 1_000_000.0
"""No edge of a box lies farther from the origin; the database has the same limit."""

TOUCHES_PX = 1.0
"""How far past the frame an edge must be to be a finding: annotators' rounding is none."""

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class NamedBox:
    """A box under the name its annotator gave it, and its place in the file, from 1. It may run past the frame."""

    name: str
    box: Box
    number: int = 1
    flags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class AbsentMark:
    """A name of which the annotator says that it is not there, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class PictureBoxes:
    """All that a file says of one picture.

    Attributes:
        picture: file name of the picture as the file states it, without folders; may be empty.
        columns, rows: size of the picture that the boxes are measured in, pixels.
        boxes: those that can be used, in the file's order.
        absent: what the annotator marked absent (COCO with our extension, and our CSV).
        findings: what was wrong, box by box.
    """

    picture: str
    columns: int
    rows: int
    boxes: tuple[NamedBox, ...]
    absent: tuple[AbsentMark, ...] = ()
    findings: tuple[BoxFinding, ...] = ()


def strict_number(text: object) -> float | None:
    """A finite number in plain ASCII notation, or None; NaN, infinity, ``1_000`` and words are none."""
    if isinstance(text, bool) or text is None:
        return None
    if isinstance(text, int | float):
        try:
            value = float(text)
        except OverflowError:
            return None
        return value if math.isfinite(value) else None
    text = str(text).strip()
    value = float(text) if len(text) < 64 and _NUMBER.fullmatch(text) else math.nan
    return value if math.isfinite(value) else None


def picture_size(columns: object, rows: object) -> tuple[int, int]:
    """The size as whole pixels. Raises BoxFileError (``no_picture_size``) when it is missing or impossible."""
    numbers = strict_number(columns), strict_number(rows)
    if any(n is None or n < 1 or n > FARTHEST_PX or n != int(n) for n in numbers):
        raise BoxFileError("no_picture_size")
    return int(numbers[0] or 0), int(numbers[1] or 0)


def check_bytes(data: bytes, limit: int) -> None:
    """Raises BoxFileError (``too_many_bytes``)."""
    if len(data) > limit:
        raise BoxFileError("too_many_bytes", limit=limit // _MEGABYTE)


def decoded(data: bytes) -> str:
    """Text in UTF-8, with or without a mark. Raises BoxFileError (``not_text``)."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BoxFileError("not_text") from None


def judged(
    edges: Sequence[float | None], *, number: int, columns: int, rows: int
) -> tuple[Box | None, tuple[BoxFinding, ...]]:
    """The box with the edges x0, y0, x1, y1 (None where the file has no number), or why it cannot be used."""
    numbers = [edge for edge in edges if edge is not None]
    if len(numbers) != 4:
        return None, (BoxFinding("not_a_number", number),)
    box = Box(*numbers)
    if max(abs(edge) for edge in box) > FARTHEST_PX:
        return None, (BoxFinding("too_far", number, {"limit": int(FARTHEST_PX)}),)
    if box.width < 0 or box.height < 0:
        return None, (BoxFinding("negative_size", number),)
    if not box.is_valid():
        return None, (BoxFinding("box_without_size", number),)
    past = max(-box.x0, -box.y0, box.x1 - columns, box.y1 - rows)
    return box, (BoxFinding("box_past_the_frame", number, {"value": past}),) if past > TOUCHES_PX else ()
