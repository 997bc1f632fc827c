"""The age head: tuning, gaps, intervals, refusals, and what it never uses."""

import dataclasses
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.age_head import AgeHead, AgeHeadSettings, AgeRefused, Reduction, grouped, table_for_trees
from inference.anatomy.regions import REGION_TYPES, TYPE_OF_REGION
from tests.training.made_hands import telling_hands
from training.age_table import fit_reduction, with_gaps
from training.conformal import half_width, half_widths_by_age
from training.head_fit import AgeHeadTraining, fit_head
from training.snapshot import SnapshotError
from training.tuning import greedy_search

UNTUNED = AgeHeadTraining(tune=False)


def fitted(hands, config=UNTUNED, *, sexed=False, know=False):
    return fit_head(
        hands=hands, sexed_channels=sexed, features_know_ages=know, config=config, on_progress=lambda p: None
    )


@pytest.fixture(scope="module")
def hands():
    return telling_hands()


@pytest.fixture(scope="module")
def head(hands):
    return fitted(hands).head


def test_it_learns_what_the_features_tell(hands, head):
    new = telling_hands(100, seed=1)
    predicted = head.predict_many(new.seen.features, new.seen.scores, new.sexes, new.chronological_ages)
    assert np.abs(predicted - new.ages).mean() < 12
    assert np.abs(new.ages - np.median(new.ages)).mean() > 40


def test_a_saved_head_gives_the_very_same_ages(tmp_path, hands, head):
    head.save(tmp_path)
    again = AgeHead.load(tmp_path)
    assert again.settings == head.settings
    both = [
        h.predict_many(hands.seen.features, hands.seen.scores, hands.sexes, hands.chronological_ages)
        for h in (head, again)
    ]
    assert (both[0] == both[1]).all()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["age_head.json", "booster.ubj", "reduction.npz"]


def test_the_same_seed_gives_the_same_head(hands, head):
    again = fitted(hands).head
    assert again.booster.save_raw() == head.booster.save_raw()


@pytest.mark.parametrize("sex", [None, "", "X", "male"])
def test_without_a_sex_there_is_no_age(hands, head, sex):
    with pytest.raises(AgeRefused) as refusal:
        head.predict(hands.seen.features[0], hands.seen.scores[0], sex)
    assert refusal.value.code == "sex_missing"


def test_with_too_few_regions_there_is_no_age(hands, head):
    scores = np.where(np.arange(17) < UNTUNED.regions_needed - 1, 0.9, 0).astype(np.float32)
    with pytest.raises(AgeRefused) as refusal:
        head.predict(hands.seen.features[0], scores, "F")
    assert refusal.value.code == "too_few_regions"
    scores[-1] = 0.9
    assert head.predict(hands.seen.features[0], scores, "F").bone_age_months > 0


def test_a_head_trained_without_chronological_age_never_uses_one(hands, head):
    features, scores = hands.seen.features[0], hands.seen.scores[0]
    without = head.predict(features, scores, "M", None)
    assert head.predict(features, scores, "M", 3.0) == without
    assert without.inputs_used == ("region_features", "sex")


def test_a_head_trained_with_chronological_age_uses_it_and_does_without(tmp_path):
    hands = telling_hands(chronological=True, noise=2.0)
    head = fitted(hands, dataclasses.replace(UNTUNED, with_chronological_age=True)).head
    features, scores = hands.seen.features[0], np.full(17, 0.9, np.float32)
    young, old = (head.predict(features, scores, "M", age) for age in (24.0, 200.0))
    assert young.bone_age_months + 12 < old.bone_age_months
    assert young.inputs_used == ("region_features", "sex", "chronological_age_months")
    unknown = head.predict(features, scores, "M", None)
    assert unknown.inputs_used == ("region_features", "sex")


