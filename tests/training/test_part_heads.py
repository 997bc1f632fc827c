"""An artifact gets heads for parts of the hand; what it had stays, and the new heads see their part alone."""

import json
from types import SimpleNamespace

import numpy as np
import pytest

from inference.age_head import AgeHead
from inference.artifact import read_artifact, write_artifact
from inference.imaging.preprocess import Preprocessing
from inference.parts import part_head_dir
from tests.training.test_comparison import FEATURE_SIZE, features_of, write_hands
from training import fit_part_heads as module
from training.feature_rows import RegionFeatures
from training.snapshot import SnapshotError, read_snapshot


class Everything:
    """Features are the mean grey of the whole picture, whatever the box."""

    config = SimpleNamespace(maturity_channels=False)

    def find(self, images):
        return np.array([one.mean() for one in images], np.float32), None

    def describe(self, feature_map, boxes):
        weights = np.linspace(1, 2, FEATURE_SIZE, dtype=np.float32)
        return feature_map[:, None, None] * weights * np.ones((1, 17, 1), np.float32)


def boxed(snapshot, radiographs):
    seen = features_of(snapshot, radiographs)
    boxes = np.tile(np.array([0, 0, 30, 30], np.float32), (len(radiographs), 17, 1))
    return RegionFeatures(seen.ids, seen.features, seen.scores, boxes)


@pytest.fixture
def artifact(tmp_path, monkeypatch):
    snapshot = write_hands(tmp_path / "s")
    parts = tmp_path / "parts"
    for name in ("detector", "age_head"):
        (parts / name).mkdir(parents=True)
        (parts / name / "file").write_text(name)
    (parts / "preprocessing.json").write_text("{}")
    manifest = {
        "trained_on": {"snapshot": read_snapshot(snapshot).hash, "synthetic": False},
        "age_head": {"config": {"regions_needed": 9, "threads": 1}},
        "detector": {"record": {}},
    }
    monkeypatch.setattr(module, "load_detector", lambda folder: (Everything(), Preprocessing("paper-literal", 40)))
    monkeypatch.setattr(module, "region_features", lambda *, snapshot, radiographs, **_: boxed(snapshot, radiographs))
    return snapshot, write_artifact(parts, manifest, tmp_path / "artifacts")


def test_the_new_artifact_has_both_heads_and_all_that_was_there(tmp_path, artifact):
    snapshot, before = artifact
    made = read_artifact(module.fit_part_heads(snapshot=snapshot, artifact=before, out=tmp_path / "new"))
    old = read_artifact(before)
    assert made.manifest["made_from"] == old.hash
    assert {name: made.manifest["files"][name] for name in old.manifest["files"]} == old.manifest["files"]
    heads = {part: AgeHead.load(part_head_dir(made.dir, part)) for part in ("carpals", "no_carpals")}
    assert heads["carpals"].settings.regions_needed == 1
    assert heads["no_carpals"].settings.regions_needed == 9
    assert set(made.manifest["part_heads"]) == set(heads)
    assert json.loads((made.dir / "manifest.json").read_text())["part_heads"]["carpals"]["fitted_on"]["training"] > 0
    # the bright square lies in the box: blanked, the picture says next to nothing of the age
    error = {part: record["cross_validated_mae_months"] for part, record in made.manifest["part_heads"].items()}
    assert error["carpals"] < 0.7 * error["no_carpals"]


def test_an_artifact_of_another_snapshot_is_refused(tmp_path, artifact):
    _, before = artifact
    other = write_hands(tmp_path / "other", count=60)
    with pytest.raises(SnapshotError, match="another snapshot"):
        module.fit_part_heads(snapshot=other, artifact=before, out=tmp_path / "new")
