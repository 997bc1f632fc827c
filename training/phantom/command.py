"""`python -m training phantom`: writes synthetic films as DICOM files, with their truth in two tables."""

import argparse
import csv
import sys
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from inference.progress import OnProgress, Progress, ignore_progress
from training.phantom.cohort import DemoFilm, demo_cohort
from training.phantom.phantom import DEFAULT_SIZE, Phantom

TRUTH_COLUMNS = (
    "id",
    "file",
    "sex",
    "sex_in_header",
    "bone_age_months",
    "chronological_age_months",
    "child",
    "visit",
    "rows",
    "columns",
    "pixel_spacing_mm",
    "rotation_degrees",
    "mirrored",
    "poor_exposure",
    "synthetic",
)
BOX_COLUMNS = ("id", "region", "state", "x0", "y0", "x1", "y1", "source", "centre_not_visible")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the command's options."""
    parser.add_argument("--count", type=int, default=24, help="number of films")
    parser.add_argument("--seed", type=int, default=1, help="the same seed draws the same children")
    parser.add_argument("--out", type=Path, required=True, help="folder for the files; must be new or empty")
    parser.add_argument("--rows", type=int, default=DEFAULT_SIZE[0], help="height of a film in pixels")
    parser.add_argument("--columns", type=int, default=DEFAULT_SIZE[1], help="width of a film in pixels")
    parser.add_argument("--png", action="store_true", help="also write each film as a 16-bit PNG, without a name in it")


def run(args: argparse.Namespace, on_progress: OnProgress) -> int:
    """Runs the command; 0, or 2 after saying on standard error what is wrong with an argument."""
    try:
        write_cohort(
            out=args.out,
            seed=args.seed,
            count=args.count,
            size=(args.rows, args.columns),
            png=args.png,
            on_progress=on_progress,
        )
    except (ValueError, FileExistsError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


def write_cohort(
    *,
    out: Path,
    seed: int,
    count: int,
    size: tuple[int, int] = DEFAULT_SIZE,
    png: bool = False,
    on_progress: OnProgress = ignore_progress,
) -> Path:
    """Writes ``count`` synthetic films, ``truth.csv`` and ``boxes.csv`` into a new folder, and returns it.

    Raises:
        FileExistsError: if the folder holds anything already.
        ValueError: if an argument is out of range.
    """
    if out.exists() and any(out.iterdir()):
        raise FileExistsError(f"{out} is not empty; choose another folder")
    out.mkdir(parents=True, exist_ok=True)
    truth: list[dict[str, Any]] = []
    boxes: list[dict[str, Any]] = []
    for done, film in enumerate(demo_cohort(seed, count, size=size), start=1):
        (out / film.filename).write_bytes(film.data)
        if png:
            write_png(film.phantom, out / Path(film.filename).with_suffix(".png"))
        truth.append(_truth_row(film))
        boxes += _box_rows(film)
        on_progress(Progress("draw", done, count, film.filename))
    _write_table(out / "truth.csv", TRUTH_COLUMNS, truth)
    _write_table(out / "boxes.csv", BOX_COLUMNS, boxes)
    return out


def write_png(phantom: Phantom, path: Path) -> None:
    """The film as a 16-bit grey PNG (twelve bits moved up), with a tEXt entry that says it is synthetic."""
    says = PngInfo()
    says.add_text("Synthetic", "yes")
    Image.fromarray((phantom.pixels << 4).astype(np.uint16)).save(path, pnginfo=says, compress_level=1)


def _truth_row(film: DemoFilm) -> dict[str, Any]:
    phantom = film.phantom
    return {
        "id": Path(film.filename).stem,
        "file": film.filename,
        "sex": film.sex,
        "sex_in_header": int(film.sex_in_header),
        "bone_age_months": film.bone_age_months,
        "chronological_age_months": f"{film.chronological_age_months:.2f}",
        "child": film.child,
        "visit": film.visit,
        "rows": phantom.pixels.shape[0],
        "columns": phantom.pixels.shape[1],
        "pixel_spacing_mm": phantom.pixel_spacing_mm,
        "rotation_degrees": f"{phantom.rotation_degrees:.2f}",
        "mirrored": int(phantom.mirrored),
        "poor_exposure": int(phantom.poor_exposure),
        "synthetic": 1,
    }


def _box_rows(film: DemoFilm) -> list[dict[str, Any]]:
    return [
        {
            "id": Path(film.filename).stem,
            "region": region,
            "state": "boxed",
            **{edge: f"{value:.2f}" for edge, value in box._asdict().items()},
            "source": "phantom",
            "centre_not_visible": int(region in film.phantom.centre_not_visible),
        }
        for region, box in film.boxes.items()
    ]


def _write_table(path: Path, columns: tuple[str, ...], rows: list[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, columns, lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
