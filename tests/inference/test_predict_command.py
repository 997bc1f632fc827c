"""`python -m inference predict` as anyone would call it: one process, the shipped model, good and bad films."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from inference.anatomy.regions import REGION_IDS
from inference.artifact import read_artifact, shipped_artifact
from training.phantom.phantom import render_phantom

ROOT = Path(__file__).resolve().parents[2]


def predict(*arguments, cwd):
    """Run the command; its exit status, JSON lines and what it said on standard error."""
    call = [sys.executable, "-m", "inference", "predict", *map(str, arguments)]
    done = subprocess.run(call, cwd=cwd, env=environment(), capture_output=True, text=True, timeout=300, check=False)
    lines = [json.loads(line) for line in done.stdout.splitlines()] if "--json" in arguments else done.stdout
    return done.returncode, lines, done.stderr


def environment():
    import os

    return {**os.environ, "PYTHONPATH": str(ROOT)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Four good films, and five files that are none."""
    path = tmp_path_factory.mktemp("films")
    phantom = render_phantom(bone_age_months=120, sex="F", seed=4, size=(900, 700), mirrored=False)
    grey = (phantom.pixels.astype(np.float64) / phantom.pixels.max() * 65535).astype(np.uint16)
    for name in ("good.png", "nosex.png", "table.png", "both.png"):
        cv2.imwrite(str(path / name), grey)
    eight = (grey >> 8).astype(np.uint8)
    cv2.imwrite(str(path / "three_channels.png"), np.dstack([eight] * 3))
    colour = np.dstack([eight, eight // 2, 255 - eight])
    cv2.imwrite(str(path / "colour.png"), colour)
    (path / "text.txt").write_text("not a film")
    (path / "cut.png").write_bytes((path / "good.png").read_bytes()[:2000])
    return path


@pytest.fixture(scope="module")
def answer(folder):
    """One call with everything in it, so that TensorFlow starts once."""
    with (folder / "t.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerows([("file", "sex", "chronological_age_months")])
        writer.writerows([("good.png", "F", "118"), ("table.png", "M", ""), ("both.png", "girl", "")])
        writer.writerows([("three_channels.png", "F", "")])
    names = ["good.png", "text.txt", "nosex.png", "gone.png", "colour.png", "cut.png", "table.png", "both.png"]
    status, lines, said = predict(*names, "three_channels.png", "--table", "t.csv", "--json", cwd=folder)
    assert len(lines) == 9, said
    return status, {line["file"]: line for line in lines}, [line["file"] for line in lines]


def test_a_good_film_has_boxes_an_age_and_everything_that_led_to_it(answer):
    _, lines, _ = answer
    line, artifact = lines["good.png"], read_artifact(shipped_artifact())
    assert "error" not in line
    assert set(line["boxes"]) <= set(REGION_IDS)
    assert len(line["boxes"]) + len(line["missing_regions"]) == 17
    assert len(line["boxes"]) >= 9
    for box in line["boxes"].values():
        assert set(box) == {"x0", "y0", "x1", "y1", "score"}
        assert box["x0"] < box["x1"] <= line["columns"] * 1.1
        assert box["y0"] < box["y1"] <= line["rows"] * 1.1
        assert 0 < box["score"] <= 1
    low, high = line["interval_months"]
    assert low <= line["bone_age_months"] <= high
    assert (line["sex"], line["sex_source"]) == ("F", "table")
    assert line["chronological_age_months"] == 118
    # this model was trained without it, so it is told but not used
    assert line["inputs_used"] == artifact.manifest["inputs_used"]
    assert (line["model_hash"], line["model"]) == (artifact.hash, artifact.label)
    assert line["research_use_only"] is True
    assert isinstance(line["quality"], list)


def test_the_lines_come_in_the_order_of_the_files_and_the_status_tells(answer):
    status, _, order = answer
    assert status == 1
    assert order[:4] == ["good.png", "text.txt", "nosex.png", "gone.png"]


def test_without_a_sex_there_are_boxes_and_no_age(answer):
    line = answer[1]["nosex.png"]
    assert line["error"]["code"] == "sex_missing"
    assert line["bone_age_months"] is None
    assert line["interval_months"] is None
    assert (line["sex"], line["sex_source"], line["inputs_used"]) == (None, None, [])
    assert len(line["boxes"]) >= 9


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("text.txt", "unknown_format"),
        ("gone.png", "unreadable_file"),
        ("colour.png", "colour"),
        ("both.png", "bad_sex"),
        ("cut.png", None),
    ],
)
def test_a_bad_film_is_a_line_that_says_what_to_do(answer, name, code):
    line = answer[1][name]
    assert set(line) == {"file", "error"}
    assert line["error"]["message"].endswith(".")
    if code:
        assert line["error"]["code"] == code


def test_sex_changes_the_age_and_three_equal_channels_are_grey(answer):
    _, lines, _ = answer
    assert lines["table.png"]["bone_age_months"] != lines["good.png"]["bone_age_months"]
    assert abs(lines["three_channels.png"]["bone_age_months"] - lines["good.png"]["bone_age_months"]) < 3


def test_the_call_itself_can_be_wrong(folder, tmp_path):
    status, _, said = predict("good.png", "--artifact", tmp_path, "--json", cwd=folder)
    assert status == 2
    assert "is no artifact" in said
    status, _, said = predict("good.png", "--sex", "X", cwd=folder)
    assert status == 2
