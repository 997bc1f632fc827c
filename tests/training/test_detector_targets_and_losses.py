"""Targets, losses and augmentation of the detector's training."""

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.anatomy.boxes import Box
from inference.detector.anchors import make_anchors
from inference.detector.config import class_of_region
from inference.detector.network import MATURITY_CENTRE_MONTHS
from tests.inference.detector import slow_reference
from tests.training.one_batch import random_batch
from training.augment import AugmentSettings, change_exposure, draw_matrix, move_boxes, warp
from training.config import FocalSettings, PresetError, Schedule, load_preset
from training.films import Example, drawn, make_batch, unlabelled_zones
from training.losses import binary_focal, box_loss, categorical_focal, maturity_loss, rpn_losses
from training.targets import ANCHOR_NEGATIVE_IOU, ANCHOR_POSITIVE_IOU, anchor_targets, proposal_targets
from training.train_step import learning_rate


def one_film():
    boxes, labelled = np.zeros((1, 17, 4), np.float32), np.zeros((1, 17), np.float32)
    boxes[0, 3], boxes[0, 4] = (10, 10, 26, 30), (40, 12, 52, 34)
    labelled[0, [3, 4]] = 1
    zones = np.zeros((1, 17, 4), np.float32)
    zones[0, 2] = (0, 40, 30, 64)
    return boxes, labelled, zones


def test_anchor_targets_are_those_of_the_slow_definition():
    boxes, labelled, zones = one_film()
    anchors = make_anchors(rows=8, columns=8, stride=8, sizes_px=(14.0, 22.0), ratios=(0.5, 1.0, 2.0))
    targets = anchor_targets(anchors, boxes, labelled, zones)
    overlap = np.array([[slow_reference.iou(a, boxes[0, r]) for r in (3, 4)] for a in anchors])
    positive = (overlap.max(axis=1) >= ANCHOR_POSITIVE_IOU) | (overlap >= overlap.max(axis=0) - 1e-6).any(axis=1)
    centre = (anchors[:, :2] + anchors[:, 2:]) / 2
    in_zone = (centre >= zones[0, 2, :2]).all(axis=1) & (centre < zones[0, 2, 2:]).all(axis=1)
    negative = (overlap.max(axis=1) < ANCHOR_NEGATIVE_IOU) & ~positive & ~in_zone
    np.testing.assert_array_equal(np.asarray(targets.positive)[0], positive)
    np.testing.assert_array_equal(np.asarray(targets.weight)[0], positive | negative)
    assert in_zone.any()
    assert positive.sum() >= 2


def test_every_labelled_region_has_an_anchor_even_where_none_fits():
    boxes, labelled, zones = np.zeros((1, 17, 4), np.float32), np.zeros((1, 17), np.float32), np.zeros((1, 17, 4), "f4")
    boxes[0, 2], labelled[0, 2] = (4, 30, 60, 40), 1  # wide and flat, unlike every anchor
    anchors = make_anchors(rows=8, columns=8, stride=8, sizes_px=(16.0,), ratios=(1.0,))
    targets = anchor_targets(anchors, boxes, labelled, zones)
    assert np.asarray(targets.positive).sum() >= 1


@pytest.mark.parametrize("classes", ["region", "type"])
def test_proposal_targets_name_the_region_and_ignore_what_nobody_labelled(classes):
    boxes, labelled, zones = one_film()
    proposals = np.array(
        [[[11, 10, 26, 31], [41, 12, 53, 33], [5, 45, 20, 60], [40, 45, 60, 60], [0, 0, 0, 0]]], np.float32
    )
    targets = proposal_targets(proposals, boxes, labelled, zones, classes=classes)
    names = [4, 5] if classes == "region" else [4, 4]  # mc2 and mc3; both of the type metacarpal
    assert np.asarray(targets.classes)[0].tolist() == [*names, 0, 0, 0]
    # the third lies where carpals may be that nobody labelled; the last is an unused place
    assert np.asarray(targets.weight)[0].tolist() == [1, 1, 0, 1, 0]
    assert np.asarray(targets.positive)[0].tolist() == [1, 1, 0, 0, 0]


