"""From paths to pictures with boxes: which files a folder or zip holds, in which format, and by what name to find the
film of each. Nothing here knows the database."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Literal, get_args

from inference.box_formats import coco, csv_table, voc, yolo
from inference.box_formats.file_source import FileSource, stem_of
from inference.box_formats.findings import BoxFileError, BoxFinding
from inference.box_formats.picture_boxes import PictureBoxes

BoxFormat = Literal["voc", "yolo", "coco", "csv"]
FORMATS: tuple[BoxFormat, ...] = get_args(BoxFormat)
SUFFIX_OF: dict[BoxFormat, str] = {"voc": ".xml", "yolo": ".txt", "coco": ".json", "csv": ".csv"}
CLASS_LISTS = ("classes.txt", "predefined_classes.txt", "data.yaml")
"""Where the names of YOLO's numbers are looked for, in this order, from the box file's folder upwards."""

README = "README.txt"
"""Lies beside the files of our own exports, and would pass for YOLO's."""


@dataclass(frozen=True, slots=True)
class BoxItem:
    """The boxes of one picture, still unread, because YOLO needs the size of the film.

    Attributes:
        file: where they stand, for the report.
        name: stem of the file or picture, by which the film is found.
        read: ``read(columns, rows)`` of the film; raises BoxFileError.
    """

    file: str
    name: str
    read: Callable[[int, int], PictureBoxes]


@dataclass(frozen=True, slots=True)
class SourceFault:
    """Something that belongs to no picture, or a file that gave none."""

    file: str
    finding: BoxFinding


def box_items(path: Path, *, format: BoxFormat, classes: Sequence[str] = ()) -> Iterator[BoxItem | SourceFault]:
    """Everything that a file, folder or zip holds in this format, in sorted order.

    Args:
        classes: names of YOLO's class numbers, instead of the list beside the files.
    """
    try:
        source = FileSource(path, suffixes=(SUFFIX_OF[format],))
    except BoxFileError as error:
        yield SourceFault(str(path), error.finding)
        return
    with source:
        for name in source:
            if PurePosixPath(name).name in (*CLASS_LISTS, README):
                continue
            try:
                yield from _items_of(source, name, format, classes)
            except BoxFileError as error:
                yield SourceFault(name, error.finding)


def class_list(source: FileSource, name: str) -> tuple[str, ...]:
    """The classes for the YOLO file ``name``: the nearest list, from its own folder upwards; empty if there is none."""
    for folder in PurePosixPath(name).parents:
        for file in CLASS_LISTS:
            path = (folder / file).as_posix()
            if source.has(path):
                parse = yolo.parse_data_yaml if file.endswith(".yaml") else yolo.parse_classes
                return parse(source.read(path))
    return ()


def _items_of(
    source: FileSource, name: str, format: BoxFormat, classes: Sequence[str]
) -> Iterator[BoxItem | SourceFault]:
    data = source.read(name)
    if format == "voc":
        yield BoxItem(name, stem_of(name), partial(_voc, data, stem_of(name)))
    elif format == "yolo":
        known = tuple(classes) or class_list(source, name)
        yield BoxItem(name, stem_of(name), partial(_yolo, data, known, stem_of(name)))
    else:
        many = coco.parse_coco(data) if format == "coco" else csv_table.parse_csv(data)
        for picture in many.pictures:
            yield BoxItem(f"{name}: {picture.picture}", stem_of(picture.picture), partial(_as_it_is, picture))
        for refused, finding in many.refused:
            yield SourceFault(f"{name}: {refused}", finding)
        for finding in many.findings:
            yield SourceFault(name, finding)


def _voc(data: bytes, stem: str, columns: int, rows: int) -> PictureBoxes:
    picture = voc.parse_voc(data)
    if picture.picture and stem_of(picture.picture) != stem:
        return with_finding(picture, BoxFinding("names_another_picture"))
    return picture


def _yolo(data: bytes, classes: Sequence[str], stem: str, columns: int, rows: int) -> PictureBoxes:
    return yolo.parse_yolo(data, classes=classes, picture=stem, columns=columns, rows=rows)


def _as_it_is(picture: PictureBoxes, columns: int, rows: int) -> PictureBoxes:
    return picture


def with_finding(picture: PictureBoxes, finding: BoxFinding) -> PictureBoxes:
    """The picture with one more finding."""
    return PictureBoxes(
        picture.picture, picture.columns, picture.rows, picture.boxes, picture.absent, (*picture.findings, finding)
    )
