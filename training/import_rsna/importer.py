"""The import itself: every labelled picture becomes a radiograph, every usable box file its regions."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from inference.anatomy.boxes import Box
from inference.box_formats.class_maps import ClassMap, ClassMapError
from inference.box_formats.file_source import FileSource, stem_of
from inference.box_formats.findings import BoxFileError
from inference.box_formats.interpret import interpret
from inference.box_formats.picture_boxes import PictureBoxes
from inference.box_formats.voc import parse_voc
from inference.progress import OnProgress, Progress, ignore_progress
from training.import_rsna.labels import Label, read_labels
from training.snapshot import RegionMark, SnapshotError, decode_grey_png
from training.snapshot_writer import SnapshotWriter
from training.split import Split

PICTURE_SUFFIXES = (".png", ".jpg", ".jpeg")
SAME_SIZE_MEANS_SQUEEZED = 20
"""Films differ in size. So many pictures of one size were squeezed into it, and their own aspect is unknown."""
_EXAMPLES = 30
_EVERY = 100


@dataclass
class Report:
    """Counts by name, with the first ids of each: everything that was not as it should be, and how much was."""

    counts: Counter[str] = field(default_factory=Counter)
    ids: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def note(self, finding: str, id_: str) -> None:
        self.counts[finding] += 1
        if len(self.ids[finding]) < _EXAMPLES:
            self.ids[finding].append(id_)

    def to_json(self) -> dict[str, Any]:
        return {name: {"count": self.counts[name], "ids": self.ids[name]} for name in sorted(self.counts)}


@dataclass(frozen=True)
class HandBoxes:
    """Regions of one hand from one box source, in pixels of a frame of the given size."""

    source: str
    columns: int
    rows: int
    boxes: Mapping[str, Box]


def import_rsna(
    *,
    images: Sequence[Path],
    labels: Path,
    boxes: Sequence[tuple[Path, str]] = (),
    out: Path,
    split: Split,
    name: str = "RSNA 2017 bone age",
    source: str = "RSNA Pediatric Bone Age Challenge 2017, training set",
    on_progress: OnProgress = ignore_progress,
) -> tuple[Path, dict[str, Any]]:
    """Make a snapshot.

    Args:
        images: folders or zips of PNG or JPEG pictures named by id (`1380.png`; `10617_500x500.jpg` is 10617 too).
        labels: table of ids, sexes and bone ages; a picture without a row is left out.
        boxes: folders or zips of Pascal VOC XML files with the name of their class map. Where several box the same
            region of a hand, the first of them counts.
        out: the snapshot's folder; it must not exist.

    Returns:
        The snapshot's folder, and the report that also stands in it.
    """
    report = Report()
    table = read_labels(labels)
    hands = _read_boxes(boxes, table, report, on_progress)
    with ExitStack() as stack:
        sources = [stack.enter_context(_opened(path, PICTURE_SUFFIXES)) for path in images]
        pictures = _find_pictures(sources, table, report)
        if not pictures:
            raise SnapshotError("None of the pictures has a row in the labels table.")
        key = hashlib.sha256("|".join(source.stamp() for source in sources).encode()).hexdigest()
        writer = SnapshotWriter(out, name=name, source=source, synthetic=False, split=split, resume_key=key)
        squeezed = _read_pictures(pictures, table, hands, writer, report, on_progress)
    for id_ in sorted(table.keys() - {id_ for id_, _, _ in pictures}):
        report.note("label_without_picture", id_)
    for id_ in sorted(hands.keys() - {id_ for id_, _, _ in pictures}):
        report.note("boxes_without_picture", id_)
    stored = {
        "findings": report.to_json(),
        "aspect_unknown": squeezed,
        "class_maps": [map_name for _, map_name in boxes],
    }
    return writer.close(report=stored), stored


def _find_pictures(
    sources: Sequence[FileSource], table: Mapping[str, Label], report: Report
) -> list[tuple[str, FileSource, str]]:
    found: dict[str, tuple[str, FileSource, str]] = {}
    for source in sources:
        for name in source:
            stem = stem_of(name)
            id_ = stem if stem in table else stem.split("_")[0]
            if id_ not in table:
                report.note("picture_without_label", stem)
            elif id_ in found:
                report.note("second_picture_of_an_id", id_)
            else:
                found[id_] = (id_, source, name)
    return list(found.values())


def _read_pictures(
    pictures: Sequence[tuple[str, FileSource, str]],
    table: Mapping[str, Label],
    hands: Mapping[str, Sequence[HandBoxes]],
    writer: SnapshotWriter,
    report: Report,
    on_progress: OnProgress,
) -> int:
    """Store every picture that can be used; returns of how many the film's aspect is unknown."""
    one_size = {id(source): _is_squeezed(source) for _, source, _ in pictures}
    unknown = 0
    digests: dict[str, str] = {}
    for done, (id_, source, name) in enumerate(pictures):
        if done % _EVERY == 0:
            on_progress(Progress("pictures", done, len(pictures)))
        try:
            image = writer.stored_picture(id_)
            image = decode_grey_png(source.read(name)) if image is None else image
        except SnapshotError as error:
            report.note(f"picture_refused: {error}", id_)
            continue
        digest = hashlib.sha256(image.tobytes()).hexdigest()
        if digest in digests:
            report.note("same_pixels_as_another", f"{id_}={digests[digest]}")
        digests.setdefault(digest, id_)
        of_hand = hands.get(id_, ())
        marks = _marks(of_hand, (image.shape[1], image.shape[0]), report, id_)
        original = _original_size((image.shape[1], image.shape[0]), of_hand, squeezed=one_size[id(source)])
        unknown += original is None
        label = table[id_]
        writer.add(
            id=id_,
            patient=label.patient,
            sex=label.sex,
            bone_age_months=label.bone_age_months,
            chronological_age_months=label.chronological_age_months,
            image=image,
            marks=marks,
            truth_origin="rsna_2017_label",
            original_size=original,
        )
    on_progress(Progress("pictures", len(pictures), len(pictures)))
    return unknown