def test_a_missing_type_changes_no_other_column(hands, head):
    scores = np.full((1, 17), 0.9, np.float32)
    whole = table_for_trees(
        grouped(hands.seen.features[:1], scores, "type"), ["F"], [None], head.reduction, head.settings
    )
    gone = np.array([TYPE_OF_REGION[r] == "carpals" for r in TYPE_OF_REGION])
    part = table_for_trees(
        grouped(hands.seen.features[:1], np.where(gone, 0, scores), "type"),
        ["F"],
        [None],
        head.reduction,
        head.settings,
    )
    count, place = head.settings.components, REGION_TYPES.index("carpals")
    missing = np.zeros(whole.shape[1], bool)
    missing[place * count : (place + 1) * count] = True
    assert np.isnan(part[0, missing]).all()
    assert (part[0, ~missing] == whole[0, ~missing]).all()


def test_sexed_channels_enter_by_the_childs_sex():
    settings_ = AgeHeadSettings(5, "region", True, 1, False, 1, 0.9, (), (1.0,))
    reduction = Reduction(np.zeros((17, 3), np.float32), np.zeros((17, 1, 3), np.float32))
    features = np.zeros((1, 17, 5), np.float32)
    features[..., 3], features[..., 4] = 1.0, 2.0  # as a boy's, as a girl's
    scores = np.full((1, 17), 0.9, np.float32)
    for sex, value in (("M", 1.0), ("F", 2.0)):
        row = table_for_trees(grouped(features, scores, "region"), [sex], [None], reduction, settings_)[0]
        assert (row[17:35] == value).all()
        assert row[-1] == (sex == "F")


def test_features_of_another_size_are_refused(hands, head):
    with pytest.raises(ValueError, match="F ="):
        head.predict(hands.seen.features[0][:, :-1], hands.seen.scores[0], "M")


def test_too_few_hands_are_refused():
    with pytest.raises(SnapshotError, match="are needed"):
        fitted(telling_hands(3))


def test_a_handful_of_hands_is_enough_to_run():
    fit = fitted(telling_hands(6, validation_from=1.0))
    assert fit.record["scored_on"]["n"] == 6
    assert fit.head.settings.half_width_months(100.0) > 0


def test_features_that_know_ages_are_judged_on_the_validation_part_only(hands):
    record = fitted(hands, know=True).record
    assert record["scored_on"] == {"n": 60, "part": "validation"}
    assert fitted(hands, know=False).record["scored_on"]["n"] == 240


def test_tuning_is_logged_and_never_ends_worse_than_it_began(monkeypatch, hands):
    monkeypatch.setattr("training.head_fit.SEARCH", (("pooling", ("type", "region")), ("max_depth", (2, 4))))
    record = fitted(hands, AgeHeadTraining(folds=3)).record
    log = record["search_log"]
    assert [(t["parameter"], t["value"]) for t in log] == [("start", None), ("pooling", "region"), ("max_depth", 2)]
    kept = [t["mae_months"] for t in log if t["kept"]]
    assert kept == sorted(kept, reverse=True)
    assert "scale_pos_weight" in record
    json.dumps(record)


def test_greedy_search_goes_one_parameter_at_a_time():
    best = {"a": 3, "b": 10}
    tried = []

    def score(parameters):
        tried.append(dict(parameters))
        return abs(parameters["a"] - best["a"]) + abs(parameters["b"] - best["b"]), 7

    found, rounds, log = greedy_search(score, start={"a": 1, "b": 30}, search=(("a", (1, 2, 3)), ("b", (30, 20, 10))))
    assert (found, rounds) == (best, 7)
    assert [t.kept for t in log] == [True] * 5
    assert all(p["b"] == 30 for p in tried[:3])
    assert all(p["a"] == 3 for p in tried[3:])


def test_an_equal_value_is_not_kept():
    found, _, _ = greedy_search(lambda p: (1.0, 1), start={"a": 1}, search=(("a", (1, 2)),))
    assert found == {"a": 1}


