"""Drawn children with chronological ages: offsets by the Brush SD, three groups, repeatable."""

import numpy as np
import pytest

from training.phantom.clinic import draw_child, write_clinic
from training.phantom.cohort import spread_months
from training.snapshot import read_snapshot


def test_offsets_follow_the_brush_sd_and_the_groups_have_their_shares():
    children = [draw_child(number, 3) for number in range(1500)]
    scores = {"normal": [], "delayed": [], "advanced": []}
    for child in children:
        offset = child.bone_age_months - child.chronological_age_months
        scores[child.group].append(offset / spread_months(sex=child.sex, bone_age_months=child.bone_age_months))
    assert len(scores["normal"]) / len(children) == pytest.approx(0.7, abs=0.05)
    assert np.std(scores["normal"]) == pytest.approx(0.88, abs=0.06)  # a normal distribution cut at 2
    assert np.abs(scores["normal"]).max() <= 2.01
    assert -4.01 <= min(scores["delayed"]) <= max(scores["delayed"]) <= -1.99
    assert 1.99 <= min(scores["advanced"]) <= max(scores["advanced"]) <= 4.01
    assert {child.sex for child in children} == {"M", "F"}


def test_the_snapshot_is_synthetic_and_every_child_has_both_ages(tmp_path):
    data = read_snapshot(write_clinic(out=tmp_path / "s", count=12, seed=2, size=(80, 64)))
    again = read_snapshot(write_clinic(out=tmp_path / "t", count=12, seed=2, size=(80, 64)))
    assert data.hash == again.hash
    assert data.synthetic
    assert all(r.synthetic and r.chronological_age_months != r.bone_age_months for r in data.radiographs)
    assert len(data.boxes(data.radiographs[0].id)) == 17


def test_too_few_children_are_refused(tmp_path):
    with pytest.raises(ValueError, match="at least 10"):
        write_clinic(out=tmp_path / "s", count=3, seed=1)
