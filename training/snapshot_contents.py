"""What is in a snapshot, and how two snapshots differ: counts for a page, and the films that were touched.

Films are told apart by id and content: a film of the same id may have another picture, truth, boxes or part. How much
a truth moved is told over all films, never of one: a page that lists films tells no age.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from inference.anatomy.regions import REGION_IDS
from inference.statistics.figures.population import Member, distribution, table1
from training.snapshot import PARTS, RegionMark, Snapshot, SnapshotRadiograph

CHANGES = ("split", "truth", "boxes", "picture", "facts")
"""What of a film may differ: its part, bone age (or where it comes from), marks, pixels, sex or chronological age."""
SAME_EDGE_PX = 0.01
"""Boxes are stored with six digits: edges nearer than this are the same."""


def contents(snapshot: Snapshot) -> dict[str, Any]:
    """Counts of a snapshot, as plain JSON.

    Returns:
        ``parts`` (for each part films, children, sexes, with bone age, with boxes), ``table1`` (girls and boys of each
        bone-age year, `inference.statistics.figures.population`), ``regions`` (boxed and absent, by part) and
        ``origins`` (films by where their bone age comes from).
    """
    members = [
        Member(row.split, row.sex, row.bone_age_months, row.chronological_age_months) for row in snapshot.radiographs
    ]
    ordered = sorted(members, key=lambda member: PARTS.index(member.part))
    return {
        "parts": [_part(snapshot, part) for part in PARTS],
        "table1": table1(distribution(ordered), "bone_age").values,
        "regions": [_region(snapshot, region) for region in REGION_IDS],
        "origins": dict(Counter(row.truth_origin for row in snapshot.radiographs if row.truth_origin).most_common()),
    }


def _part(snapshot: Snapshot, part: Any) -> dict[str, Any]:
    rows = snapshot.part(part)
    return {
        "part": part,
        "films": len(rows),
        "children": len({row.patient for row in rows}),
        "girls": sum(row.sex == "F" for row in rows),
        "boys": sum(row.sex == "M" for row in rows),
        "sex_unknown": sum(row.sex is None for row in rows),
        "with_bone_age": sum(row.bone_age_months is not None for row in rows),
        "with_boxes": sum(row.id in snapshot.marks for row in rows),
    }


def _region(snapshot: Snapshot, region: str) -> dict[str, Any]:
    states = Counter(marks[region].state for marks in snapshot.marks.values() if region in marks)
    return {"region": region, "boxed": states["boxed"], "absent": states["absent"]}


def differences(before: Snapshot, after: Snapshot) -> dict[str, Any]:
    """What the second holds that the first did not, what it lacks, and what changed of films in both; plain JSON.

    Returns:
        ``same_hash``; ``kept`` (films in both); ``added``, ``removed`` (ids); ``changed`` (rows of id, `what` of
        :data:`CHANGES`, part before and after, and how many boxes are new, gone or moved); ``counts`` of each of
        :data:`CHANGES`; ``moves`` (films by part before and after); ``truth_moved`` (how many months bone ages moved:
        mean and largest, and how many appeared or went).
    """
    old, new = ({row.id: row for row in side.radiographs} for side in (before, after))
    both = [id_ for id_ in new if id_ in old]
    changed = [row for id_ in both if (row := _changed(before, after, old[id_], new[id_]))["what"]]
    moves = Counter((old[id_].split, new[id_].split) for id_ in both if old[id_].split != new[id_].split)
    return {
        "same_hash": before.hash == after.hash,
        "kept": len(both),
        "added": [id_ for id_ in new if id_ not in old],
        "removed": [id_ for id_ in old if id_ not in new],
        "changed": changed,
        "counts": {what: sum(what in row["what"] for row in changed) for what in CHANGES},
        "moves": [{"before": a, "after": b, "films": count} for (a, b), count in sorted(moves.items())],
        "truth_moved": _truth_moved((old[id_], new[id_]) for id_ in both),
    }


def _changed(before: Snapshot, after: Snapshot, old: SnapshotRadiograph, new: SnapshotRadiograph) -> dict[str, Any]:
    boxes = _boxes_changed(before.marks.get(old.id, {}), after.marks.get(new.id, {}))
    found = {
        "split": old.split != new.split,
        "truth": (old.bone_age_months, old.truth_origin) != (new.bone_age_months, new.truth_origin),
        "boxes": any(boxes.values()),
        "picture": old.sha256 != new.sha256,
        "facts": (old.sex, old.chronological_age_months) != (new.sex, new.chronological_age_months),
    }
    return {
        "id": new.id,
        "what": [what for what in CHANGES if found[what]],
        "split": [old.split, new.split],
        "boxes": boxes,
    }


def _boxes_changed(old: Mapping[str, RegionMark], new: Mapping[str, RegionMark]) -> dict[str, int]:
    """Marks that are new, gone, or differ in state or place."""
    both = old.keys() & new.keys()
    return {
        "new": len(new.keys() - old.keys()),
        "gone": len(old.keys() - new.keys()),
        "moved": sum(not _same(old[region], new[region]) for region in both),
    }


def _same(old: RegionMark, new: RegionMark) -> bool:
    if old.state != new.state or old.box is None or new.box is None:
        return old.state == new.state
    return all(abs(a - b) < SAME_EDGE_PX for a, b in zip(old.box, new.box, strict=True))


def _truth_moved(pairs: Iterable[tuple[SnapshotRadiograph, SnapshotRadiograph]]) -> dict[str, Any]:
    moved, appeared, went = [], 0, 0
    for old, new in pairs:
        if old.bone_age_months is None or new.bone_age_months is None:
            appeared += old.bone_age_months is None and new.bone_age_months is not None
            went += old.bone_age_months is not None and new.bone_age_months is None
        elif old.bone_age_months != new.bone_age_months:
            moved.append(abs(new.bone_age_months - old.bone_age_months))
    return {
        "films": len(moved),
        "mean_months": sum(moved) / len(moved) if moved else None,
        "largest_months": max(moved, default=None),
        "appeared": appeared,
        "went": went,
    }
