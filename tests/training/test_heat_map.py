"""Heat maps of the end-to-end network: the place that it looks at is the place that is shown."""

import json

import cv2
import keras
import numpy as np
import pytest

from tests.training.test_comparison import write_hands
from training.baselines import heat_map as module
from training.baselines.whole_picture import WholePictureConfig, WholePictureModel
from training.snapshot import SnapshotError, read_snapshot

CONFIG = WholePictureConfig(size_px=40)


def looks_at_a_corner():
    """A network whose output is the mean grey of the rows and columns 24 to 40, plus the sex."""
    picture, sex = keras.Input((40, 40, 1)), keras.Input((1,))
    corner = keras.layers.Cropping2D(((24, 0), (24, 0)))(picture)
    network = keras.Model([picture, sex], keras.layers.GlobalAveragePooling2D()(corner) + sex)
    return WholePictureModel(network, CONFIG, 100.0, 20.0)


def test_the_map_shows_the_corner_that_decides():
    picture = np.zeros((80, 80), np.uint8)
    picture[60:76, 60:76] = 200
    found = module.heat_map(looks_at_a_corner(), picture, "F")
    rows, columns = found.months.shape
    assert np.unravel_index(np.abs(found.months).argmax(), (rows, columns))[0] > rows / 2
    assert np.abs(found.months[: rows // 3]).max() < 1e-4
    assert found.months.min() < -5
    image = module.drawn(picture, found, 40)
    assert image.shape == (80, 80, 3)
    red = image[..., 2].astype(int) - image[..., 0]
    assert red[60:76, 60:76].max() > 20
    assert red[:20, :20].max() == 0
    boy = module.heat_map(looks_at_a_corner(), picture, "M")
    assert boy.bone_age_months - found.bone_age_months == pytest.approx(40, abs=1e-3)
    with pytest.raises(ValueError, match="needs a sex"):
        module.heat_map(looks_at_a_corner(), picture, "X")


def test_the_command_writes_a_picture_and_its_numbers(tmp_path, monkeypatch):
    snapshot = write_hands(tmp_path / "s", count=12)
    monkeypatch.setattr(module.WholePictureModel, "load", classmethod(lambda cls, folder: looks_at_a_corner()))
    from training.__main__ import main

    given = ["heat-map", "--whole-picture", str(tmp_path), "--snapshot", str(snapshot), "--out", str(tmp_path / "o")]
    assert main([*given, "--ids", "h1", "h2"]) == 0
    assert cv2.imread(str(tmp_path / "o" / "h1.png")).shape == (40, 40, 3)
    facts = json.loads((tmp_path / "o" / "h2.json").read_text())
    assert facts["synthetic"] == read_snapshot(snapshot).synthetic
    assert np.isfinite(facts["months"]).all()
    assert main([*given, "--ids", "nobody"]) == 1
    with pytest.raises(SnapshotError, match="nobody"):
        module.run(type("A", (), {"snapshot": snapshot, "ids": ["nobody"]}), lambda p: None)
