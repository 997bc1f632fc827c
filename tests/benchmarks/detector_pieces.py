"""RoIAlign and suppression of proposals in `keras.ops` and in the backend's own operation, milliseconds.

At the size of the `paper` preset: a map of 50 x 68 x 1024 with 64 boxes, and 1000 candidates of which 64 are kept.
"""

import os
import time

import keras
import numpy as np
from keras import ops

from inference.detector import proposals, roi_align
from inference.detector.backend import BACKEND

REPEATS = 9


def main(arguments: list[str]) -> None:
    """Print the median wall time of each form, compiled, after a first call."""
    rng = np.random.default_rng(0)
    feature_map = rng.normal(size=(1, 50, 68, 1024)).astype(np.float32)
    boxes, candidates = _boxes(rng, 64), _boxes(rng, 1000)
    scores = np.sort(rng.normal(size=(1, 1000)).astype(np.float32))[:, ::-1].copy()
    print(f"{keras.backend.backend()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
    known = {"stride": 16.0, "size": 14, "sampling": 1}
    forms = {"RoIAlign by weights": (roi_align.roi_align_by_weights, (feature_map, boxes), known)}
    if BACKEND.has_fast_roi_align():
        forms["RoIAlign of the backend"] = (BACKEND.roi_align, (feature_map, boxes), known)
    limits = {"iou": 0.7, "at_most": 64}
    forms["suppression in keras.ops"] = (proposals.suppress, (candidates, scores), limits)
    if BACKEND.has_fast_suppression():
        forms["suppression of the backend"] = (BACKEND.suppress, (candidates, scores), limits)
    for name, (function, arrays, settings) in forms.items():
        print(f"{name}: {1000 * _median_seconds(function, arrays, settings):.1f} ms", flush=True)


def _boxes(rng, count):
    first = rng.uniform(0, 700, (1, count, 2))
    return np.concatenate([first, first + rng.uniform(30, 200, (1, count, 2))], axis=-1).astype(np.float32)


def _median_seconds(function, arrays, settings):
    compiled = BACKEND.compiled(lambda *inputs: function(*inputs, **settings), keras.Sequential())
    ops.convert_to_numpy(compiled(*arrays))
    seconds = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        ops.convert_to_numpy(compiled(*arrays))
        seconds.append(time.perf_counter() - began)
    return float(np.median(seconds))
