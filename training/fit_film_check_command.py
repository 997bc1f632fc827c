"""`python -m training fit-film-check`."""

import argparse
import json
from pathlib import Path

from inference.artifact import ArtifactError, shipped_artifact
from inference.imaging.film_check import MANIFEST, FilmCheckError
from inference.progress import OnProgress
from training.fit_film_check import FilmCheckConfig, fit_film_check
from training.snapshot import SnapshotError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--snapshot", type=Path, required=True)
    add("--artifact", type=Path, help="model whose detector says where the regions are; the shipped one otherwise")
    add("--not-hands", type=Path, action="append", default=[], help="file or folder of pictures of no hand; repeatable")
    add("--out", type=Path, required=True, help="parent of the folder to make")
    add("--start", type=Path, help="film check to go on from")
    add("--learning-rate", type=float, default=FilmCheckConfig.learning_rate)
    add("--steps", type=int, default=FilmCheckConfig.steps)
    add("--seed", type=int, default=FilmCheckConfig.seed)


def run(args: argparse.Namespace, on_progress: OnProgress) -> int:
    try:
        folder = fit_film_check(
            snapshot=args.snapshot,
            artifact=args.artifact or shipped_artifact(),
            not_hands=args.not_hands,
            out=args.out,
            config=FilmCheckConfig(steps=args.steps, learning_rate=args.learning_rate, seed=args.seed),
            start=args.start,
            on_progress=on_progress,
        )
    except (ArtifactError, FilmCheckError) as error:
        raise SnapshotError(str(error)) from error
    print(f"film check: {folder}")
    print(json.dumps(json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["validation"], indent=1))
    return 0
