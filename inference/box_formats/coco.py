"""COCO instances: one JSON file for many pictures, with ``images``, ``categories`` and ``annotations``.

Coordinates: ``bbox`` is ``[x, y, width, height]``, floats in pixels, origin at the outer corner of the top-left pixel:
ours, with the size in place of the second corner. Boxes past the frame are kept. Numbers are written as they are.

Two keys are our own, which other readers pass over: ``attributes`` of an annotation holds the flags, and ``absent`` of
an image maps a name to the reason why it is not there.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any

from inference.box_formats.findings import BoxFileError, BoxFinding
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
"""Ten thousand hands of 17 boxes take some 30 MB."""


@dataclass(frozen=True, slots=True)
class ManyPictures:
    """What one file says of many pictures.

    Attributes:
        pictures: those that can be used.
        refused: name of a picture -> why nothing of it can be used.
        findings: of boxes that belong to no picture of the file; their number is their place in it.
    """

    pictures: tuple[PictureBoxes, ...]
    refused: tuple[tuple[str, BoxFinding], ...] = ()
    findings: tuple[BoxFinding, ...] = ()


def parse_coco(data: bytes) -> ManyPictures:
    """Read a file. The number of a box is its place among all annotations.

    Raises:
        BoxFileError: ``too_many_bytes``, ``not_text``, ``not_json``, ``not_coco``.
    """
    check_bytes(data, MAX_BYTES)
    document = _document(data)
    images, categories, annotations = (_list(document, name) for name in ("images", "categories", "annotations"))
    names = {str(each.get("id")): str(each.get("name")) for each in categories}
    known = {str(image.get("id")) for image in images}
    of_image: dict[str, list[tuple[int, dict[str, Any]]]] = defaultdict(list)
    strays = []
    for number, annotation in enumerate(annotations, start=1):
        key = str(annotation.get("image_id"))
        of_image[key].append((number, annotation))
        if key not in known:
            strays.append(BoxFinding("unknown_picture", number))
    pictures, refused = [], []
    for image in images:
        try:
            pictures.append(_picture(image, of_image[str(image.get("id"))], names))
        except BoxFileError as error:
            refused.append((_file_name(image), error.finding))
    return ManyPictures(tuple(pictures), tuple(refused), tuple(strays))


def coco_bytes(pictures: Iterable[PictureBoxes], classes: Sequence[str]) -> bytes:
    """The file. Every box's name must be in ``classes``; category ids count from 1."""
    number_of = {name: number for number, name in enumerate(classes, start=1)}
    images: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    for number, picture in enumerate(pictures, start=1):
        images.append(
            {"id": number, "file_name": picture.picture, "width": picture.columns, "height": picture.rows}
            | ({"absent": {mark.name: mark.reason for mark in picture.absent}} if picture.absent else {})
        )
        for named in picture.boxes:
            box = named.box
            annotations.append(
                {
                    "id": len(annotations) + 1,
                    "image_id": number,
                    "category_id": number_of[named.name],
                    "bbox": [box.x0, box.y0, box.width, box.height],
                    "area": box.area,
                    "iscrowd": 0,
                    "segmentation": [],
                }
                | ({"attributes": {flag: flag in named.flags for flag in FLAGS}} if named.flags else {})
            )
    categories = [{"id": number, "name": name, "supercategory": "hand"} for name, number in number_of.items()]
    document = {"info": {"description": "Boxes of hand radiographs"}, "images": images}
    document |= {"annotations": annotations, "categories": categories}
    return json.dumps(document, ensure_ascii=False, allow_nan=False).encode()


def _document(data: bytes) -> dict[str, Any]:
    def refuse(_: str) -> None:
        raise ValueError

    try:
        document = json.loads(decoded(data), parse_constant=refuse)
    except (ValueError, RecursionError):
        raise BoxFileError("not_json") from None
    if not isinstance(document, dict):
        raise BoxFileError("not_coco", name="images")
    return document


def _list(document: dict[str, Any], name: str) -> list[dict[str, Any]]:
    found = document.get(name)
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise BoxFileError("not_coco", name=name)
    return found


def _picture(
    image: dict[str, Any], annotations: Sequence[tuple[int, dict[str, Any]]], names: dict[str, str]
) -> PictureBoxes:
    columns, rows = picture_size(image.get("width"), image.get("height"))
    boxes: list[NamedBox] = []
    findings: list[BoxFinding] = []
    for number, annotation in annotations:
        name = names.get(str(annotation.get("category_id")))
        if annotation.get("iscrowd") not in (0, None):
            findings.append(BoxFinding("crowd", number))
        elif name is None:
            findings.append(BoxFinding("unknown_class_number", number, {"value": _shown_id(annotation)}))
        else:
            box, found = judged(_edges(annotation.get("bbox")), number=number, columns=columns, rows=rows)
            findings += found
            if box is not None:
                boxes.append(NamedBox(name, box, number, _flags(annotation.get("attributes"))))
    absent = image.get("absent")
    marks = absent.items() if isinstance(absent, dict) else ()
    if not annotations and not marks:
        findings.append(BoxFinding("empty_file"))
    return PictureBoxes(
        _file_name(image),
        columns,
        rows,
        tuple(boxes),
        tuple(AbsentMark(str(name), str(reason)) for name, reason in marks),
        tuple(findings),
    )


def _shown_id(annotation: dict[str, Any]) -> str:
    value = strict_number(annotation.get("category_id"))
    return "?" if value is None else f"{value:g}"


def _edges(bbox: object) -> list[float | None]:
    numbers = [strict_number(each) for each in bbox] if isinstance(bbox, list) else []
    if len(numbers) != 4:
        return []
    x, y, width, height = numbers
    if x is None or y is None or width is None or height is None:
        return []
    return [x, y, x + width, y + height]


def _flags(attributes: object) -> frozenset[str]:
    return frozenset(flag for flag in FLAGS if isinstance(attributes, dict) and attributes.get(flag) is True)


def _file_name(image: dict[str, Any]) -> str:
    return PurePosixPath(PureWindowsPath(str(image.get("file_name") or "")).name).name
