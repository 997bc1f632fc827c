"""A snapshot of drawn hands with chronological ages, for the rows that need one: normal, delayed, advanced children.

    python -m training phantom-snapshot --count 2000 --seed 1 --out SNAPSHOT

No public set of hands here has chronological ages, so what they add can only be rehearsed. A child's bone age is drawn
first; the chronological age is the bone age less an offset of z times the Brush Foundation's SD at that age. Of ten
children seven are normal (z of a normal distribution, cut at 2), the others delayed or advanced (z from 2 to 4 either
way), as a clinic's children are. Whatever is measured on such ages follows from these numbers.
"""

import argparse
import sys
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np

from inference.progress import OnProgress, Progress, ignore_progress
from training.phantom.cohort import spread_months
from training.phantom.phantom import render_phantom
from training.phantom.schedule import Sex
from training.snapshot import RegionMark
from training.snapshot_writer import SnapshotWriter
from training.split import HashSplit

YOUNGEST_MONTHS, OLDEST_MONTHS = 24.0, 204.0
SHARES: dict[str, float] = {"normal": 0.7, "delayed": 0.15, "advanced": 0.15}
LEAST_AGE_MONTHS = 6.0
SIZE = (250, 200)

Group = Literal["normal", "delayed", "advanced"]


class Child(NamedTuple):
    """A child as drawn; ages in months."""

    sex: Sex
    group: Group
    bone_age_months: float
    chronological_age_months: float


def draw_child(number: int, seed: int) -> Child:
    """The same arguments give the same child. An age that would come out below half a year is drawn again."""
    random = np.random.default_rng((seed, number, 11))
    sex: Sex = ("F", "M")[number % 2]
    while True:
        group: Group = random.choice(list(SHARES), p=list(SHARES.values()))
        bone_age = round(float(random.uniform(YOUNGEST_MONTHS, OLDEST_MONTHS)), 1)
        if group == "normal":
            score = float(random.normal())
            if abs(score) > 2:
                continue
        else:
            score = float(random.uniform(2, 4)) * (1 if group == "advanced" else -1)
        age = round(bone_age - score * spread_months(sex=sex, bone_age_months=bone_age), 2)
        if age >= LEAST_AGE_MONTHS:
            return Child(sex, group, bone_age, age)


def write_clinic(
    *, out: Path, count: int, seed: int, size: tuple[int, int] = SIZE, on_progress: OnProgress = ignore_progress
) -> Path:
    """Draw `count` children, one film of `size` (rows, columns) each, and write the snapshot.

    Raises:
        ValueError: fewer than ten children.
        SnapshotError: `out` exists already.
    """
    if count < 10:
        raise ValueError(f"count must be at least 10, not {count}")
    split = HashSplit(seed, test_share=0.3, validation_share=0.2)
    writer = SnapshotWriter(out, name="Drawn clinic", source="training.phantom", synthetic=True, split=split)
    groups = dict.fromkeys(SHARES, 0)
    for number in range(count):
        child = draw_child(number, seed)
        groups[child.group] += 1
        hand = render_phantom(
            bone_age_months=child.bone_age_months,
            sex=child.sex,
            seed=seed * 100_000 + number,
            size=size,
            mirrored=False,
        )
        writer.add(
            id=f"clinic-{seed}-{number:05d}",
            patient=f"clinic-{seed}-{number:05d}",
            sex=child.sex,
            bone_age_months=child.bone_age_months,
            chronological_age_months=child.chronological_age_months,
            image=hand.pixels,
            marks={region: RegionMark("boxed", box, "drawn") for region, box in hand.boxes.items()},
            truth_origin="drawn",
            original_size=(size[1], size[0]),
        )
        on_progress(Progress("draw", number + 1, count))
    return writer.close(report={"groups": groups, "sd_table": "gp1959_brush", "seed": seed})


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--count", type=int, default=2000, help="number of children")
    parser.add_argument("--seed", type=int, default=1, help="the same seed draws the same children")
    parser.add_argument(
        "--size", type=int, nargs=2, default=SIZE, metavar=("ROWS", "COLUMNS"), help="of a film; default 250 200"
    )
    parser.add_argument("--out", type=Path, required=True, help="the snapshot's folder; must not exist")


def run(args: argparse.Namespace, on_progress: OnProgress) -> int:
    rows, columns = args.size
    try:
        folder = write_clinic(
            out=args.out, count=args.count, seed=args.seed, size=(rows, columns), on_progress=on_progress
        )
        print(f"snapshot: {folder}")
    except ValueError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0
