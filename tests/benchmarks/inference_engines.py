"""The engines against the machine's peak and against each other, and how far their answers lie from Keras'.

``python -m tests.benchmarks inference_engines``. Engines take turns film by film, so that other work on the machine
hits all alike. With ``BONEAGE_REAL_DATA`` the answers are compared on the real hands at their own size (18 RSNA, 6 of
the hand atlas), without it on drawn ones.
"""

import json
import os
import time
from pathlib import Path
from typing import Any

import numpy as np
import openvino

from inference.artifact import shipped_artifact
from inference.bench import bench_film, load_tools, stages
from inference.detector.detect import Detector
from inference.detector.precision import PrecisionError
from inference.detector.shapes import SHAPES
from inference.imaging.film import Film, FilmFacts, Window
from inference.imaging.read import read_film
from inference.pipeline import FilmRequest, Pipeline
from training.phantom.phantom import render_phantom

BY_NAME_ONLY = True
ENGINES = (("keras", "f32"), ("openvino", "f32"), ("openvino", "bf16"), ("onnxruntime", "f32"))
ROUNDS = {"light": 25, "paper": 3}
WARM_UP = 1
PEAK_CHANNELS, PEAK_ROWS, PEAK_COLUMNS, PEAK_LAYERS, PEAK_REPEATS = 256, 75, 50, 8, 15


def main(arguments: list[str]) -> None:
    """JSON lines: the peak in each precision, each preset on each engine, and the agreement of the shipped model."""
    machine = {"processors": os.cpu_count(), "load_average": round(os.getloadavg()[0], 1)}
    peaks = {precision: _peak(precision) for precision in ("f32", "bf16")}
    print(json.dumps({"peak": peaks, **machine}), flush=True)
    for preset in arguments or ["light", "paper"]:
        for line in _engines(preset, peaks):
            print(json.dumps({"preset": preset, **line, "load_average": round(os.getloadavg()[0], 1)}), flush=True)
    for engine, precision in ENGINES[1:]:
        print(json.dumps({"engine": engine, "precision": precision, **_agreement(engine, precision)}), flush=True)


def _peak(precision: str) -> dict[str, float]:
    """GFLOP/s of a chain of large 3 x 3 convolutions: by the clock (best), and by processor time on all cores."""
    ops, rng, c = openvino.opset15, np.random.default_rng(0), PEAK_CHANNELS
    image = x = ops.parameter([1, c, PEAK_ROWS, PEAK_COLUMNS], np.float32)
    for _ in range(PEAK_LAYERS):
        kernel = ops.constant((rng.standard_normal((c, c, 3, 3)) / np.sqrt(9 * c)).astype(np.float32))
        x = ops.relu(ops.convolution(x, kernel, [1, 1], [1, 1], [1, 1], [1, 1]))
    settings = {"INFERENCE_PRECISION_HINT": precision}
    request = openvino.Core().compile_model(openvino.Model([x], [image]), "CPU", settings).create_infer_request()
    given = rng.standard_normal((1, c, PEAK_ROWS, PEAK_COLUMNS)).astype(np.float32)
    work = 2e-9 * PEAK_LAYERS * 9 * c * c * PEAK_ROWS * PEAK_COLUMNS
    clock, spent = _timed(lambda: request.infer([given]), PEAK_REPEATS)
    return {"by_clock": round(work / min(clock)), "by_processor_time": round(work / (np.median(spent) / _cores()))}


def _engines(preset: str, peaks: dict[str, dict[str, float]]) -> list[dict[str, Any]]:
    film, tools = bench_film(), {}
    for engine, precision in ENGINES:
        try:
            tools[engine, precision] = load_tools(preset, engine=engine, precision=precision)
        except PrecisionError as error:
            print(json.dumps({"engine": engine, "precision": precision, "not_measured": str(error)}), flush=True)
    runs: dict[tuple[str, str], list[tuple[dict[str, float], float]]] = {key: [] for key in tools}
    for number in range(WARM_UP + ROUNDS[preset]):
        for key, loaded in tools.items():
            spent = time.process_time()
            one = stages(film, loaded)
            if number >= WARM_UP:
                runs[key].append((one, time.process_time() - spent))
    work = _gigaflop(preset, tools["keras", "f32"].preprocessing.prepared_shape(film.rows, film.columns))
    lines = []
    for (engine, precision), measured in runs.items():
        whole = [sum(one.values()) for one, _ in measured]
        processor = float(np.median([spent for _, spent in measured]))
        lines.append(
            {
                "engine": engine,
                "precision": precision,
                "n": len(measured),
                "seconds_median": round(float(np.median(whole)), 4),
                "seconds_best": round(min(whole), 4),
                "processor_seconds": round(processor, 4),
                "stages_median": {
                    s: round(float(np.median([one[s] for one, _ in measured])), 4) for s in measured[0][0]
                },
                "gigaflop": round(work),
                "share_of_peak_by_processor_time": round(
                    work * _cores() / processor / peaks[precision]["by_processor_time"], 2
                ),
            }
        )
    return lines


