"""`python -m training fit-detector`."""

import argparse
import json
from pathlib import Path

from inference.progress import OnProgress
from training.config import DETECTOR_RECORD, PRESETS, PresetError
from training.fit_detector import FitError, fit_detector
from training.imagenet import ImagenetError
from training.snapshot import SnapshotError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--snapshot", type=Path, required=True)
    add("--preset", choices=PRESETS, required=True)
    add("--out", type=Path, required=True, help="folder to make; a run that was stopped is taken up again")
    add("--start", type=Path, help="detector folder of the same snapshot and shape to go on from")
    add(
        "--imagenet-weights",
        type=Path,
        metavar="FILE",
        help="weights of keras.applications for the preset's ResNet to begin with (.h5); nothing is downloaded",
    )
    add("--set", action="append", default=[], metavar="NAME=VALUE", help="a setting over the preset's, as in steps=100")


def run(args: argparse.Namespace, on_progress: OnProgress) -> int:
    try:
        folder = fit_detector(
            snapshot=args.snapshot,
            preset=args.preset,
            out=args.out,
            overrides=dict(_setting(text) for text in args.set),
            start=args.start,
            imagenet_weights=args.imagenet_weights,
            on_progress=on_progress,
        )
    except (FitError, PresetError, ImagenetError) as error:
        raise SnapshotError(str(error)) from error
    record = json.loads((folder / DETECTOR_RECORD).read_text(encoding="utf-8"))
    print(f"detector: {folder}")
    print(f"validation: {json.dumps(record['validation'])}")
    return 0


def _setting(text: str) -> tuple[str, object]:
    name, equals, value = text.partition("=")
    if not equals:
        raise PresetError(f"--set wants NAME=VALUE, not {text!r}")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value