@pytest.mark.parametrize("classes", ["region", "type"])
@pytest.mark.parametrize("seed", range(4))
def test_proposal_targets_are_those_of_the_slow_definition(classes, seed):
    rng = np.random.default_rng(seed)
    batch = random_batch(films=2, seed=seed)
    near = batch.boxes[:, rng.integers(0, 17, 20)] + rng.normal(0, 1.5, (2, 20, 4))
    first = rng.uniform(0, 30, (2, 10, 2))
    proposals = np.concatenate([near, np.concatenate([first, first + 20], -1)], 1).astype(np.float32)
    targets = proposal_targets(proposals, batch.boxes, batch.labelled, batch.zones, classes=classes)
    numbers, seen = class_of_region(classes), set()
    for film in range(2):
        for i, proposal in enumerate(proposals[film]):
            overlap = [
                slow_reference.iou(proposal, box) * there
                for box, there in zip(batch.boxes[film], batch.labelled[film], strict=True)
            ]
            best = int(np.argmax(overlap))
            positive = overlap[best] >= 0.5
            centre = (proposal[:2] + proposal[2:]) / 2
            in_zone = any((centre >= zone[:2]).all() and (centre < zone[2:]).all() for zone in batch.zones[film])
            real = (proposal[2:] > proposal[:2]).all()
            seen.add((bool(positive), bool(in_zone)))
            assert int(targets.classes[film, i]) == (numbers[best] if positive else 0)
            assert float(targets.weight[film, i]) == float(real and (positive or not in_zone))
            if positive:
                side, truth = proposal[2:] - proposal[:2], batch.boxes[film, best]
                coded = [*((truth[:2] + truth[2:]) / 2 - centre) / side, *np.log((truth[2:] - truth[:2]) / side)]
                np.testing.assert_allclose(np.asarray(targets.deltas[film, i]), coded, atol=1e-4)
    assert len(seen) >= 3


def test_when_film_and_labels_shift_by_cells_the_anchors_targets_shift():
    boxes, labelled, zones = one_film()
    anchors = make_anchors(rows=12, columns=12, stride=8, sizes_px=(14.0, 22.0), ratios=(0.5, 1.0, 2.0))
    here = anchor_targets(anchors, boxes, labelled, zones)
    moved = [part + np.array([16, 24, 16, 24], np.float32) for part in (boxes, zones)]
    there = anchor_targets(
        anchors, moved[0] * labelled[..., None], labelled, moved[1] * (zones != 0).any(-1)[..., None]
    )
    for name in ("classes", "weight", "positive", "deltas"):
        a, b = (np.asarray(getattr(t, name)).reshape(12, 12, 6, -1) for t in (here, there))
        if name == "deltas":  # meaningless for background
            positive = np.asarray(here.positive).reshape(12, 12, 6)[:9, :10] > 0
            assert positive.sum() >= 2
            np.testing.assert_allclose(a[:9, :10][positive], b[3:, 2:][positive], atol=1e-5)
        else:
            np.testing.assert_array_equal(a[:9, :10], b[3:, 2:], err_msg=name)


def test_losses_do_not_depend_on_the_order_of_films_or_anchors():
    rng = np.random.default_rng(3)
    batch = random_batch(films=3)
    anchors = make_anchors(rows=8, columns=8, stride=8, sizes_px=(12.0,), ratios=(0.5, 1.0, 2.0))
    logits = rng.normal(size=(3, len(anchors))).astype(np.float32)
    deltas = rng.normal(size=(3, len(anchors), 4)).astype(np.float32)

    def losses(films, order):
        targets = anchor_targets(anchors[order], batch.boxes[films], batch.labelled[films], batch.zones[films])
        pick = np.ix_(films, order)
        return [float(loss) for loss in rpn_losses(logits[pick], deltas[pick], targets, FocalSettings(), "smooth_l1")]

    here = losses(np.arange(3), np.arange(len(anchors)))
    there = losses(np.array([2, 0, 1]), rng.permutation(len(anchors)))
    np.testing.assert_allclose(here, there, rtol=1e-5)
    assert here[1] > 0


