"""``python -m inference bench --preset paper --json``: seconds per film on this machine, and what is missed."""

import argparse
import json
import sys
import time
from typing import Any

from inference.bench import AIMS_SECONDS, load_tools, measure
from inference.detector.config import ConfigError
from inference.detector.precision import EngineError, Precision
from inference.engine_options import add_engine_arguments

REPEATS = 7


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--preset", choices=sorted(AIMS_SECONDS), default="light", help="which detector")
    parser.add_argument("--repeats", type=int, default=REPEATS, metavar="N", help="warm runs that the median is of")
    parser.add_argument(
        "--frozen",
        action="store_true",
        help="the network as a training that begins with ImageNet weights has it: their layout and batch statistics",
    )
    add_engine_arguments(parser)
    parser.add_argument("--json", action="store_true", help="one JSON line")


def run(options: argparse.Namespace) -> int:
    """0 when it was measured, whatever came out; 2 when the call was wrong or the engine is not there."""
    if options.repeats < 1:
        print("error: --repeats must be at least 1.", file=sys.stderr)
        return 2
    precision: Precision = options.precision or "f32"
    try:
        began = time.perf_counter()
        tools = load_tools(
            options.preset,
            engine=options.engine,
            precision=precision,
            cache=options.engine_cache,
            cores_per_film=options.cores_per_film,
            frozen=options.frozen,
        )
        loaded = time.perf_counter() - began
    except (EngineError, ConfigError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    known = {
        "engine": options.engine,
        "precision": precision,
        "cores_per_film": options.cores_per_film,
        "frozen": options.frozen,
        "load_seconds": round(loaded, 2),
    }
    measured = {**measure(options.preset, tools, repeats=options.repeats), **known}
    print(json.dumps(measured) if options.json else _for_people(measured))
    return 0


def _for_people(measured: dict[str, Any]) -> str:
    shares = ", ".join(f"{stage} {share:.0%}" for stage, share in measured["share"].items())
    return (
        f"{measured['preset']} ({measured['weights']} weights) on {measured['engine']} {measured['precision']}: "
        f"{measured['seconds_per_film']:.3f} s a film (n = {measured['repeats']}; {shares}); "
        f"aim {measured['aim_seconds']} s {measured['aim']}; load {measured['load_average']}"
    )
