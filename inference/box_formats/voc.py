"""Pascal VOC annotation files, as labelImg and its kin write them.

Coordinates: labelImg draws on a plane whose origin is the outer corner of the top-left pixel, as ours, and writes
``int(x)`` of each corner (``libs/labelFile.py``, ``convert_points_to_bnd_box``), not the 1-based, inclusive pixel
indices of the VOC challenge. So its numbers are read as they stand: no 1 is taken off or added. What labelImg lost is
not made up: it cuts fractions off and lifts a corner below 1 to 1, so that a box it drew may have been a pixel wider.

Written are whole numbers, rounded to the nearest, which moves no edge by more than half a pixel, and corners below 1
are kept (labelImg reads them). A box so thin that rounding would leave it no width is written with its decimals.
VOC holds the name, the box and ``difficult``; other flags and what is absent are lost.
"""

import math
import xml.etree.ElementTree as ElementTree
from pathlib import PurePosixPath, PureWindowsPath
from xml.parsers import expat

from inference.anatomy.boxes import Box
from inference.box_formats.findings import BoxFileError, BoxFinding
from inference.box_formats.picture_boxes import NamedBox, PictureBoxes, check_bytes, judged, picture_size, strict_number

MAX_BYTES = 1_000_000
"""An annotation of one hand takes some 10 kB; more is something else."""

_EDGES = ("xmin", "ymin", "xmax", "ymax")


class _DeclaredError(Exception):
    """The document has a type declaration, in whatever encoding."""


def parse_voc(data: bytes) -> PictureBoxes:
    """Read one annotation. What is wrong with a box stands in ``findings``.

    Raises:
        BoxFileError: ``too_many_bytes``, ``declares_entities``, ``not_xml``, ``no_picture_size``.
    """
    check_bytes(data, MAX_BYTES)
    root = _tree(data)
    columns, rows = picture_size(root.findtext("size/width"), root.findtext("size/height"))
    boxes: list[NamedBox] = []
    findings: list[BoxFinding] = []
    for number, item in enumerate(root.iter("object"), start=1):
        edges = [strict_number(item.findtext(f"bndbox/{edge}")) for edge in _EDGES]
        box, found = judged(edges, number=number, columns=columns, rows=rows)
        findings += found
        if box is not None:
            difficult = (item.findtext("difficult") or "").strip() == "1"
            flags = frozenset({"difficult"}) if difficult else frozenset[str]()
            boxes.append(NamedBox((item.findtext("name") or "").strip(), box, number, flags))
    if not boxes and not findings:
        findings.append(BoxFinding("empty_file"))
    return PictureBoxes(_file_name(root), columns, rows, tuple(boxes), findings=tuple(findings))


def voc_bytes(picture: PictureBoxes, *, folder: str = "") -> bytes:
    """The annotation in labelImg's own layout (tabs, element order), UTF-8."""
    root = ElementTree.Element("annotation")
    _add(root, folder=folder, filename=picture.picture)
    _add(ElementTree.SubElement(root, "source"), database="Unknown")
    _add(ElementTree.SubElement(root, "size"), width=str(picture.columns), height=str(picture.rows), depth="1")
    _add(root, segmented="0")
    for named in picture.boxes:
        item = ElementTree.SubElement(root, "object")
        edges = _whole(named.box)
        _add(item, name=named.name, pose="Unspecified", truncated=str(int(_touches(edges, picture))))
        _add(item, difficult=str(int("difficult" in named.flags)))
        texts = {name: f"{edge:.15g}" for name, edge in zip(_EDGES, edges, strict=True)}
        _add(ElementTree.SubElement(item, "bndbox"), **texts)
    ElementTree.indent(root, "\t")
    return f"{ElementTree.tostring(root, encoding='unicode')}\n".encode()


def _tree(data: bytes) -> ElementTree.Element:
    """The document, built by expat itself: its handler sees a type declaration in every encoding, a search for bytes
    does not."""
    builder = ElementTree.TreeBuilder()
    parser = expat.ParserCreate()
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = _refuse_declaration
    try:
        parser.Parse(data, True)
        return builder.close()
    except _DeclaredError:
        raise BoxFileError("declares_entities") from None
    except (expat.ExpatError, AssertionError, LookupError, ValueError):  # the last three: a broken encoding, no root
        raise BoxFileError("not_xml") from None


def _refuse_declaration(*_: object) -> None:
    raise _DeclaredError


def _file_name(root: ElementTree.Element) -> str:
    """The picture's name without the folder that some programs write before it, be it Windows' or not."""
    return PurePosixPath(PureWindowsPath((root.findtext("filename") or "").strip()).name).name


def _add(parent: ElementTree.Element, **texts: str) -> None:
    for name, text in texts.items():
        ElementTree.SubElement(parent, name).text = text


def _whole(box: Box) -> Box:
    whole = Box(*(float(math.floor(edge + 0.5)) for edge in box))
    return whole if whole.is_valid() else box


def _touches(edges: Box, picture: PictureBoxes) -> bool:
    """labelImg's ``truncated``: an edge on the frame (at 1 for the first corner, where labelImg puts it) or past it."""
    return min(edges.x0, edges.y0) <= 1 or edges.x1 >= picture.columns or edges.y1 >= picture.rows