def test_the_shares_of_several_devices_add_up_to_the_loss_of_one():
    rng = np.random.default_rng(4)
    maturity = rng.normal(size=(4, 17, 34)).astype(np.float32)
    present = (rng.random((4, 17)) < [[0.9], [0.8], [0.2], [0.4]]).astype(np.float32)
    female, months = np.array([0, 1, 1, 0], "f4"), rng.uniform(20, 200, 4).astype(np.float32)
    whole = float(maturity_loss(maturity, present, female, months))
    totals = {float(present[:2].sum()): present.sum(), float(present[2:].sum()): present.sum(), 2.0: 4.0}
    shares = [
        float(maturity_loss(maturity[s], present[s], female[s], months[s], lambda value: totals[float(value)]))
        for s in (slice(0, 2), slice(2, 4))
    ]
    assert sum(shares) == pytest.approx(whole, rel=1e-5)


def test_focal_loss_is_that_of_keras():
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(5, 18)).astype(np.float32)
    classes = rng.integers(0, 18, 5).astype(np.int32)
    ours = np.asarray(categorical_focal(logits, classes, FocalSettings()))
    theirs = keras.losses.CategoricalFocalCrossentropy(alpha=0.25, gamma=2.0, from_logits=True, reduction="none")
    np.testing.assert_allclose(ours, np.asarray(theirs(np.eye(18, dtype="f4")[classes], logits)), rtol=1e-4)
    binary = keras.losses.BinaryFocalCrossentropy(
        apply_class_balancing=True, alpha=0.25, gamma=2.0, from_logits=True, reduction="none"
    )
    truth = (rng.random((5, 1)) > 0.5).astype(np.float32)
    np.testing.assert_allclose(
        np.asarray(binary_focal(logits[:, :1], truth, FocalSettings()))[:, 0],
        np.asarray(binary(truth, logits[:, :1])),
        rtol=1e-4,
    )


def test_without_focus_it_is_cross_entropy():
    logits = np.random.default_rng(1).normal(size=(4, 7)).astype(np.float32)
    classes = np.array([0, 3, 6, 2], np.int32)
    plain = keras.losses.SparseCategoricalCrossentropy(from_logits=True, reduction="none")
    ours = np.asarray(categorical_focal(logits, classes, FocalSettings(alpha=1.0, gamma=0.0)))
    np.testing.assert_allclose(ours, np.asarray(plain(classes, logits)), rtol=1e-4)


def test_box_losses():
    truth, seen = np.zeros((1, 4), np.float32), np.array([[0.05, 0.0, 0.5, -1.0]], np.float32)
    assert float(box_loss(truth, seen, "l2")[0]) == pytest.approx(0.05**2 + 0.25 + 1.0)
    bend = 1 / 9
    expected = 0.05**2 / (2 * bend) + (0.5 - bend / 2) + (1.0 - bend / 2)
    assert float(box_loss(truth, seen, "smooth_l1")[0]) == pytest.approx(expected, rel=1e-5)


def test_maturity_compares_the_output_of_the_childs_sex_and_of_the_own_region():
    maturity = np.full((2, 17, 34), 9.0, np.float32)
    diagonal = np.arange(17)
    maturity[0, diagonal, diagonal] = 0.0  # the boy's outputs of the first film are right
    maturity[1, diagonal, 17 + diagonal] = 0.0  # the girl's of the second
    present = np.ones((2, 17), np.float32)
    months = np.full(2, MATURITY_CENTRE_MONTHS, np.float32)
    assert float(maturity_loss(maturity, present, np.array([0.0, 1.0], "f4"), months)) == pytest.approx(0)
    assert float(maturity_loss(maturity, present, np.array([1.0, 0.0], "f4"), months)) > 5


