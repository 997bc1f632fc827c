"""From one picture's named boxes to our regions: class map, finger numbers, and what was wrong with the names."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain

from inference.anatomy.boxes import Box
from inference.box_formats.class_maps import RAYS, ClassMap
from inference.box_formats.findings import BoxFinding, shown
from inference.box_formats.fingers import hand_axes, number_fingers
from inference.box_formats.label_slips import HandLabels, put_right
from inference.box_formats.picture_boxes import NamedBox, PictureBoxes

_ByName = Mapping[str, list[NamedBox]]


@dataclass(frozen=True)
class Interpreted:
    """Regions of one picture in its own pixels.

    Attributes:
        boxes: region -> box.
        flags: region -> what else was said of its box.
        absent: region -> reason, as the file gave it.
        findings: of the file, and of its names taken together.
    """

    boxes: Mapping[str, Box]
    flags: Mapping[str, frozenset[str]]
    absent: Mapping[str, str]
    findings: tuple[BoxFinding, ...]


def interpret(picture: PictureBoxes, class_map: ClassMap) -> Interpreted:
    """Turn the named boxes of a picture into regions.

    A class that has an impossible number of boxes is left out whole, since nobody knows which of them is wrong. What
    is left out is missing, not absent: the annotator said nothing about it.
    """
    findings = list(picture.findings)
    by_name: dict[str, list[NamedBox]] = defaultdict(list)
    known = {*class_map.single, *class_map.fingers, *class_map.ignored, class_map.thumb}
    for named in picture.boxes:
        if named.name in known:
            by_name[named.name].append(named)
        else:
            findings.append(BoxFinding("unknown_class", named.number, {"name": shown(named.name)}))
    if by_name:
        for name, expected in class_map.expected.items():
            if (count := len(by_name.get(name, ()))) != expected:
                findings.append(_count("unusual_count", name, count, expected=expected))
    singles = _single_regions(by_name, class_map, findings)
    fingers = _finger_regions(by_name, class_map, singles, findings) if class_map.fingers else {}
    regions = singles | fingers
    absent = {}
    for mark in picture.absent:
        region = class_map.single.get(mark.name)
        if region is None:
            findings.append(BoxFinding("unknown_class", None, {"name": shown(mark.name)}))
        elif region not in regions:
            absent[region] = mark.reason
    return Interpreted(
        {region: named.box for region, named in regions.items()},
        {region: named.flags for region, named in regions.items()},
        absent,
        tuple(findings),
    )


def _single_regions(by_name: _ByName, class_map: ClassMap, findings: list[BoxFinding]) -> dict[str, NamedBox]:
    """A class that names one region. A missing one is a finding only where the map's annotators boxed whole hands."""
    regions = {}
    whole_hands = bool(class_map.fingers) or class_map.ignored
    for name, region in class_map.single.items():
        count = len(by_name.get(name, ()))
        if count == 1:
            regions[region] = by_name[name][0]
        elif count > 1 or (whole_hands and by_name):
            findings.append(_count("wrong_count", name, count, expected=1))
    return regions


def _count(code: str, name: str, count: int, *, expected: int) -> BoxFinding:
    return BoxFinding(code, None, {"name": shown(name), "value": count, "expected": expected})


def _finger_regions(
    by_name: _ByName, class_map: ClassMap, singles: dict[str, NamedBox], findings: list[BoxFinding]
) -> dict[str, NamedBox]:
    """Numbered finger regions; also puts names right that were mixed up, those in `singles` too."""
    if not by_name:
        return {}
    complete: dict[str, list[NamedBox]] = {}
    names = {prefix: name for name, prefix in class_map.fingers.items()}
    for name, prefix in class_map.fingers.items():
        count = len(by_name.get(name, ()))
        if count == len(RAYS[prefix]):
            complete[prefix] = by_name[name]
        else:
            findings.append(_count("wrong_count", name, count, expected=len(RAYS[prefix])))
    thumb = by_name.get(class_map.thumb or "", [])
    if len(thumb) == 1 and len(complete) == len(RAYS) and {"radius", "ulna"} <= singles.keys():
        # by its box each is found again after names were swapped
        of_box = {each.box: each for each in chain(thumb, singles.values(), *complete.values())}
        hand = HandLabels(
            singles["radius"].box,
            singles["ulna"].box,
            thumb[0].box,
            *(tuple(each.box for each in complete[prefix]) for prefix in RAYS),
        )
        righted, swapped = put_right(hand)
        if swapped:
            findings.append(BoxFinding("names_swapped", None, {"name": swapped}))
        if righted is None:
            findings.append(BoxFinding("names_contradict_each_other"))
            singles.clear()
            return {}
        singles |= {"radius": of_box[righted.radius], "ulna": of_box[righted.ulna]}
        thumb = [of_box[righted.thumb]]
        complete["mc"] = [of_box[box] for box in righted.heads]
    return _numbered(complete, names, thumb, list(singles.values()), findings)


def _numbered(
    complete: Mapping[str, list[NamedBox]],
    names: Mapping[str, str],
    thumb: list[NamedBox],
    wrist: list[NamedBox],
    findings: list[BoxFinding],
) -> dict[str, NamedBox]:
    """Finger number for every box of the classes that are complete."""
    heads = complete.get("mc") or complete.get("pp") or []
    axes = None
    if len(thumb) == 1:
        axes = hand_axes(wrist=[each.box for each in wrist], heads=[each.box for each in heads], thumb=thumb[0].box)
    if axes is None:
        findings.append(BoxFinding("no_hand_axes"))
        return {}
    if axes.across[0] < 0:
        findings.append(BoxFinding("thumb_on_the_left"))
    numbered: dict[str, NamedBox] = {}
    for prefix, boxes in complete.items():
        of_box = {each.box: each for each in boxes}
        rays = number_fingers([each.box for each in boxes], axes)
        if rays is None:
            findings.append(BoxFinding("fingers_cannot_be_told_apart", None, {"name": shown(names[prefix])}))
        else:
            numbered |= {f"{prefix}{ray}": of_box[box] for ray, box in rays.items()}
    return numbered
