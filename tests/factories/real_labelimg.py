"""A folder of real films with real boxes, laid out as labelImg leaves one, and its way through the application."""

import json
import zipfile
from collections import Counter
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path, PurePosixPath
from typing import Any
from uuid import uuid4

from django.core.management import CommandError, call_command

from annotations.models import BlockedFilm, Person, Role
from annotations.services.blocking import release_film
from annotations.states import BlockedState, RoleName
from inference.anatomy.boxes import Box
from inference.box_formats import coco, csv_table, voc, yolo
from inference.box_formats.class_maps import ClassMap
from inference.box_formats.interpret import interpret
from inference.box_formats.picture_boxes import PictureBoxes

CLASSES = ("ProximalPhalanx", "DistalPhalanx", "MiddlePhalanx", "MCP", "MCPFirst", "Radius", "Ulna")
SQUEEZED = ("14714", "14715", "14716", "14718")
"""Hands of which the folder holds the picture of 100 x 100 pixels."""


def write_folder(real_data: Path, folder: Path, *, only: Collection[str] | None = None) -> dict[str, bytes]:
    """Pictures beside their XML, and the list of classes; stem -> XML as labelImg wrote it."""
    rsna = real_data / "rsna"
    written: dict[str, bytes] = {}
    folder.mkdir(parents=True)
    (folder / "predefined_classes.txt").write_text("".join(f"{name}\n" for name in CLASSES))
    with zipfile.ZipFile(rsna / "boxes_voc881_xml.zip") as boxes:
        there = set(boxes.namelist())
        for name, data in _pictures(rsna):
            stem = PurePosixPath(name).stem
            if f"{stem}.xml" in there and stem not in written and (only is None or stem in only):
                written[stem] = boxes.read(f"{stem}.xml")
                (folder / PurePosixPath(name).name).write_bytes(data)
                (folder / f"{stem}.xml").write_bytes(written[stem])
    return written


def _pictures(rsna: Path) -> Any:
    """(name, bytes): near-native ones first, then 500 x 625, 300 x 390, and some of 100 x 100."""
    for path in sorted((rsna / "full").iterdir()):
        yield path.name, path.read_bytes()
    for name in ("medium_500x625.zip", "medium_300x390.zip", "images_100px.zip"):
        with zipfile.ZipFile(rsna / name) as pictures:
            for each in sorted(pictures.namelist()):
                if name != "images_100px.zip" or PurePosixPath(each).stem in SQUEEZED:
                    yield each, pictures.read(each)


@dataclass
class Found:
    """What came of the folder: counts, a line a picture, and the farthest that any edge moved."""

    told: dict[str, Any] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    moved_px: float = 0.0
    by_stem: dict[str, dict[str, Any]] = field(default_factory=dict)


def import_and_export(real_data: Path, folder: Path, *, only: Collection[str] | None = None) -> Found:
    """Import the folder as it is, release what waits because of writing (the pictures name nobody), import it again and
    once more with ``--scale``, export the drafts in each format, compare."""
    author = Person.objects.create(username=f"labeller{uuid4().hex[:6]}", display_name="Labeller")
    Role.objects.create(person=author, name=RoleName.LABELLER)
    written = write_folder(real_data, folder / "labelimg", only=only)
    first = _imported(folder / "labelimg", author)
    _release_all()
    as_it_is = _imported(folder / "labelimg", author)
    scaled = _imported(folder / "labelimg", author, "--scale")
    found = Found(by_stem=scaled)
    found.told = {
        "pictures": len(written),
        "films": dict(Counter(line["film"] for line in first.values())),
        "films after a reviewer's release": dict(Counter(line["film"] for line in as_it_is.values())),
        "boxes as they are": dict(Counter(line["boxes"] for line in as_it_is.values())),
        "boxes with --scale": dict(Counter(line["boxes"] for line in scaled.values())),
    }
    for stem, line in sorted(as_it_is.items()):
        films = f"film {first[stem]['film']}, then {line['film']}"
        found.lines.append(f"{stem}: {films}; boxes {_told(line)}; with --scale {_told(scaled[stem])}")
    for format in ("voc", "yolo", "coco", "csv"):
        out = folder / f"out-{format}-{uuid4().hex[:6]}"
        call_command(
            "export_boxes", "--out", str(out), "--format", format, "--status", "draft", "--pictures", stdout=StringIO()
        )
        moved = compare(written, scaled, exported(out, format))
        found.told[f"moved_px_{format}"] = round(moved, 6)
        found.moved_px = max(found.moved_px, moved)
    return found