def _is_squeezed(source: FileSource) -> bool:
    sample = source.names[:: max(1, len(source.names) // SAME_SIZE_MEANS_SQUEEZED)][:SAME_SIZE_MEANS_SQUEEZED]
    if len(sample) < SAME_SIZE_MEANS_SQUEEZED:
        return False
    sizes = set()
    for name in sample:
        values = cv2.imdecode(np.frombuffer(source.read(name), np.uint8), cv2.IMREAD_UNCHANGED)
        sizes.add(None if values is None else values.shape[:2])
    return len(sizes) == 1


def _original_size(stored: tuple[int, int], hands: Sequence[HandBoxes], *, squeezed: bool) -> tuple[int, int] | None:
    if hands:
        return hands[0].columns, hands[0].rows
    return None if squeezed else stored


def _marks(hands: Sequence[HandBoxes], stored: tuple[int, int], report: Report, id_: str) -> dict[str, RegionMark]:
    """Boxes of all sources in stored-picture pixels: x * stored columns / frame columns, y likewise."""
    marks: dict[str, RegionMark] = {}
    for hand in hands:
        across, down = stored[0] / hand.columns, stored[1] / hand.rows
        for region, box in hand.boxes.items():
            if region in marks:
                report.note(f"region_of_{hand.source}_already_boxed", id_)
                continue
            scaled = Box(box.x0 * across, box.y0 * down, box.x1 * across, box.y1 * down)
            marks[region] = RegionMark("boxed", scaled, hand.source)
            report.counts[f"boxes_of_{hand.source}"] += 1
    return marks


def _read_boxes(
    boxes: Sequence[tuple[Path, str]], table: Mapping[str, Label], report: Report, on_progress: OnProgress
) -> dict[str, list[HandBoxes]]:
    hands: dict[str, list[HandBoxes]] = defaultdict(list)
    for path, map_name in boxes:
        class_map = _class_map(map_name)
        with _opened(path, (".xml",)) as source:
            seen: set[str] = set()
            for done, file_name in enumerate(source):
                if done % _EVERY == 0:
                    on_progress(Progress("boxes", done, len(source.names), note=map_name))
                id_ = stem_of(file_name)
                if id_ not in table:
                    report.note(f"{map_name}: boxes_without_label", id_)
                elif id_ in seen:
                    report.note(f"{map_name}: second_file_of_a_hand", id_)
                else:
                    voc = _parsed(source.read(file_name), id_, map_name, report)
                    if voc is not None:
                        seen.add(id_)
                        hands[id_].append(_interpreted(voc, class_map, id_, report))
    return hands


def _opened(path: Path, suffixes: tuple[str, ...]) -> FileSource:
    try:
        return FileSource(path, suffixes=suffixes)
    except BoxFileError:
        raise SnapshotError(f"{path} is neither a folder nor a zip file.") from None


def _class_map(name: str) -> ClassMap:
    try:
        return ClassMap.named(name)
    except ClassMapError as error:
        raise SnapshotError(error.message) from None


def _parsed(data: bytes, id_: str, map_name: str, report: Report) -> PictureBoxes | None:
    try:
        voc = parse_voc(data)
    except BoxFileError as error:
        report.note(f"{map_name}: broken_file ({error.message})", id_)
        return None
    if voc.picture and stem_of(voc.picture) != id_:
        report.note(f"{map_name}: names_another_picture", id_)
    return voc


def _interpreted(voc: PictureBoxes, class_map: ClassMap, id_: str, report: Report) -> HandBoxes:
    understood = interpret(voc, class_map)
    for finding in understood.findings:
        report.note(f"{class_map.name}: {finding.label}", id_)
    report.counts[f"{class_map.name}: hands"] += 1
    return HandBoxes(class_map.name, voc.columns, voc.rows, understood.boxes)
