"""`python -m training import-rsna`."""

import argparse
from pathlib import Path
from typing import Any

from inference.progress import OnProgress
from training.import_rsna.importer import import_rsna
from training.snapshot import SnapshotError
from training.split import HashSplit, Split, TestOnly


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--images", type=Path, action="append", required=True, help="folder or zip of pictures named by id; repeatable")
    add("--labels", type=Path, required=True, help="CSV: id, sex (or male), bone_age_months (or boneage)")
    add("--boxes", type=Path, action="append", default=[], help="folder or zip of Pascal VOC XML; repeatable")
    add("--class-map", action="append", default=[], help="class map of each --boxes: voc881, koitka or koitka-carpals")
    add("--out", type=Path, required=True, help="the snapshot's folder; must not exist")
    add("--seed", type=int, default=2017, help="key of the split")
    add("--test-share", type=float, default=0.2, help="share of patients in the test part, before --test-ids")
    add("--validation-share", type=float, default=0.1, help="share of the other patients held back for tuning")
    add("--test-ids", type=Path, help="text file of ids that belong to the test part whatever their hash says")
    add("--test-only", action="store_true", help="put every picture in the test part")
    add("--lock-test", action="store_true", help="evaluations on the test part are counted and shown")
    add("--name", default="RSNA 2017 bone age")


def run(args: argparse.Namespace, on_progress: OnProgress) -> int:
    if len(args.boxes) != len(args.class_map):
        raise SnapshotError("Each --boxes needs its own --class-map.")
    out, report = import_rsna(
        images=args.images,
        labels=args.labels,
        boxes=list(zip(args.boxes, args.class_map, strict=True)),
        out=args.out,
        split=_split(args),
        name=args.name,
        on_progress=on_progress,
    )
    _print_report(report)
    print(f"snapshot: {out}")
    return 0


def _split(args: argparse.Namespace) -> Split:
    if args.test_only:
        return TestOnly(test_locked=args.lock_test)
    forced = frozenset(args.test_ids.read_text(encoding="utf-8").split()) if args.test_ids else frozenset()
    return HashSplit(args.seed, args.test_share, args.validation_share, forced, args.lock_test)


def _print_report(report: dict[str, Any]) -> None:
    for name, entry in report["findings"].items():
        ids = " ".join(entry["ids"][:8])
        print(f"{entry['count']:6d}  {name}" + (f"  ({ids}{' ...' if entry['count'] > 8 else ''})" if ids else ""))
    print(f"{report['aspect_unknown']:6d}  pictures whose film has an unknown aspect")
