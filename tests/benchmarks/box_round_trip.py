"""All real VOC files in, to our regions and out again in each format: how far an edge moves, and every fault by name.

    python -m tests.benchmarks box_round_trip
    python -m tests.benchmarks.box_round_trip --each      # every fault of every file on its own line
    python -m tests.benchmarks.box_round_trip --folder    # also a labelImg folder through the application itself

The files are found through BONEAGE_REAL_DATA (`rsna/boxes_*_xml.zip`). Three things are sent round: every box as it
stands in the file, under its annotator's name; the hand's regions as the import understands them; and these after a
correction, each edge moved by up to three pixels, fractions included (seeded), as a hand at the screen leaves them.
"""

import argparse
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from inference.anatomy.boxes import Box
from inference.anatomy.regions import REGION_IDS
from inference.box_formats import coco, csv_table, voc, yolo
from inference.box_formats.class_maps import ClassMap
from inference.box_formats.file_source import FileSource
from inference.box_formats.findings import BoxFileError, BoxFinding
from inference.box_formats.interpret import interpret
from inference.box_formats.picture_boxes import NamedBox, PictureBoxes

SETS = (("boxes_voc881_xml.zip", "voc881"), ("boxes_koitka_xml.zip", "koitka"))
GOAL_PX = 0.5


@dataclass
class Round:
    """What came of one set of files.

    Attributes:
        moved_px: (format, what was sent round) -> farthest that any edge moved.
        findings: label -> how often.
        first: label -> the first few files that have it.
    """

    files: int = 0
    refused: int = 0
    boxes: int = 0
    regions: int = 0
    whole_hands: int = 0
    moved_px: dict[tuple[str, str], float] = field(default_factory=dict)
    findings: Counter[str] = field(default_factory=Counter)
    first: dict[str, list[str]] = field(default_factory=dict)

    def note(self, file: str, findings: Sequence[BoxFinding]) -> None:
        for finding in findings:
            self.findings[finding.label] += 1
            seen = self.first.setdefault(finding.label, [])
            if len(seen) < 6 and file not in seen:
                seen.append(file)

    def sent(self, what: str, before: PictureBoxes, classes: Sequence[str]) -> None:
        for format, after in round_trips(before, classes).items():
            moved = movement_px(before, after)
            self.moved_px[format, what] = max(moved, self.moved_px.get((format, what), 0.0))


def round_trips(picture: PictureBoxes, classes: Sequence[str]) -> Mapping[str, PictureBoxes]:
    """The picture written and read again in each format."""
    size = {"columns": picture.columns, "rows": picture.rows}
    lines = yolo.yolo_bytes(picture, classes)
    return {
        "voc": voc.parse_voc(voc.voc_bytes(picture)),
        "yolo": yolo.parse_yolo(lines, classes=classes, picture=picture.picture, **size),
        "coco": coco.parse_coco(coco.coco_bytes([picture], classes)).pictures[0],
        "csv": csv_table.parse_csv("".join(csv_table.csv_lines([picture])).encode()).pictures[0],
    }


def movement_px(before: PictureBoxes, after: PictureBoxes) -> float:
    """The farthest that any edge moved. Raises ValueError when a box was lost, added or renamed."""
    if [named.name for named in before.boxes] != [named.name for named in after.boxes]:
        raise ValueError(f"{before.picture}: not the same boxes")
    pairs = zip(before.boxes, after.boxes, strict=True)
    return max((abs(a - b) for one, other in pairs for a, b in zip(one.box, other.box, strict=True)), default=0.0)


def go_round(source: Path, class_map: ClassMap, *, limit: int | None = None) -> Iterator[tuple[str, Round]]:
    """Each file's name, with the state of the count after it."""
    state = Round()
    with FileSource(source, suffixes=(".xml",)) as files:
        for name in files.names[:limit]:
            state.files += 1
            try:
                picture = voc.parse_voc(files.read(name))
            except BoxFileError as error:
                state.refused += 1
                state.note(name, [error.finding])
                yield name, state
                continue
            understood = interpret(picture, class_map)
            state.note(name, understood.findings)
            state.boxes += len(picture.boxes)
            state.regions += len(understood.boxes)
            state.whole_hands += len(understood.boxes) == len(set(REGION_IDS) & set(targets(class_map)))
            state.sent("as drawn", picture, sorted({named.name for named in picture.boxes}) or ["none"])
            regions = tuple(NamedBox(region, box, n) for n, (region, box) in enumerate(understood.boxes.items(), 1))
            state.sent("regions", replace(picture, boxes=regions), REGION_IDS)
            state.sent("corrected", replace(picture, boxes=tuple(map(corrected, regions))), REGION_IDS)
            yield name, state


