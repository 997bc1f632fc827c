"""`python -m training compare`."""

import argparse
from pathlib import Path

from inference.progress import OnProgress
from training.comparison.run import REGIONS_NEEDED, SEEDS, compare
from training.comparison.table import ROW_BY_NAME


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--snapshot", type=Path, required=True)
    add("--detector", type=Path, required=True, help="artifact, or folder written by fit-detector on the same snapshot")
    add("--out", type=Path, required=True, help="folder of the run; finished rows in it are kept")
    add("--rows", nargs="+", metavar="ROW", help=f"all that do not take hours by default; {', '.join(ROW_BY_NAME)}")
    add("--seeds", nargs="+", type=int, default=list(SEEDS))
    add("--regions-needed", type=int, default=REGIONS_NEEDED, help="fewer found regions, and a hand is in no row")
    add("--cache", type=Path, help="folder of region features (fit-age-head keeps them in its --out, under features)")
    add("--threads", type=int, default=1, help="of XGBoost; more than the free cores is far slower than one")


def run(args: argparse.Namespace, on_progress: OnProgress) -> int:
    compare(
        snapshot=args.snapshot,
        detector=args.detector,
        out=args.out,
        rows=args.rows,
        seeds=args.seeds,
        regions_needed=args.regions_needed,
        cache=args.cache,
        threads=args.threads,
        on_progress=on_progress,
    )
    print((args.out / "comparison.md").read_text(encoding="utf-8"))
    return 0
