"""A training that is killed with SIGKILL at any moment and started again ends as one that nobody disturbed."""

import json
import random
import subprocess
import sys

import h5py
import numpy as np
import pytest

from tests.training.test_fit_detector import write_snapshot

# Three processes that each import TensorFlow and compile: under a minute on a free machine.
pytestmark = pytest.mark.timeout(300)

STEPS = 14
OVERRIDES = {
    "steps": STEPS,
    "batch": 2,
    "checkpoint_every": 3,
    "validate_every": 2,
    "patience": 3,
    "schedule.highest": 0.03,  # far too high, so that the validation loss goes up and down
    "schedule.warm_up": 0,
    "auxiliary_steps": 0,
    "detector.proposals": 12,
    "detector.proposal_candidates": 60,
    "size_px": 64,
    "detail_px": 64,
}


def start(snapshot, out):
    arguments = ["-m", "tests.training.fit_once", str(snapshot), str(out), json.dumps(OVERRIDES)]
    return subprocess.Popen([sys.executable, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def run_to_its_end(snapshot, out):
    process = start(snapshot, out)
    said, errors = process.communicate()
    assert process.returncode == 0, errors[-3000:]
    return [line for line in said.splitlines() if line.startswith("fit_detector")]


def weights(folder):
    found = {}
    with h5py.File(folder / "detector.weights.h5") as file:
        file.visititems(lambda name, item: found.update({name: item[()]}) if isinstance(item, h5py.Dataset) else None)
    return found


def test_killed_at_a_random_step_and_taken_up_again_it_gives_the_same_bits(tmp_path):
    snapshot = write_snapshot(tmp_path / "snapshot", 6, validation_share=0.4)
    said = run_to_its_end(snapshot, tmp_path / "whole")
    steps = int(said[-2].split()[1])  # the last line but one: the last may say that it stopped early

    at = random.randint(4, steps - 2)
    process = start(snapshot, tmp_path / "parts")
    for line in process.stdout:
        if line.split() == ["fit_detector", str(at)]:
            process.kill()  # the training goes on while this line is read: the kill falls anywhere after the step
            break
    process.communicate()
    assert process.returncode == -9
    assert not (tmp_path / "parts").exists()
    told = run_to_its_end(snapshot, tmp_path / "parts")
    assert int(told[0].split()[1]) > 3, f"killed at {at}: began anew instead of going on"

    one, two = weights(tmp_path / "whole"), weights(tmp_path / "parts")
    assert one.keys() == two.keys()
    for name, values in one.items():
        np.testing.assert_array_equal(two[name], values, err_msg=f"killed at {at}: {name}")
    for name in ("log.csv", "validation.csv", "preprocessing.json", "detector.json"):
        assert (tmp_path / "whole" / name).read_bytes() == (tmp_path / "parts" / name).read_bytes(), f"{name}, {at}"
    records = [json.loads((tmp_path / name / "training.json").read_text()) for name in ("whole", "parts")]
    assert records[0] | {"seconds": 0} == records[1] | {"seconds": 0}
    assert records[0]["best"]["fit_detector"]["step"] <= steps
    assert len((tmp_path / "whole" / "log.csv").read_text().splitlines()) == 1 + steps
