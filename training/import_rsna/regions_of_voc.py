"""From one annotation file to our regions: class map, finger numbers, and what was wrong with the file."""

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inference.anatomy.boxes import Box
from training.import_rsna.fingers import hand_axes, number_fingers
from training.import_rsna.label_slips import HandLabels, put_right
from training.import_rsna.voc_xml import VocFile
from training.snapshot import SnapshotError

MAPS_FILE = Path(__file__).with_name("class_maps.json")

_RAYS = {"mc": range(2, 6), "pp": range(1, 6), "dp": range(1, 6)}
_TOUCHES_PX = 1.0
"""How far past the frame a box edge must be to be counted as outside: annotators' rounding is no finding."""


@dataclass(frozen=True)
class ClassMap:
    """How one annotators' class names become our regions; the file `class_maps.json` holds them."""

    name: str
    single: Mapping[str, str]
    fingers: Mapping[str, str]
    thumb: str | None
    ignored: frozenset[str]

    @classmethod
    def named(cls, name: str) -> "ClassMap":
        maps: dict[str, Any] = json.loads(MAPS_FILE.read_text(encoding="utf-8"))
        if name not in maps:
            raise SnapshotError(f"No class map is called {name!r}; there are {', '.join(sorted(maps))}.")
        entry = maps[name]
        return cls(name, entry["single"], entry["fingers"], entry["thumb"], frozenset(entry["ignored"]))


@dataclass(frozen=True)
class Interpreted:
    """Regions of one file in its own pixels, and the names of what was found odd in it (for the report)."""

    boxes: Mapping[str, Box]
    findings: tuple[str, ...]


def interpret(voc: VocFile, class_map: ClassMap) -> Interpreted:
    """Turn the named boxes of a file into regions.

    Boxes without height or width are slips of the mouse and go first. A class that still has an impossible number of
    boxes is left out whole, since nobody knows which of them is wrong. What is left out is missing, not absent: the
    annotator said nothing about it.
    """
    findings: list[str] = []
    by_name: dict[str, list[Box]] = defaultdict(list)
    known = {*class_map.single, *class_map.fingers, *class_map.ignored, class_map.thumb}
    for item in voc.boxes:
        if not item.box.is_valid():
            findings.append("box_without_size")
        elif item.name in known:
            by_name[item.name].append(item.box)
        else:
            findings.append("unknown_class")
    if not voc.boxes:
        findings.append("empty_file")
    regions = _single_regions(by_name, class_map, findings)
    if class_map.fingers:
        regions |= _finger_regions(by_name, class_map, regions, findings)
    if any(_outside(box, voc) for box in regions.values()):
        findings.append("box_past_the_frame")
    return Interpreted(regions, tuple(findings))


def _single_regions(by_name: Mapping[str, list[Box]], class_map: ClassMap, findings: list[str]) -> dict[str, Box]:
    regions = {}
    for name, region in class_map.single.items():
        if len(by_name.get(name, ())) == 1:
            regions[region] = by_name[name][0]
        elif by_name:
            findings.append(f"wrong_count_{name}")
    return regions


def _finger_regions(
    by_name: Mapping[str, list[Box]], class_map: ClassMap, singles: dict[str, Box], findings: list[str]
) -> dict[str, Box]:
    """Numbered finger regions; also puts names right that were mixed up, those in `singles` too."""
    if not by_name:
        return {}
    complete = {}
    for name, prefix in class_map.fingers.items():
        if len(by_name.get(name, ())) == len(_RAYS[prefix]):
            complete[prefix] = by_name[name]
        else:
            findings.append(f"wrong_count_{name}")
    thumb = by_name.get(class_map.thumb or "", [])
    if len(thumb) == 1 and len(complete) == len(_RAYS) and {"radius", "ulna"} <= singles.keys():
        hand = HandLabels(singles["radius"], singles["ulna"], thumb[0], *(tuple(complete[prefix]) for prefix in _RAYS))
        righted, swapped = put_right(hand)
        if swapped:
            findings.append(f"names_swapped_{swapped}")
        if righted is None:
            findings.append("names_contradict_each_other")
            singles.clear()
            return {}
        singles |= {"radius": righted.radius, "ulna": righted.ulna}
        thumb = [righted.thumb]
        complete["mc"] = list(righted.heads)
    return _numbered(complete, thumb, list(singles.values()), findings)


def _numbered(
    complete: Mapping[str, list[Box]], thumb: list[Box], wrist: list[Box], findings: list[str]
) -> dict[str, Box]:
    """Finger number for every box of the classes that are complete."""
    heads = complete.get("mc") or complete.get("pp") or []
    axes = hand_axes(wrist=wrist, heads=heads, thumb=thumb[0]) if len(thumb) == 1 else None
    if axes is None:
        findings.append("no_hand_axes")
        return {}
    if axes.across[0] < 0:
        findings.append("thumb_on_the_left")
    numbered: dict[str, Box] = {}
    for prefix, boxes in complete.items():
        rays = number_fingers(boxes, axes)
        if rays is None:
            findings.append("fingers_cannot_be_told_apart")
        else:
            numbered |= {f"{prefix}{ray}": box for ray, box in rays.items()}
    return numbered


def _outside(box: Box, voc: VocFile) -> bool:
    return min(box.x0, box.y0) < -_TOUCHES_PX or box.x1 > voc.columns + _TOUCHES_PX or box.y1 > voc.rows + _TOUCHES_PX
