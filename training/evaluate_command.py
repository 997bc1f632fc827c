"""`python -m training evaluate`."""

import argparse
from pathlib import Path

from inference.detector.engines import ENGINES, PRECISIONS
from inference.detector.precision import EngineError
from inference.progress import OnProgress
from training.evaluate import evaluate
from training.snapshot import PARTS, SnapshotError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--snapshot", type=Path, required=True)
    add("--split", choices=PARTS, required=True)
    add("--artifact", type=Path, required=True)
    add("--out", type=Path, required=True)
    add("--ids", type=Path, help="text file: only these radiographs of the part")
    add("--whole-picture", type=Path, help="folder of a fitted end-to-end baseline, to stand beside the model")
    add("--cache", type=Path, help="folder of region features (fit-age-head keeps them in its --out, under features)")
    add("--engine", choices=ENGINES, default="keras", help="what runs the detector")
    add("--precision", choices=PRECISIONS, default="f32", help="number format of its engine")


def run(args: argparse.Namespace, on_progress: OnProgress) -> int:
    try:
        report = evaluate(
            snapshot=args.snapshot,
            split=args.split,
            artifact=args.artifact,
            out=args.out,
            ids=frozenset(args.ids.read_text(encoding="utf-8").split()) if args.ids else None,
            whole_picture=args.whole_picture,
            cache=args.cache,
            engine=args.engine,
            precision=args.precision,
            on_progress=on_progress,
        )
    except EngineError as error:
        raise SnapshotError(str(error)) from error
    overall = report["overall"]
    print((args.out / "report.md").read_text(encoding="utf-8"))
    print(f"MAE {overall['mae_months']:.2f} months ({overall['mae_months'] / 12:.3f} years), n = {overall['n']}")
    return 0
