"""Pascal VOC annotation files, as labelImg and its kin write them: size of the picture, and named boxes."""

import math
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import PurePosixPath

from inference.anatomy.boxes import Box

MAX_BYTES = 1_000_000
"""An annotation of one hand takes some 10 kB; more is something else."""


class VocError(Exception):
    """A box file that cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class NamedBox:
    """A box under the name its annotator gave it; it may have no height or width, and run past the frame."""

    name: str
    box: Box


@dataclass(frozen=True, slots=True)
class VocFile:
    """One annotation: what it is of, the size of the picture it was drawn on (pixels), its boxes in those pixels."""

    columns: int
    rows: int
    filename: str
    boxes: tuple[NamedBox, ...]


def parse_voc(data: bytes) -> VocFile:
    """Read one annotation.

    Raises:
        VocError: not XML, no picture size, or a box without four finite numbers.
    """
    if len(data) > MAX_BYTES:
        raise VocError(f"The file has {len(data)} bytes; an annotation of a hand has a few thousand.")
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise VocError("The file declares entities; an annotation needs none, and they can be abused.")
    try:
        root = ElementTree.fromstring(data)  # noqa: S314 - entities were refused above, the size is bounded
    except ElementTree.ParseError as error:
        raise VocError(f"The file is no XML: {error}.") from error
    columns, rows = _number(root, "size/width"), _number(root, "size/height")
    if columns < 1 or rows < 1:
        raise VocError(f"The picture size {columns:g} x {rows:g} is impossible.")
    filename = PurePosixPath((root.findtext("filename") or "").strip()).name
    return VocFile(int(columns), int(rows), filename, tuple(_named_box(item) for item in root.iter("object")))


def _named_box(item: ElementTree.Element) -> NamedBox:
    edges = Box(*(_number(item, f"bndbox/{edge}") for edge in ("xmin", "ymin", "xmax", "ymax")))
    ordered = Box(min(edges.x0, edges.x1), min(edges.y0, edges.y1), max(edges.x0, edges.x1), max(edges.y0, edges.y1))
    return NamedBox((item.findtext("name") or "").strip(), ordered)


def _number(item: ElementTree.Element, path: str) -> float:
    text = item.findtext(path)
    try:
        value = float(text) if text is not None else math.nan
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise VocError(f"{path} is {text!r}, not a number.")
    return value