@given(seed=st.integers(0, 1000))
@settings(max_examples=20, deadline=None)
def test_boxes_move_with_the_picture(seed):
    """A bright disc stays inside its box, and fills it, under every augmentation."""
    rng = np.random.default_rng(seed)
    rows, columns = 120, 100
    y, x = np.mgrid[:rows, :columns] + 0.5
    centre, radii = np.array([rng.uniform(40, 60), rng.uniform(50, 70)]), rng.uniform(6, 16, 2)
    image = (((x - centre[0]) / radii[0]) ** 2 + ((y - centre[1]) / radii[1]) ** 2 <= 1).astype(np.float32)
    box = np.array([[*(centre - radii), *(centre + radii)]], np.float32)
    settings = AugmentSettings(upside_down_share=0.5)
    matrix = draw_matrix(rng, settings, columns=columns, rows=rows, squeeze=0.8)
    moved, picture = move_boxes(box, matrix)[0], warp(image, matrix)
    lit = np.argwhere(picture > 0.5)
    seen = np.array([lit[:, 1].min(), lit[:, 0].min(), lit[:, 1].max() + 1, lit[:, 0].max() + 1])
    np.testing.assert_allclose(moved, seen, atol=1.6)


def test_no_augmentation_changes_nothing():
    nothing = AugmentSettings(**dict.fromkeys(AugmentSettings.__slots__, 0.0))
    rng = np.random.default_rng(0)
    matrix = draw_matrix(rng, nothing, columns=50, rows=60, squeeze=0.7)
    np.testing.assert_allclose(matrix, [[1, 0, 0], [0, 1, 0]], atol=1e-5)
    image = rng.random((60, 50)).astype(np.float32)
    np.testing.assert_allclose(change_exposure(warp(image, matrix), rng, nothing), image, atol=1e-6)


def test_zones_of_unlabelled_regions():
    whole = unlabelled_zones({"carpals": Box(10, 10, 30, 20)}, frozenset(), rows=50, columns=40)
    assert whole[2].tolist() == [0, 0, 0, 0]  # labelled
    assert whole[0].tolist() == [0, 0, 40, 50]  # one label says nothing about the place of the others
    absent = unlabelled_zones({"carpals": Box(10, 10, 30, 20)}, frozenset({"radius"}), rows=50, columns=40)
    assert absent[0].tolist() == [0, 0, 0, 0]


def test_batches_follow_from_seed_and_step_and_see_every_film():
    seen = [i for step in range(5) for i in drawn(20, 4, step, (1, 2))]
    assert sorted(seen) == list(range(20))
    assert drawn(20, 4, 3, (1, 2)) == drawn(20, 4, 3, (1, 2))
    assert [drawn(20, 4, s, (1, 2)) for s in range(5)] != [drawn(20, 4, s, (1, 3)) for s in range(5)]


def test_films_of_several_sizes_share_a_batch():
    def example(rows, columns):
        zeros = np.zeros((17, 4), np.float32)
        image = np.full((rows, columns), 255, np.uint8)
        return Example(image, zeros, np.zeros(17, "f4"), zeros, 1.0, 1.0, 90.0)

    batch = make_batch([example(30, 20), example(16, 40)], np.random.default_rng(0), None, multiple_px=16)
    assert batch.images.shape == (2, 32, 48, 1)
    assert batch.images[0].sum() == 600
    assert batch.images[1, 16:].sum() == 0


def test_the_papers_schedule():
    schedule = load_preset("paper").schedule
    rates = [learning_rate(schedule, step, 60_000) for step in (0, 19_999, 20_000, 40_000, 59_999, 90_000)]
    assert rates == pytest.approx([1e-3, 1e-3, 1e-4, 1e-5, 1e-5, 1e-5])
    cosine = Schedule("cosine", 1e-2, 1e-4, warm_up=10)
    assert learning_rate(cosine, 0, 100) == pytest.approx(1e-3)
    assert learning_rate(cosine, 10, 100) == pytest.approx(1e-2)
    assert learning_rate(cosine, 100, 100) == pytest.approx(1e-4)


