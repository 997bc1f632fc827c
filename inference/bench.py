"""Seconds of one whole `predict`, from a film in memory to an age, and what each stage takes of them.

The shipped model serves as ``light``. No trained ``paper`` comes with the program: it gets random weights, which take
the same time, and with them a random age head.
"""

import dataclasses
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import xgboost

from inference.age_head import AgeHead, AgeHeadSettings, Reduction
from inference.anatomy.regions import REGION_TYPES
from inference.artifact import read_artifact, shipped_artifact
from inference.detector.engines import Engine, load_detector, random_detector
from inference.detector.found import Finds
from inference.detector.precision import Precision
from inference.detector.shapes import SHAPES, Shape
from inference.imaging.film import Film, FilmFacts, Window
from inference.imaging.preprocess import Preprocessing
from inference.imaging.quality import assess

AIMS_SECONDS = {"paper": 0.4, "light": 0.06}
"""What a whole predict is to take on two processor cores."""

ROWS, COLUMNS = 1500, 1000
COLD_AND_WARM = 2
"""Runs before the warm ones: the first meets cold code and memory, the second the last lazy set-ups."""

RANDOM_TREES, RANDOM_COMPONENTS, RANDOM_ROWS = 100, 32, 256


@dataclass(frozen=True)
class Tools:
    """What a predict needs, and where its weights come from: ``trained`` or ``random``."""

    preprocessing: Preprocessing
    detector: Finds
    age_head: AgeHead
    weights: str


def bench_film() -> Film:
    """A drawn hand of the paper's size (1500 x 1000, 12 bits with noise) that passes the quality gate."""
    drawn = np.fromfile(Path(__file__).parent / "bench_film.png", np.uint8)
    grey = np.asarray(cv2.imdecode(drawn, cv2.IMREAD_GRAYSCALE), np.float32)
    enlarged = cv2.resize(grey, (COLUMNS, ROWS), interpolation=cv2.INTER_CUBIC) * 16
    noise = np.random.default_rng(0).normal(0, 8, (ROWS, COLUMNS))
    return Film(np.clip(enlarged + noise, 0, 4095).astype(np.float32), Window(2000, 4000), FilmFacts(sex="F"))


def load_tools(
    preset: str,
    *,
    engine: Engine,
    precision: Precision,
    cache: Path | None = None,
    cores_per_film: int = 1,
    frozen: bool = False,
) -> Tools:
    """Everything for one preset, ready to run.

    Args:
        frozen: the preset's network as a training that begins with ImageNet weights has it: their layout and batch
            statistics. With random weights, which take the same time.

    Raises:
        EngineError: the engine is not there, or has no such precision.
    """
    artifact = read_artifact(shipped_artifact())
    served = Preprocessing.from_json(artifact.preprocessing_file.read_text(encoding="utf-8"))
    if preset == artifact.manifest["preset"] and not frozen:
        detector = load_detector(
            artifact.detector_dir, engine=engine, precision=precision, cache=cache, cores_per_film=cores_per_film
        )
        return Tools(served, detector, AgeHead.load(artifact.age_head_dir), "trained")
    shape = SHAPES[preset]
    network = shape.detector
    if frozen:
        network = dataclasses.replace(network, layout="imagenet", normalisation="frozen")
    detector = random_detector(network, engine=engine, precision=precision, cores_per_film=cores_per_film)
    return Tools(_preprocessing(shape, served), detector, _random_head(detector.feature_size), "random")


