"""What `bench` says of a predict: whole, with every stage, and an aim that is missed said so."""

import json

import numpy as np
import pytest

from inference import bench, bench_command
from inference.__main__ import main
from inference.imaging.quality import assess

pytestmark = pytest.mark.timeout(180)

STAGES = ["quality", "preprocess", "network", "select", "features", "age"]


def test_the_film_passes_the_quality_gate_so_that_every_look_is_timed():
    film = bench.bench_film()
    assert (film.rows, film.columns) == (1500, 1000)
    assert film.pixels.dtype == np.float32
    assert {finding.code for finding in assess(film).findings} <= {"spacing_unknown"}


def test_one_line_of_json_says_what_was_measured(capsys, shared_engines):
    assert main(["bench", "--preset", "light", "--repeats", "2", "--engine-cache", str(shared_engines), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert list(said["share"]) == STAGES
    assert sum(said["share"].values()) == pytest.approx(1, abs=0.01)
    assert (said["engine"], said["precision"], said["weights"], said["repeats"]) == ("openvino", "f32", "trained", 2)
    assert 0 < said["seconds_per_film"] < 60
    assert said["aim"] == ("met" if said["seconds_per_film"] <= said["aim_seconds"] else "missed")


def test_seconds_per_film_are_the_median_of_whole_predicts(monkeypatch):
    """Each run is the sum of its stages; the first two are not warm."""
    runs = iter(
        [{"a": 9.0, "b": 9.0}, {"a": 9.0, "b": 9.0}, {"a": 1.0, "b": 2.0}, {"a": 2.0, "b": 5.0}, {"a": 1.0, "b": 3.0}]
    )
    monkeypatch.setattr(bench, "stages", lambda film, tools: next(runs))
    monkeypatch.setattr(bench, "_batch", lambda film, tools: 0.0)
    tools = bench.Tools(None, None, None, "random")
    said = bench.measure("paper", tools, repeats=3, film=bench.bench_film())
    assert said["seconds_per_film"] == 4.0
    assert said["cold_seconds"] == 18.0
    assert said["share"] == {"a": 0.25, "b": 0.75}
    assert said["aim"] == "missed"


def test_a_wrong_call_is_told(capsys, tmp_path):
    assert main(["bench", "--repeats", "0"]) == 2
    assert main(["bench", "--preset", "light", "--frozen"]) == 2
    assert main(["bench", "--engine", "onnxruntime", "--precision", "bf16", "--engine-cache", str(tmp_path)]) == 2
    assert "f32" in capsys.readouterr().err


def test_people_are_told_what_is_missed():
    said = {"preset": "paper", "weights": "random", "engine": "keras", "precision": "f32", "seconds_per_film": 4.4}
    rest = {"repeats": 7, "share": {"network": 0.9}, "aim_seconds": 0.4, "aim": "missed", "load_average": 1.0}
    assert "aim 0.4 s missed" in bench_command._for_people({**said, **rest})