def _told(line: Mapping[str, Any]) -> str:
    codes = Counter(each["code"] for each in line["findings"]) if line["boxes"] else Counter()
    return f"{line['boxes']} {' '.join(sorted(codes))}".strip()


def _release_all() -> None:
    reviewer = Person.objects.create(username=f"reviewer{uuid4().hex[:6]}", display_name="Reviewer")
    Role.objects.create(person=reviewer, name=RoleName.REVIEWER)
    for film in BlockedFilm.objects.filter(state=BlockedState.WAITING):
        release_film(person=reviewer, film=film, rectangles=(), no_writing=True)


def _imported(folder: Path, author: Person, *more: str) -> dict[str, dict[str, Any]]:
    out = StringIO()
    with suppress(CommandError):  # says that some were refused, after all lines
        call_command(
            "import_labelimg", str(folder), "--author", author.username, "--map", "voc881", "--json", *more, stdout=out
        )
    lines = map(json.loads, out.getvalue().splitlines())
    return {PurePosixPath(line["file"]).stem: line for line in lines}


def exported(out: Path, format: str) -> dict[str, PictureBoxes]:
    """What an export holds, by the id of the film, measured in the picture that lies beside it."""
    import cv2

    folder = out / ("films" if format == "voc" else "images")
    sizes = {path.stem: cv2.imread(str(path), cv2.IMREAD_UNCHANGED).shape for path in folder.glob("*.png")}
    if format == "voc":
        pictures = [voc.parse_voc(path.read_bytes()) for path in (out / "films").glob("*.xml")]
    elif format == "yolo":
        classes = yolo.parse_classes((out / "labels" / "classes.txt").read_bytes())
        pictures = [
            yolo.parse_yolo(
                (out / "labels" / f"{stem}.txt").read_bytes(), classes=classes, picture=stem, columns=columns, rows=rows
            )
            for stem, (rows, columns) in sizes.items()
        ]
    elif format == "coco":
        pictures = list(coco.parse_coco((out / "annotations.json").read_bytes()).pictures)
    else:
        pictures = list(csv_table.parse_csv((out / "boxes.csv").read_bytes()).pictures)
    by_id = {PurePosixPath(picture.picture).stem: picture for picture in pictures}
    assert {stem: (p.rows, p.columns) for stem, p in by_id.items()} == sizes, "pictures and boxes are of one size"
    return by_id


def compare(
    written: Mapping[str, bytes], lines: Mapping[str, Mapping[str, Any]], out: Mapping[str, PictureBoxes]
) -> float:
    """The farthest that any edge moved from labelImg's file, scaled to the film, to the exported one, in film pixels.

    Raises AssertionError when a region is missing or new.
    """
    farthest = 0.0
    for stem, line in lines.items():
        if line["box_set"] is None:
            continue
        original = voc.parse_voc(written[stem])
        picture = out[line["radiograph"]]
        across, down = picture.columns / original.columns, picture.rows / original.rows
        regions = interpret(original, ClassMap.named("voc881")).boxes
        after = {named.name: named.box for named in picture.boxes}
        assert after.keys() == regions.keys(), stem
        for region, box in regions.items():
            before = Box(box.x0 * across, box.y0 * down, box.x1 * across, box.y1 * down)
            farthest = max(farthest, *(abs(a - b) for a, b in zip(before, after[region], strict=True)))
    return farthest