def measure(preset: str, tools: Tools, *, repeats: int, film: Film | None = None) -> dict[str, Any]:
    """Times of a whole predict.

    Args:
        repeats: warm runs that the medians are of.
        film: what is looked at; :func:`bench_film` otherwise.

    Returns:
        ``seconds_per_film`` (median), ``share`` of each stage in it, ``cold_seconds`` (first run),
        ``processor_seconds_per_film`` (both cores added up; on a machine shared with other work it says more than the
        clock), ``batch_of_8_seconds_per_film`` of the network alone, and the aim.
    """
    looked_at = film if film is not None else bench_film()
    cold, _ = [stages(looked_at, tools) for _ in range(COLD_AND_WARM)]
    spent = time.process_time()
    warm = [stages(looked_at, tools) for _ in range(repeats)]
    spent = (time.process_time() - spent) / repeats
    median = {stage: float(np.median([one[stage] for one in warm])) for stage in cold}
    seconds = float(np.median([sum(one.values()) for one in warm]))
    return {
        "preset": preset,
        "weights": tools.weights,
        "seconds_per_film": round(seconds, 4),
        "share": {stage: round(value / sum(median.values()), 3) for stage, value in median.items()},
        "processor_seconds_per_film": round(spent, 4),
        "cold_seconds": round(sum(cold.values()), 3),
        "batch_of_8_seconds_per_film": round(_batch(looked_at, tools), 4),
        "aim_seconds": AIMS_SECONDS[preset],
        "aim": "met" if seconds <= AIMS_SECONDS[preset] else "missed",
        "repeats": repeats,
        "film": [looked_at.rows, looked_at.columns],
        "processors": os.cpu_count(),
        "load_average": round(os.getloadavg()[0], 1),
    }


def stages(film: Film, tools: Tools) -> dict[str, float]:
    """Seconds of each stage of one predict; together they are the whole of it."""
    seconds: dict[str, float] = {}

    def timed(name: str, work: Callable[[], Any]) -> Any:
        began = time.perf_counter()
        result = work()
        seconds[name] = time.perf_counter() - began
        return result

    detector = tools.detector
    quality = timed("quality", lambda: assess(film))
    prepared = timed("preprocess", lambda: tools.preprocessing.prepare(quality.view.of(film.pixels)))
    feature_map, proposals = timed("network", lambda: detector.find([prepared.image]))
    selected = timed("select", lambda: detector.select(*proposals))
    boxes = np.stack([one.boxes for one in selected]).astype(np.float32)
    features = timed("features", lambda: detector.describe(feature_map, boxes))
    found = np.ones(features.shape[1], np.float32)  # all regions: random weights find none, and the time is to be whole
    timed("age", lambda: tools.age_head.predict(features[0], found, "F", None))
    return seconds


def _batch(film: Film, tools: Tools) -> float:
    images = [tools.preprocessing.prepare(film.pixels).image] * 8
    tools.detector.detect_batch(images)
    began = time.perf_counter()
    tools.detector.detect_batch(images)
    return (time.perf_counter() - began) / len(images)


def _preprocessing(shape: Shape, served: Preprocessing) -> Preprocessing:
    return Preprocessing(
        geometry=shape.geometry,
        size_px=shape.size_px,
        detail_px=shape.detail_px,
        reference_cdf=served.reference_cdf,
        blank_ground=served.blank_ground,
    )


def _random_head(feature_size: int) -> AgeHead:
    rng = np.random.default_rng(0)
    settings = AgeHeadSettings(
        feature_size=feature_size,
        pooling="type",
        sexed_channels=False,
        components=RANDOM_COMPONENTS,
        with_chronological_age=False,
        regions_needed=9,
        interval_coverage=0.9,
        interval_edges_months=(),
        interval_half_widths_months=(24.0,),
    )
    groups = len(REGION_TYPES)
    axes = rng.normal(size=(groups, RANDOM_COMPONENTS, feature_size)).astype(np.float32)
    table = rng.normal(size=(RANDOM_ROWS, groups * RANDOM_COMPONENTS + 1))
    booster = xgboost.train({"max_depth": 4}, xgboost.DMatrix(table, rng.normal(size=RANDOM_ROWS)), RANDOM_TREES)
    return AgeHead(settings, Reduction(np.zeros((groups, feature_size), np.float32), axes), booster)
