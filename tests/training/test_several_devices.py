"""A step dealt out to two devices is the step of one. The devices are two processors that the library is shown."""

import importlib.util

import numpy as np
import pytest

from tests.training.one_batch import random_batch
from tests.training.test_backends import FAST_COMPILE, in_a_process
from training.devices import DevicesError, dealt, devices

pytestmark = pytest.mark.timeout(180)

jax_is_here = pytest.mark.skipif(importlib.util.find_spec("jax") is None, reason="JAX is not installed")


@pytest.mark.parametrize("backend", ["tensorflow", pytest.param("jax", marks=jax_is_here)])
def test_the_step_of_two_devices_is_that_of_one(tmp_path, backend):
    settings = {
        "weights": str(tmp_path / "common.weights.h5"),
        # Group normalisation: batch statistics would be each device's own. The clipping is on: clipping each device's
        # gradients before they are added up would give another step.
        "overrides": {
            "detector.normalisation": "group",
            "detector.proposals": 12,
            "detector.proposal_candidates": 60,
            "optimizer": "sgd",
            "clip_norm": 0.5,
        },
        "films": 4,
        "boxed": 2 if backend == "tensorflow" else 4,  # half to compile
        "steps": 1,
    }
    environment = {"KERAS_BACKEND": backend}
    two_processors = {}
    if backend == "jax":
        environment["XLA_FLAGS"] = FAST_COMPILE
        two_processors["XLA_FLAGS"] = f"{FAST_COMPILE} --xla_force_host_platform_device_count=2"
    virtual = 2 if backend == "tensorflow" else 0
    one = in_a_process(tmp_path, "one", settings, **environment)
    two = in_a_process(tmp_path, "two", settings | {"devices": 2, "virtual": virtual}, **(environment | two_processors))
    np.testing.assert_allclose(two["losses"], one["losses"], rtol=1e-4, atol=1e-6)
    ends = [name for name in one if name.startswith("end")]
    largest = max(np.abs(one[name] - one[name.replace("end", "start")]).max() for name in ends)
    for name in ends:
        # Within a thousandth of the largest change that the step makes.
        np.testing.assert_allclose(two[name], one[name], rtol=0, atol=1e-3 * largest, err_msg=name)
    assert largest > 1e-4


def test_every_film_goes_to_one_device_and_each_gets_both_kinds():
    batch = random_batch(films=10, side=16)
    shares = dealt((batch.images, np.arange(10)), 4, 2)
    assert [share[1].tolist() for share in shares] == [[0, 1, 4, 5, 6], [2, 3, 7, 8, 9]]
    np.testing.assert_array_equal(shares[1][0], batch.images[[2, 3, 7, 8, 9]])


def test_what_cannot_be_dealt_out_or_is_not_there_is_refused():
    with pytest.raises(DevicesError, match="3 boxed and 0 other films cannot be dealt out evenly to 2"):
        dealt((np.zeros(3),), 3, 2)
    with pytest.raises(DevicesError, match="64 devices are asked for; there are"):
        devices(64)
