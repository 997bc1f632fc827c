"""Checks of a snapshot before anything is trained on it: `python -m training check-snapshot --snapshot S`.

An error makes training on it wrong; a warning is for a person to judge.
"""

import argparse
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from inference.anatomy.regions import REGION_IDS
from inference.progress import OnProgress, Progress, ignore_progress
from training.snapshot import PARTS, Snapshot, SnapshotError, read_snapshot, sha256_of

OUTSIDE_SHARE = 0.5
"""A box with more of its area outside the picture than this is taken for a mistake."""
FEW_BOXES = 20
"""A region boxed in fewer training hands than this will hardly be learnt."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found: what, how often, and some of the radiographs."""

    code: str
    severity: Literal["error", "warning"]
    count: int
    examples: tuple[str, ...]
    message: str


def check_snapshot(
    *, snapshot: Path, pictures: bool = True, on_progress: OnProgress = ignore_progress
) -> tuple[Finding, ...]:
    """Findings, worst first. Tables and hashes are verified in any case, pictures if asked for.

    Raises:
        SnapshotError: the folder cannot be trusted at all.
    """
    data = read_snapshot(snapshot)
    found = [
        *_patients_in_two_parts(data),
        *_empty_parts(data),
        *_unknown_ids_in_boxes(data),
        *_boxes_outside(data),
        *_rarely_boxed(data),
        *_without_truth(data),
    ]
    if pictures:
        found += _pictures(data, on_progress)
    return tuple(sorted(found, key=lambda f: f.severity))


def _finding(code: str, severity: Literal["error", "warning"], ids: list[str], message: str) -> list[Finding]:
    return [Finding(code, severity, len(ids), tuple(ids[:10]), message)] if ids else []


def _patients_in_two_parts(data: Snapshot) -> list[Finding]:
    parts = defaultdict(set)
    for r in data.radiographs:
        parts[r.patient].add(r.split)
    ids = sorted(patient for patient, where in parts.items() if len(where) > 1)
    return _finding("patient_in_two_parts", "error", ids, "Patients have radiographs in more than one part.")


def _empty_parts(data: Snapshot) -> list[Finding]:
    if data.manifest["split"]["kind"] == "test_only":
        return []
    counts = Counter(r.split for r in data.radiographs)
    return _finding("empty_part", "warning", [p for p in PARTS if not counts[p]], "Parts have no radiograph.")


def _unknown_ids_in_boxes(data: Snapshot) -> list[Finding]:
    ids = sorted(set(data.marks) - {r.id for r in data.radiographs})
    return _finding("boxes_without_radiograph", "error", ids, "Boxes belong to no radiograph of the table.")


def _boxes_outside(data: Snapshot) -> list[Finding]:
    ids = []
    for r in data.radiographs:
        for region, box in data.boxes(r.id).items():
            width = max(0.0, min(box.x1, r.columns) - max(box.x0, 0))
            height = max(0.0, min(box.y1, r.rows) - max(box.y0, 0))
            if width * height < (1 - OUTSIDE_SHARE) * box.area:
                ids.append(f"{r.id}/{region}")
    return _finding("box_outside", "warning", ids, "Boxes lie for the most part outside their picture.")


def _rarely_boxed(data: Snapshot) -> list[Finding]:
    if not data.marks:
        return []
    counts = Counter(region for r in data.part("train") for region in data.boxes(r.id))
    ids = [region for region in REGION_IDS if counts[region] < FEW_BOXES]
    return _finding("region_rarely_boxed", "warning", ids, f"Regions are boxed in fewer than {FEW_BOXES} hands.")


def _without_truth(data: Snapshot) -> list[Finding]:
    no_age = [r.id for r in data.radiographs if r.bone_age_months is None]
    no_sex = [r.id for r in data.radiographs if r.sex is None]
    strange = [r.id for r in data.radiographs if r.bone_age_months is not None and not 0 <= r.bone_age_months <= 252]
    return [
        *_finding("no_bone_age", "warning", no_age, "Radiographs have no bone age; they serve the detector only."),
        *_finding("no_sex", "warning", no_sex, "Radiographs have no sex; they serve the detector only."),
        *_finding("impossible_bone_age", "error", strange, "Bone ages are outside 0 to 21 years."),
    ]


def _pictures(data: Snapshot, on_progress: OnProgress) -> list[Finding]:
    flat: list[str] = []
    broken: list[str] = []
    across: list[str] = []
    twice: list[str] = []
    first: dict[str, tuple[str, str]] = {}
    for done, r in enumerate(data.radiographs):
        if done % 200 == 0:
            on_progress(Progress("check_pictures", done, len(data.radiographs)))
        try:
            values = data.picture(r)
        except SnapshotError:
            broken.append(r.id)
            continue
        if int(np.ptp(values)) < 8:
            flat.append(r.id)
        other, part = first.setdefault(sha256_of(values.tobytes()), (r.id, r.split))
        if other != r.id:
            (across if part != r.split else twice).append(f"{r.id}={other}")
    on_progress(Progress("check_pictures", len(data.radiographs), len(data.radiographs)))
    return [
        *_finding("picture_changed", "error", broken, "Pictures are gone or not those of the snapshot."),
        *_finding("same_picture_in_two_parts", "error", across, "The same picture stands in two parts."),
        *_finding("same_picture_twice", "warning", twice, "The same picture stands there under two ids."),
        *_finding("flat_picture", "warning", flat, "Pictures hold hardly any grey values."),
    ]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--snapshot", type=Path, required=True)
    parser.add_argument("--tables-only", action="store_true", help="do not read the pictures")


def run(args: argparse.Namespace, on_progress: OnProgress) -> int:
    findings = check_snapshot(snapshot=args.snapshot, pictures=not args.tables_only, on_progress=on_progress)
    for f in findings:
        print(f"{f.severity}: {f.code}: {f.count}: {f.message} {' '.join(f.examples)}")
    print("no findings" if not findings else f"{len(findings)} findings")
    return 1 if any(f.severity == "error" for f in findings) else 0