def test_the_paper_preset_is_the_papers():
    settings = load_preset("paper")
    detector = settings.detector
    assert (detector.backbone, detector.anchor_ratios, detector.class_count) == ("resnet101", (0.5, 1.0, 2.0), 17)
    assert (settings.size_px, settings.geometry, settings.batch) == (800, "aspect", 2)
    assert (settings.box_loss, settings.auxiliary_age_weight, detector.maturity_channels) == ("l2", 0.0, False)
    assert settings.focal.gamma > 0
    assert settings.augment.mirror_share > 0
    assert settings.augment.upside_down_share > 0
    assert settings.augment.rotation_degrees > 0


def test_flips_happen_as_often_as_they_are_asked_for():
    rng = np.random.default_rng(0)
    settings = AugmentSettings(mirror_share=0.5, upside_down_share=0.25, rotation_degrees=0.0)
    drawn_ones = [draw_matrix(rng, settings, columns=40, rows=50, squeeze=1.0) for _ in range(400)]
    assert np.mean([matrix[0, 0] < 0 for matrix in drawn_ones]) == pytest.approx(0.5, abs=0.1)
    assert np.mean([matrix[1, 1] < 0 for matrix in drawn_ones]) == pytest.approx(0.25, abs=0.09)


def test_precision_and_patience_are_checked():
    assert load_preset("tiny", {"precision": "bfloat16"}).precision == "bfloat16"
    with pytest.raises(PresetError, match="precision must be one of float32, bfloat16"):
        load_preset("tiny", {"precision": "float16"})
    with pytest.raises(PresetError, match="patience needs validate_every"):
        load_preset("tiny", {"patience": 3})


def test_overrides_are_checked():
    settings = load_preset("light", {"steps": 3, "detector.proposals": 20, "schedule.highest": 1})
    assert (settings.steps, settings.detector.proposals, settings.schedule.highest) == (3, 20, 1.0)
    together = {"detector.maturity_channels": True, "auxiliary_age_weight": 1.0, "validate_every": 0, "patience": 0}
    assert load_preset("paper", together).detector.maturity_channels  # right together, whatever their order
    for overrides in ({"stepps": 3}, {"steps": "3"}, {"steps.more": 1}, {"detector": 3}):
        with pytest.raises(PresetError):
            load_preset("light", overrides)
    with pytest.raises(PresetError, match="backbone must be one of"):
        load_preset("light", {"detector.backbone": "vgg"})
    with pytest.raises(PresetError, match="no preset"):
        load_preset("heavy")
    with pytest.raises(PresetError, match="go together"):
        load_preset("paper", {"auxiliary_age_weight": 1.0})


@pytest.mark.parametrize(
    ("overrides", "code", "names", "facts"),
    [
        ({"steps": 0}, "setting_least", ("steps",), {"least": 1}),
        ({"schedule.highest": 0.0}, "setting_least", ("schedule.highest",), {"least": 1e-9}),
        ({"schedule.lowest": 9.0}, "settings_disagree", ("schedule.lowest", "schedule.highest"), {}),
        ({"patience": 3, "validate_every": 0}, "settings_disagree", ("patience", "validate_every"), {}),
        ({"optimizer": "adam"}, "setting_words", ("optimizer",), {"words": "sgd, adamw"}),
        ({"steps": True}, "setting_kind", ("steps",), {"own": "60000", "value": "true"}),
        ({"detector.input_multiple_px": 7}, "bad_setting", (), {}),
    ],
)
def test_a_refusal_says_of_which_settings_it_speaks(overrides, code, names, facts):
    with pytest.raises(PresetError) as refused:
        load_preset("paper", overrides)
    assert (refused.value.code, refused.value.settings, refused.value.facts) == (code, names, facts)
