"""`python -m training fit-age-head`."""

import argparse
import dataclasses
import json
from pathlib import Path

from inference.progress import OnProgress
from training.config import DETECTOR_RECORD
from training.fit_age_head import config_for, fit_age_head
from training.head_fit import AgeHeadTraining


def add_arguments(parser: argparse.ArgumentParser) -> None:
    defaults = AgeHeadTraining()
    add = parser.add_argument
    add("--snapshot", type=Path, required=True)
    add("--detector", type=Path, required=True, help="folder written by fit-detector on the same snapshot")
    add("--out", type=Path, required=True, help="folder for the artifact (named by its hash) and the features")
    add("--regions-needed", type=int, help="least number of found regions for an age (9; 3 for the tiny preset)")
    add("--with-chronological-age", action="store_true", help="only for a snapshot that has chronological ages")
    add("--correct-by-sex", action="store_true", help="linear correction by sex, fitted on the validation part")
    add("--no-tuning", action="store_true", help="take the start parameters")
    add("--seed", type=int, default=defaults.seed)
    add("--about-the-data", default="", help="terms of the data, for the manifest")


def run(args: argparse.Namespace, on_progress: OnProgress) -> int:
    preset = json.loads((args.detector / DETECTOR_RECORD).read_text(encoding="utf-8"))["settings"]["preset"]
    usual = config_for(preset)
    config = dataclasses.replace(
        usual,
        regions_needed=args.regions_needed or usual.regions_needed,
        with_chronological_age=args.with_chronological_age,
        tune=not args.no_tuning,
        correct_by_sex=args.correct_by_sex,
        seed=args.seed,
    )
    artifact = fit_age_head(
        snapshot=args.snapshot,
        detector=args.detector,
        out=args.out,
        config=config,
        about_the_data=args.about_the_data,
        on_progress=on_progress,
    )
    print(f"artifact: {artifact}")
    return 0
