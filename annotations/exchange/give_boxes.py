"""Box sets out, as files of other programs: what there is to export, film by film, and the archive that holds it.

Films are named by their id here, which says nothing of anybody; no other name, date or identifier goes out.
"""

import gzip
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from uuid import UUID

import cv2
import numpy as np
from django.core.files.storage import default_storage
from django.db.models import QuerySet

from annotations.exchange.box_sources import README, BoxFormat
from annotations.exchange.conventions import readme
from annotations.models import BoxSet, Radiograph
from annotations.states import BoxSetStatus, BoxSource, RegionState
from inference.box_formats import coco, csv_table, voc, yolo
from inference.box_formats.class_maps import ClassMap
from inference.box_formats.picture_boxes import FLAGS, AbsentMark, NamedBox, PictureBoxes

EXPORTABLE = (BoxSetStatus.ACCEPTED, BoxSetStatus.SUBMITTED, BoxSetStatus.DRAFT)
_CHUNK = 200
Entry = tuple[str, bytes]


@dataclass(slots=True)
class Exported:
    """What went out so far: filled while the entries are taken."""

    films: int = 0
    boxes: int = 0
    absent: int = 0
    missing: int = 0
    without_class: Counter[str] = field(default_factory=Counter)


def box_sets_to_export(
    box_sets: QuerySet[BoxSet], *, cohort: UUID | None = None, status: BoxSetStatus = BoxSetStatus.ACCEPTED
) -> Iterator[BoxSet]:
    """People's box sets of this status, the newest of each film, with film and regions, a few at a time.

    An independent second labelling is there to be compared, and is not what a film is labelled with.
    """
    wanted = box_sets.filter(source=BoxSource.PERSON, is_second=False, status=status)
    if cohort is not None:
        wanted = wanted.filter(radiograph__study__cohort=cohort)
    ordered = wanted.select_related("radiograph").prefetch_related("regions").order_by("radiograph_id", "-version")
    last = None
    for box_set in ordered.iterator(chunk_size=_CHUNK):
        if box_set.radiograph_id != last:
            last = box_set.radiograph_id
            yield box_set


def picture_of(box_set: BoxSet, class_map: ClassMap, exported: Exported) -> PictureBoxes:
    """The box set under the map's names, regions in their order; counts what it holds and what has no name."""
    class_of = class_map.class_of()
    radiograph = box_set.radiograph
    boxes: list[NamedBox] = []
    absent: list[AbsentMark] = []
    rows = {row.region: row for row in box_set.regions.all()}
    for region, name in class_of.items():
        row = rows.get(region)
        if row is None or row.state == RegionState.MISSING:
            exported.missing += 1
        elif row.state == RegionState.ABSENT:
            absent.append(AbsentMark(name, str(row.absent_reason)))
        elif (box := row.box) is not None:
            flags = frozenset(flag for flag in FLAGS if getattr(row, flag))
            boxes.append(NamedBox(name, box, len(boxes) + 1, flags))
    unnamed = [row.region for row in rows.values() if row.state != RegionState.MISSING and row.region not in class_of]
    exported.without_class.update(unnamed)
    exported.films += 1
    exported.boxes += len(boxes)
    exported.absent += len(absent)
    return PictureBoxes(f"{radiograph.pk}.png", radiograph.columns, radiograph.rows, tuple(boxes), tuple(absent))


def entries(
    box_sets: Iterable[BoxSet], *, format: BoxFormat, class_map: ClassMap, exported: Exported, pictures: bool = False
) -> Iterator[Entry]:
    """Every file of the archive: its path and its bytes.

    VOC and YOLO are written film by film; COCO and CSV are one file, of some 2 kB a film.

    Raises:
        ClassMapError: the map cannot be turned round.
    """
    classes = class_map.classes
    gathered: list[PictureBoxes] = []
    folder = "films" if format == "voc" else "images"
    for box_set in box_sets:
        picture = picture_of(box_set, class_map, exported)
        if pictures:
            yield f"{folder}/{picture.picture}", png_of(box_set.radiograph)
        stem = str(box_set.radiograph_id)
        if format == "voc":
            yield f"films/{stem}.xml", voc.voc_bytes(picture, folder=folder)
        elif format == "yolo":
            yield f"labels/{stem}.txt", yolo.yolo_bytes(picture, classes)
        else:
            gathered.append(picture)
    match format:
        case "voc":
            yield "films/predefined_classes.txt", yolo.classes_bytes(classes)
        case "yolo":
            yield "labels/classes.txt", yolo.classes_bytes(classes)
            yield "data.yaml", yolo.data_yaml_bytes(classes)
        case "coco":
            yield "annotations.json", coco.coco_bytes(gathered, classes)
        case "csv":
            yield "boxes.csv", "".join(csv_table.csv_lines(gathered)).encode()
    yield README, readme(format, class_map.name, exported.films, exported.boxes, pictures=pictures).encode()


def png_of(radiograph: Radiograph) -> bytes:
    """The film as a 16-bit grey PNG: the values that the viewer shows, as stored, neither turned nor mirrored."""
    with default_storage.open(radiograph.pixels_name) as file:
        raw = gzip.decompress(file.read())
    values = np.frombuffer(raw, dtype="<u2").reshape(radiograph.rows, radiograph.columns)
    done, data = cv2.imencode(".png", values)
    assert done, "a grey picture of 16 bits can always be written as PNG"
    return bytes(data.tobytes())
