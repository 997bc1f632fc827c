"""`python -m training stress`."""

import argparse
from pathlib import Path

from inference.progress import OnProgress
from training.snapshot import PARTS
from training.stress import FILMS, stress


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--artifact", type=Path, required=True)
    add("--snapshot", type=Path, required=True)
    add("--out", type=Path, required=True)
    add("--part", choices=PARTS, default="test", help="a test part counts as one more evaluation")
    add("--films", type=int, default=FILMS, help="at most so many, drawn by the seed")
    add("--seed", type=int, default=2017)


def run(args: argparse.Namespace, on_progress: OnProgress) -> int:
    stress(
        artifact=args.artifact,
        snapshot=args.snapshot,
        out=args.out,
        part=args.part,
        films=args.films,
        seed=args.seed,
        on_progress=on_progress,
    )
    print((args.out / "stress.md").read_text(encoding="utf-8"))
    return 0