def _gigaflop(preset: str, shape: tuple[int, int]) -> float:
    """Multiplications and additions of convolutions and dense layers in both passes of one film."""
    config = SHAPES[preset].detector
    network = Detector.untrained(config, seed=1).network
    rois = config.proposals + 17
    trunk = _work(network.trunk, (1, *shape, 1))
    cells = network.trunk.compute_output_shape((1, *shape, 1))
    crop = (rois, config.roi_size, config.roi_size, cells[-1])
    return (trunk + _work(network.rpn, cells) + _work(network.neck, crop)) * 2e-9


def _work(model: Any, shape: tuple[int, ...]) -> float:
    """Multiplications of a functional model's convolutions on an input of ``shape``."""
    shapes = {id(model.inputs[0]): shape}
    total = 0.0
    for layer in model.layers[1:]:
        inputs = layer.input if isinstance(layer.input, list) else [layer.input]
        given = [shapes[id(one)] for one in inputs]
        out = layer.compute_output_shape(given if len(given) > 1 else given[0])
        shapes[id(layer.output)] = tuple(out)
        if type(layer).__name__ == "Conv2D":
            total += float(np.prod(out)) * float(np.prod(layer.kernel.shape[:3]))
    return total


def _agreement(engine: Any, precision: Any) -> dict[str, Any]:
    requests = _requests()
    keras = Pipeline.load(shipped_artifact(), engine="keras").predict_batch(requests)
    try:
        ours = Pipeline.load(shipped_artifact(), engine=engine, precision=precision).predict_batch(requests)
    except PrecisionError as error:
        return {"not_measured": str(error)}
    pairs = list(zip(ours, keras, strict=True))
    off = [
        float(np.abs(np.subtract(one.boxes[region].box, other.boxes[region].box)).max())
        for one, other in pairs
        for region in one.boxes.keys() & other.boxes.keys()
    ]
    ages = [
        abs(one.bone_age_months - other.bone_age_months)
        for one, other in pairs
        if one.bone_age_months is not None and other.bone_age_months is not None
    ]
    return {
        "hands": len(requests),
        "real": bool(os.environ.get("BONEAGE_REAL_DATA")),
        "boxes": len(off),
        "regions_found_by_one_only": sum(len(one.boxes.keys() ^ other.boxes.keys()) for one, other in pairs),
        "box_px_median": round(float(np.median(off)), 4),
        "box_px_largest": round(max(off), 4),
        "ages": len(ages),
        "age_months_mean": round(float(np.mean(ages)), 4),
        "age_months_largest": round(max(ages), 4),
    }


def _requests() -> list[FilmRequest]:
    if folder := os.environ.get("BONEAGE_REAL_DATA"):
        files = [*Path(folder, "rsna", "full").iterdir(), *Path(folder, "dha").iterdir()]
        pictures = sorted(file for file in files if file.suffix in (".png", ".jpg"))
        return [FilmRequest(read_film(file), sex) for file in pictures for sex in ("F", "M")]
    drawn = [
        render_phantom(bone_age_months=30 + 12 * i, sex="F", seed=i, size=(900, 700), mirrored=False) for i in range(12)
    ]
    return [
        FilmRequest(Film(one.pixels.astype(np.float32), Window(2000, 4000), FilmFacts(sex="F")), "F") for one in drawn
    ]


def _timed(work: Any, repeats: int) -> tuple[list[float], list[float]]:
    work()
    clock, spent = [], []
    for _ in range(repeats):
        began, processor = time.perf_counter(), time.process_time()
        work()
        clock.append(time.perf_counter() - began)
        spent.append(time.process_time() - processor)
    return clock, spent


def _cores() -> int:
    return os.cpu_count() or 1
