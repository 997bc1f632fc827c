"""The options that choose an engine, for every command that loads a model."""

import argparse
from pathlib import Path
from typing import Any

from inference.detector.engines import DEFAULT_ENGINE, ENGINES, PRECISIONS


def add_engine_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--engine", choices=ENGINES, default=DEFAULT_ENGINE, help="what runs the detector")
    parser.add_argument(
        "--precision", choices=PRECISIONS, help="number format; the one that the model was measured with otherwise"
    )
    parser.add_argument(
        "--cores-per-film",
        type=int,
        choices=range(1, 257),
        default=1,
        metavar="N",
        help="cores that share a film; more than 1 only on a machine that does nothing else",
    )
    parser.add_argument("--engine-cache", type=Path, metavar="DIR", help="where exported networks are kept")


def engine_options(options: argparse.Namespace) -> dict[str, Any]:
    """What :meth:`inference.pipeline.Pipeline.load` takes."""
    return {
        "engine": options.engine,
        "precision": options.precision,
        "engine_cache": options.engine_cache,
        "cores_per_film": options.cores_per_film,
    }