def corrected(named: NamedBox) -> NamedBox:
    """Each edge moved by up to three pixels, the same for the same box."""
    moves = np.random.default_rng([int(abs(edge)) for edge in named.box]).uniform(-3, 3, 4)
    box = Box(*(edge + float(move) for edge, move in zip(named.box, moves, strict=True)))
    return replace(named, box=box) if box.is_valid() else named


def targets(class_map: ClassMap) -> set[str]:
    """Regions that the map can give."""
    fingers = {region for region in REGION_IDS if region[:-1] in class_map.fingers.values()}
    return fingers | set(class_map.single.values())


def print_faults(source: Path, class_map: ClassMap) -> None:
    """Every fault of every file on its own line."""
    with FileSource(source, suffixes=(".xml",)) as files:
        for name in files:
            try:
                findings = interpret(voc.parse_voc(files.read(name)), class_map).findings
            except BoxFileError as error:
                findings = (error.finding,)
            for finding in findings:
                place = "" if finding.number is None else f" box {finding.number}"
                print(f"{class_map.name} {name}{place}: {finding.label}: {finding.message}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Print one table a set; 0 if no edge moved by more than half a pixel."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.box_round_trip")
    parser.add_argument("--each", action="store_true", help="every fault of every file on its own line")
    parser.add_argument("--folder", action="store_true", help="also a labelImg folder of real films")
    args = parser.parse_args(arguments)
    real_data = os.environ.get("BONEAGE_REAL_DATA")
    if not real_data:
        print("Set BONEAGE_REAL_DATA to the folder of the real radiographs.", file=sys.stderr)
        return 2
    worst = 0.0
    for file, map_name in SETS:
        source, class_map = Path(real_data) / "rsna" / file, ClassMap.named(map_name)
        if args.each:
            print_faults(source, class_map)
        began = time.perf_counter()
        *_, (_, state) = go_round(source, class_map)
        seconds = time.perf_counter() - began
        print(f"{map_name}: {state.files} files, {state.refused} refused, {state.boxes} boxes as drawn, "
              f"{state.regions} regions, {state.whole_hands} hands with all of the map's regions, "
              f"{seconds:.1f} s")  # fmt: skip
        for (format, what), moved in sorted(state.moved_px.items()):
            print(f"    {format:5} {what:9} largest movement {moved:.6f} px (goal at most {GOAL_PX})")
        for label, count in state.findings.most_common():
            print(f"    {count:5d} {label}  ({' '.join(state.first[label])}{' ...' if count > 6 else ''})")
        worst = max(worst, *state.moved_px.values())
    if args.folder:
        worst = max(worst, through_the_application(Path(real_data)))
    verdict = "met" if worst <= GOAL_PX else "MISSED"
    print(f"largest movement of any edge: {worst:.6f} px; goal at most {GOAL_PX}: {verdict}")
    return 0 if worst <= GOAL_PX else 1


def through_the_application(real_data: Path) -> float:
    """The folder of real films through gate, database and export, in a data folder of its own."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        os.environ["BONEAGE_DATA_DIR"] = f"{folder}/data"
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "boneage_web.settings.test")
        import django

        django.setup()
        from django.core.management import call_command

        from tests.factories.real_labelimg import import_and_export

        call_command("migrate", verbosity=0)
        began = time.perf_counter()
        found = import_and_export(real_data, Path(folder))
        print(f"labelImg folder: {json.dumps(found.told, ensure_ascii=False)} in {time.perf_counter() - began:.0f} s")
        for line in found.lines:
            print(f"    {line}")
        return found.moved_px


if __name__ == "__main__":
    sys.exit(main())
