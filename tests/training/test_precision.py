"""Training in bfloat16: nearly the same losses, weights in float32, and a file that serves in float32."""

import numpy as np
import pytest

from inference.detector.detect import Detector
from tests.training.one_batch import random_batch
from training.config import load_preset
from training.train_step import TrainStep, make_optimizer

pytestmark = pytest.mark.timeout(180)

OVERRIDES = {"detector.normalisation": "group", "detector.proposals": 12, "detector.proposal_candidates": 60}


def test_bfloat16_learns_the_same_and_serves_in_float32(tmp_path):
    batch, losses = random_batch(films=4), {}
    for precision in ("float32", "bfloat16"):
        settings = load_preset("tiny", {**OVERRIDES, "precision": precision})
        network = Detector.untrained(settings.detector, seed=5, precision=precision).network
        step = TrainStep(network, make_optimizer(settings), settings)
        losses[precision] = [step(batch, 2, 2e-3) for _ in range(12)]
    assert {layer.compute_dtype for layer in network.trunk.layers} == {"bfloat16"}
    assert {variable.dtype for variable in network.variables} == {"float32"}
    first, other = losses["float32"][0], losses["bfloat16"][0]
    for name, value in first.items():
        assert other[name] == pytest.approx(value, rel=0.03, abs=0.003), name
        assert other[name] != value or name == "maturity", name  # it was computed in another precision
    falls = {precision: all_steps[0]["loss"] - all_steps[-1]["loss"] for precision, all_steps in losses.items()}
    assert falls["float32"] > 0.5
    assert falls["bfloat16"] == pytest.approx(falls["float32"], rel=0.15)

    network.save_weights(tmp_path / "detector.weights.h5")
    served = Detector.untrained(settings.detector, seed=6).network
    served.load_weights(tmp_path / "detector.weights.h5")
    for a, b in zip(network.variables, served.variables, strict=True):
        np.testing.assert_array_equal(a.numpy(), b.numpy())
    assert {layer.compute_dtype for layer in served.trunk.layers} == {"float32"}
