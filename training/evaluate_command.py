"""`python -m training evaluate`."""

import argparse
from pathlib import Path

from inference.progress import OnProgress
from training.evaluate import evaluate
from training.snapshot import PARTS


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--snapshot", type=Path, required=True)
    add("--split", choices=PARTS, required=True)
    add("--artifact", type=Path, required=True)
    add("--out", type=Path, required=True)
    add("--ids", type=Path, help="text file: only these radiographs of the part")
    add("--whole-picture", type=Path, help="folder of a fitted end-to-end baseline, to stand beside the model")
    add("--cache", type=Path, help="folder of region features (fit-age-head keeps them in its --out, under features)")


def run(args: argparse.Namespace, on_progress: OnProgress) -> int:
    report = evaluate(
        snapshot=args.snapshot,
        split=args.split,
        artifact=args.artifact,
        out=args.out,
        ids=frozenset(args.ids.read_text(encoding="utf-8").split()) if args.ids else None,
        whole_picture=args.whole_picture,
        cache=args.cache,
        on_progress=on_progress,
    )
    overall = report["overall"]
    print((args.out / "report.md").read_text(encoding="utf-8"))
    print(f"MAE {overall['mae_months']:.2f} months ({overall['mae_months'] / 12:.3f} years), n = {overall['n']}")
    return 0