@settings(max_examples=50)
@given(st.integers(0, 10_000), st.sampled_from([0.8, 0.9, 0.95]))
def test_the_half_width_holds_the_share_of_calibration_errors(seed, coverage):
    errors = np.random.default_rng(seed).normal(0, 10, 200)
    width = half_width(errors, coverage)
    assert coverage <= (np.abs(errors) <= width).mean() <= coverage + 0.02


@pytest.fixture(scope="module")
def skewed():
    """Hands whose girls' labels in the validation part lie two years above what the features tell."""
    plain = telling_hands(400, validation_from=0.5, noise=0.05)
    moved = tuple(
        dataclasses.replace(r, bone_age_months=r.bone_age_months + 24.0)
        if r.split == "validation" and r.sex == "F"
        else r
        for r in plain.radiographs
    )
    return dataclasses.replace(plain, radiographs=moved)


def test_a_correction_by_sex_is_off_unless_asked_for(hands, head):
    assert head.settings.correction_female is None
    found = head.predict(hands.seen.features[0], hands.seen.scores[0], "F")
    assert found.bone_age_months == found.raw_bone_age_months


def test_a_correction_by_sex_is_seen_beside_the_raw_age_and_comes_from_held_back_hands(tmp_path, skewed):
    config = dataclasses.replace(UNTUNED, correct_by_sex=True)
    head = fitted(skewed, config, know=True).head
    wide = fitted(skewed, know=True).head
    features, scores = skewed.seen.features[0], np.full(17, 0.9, np.float32)
    girl, boy = head.predict(features, scores, "F"), head.predict(features, scores, "M")
    intercept, slope = head.settings.correction_female
    assert girl.bone_age_months == pytest.approx(intercept + slope * girl.raw_bone_age_months)
    assert girl.bone_age_months - girl.raw_bone_age_months > 6
    assert abs(boy.bone_age_months - boy.raw_bone_age_months) < 6
    assert girl.raw_bone_age_months == pytest.approx(wide.predict(features, scores, "F").bone_age_months)
    head.save(tmp_path)
    assert AgeHead.load(tmp_path).settings == head.settings
    # labels of the training part move nothing in the correction but through the trees; those alone fit none
    with pytest.raises(SnapshotError, match="Leave it off"):
        fitted(telling_hands(200, validation_from=1.0), config)


def test_new_errors_are_covered_about_as_often_as_promised():
    random = np.random.default_rng(3)
    inside = [abs(random.normal()) <= half_width(random.normal(size=99), 0.9) for _ in range(2000)]
    assert np.mean(inside) == pytest.approx(0.9, abs=0.025)


def test_bands_with_few_hands_are_joined():
    predicted = np.repeat([30.0, 70.0, 160.0], [100, 20, 200])
    errors = np.repeat([1.0, 5.0, 9.0], [100, 20, 200])
    edges, widths = half_widths_by_age(predicted, errors, coverage=0.9)
    assert edges == (48.0, 144.0) or edges == (48.0,)
    assert len(widths) == len(edges) + 1
    assert widths[0] == 1.0


def test_gaps_are_copies_and_leave_something(hands):
    groups = hands.groups("type")
    copies, rows = with_gaps(groups, list(range(len(groups))), seed=1)
    assert len(copies) == round(0.15 * len(groups))
    more = np.isnan(copies[..., 0]) & ~np.isnan(groups[rows][..., 0])
    assert more.any(axis=1).mean() > 0.9
    kept = ~np.isnan(copies)
    assert (copies[kept] == groups[rows][kept]).all()


def test_a_reduction_of_a_group_nobody_has_is_zero(hands):
    groups = hands.groups("type").copy()
    groups[:, 2] = np.nan
    reduction = fit_reduction(groups, components=4, sexed_channels=False, seed=0)
    assert (reduction.axes[2] == 0).all()
    assert np.allclose(np.linalg.norm(reduction.axes[0], axis=1), 1, atol=1e-4)
