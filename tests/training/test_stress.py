"""Changes of a film are what they say, and the report counts what they did to the ages."""

import json

import numpy as np
import pytest

from inference.anatomy.regions import REGION_BY_ID, REGIONS
from tests.training.test_comparison import write_hands
from training import stress as module
from training.evaluate import TEST_LOG
from training.film_changes import KINDS
from training.snapshot import SnapshotError, read_snapshot

CARPALS = REGION_BY_ID["carpals"].index


def picture():
    random = np.random.default_rng(4)
    image = random.uniform(0, 0.2, (80, 64)).astype(np.float32)
    image[30:60, 20:40] += 0.6
    return image


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_change_keeps_shape_and_range_and_larger_steps_change_more(kind):
    image = picture()
    before = image.copy()
    by_step = {}
    for step in kind.steps:
        changed = kind.change(image, step, np.random.default_rng(0))
        assert changed.shape == image.shape
        assert changed.dtype == np.float32
        assert changed.min() >= 0
        assert changed.max() <= 1
        by_step[step] = float(np.abs(changed - image).mean())
    assert (image == before).all()
    for sign in (-1, 1):
        steps = sorted((step for step in kind.steps if step * sign > 0 and abs(step) <= 30), key=abs)
        sizes = [by_step[step] for step in steps]
        assert sizes == sorted(sizes)
        assert all(size > 0 for size in sizes)


def test_a_shift_of_no_pixel_changes_nothing_and_a_turn_by_180_is_one():
    image = picture()
    kinds = {kind.name: kind for kind in KINDS}
    assert (kinds["shift_pixels"].change(image, 0, np.random.default_rng(0)) == image).all()
    turned = kinds["rotation"].change(image, 180, np.random.default_rng(0))
    assert np.allclose(turned, image[::-1, ::-1], atol=1e-3)
    moved = kinds["shift_pixels"].change(image, 2, np.random.default_rng(0))
    assert np.allclose(moved[2:, 2:], image[:-2, :-2], atol=1e-6)


class Brightest:
    """Says the mean grey as an age, seven months more without the carpals, and finds little in a noisy corner."""

    def __init__(self, artifact):
        pass

    def see(self, pictures, radiographs):
        scores = np.full((len(pictures), len(REGIONS)), 0.9, np.float32)
        features = np.zeros((len(pictures), len(REGIONS), 1), np.float32)
        for i, one in enumerate(pictures):
            features[i] = one.mean() * 100
            if np.abs(np.diff(one[-10:, -10:], axis=0)).mean() > 0.25:
                scores[i, 5:] = 0
        return features, scores

    def ages(self, features, scores, radiographs):
        months = features[:, 4, 0] + np.where(scores[:, CARPALS] > 0, 0, 7)
        return np.where((scores > 0).sum(axis=1) >= 9, months, np.nan)


@pytest.fixture
def stressed(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_Model", Brightest)
    monkeypatch.setattr(module, "read_artifact", lambda path: type("A", (), {"hash": "a" * 64}))

    def run(snapshot, **changes):
        return module.stress(artifact=tmp_path, snapshot=snapshot, out=tmp_path / "out", films=9, **changes)

    return run


def test_the_report_says_how_far_ages_moved_and_who_was_refused(tmp_path, stressed):
    snapshot = write_hands(tmp_path / "s", synthetic=True, age_of=lambda i, months: months + 20 * (-1) ** i)
    report = stressed(snapshot)
    steps = {(one["kind"], one["unit"], one["step"]): one for one in report["steps"]}
    still = steps["shift_pixels", "pixels right and down", 0]
    assert (still["n"], still["newly_refused"], still["largest_change_months"]) == (9, 0, 0)
    assert steps["missing", "carpals", 1]["mean_change_months"] == pytest.approx(7)
    assert steps["missing", "radius", 1]["mean_change_months"] == 0
    assert steps["missing", "all of metacarpal", 1]["regions_found"] == 13
    brighter = [one for one in report["steps"] if one["kind"] == "brightness"]
    assert [np.sign(one["mean_change_months"]) for one in brighter] == [-1, -1, 1, 1]
    offsets = report["by_offset"]
    assert sum(one["n"] for one in offsets) == 9
    assert {one["n"] > 0 for one in offsets if one["from_months"] in (-24.0, 12.0)} == {True}
    assert json.loads((tmp_path / "out" / "stress.json").read_text()) == report
    assert "SYNTHETIC" in (tmp_path / "out" / "stress.md").read_text()
    assert len((snapshot / TEST_LOG).read_text().splitlines()) == 1


def test_refused_films_are_counted_and_not_averaged(tmp_path, stressed, monkeypatch):
    def noisy(self, pictures, radiographs):
        features, scores = Brightest.see(self, pictures, radiographs)
        noise = np.array([np.abs(np.diff(one, axis=0)).mean() for one in pictures])
        scores[noise > self.limit] = 0
        return features, scores

    snapshot = write_hands(tmp_path / "s")
    data = read_snapshot(snapshot)
    plain = [module._as_share(data, r) for r in data.part("test")]
    limit = 1.15 * max(np.abs(np.diff(one, axis=0)).mean() for one in plain)
    monkeypatch.setattr(module, "_Model", type("Noisy", (Brightest,), {"see": noisy, "limit": limit}))
    report = stressed(snapshot)
    worst = next(one for one in report["steps"] if one["kind"] == "noise" and one["step"] == 0.1)
    assert worst["newly_refused"] > 0
    assert worst["n"] + worst["newly_refused"] == 9
    assert report["by_offset"] is None


def test_a_part_without_films_is_refused(tmp_path, stressed):
    snapshot = write_hands(tmp_path / "s", label=lambda i, months: None)
    with pytest.raises(SnapshotError, match="no radiograph"):
        stressed(snapshot)
