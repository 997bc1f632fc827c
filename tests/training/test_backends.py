"""The same weights on TensorFlow and on JAX: one forward pass, the losses, and a step of training agree."""

import importlib.util
import json
import os
import subprocess
import sys

import numpy as np
import pytest

from inference.detector.detect import Detector
from tests.training.test_fit_detector import write_snapshot

# Compiling is nearly all of it: 6 s of a free processor for TensorFlow, 20 s for JAX.
pytestmark = pytest.mark.timeout(180)

FAST_COMPILE = "--xla_backend_optimization_level=0 --xla_llvm_disable_expensive_passes=true"


def in_a_process(tmp_path, name, settings, **environment):
    (tmp_path / f"{name}.json").write_text(json.dumps(settings))
    out = tmp_path / f"{name}.npz"
    done = subprocess.run(
        [sys.executable, "-m", "tests.training.one_batch", str(tmp_path / f"{name}.json"), str(out)],
        env={**os.environ, "JAX_PLATFORMS": "cpu", **environment},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    with np.load(out) as arrays:
        return dict(arrays)


@pytest.mark.skipif(importlib.util.find_spec("jax") is None, reason="JAX is not installed")
def test_jax_sees_and_learns_what_tensorflow_does(tmp_path):
    settings = {
        "weights": str(tmp_path / "common.weights.h5"),
        "overrides": {"detector.proposals": 12, "detector.proposal_candidates": 60, "optimizer": "sgd"},
        "films": 4,
        "boxed": 2,
        "steps": 2,
        "look": True,
    }
    one = in_a_process(tmp_path, "tensorflow", settings, KERAS_BACKEND="tensorflow")
    two = in_a_process(tmp_path, "jax", settings, KERAS_BACKEND="jax", XLA_FLAGS=FAST_COMPILE)
    assert one.keys() == two.keys()
    for name in one:
        # Float32 sums in another order. A change of 1e-2 in a weight is a whole step, so 1e-5 is far below it.
        np.testing.assert_allclose(two[name], one[name], rtol=2e-4, atol=2e-5, err_msg=name)
    assert np.abs(one["features"]).max() > 0.01
    assert one["losses"][1, 4] < one["losses"][0, 4]  # the bone ages of the regions took part, and were learnt


@pytest.mark.skipif(importlib.util.find_spec("jax") is None, reason="JAX is not installed")
def test_a_detector_trained_on_jax_serves_on_tensorflow(tmp_path):
    snapshot = write_snapshot(tmp_path / "snapshot", 4, validation_share=0.4)
    overrides = {
        "steps": 3,
        "batch": 2,
        "checkpoint_every": 2,
        "validate_every": 3,
        "auxiliary_steps": 0,
        "detector.proposals": 12,
        "detector.proposal_candidates": 60,
        "size_px": 64,
        "detail_px": 64,
    }
    folder = tmp_path / "detector"
    done = subprocess.run(
        [sys.executable, "-m", "tests.training.fit_once", str(snapshot), str(folder), json.dumps(overrides)],
        env={**os.environ, "JAX_PLATFORMS": "cpu", "KERAS_BACKEND": "jax", "XLA_FLAGS": FAST_COMPILE},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    record = json.loads((folder / "training.json").read_text())
    assert ", jax, float32" in record["engine"]
    assert record["best"]["fit_detector"]["step"] == 3
    rows = (folder / "log.csv").read_text().splitlines()
    assert len(rows) == 4
    network = Detector.load(folder).network
    assert network.feature_size > 0
    fresh = Detector.untrained(network.config, seed=2018).network
    assert not np.array_equal(network.head.get_weights()[0], fresh.head.get_weights()[0])


def test_another_backend_is_refused_by_name(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", "import inference.detector.backend"],
        env={**os.environ, "KERAS_BACKEND": "numpy"},
        capture_output=True,
        text=True,
    )
    assert "runs on tensorflow or jax; KERAS_BACKEND is numpy" in done.stderr
