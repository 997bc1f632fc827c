"""`python -m training fit-whole-picture`."""

import argparse
from dataclasses import replace
from pathlib import Path

from inference.progress import OnProgress
from training.baselines.whole_picture import WholePictureConfig, fit_whole_picture


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--snapshot", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=WholePictureConfig.epochs)
    parser.add_argument("--size-px", type=int, default=WholePictureConfig.size_px)
    parser.add_argument("--without-sex", action="store_true", help="the network sees the picture alone")
    parser.add_argument("--seed", type=int, default=WholePictureConfig.seed)


def run(args: argparse.Namespace, on_progress: OnProgress) -> int:
    config = replace(
        WholePictureConfig(), epochs=args.epochs, size_px=args.size_px, with_sex=not args.without_sex, seed=args.seed
    )
    print(fit_whole_picture(snapshot=args.snapshot, out=args.out, config=config, on_progress=on_progress))
    return 0
