"""Seconds of `predict` per film, warm and cold, with the share of each stage, for `light` and `paper`.

The shipped model serves as `light`; `paper` has random weights, which take the same time. One drawn film of 1500 x 1000
(the paper's size); reading from disk is not counted. Also: the time of one training step of each preset.
"""

import json
import os
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from inference.age_head import AgeHead
from inference.artifact import read_artifact, shipped_artifact
from inference.detector.detect import Detector
from inference.imaging.film import Film, FilmFacts, Window
from inference.imaging.preprocess import Preprocessing
from inference.imaging.quality import assess
from training.config import DetectorTraining, load_preset
from training.films import Batch
from training.phantom.phantom import render_phantom
from training.train_step import TrainStep, make_optimizer

WARM_REPEATS = 7
TRAINING_REPEATS = 2


def main(arguments: list[str]) -> None:
    """Print one JSON line per preset."""
    phantom = render_phantom(bone_age_months=120, sex="F", seed=1, size=(1500, 1000), mirrored=False)
    film = Film(phantom.pixels.astype(np.float32), Window(2000, 4000), FilmFacts(sex="F"))
    for preset in arguments or ["light", "paper"]:
        print(json.dumps(measure(preset, film)), flush=True)


def measure(preset: str, film: Film) -> dict[str, object]:
    """Times of one preset: cold is the first film of a fresh detector, graphs compiled on the way."""
    began = time.perf_counter()
    detector, preprocessing, head = _load(preset)
    loaded = time.perf_counter() - began
    cold = _stages(film, detector, preprocessing, head)
    warm = [_stages(film, detector, preprocessing, head) for _ in range(WARM_REPEATS)]
    median = {stage: float(np.median([one[stage] for one in warm])) for stage in cold}
    total = sum(median.values())
    return {
        "preset": preset,
        "load_seconds": round(loaded, 3),
        "cold_seconds": round(sum(cold.values()), 3),
        "warm_seconds": round(total, 4),
        "warm_share": {stage: round(value / total, 3) for stage, value in median.items()},
        "batch_of_8_seconds_per_film": round(_batch(film, detector, preprocessing), 4),
        "training_step_seconds": round(_training_step(preset), 3),
        "processors": os.cpu_count(),
        "load_average": round(os.getloadavg()[0], 1),
    }


def _load(preset: str) -> tuple[Detector, Preprocessing, AgeHead | None]:
    artifact = read_artifact(shipped_artifact())
    served = Preprocessing.from_json(artifact.preprocessing_file.read_text(encoding="utf-8"))
    if preset == "light":
        return Detector.load(artifact.detector_dir), served, AgeHead.load(artifact.age_head_dir)
    settings = load_preset(preset)
    geometry = replace(
        served, geometry=settings.geometry, size_px=settings.size_px, detail_px=settings.detail_px, longest_px=None
    )
    return Detector.untrained(settings.detector, seed=1), geometry, None


def _stages(film: Film, detector: Detector, preprocessing: Preprocessing, head: AgeHead | None) -> dict[str, float]:
    seconds: dict[str, float] = {}

    def timed(name: str, work: Callable[[], Any]) -> Any:
        began = time.perf_counter()
        result = work()
        seconds[name] = time.perf_counter() - began
        return result

    timed("quality", lambda: assess(film))
    prepared = timed("preprocess", lambda: preprocessing.prepare(film.pixels))
    feature_map, proposals = timed("network", lambda: detector.find([prepared.image]))
    selected = timed("select", lambda: detector.select(*proposals))
    boxes = np.stack([one.boxes for one in selected]).astype(np.float32)
    features = timed("features", lambda: detector.describe(feature_map, boxes))
    if head is not None:
        scores = np.ones(features.shape[1], np.float32)
        timed("age", lambda: head.predict(features[0], scores, "F", None))
    return seconds


def _batch(film: Film, detector: Detector, preprocessing: Preprocessing) -> float:
    images = [preprocessing.prepare(film.pixels).image] * 8
    detector.detect_batch(images)
    began = time.perf_counter()
    detector.detect_batch(images)
    return (time.perf_counter() - began) / len(images)


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
