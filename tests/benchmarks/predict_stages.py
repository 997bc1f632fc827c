"""Seconds of `predict` per film and the share of each stage, on every engine, and of one training step.

The times are those of ``python -m inference bench``. Reading from disk and importing libraries are not counted.
"""

import json
import time

import numpy as np

from inference.bench import load_tools, measure
from inference.detector.detect import Detector
from inference.detector.precision import PrecisionError
from training.config import DetectorTraining, load_preset
from training.films import Batch
from training.train_step import TrainStep, make_optimizer

REPEATS = 7
TRAINING_REPEATS = 2
ENGINES = (("keras", "f32"), ("openvino", "f32"), ("openvino", "bf16"), ("onnxruntime", "f32"))


def main(arguments: list[str]) -> None:
    """Print one JSON line per preset and engine, and one per preset for training."""
    for preset in arguments or ["light", "paper"]:
        for engine, precision in ENGINES:
            named = {"engine": engine, "precision": precision}
            try:
                tools = load_tools(preset, engine=engine, precision=precision)
            except PrecisionError as error:
                print(json.dumps({"preset": preset, **named, "not_measured": str(error)}), flush=True)
                continue
            print(json.dumps({**named, **measure(preset, tools, repeats=REPEATS)}), flush=True)
        print(json.dumps({"preset": preset, "training_step_seconds": round(_training_step(preset), 3)}), flush=True)


def _training_step(preset: str) -> float:
    """Median seconds of a detection step at the preset's own batch and size, after the first, which compiles."""
    settings: DetectorTraining = load_preset(preset)
    network = Detector.untrained(settings.detector, seed=1).network
    step = TrainStep(network, make_optimizer(settings), settings)
    side, count = settings.size_px, settings.batch
    rng = np.random.default_rng(0)
    centre, half = rng.uniform(0.2, 0.8, (count, 17, 2)) * side, rng.uniform(0.04, 0.08, (count, 17, 2)) * side
    batch = Batch(
        images=rng.random((count, side, side, 1)).astype(np.float32),
        boxes=np.concatenate([centre - half, centre + half], -1).astype(np.float32),
        labelled=np.ones((count, 17), np.float32),
        zones=np.zeros((count, 17, 4), np.float32),
        female=np.ones(count, np.float32),
        bone_age_months=np.full(count, 120, np.float32),
    )
    step(batch, count, 1e-4)
    seconds = []
    for _ in range(TRAINING_REPEATS):
        began = time.perf_counter()
        step(batch, count, 1e-4)
        seconds.append(time.perf_counter() - began)
    return float(np.median(seconds))


if __name__ == "__main__":
    main([])
