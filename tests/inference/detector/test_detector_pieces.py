"""Anchors, box coding, RoIAlign, proposals and suppression against slow reference code and by properties."""

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.anatomy.geometry import TEMPLATE_SIZES
from inference.anatomy.regions import REGION_IDS
from inference.detector.anchors import make_anchors
from inference.detector.backend import BACKEND
from inference.detector.box_coding import decode, encode, pairwise_iou
from inference.detector.config import ConfigError, DetectorConfig
from inference.detector.proposals import propose
from inference.detector.proposals import suppress as suppress_in_ops
from inference.detector.roi_align import roi_align, roi_align_by_weights
from inference.detector.select import suppress
from tests.inference.detector import slow_reference
from training.config import load_preset
from training.targets import ANCHOR_POSITIVE_IOU


def random_boxes(rng, count, low=0.0, high=100.0, smallest=2.0):
    first = rng.uniform(low, high - smallest, (count, 2))
    return np.concatenate([first, first + rng.uniform(smallest, 30, (count, 2))], axis=1).astype(np.float32)


def test_anchors_stand_on_cell_centres_with_the_papers_ratios():
    anchors = make_anchors(rows=3, columns=5, stride=16, sizes_px=(32.0, 64.0), ratios=(0.5, 1.0, 2.0))
    assert anchors.shape == (3 * 5 * 6, 4)
    centre = (anchors[:, :2] + anchors[:, 2:]) / 2
    size = anchors[:, 2:] - anchors[:, :2]
    np.testing.assert_allclose(centre[0], [8, 8])
    np.testing.assert_allclose(centre[6], [24, 8])  # the next column, after six shapes
    np.testing.assert_allclose(centre[5 * 6], [8, 24])  # the next row
    np.testing.assert_allclose(np.unique(np.round(size[:, 1] / size[:, 0], 4)), [0.5, 1.0, 2.0])
    np.testing.assert_allclose(np.unique(np.round(np.sqrt(size.prod(axis=1)), 3)), [32, 64])


def test_anchors_of_a_larger_map_are_those_of_a_smaller_one_and_more():
    """The picture shifts by whole cells, the anchors shift with it."""
    known = {"stride": 16, "sizes_px": (32.0, 64.0), "ratios": (0.5, 1.0, 2.0)}
    small = make_anchors(rows=3, columns=4, **known).reshape(3, 4, 6, 4)
    large = make_anchors(rows=5, columns=7, **known).reshape(5, 7, 6, 4)
    np.testing.assert_allclose(large[2:, 3:], small + np.array([48, 32, 48, 32]), atol=1e-4)
    np.testing.assert_array_equal(large[:3, :4], small)


@pytest.mark.parametrize("unit_px", [130, 160, 200, 240, 280, 330])
def test_the_papers_anchors_fit_every_region_at_its_scale(unit_px):
    """From a toddler's hand to a grown one on a film of shortest side 800, by the unit of the hand template."""
    config = load_preset("paper").detector
    anchors = make_anchors(rows=1, columns=1, stride=16, sizes_px=config.anchor_sizes_px, ratios=config.anchor_ratios)
    half = TEMPLATE_SIZES * unit_px / 2
    regions = np.concatenate([8 - half, 8 + half], axis=1).astype(np.float32)
    best = np.asarray(pairwise_iou(regions, anchors)).max(axis=1)
    assert best.min() >= ANCHOR_POSITIVE_IOU + 0.05, dict(zip(REGION_IDS, best.round(2), strict=True))


def test_box_coding_is_the_papers_formula():
    proposal, truth = np.array([10.0, 20.0, 30.0, 60.0], np.float32), np.array([15.0, 10.0, 25.0, 90.0], np.float32)
    coded = np.asarray(encode(truth, proposal))
    np.testing.assert_allclose(coded, [(20 - 20) / 20, (50 - 40) / 40, np.log(10 / 20), np.log(80 / 40)], atol=1e-6)


@given(seed=st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_decoding_undoes_encoding(seed):
    rng = np.random.default_rng(seed)
    boxes, proposals = random_boxes(rng, 8), random_boxes(rng, 8)
    np.testing.assert_allclose(np.asarray(decode(encode(boxes, proposals), proposals)), boxes, atol=1e-2)


def test_overlap_of_all_pairs_is_the_overlap_of_each():
    rng = np.random.default_rng(1)
    a, b = random_boxes(rng, 7), random_boxes(rng, 9)
    fast = np.asarray(pairwise_iou(a, b))
    slow = [[slow_reference.iou(p, q) for q in b] for p in a]
    np.testing.assert_allclose(fast, slow, atol=1e-5)
    assert (fast > 0).any()


@pytest.mark.parametrize("align", [roi_align, roi_align_by_weights])
@pytest.mark.parametrize("sampling", [1, 2])
@pytest.mark.parametrize("stride", [4, 16])
def test_roi_align_is_roi_align(align, stride, sampling):
    rng = np.random.default_rng(stride + sampling)
    maps = rng.normal(size=(2, 11, 13, 3)).astype(np.float32)
    limits = np.array([13, 11], np.float32) * stride
    first = rng.uniform(0, 0.6, (2, 6, 2)) * limits
    boxes = np.concatenate([first, first + rng.uniform(0.05, 0.5, (2, 6, 2)) * limits], -1).astype(np.float32)
    fast = align(maps, boxes, stride=stride, size=5, sampling=sampling).numpy()
    for film in range(2):
        for i in range(6):
            slow = slow_reference.roi_align(maps[film], boxes[film, i], stride=stride, size=5, sampling=sampling)
            np.testing.assert_allclose(fast[film, i], slow, atol=2e-4)


def test_roi_align_follows_a_shift_of_map_and_box():
    rng = np.random.default_rng(3)
    maps = np.zeros((1, 20, 20, 2), np.float32)
    maps[0, 4:12, 4:12] = rng.normal(size=(8, 8, 2))
    shifted = np.roll(maps, (3, 5), axis=(1, 2))
    box = np.array([[[20.0, 18.0, 42.0, 44.0]]], np.float32)
    moved = box + np.array([5, 3, 5, 3], np.float32) * 4
    one = roi_align(maps, box, stride=4, size=7, sampling=2).numpy()
    np.testing.assert_allclose(one, roi_align(shifted, moved, stride=4, size=7, sampling=2).numpy(), atol=1e-5)
    assert np.abs(one).max() > 0.1


@pytest.mark.parametrize("align", [roi_align, roi_align_by_weights])
def test_roi_align_treats_each_box_and_film_for_itself(align):
    rng = np.random.default_rng(8)
    maps = rng.normal(size=(3, 9, 8, 2)).astype(np.float32)
    boxes = np.stack([random_boxes(rng, 7, high=30) for _ in range(3)])
    films, order = np.array([2, 0, 1]), rng.permutation(7)
    whole = align(maps, boxes, stride=4, size=3, sampling=2).numpy()
    mixed = align(maps[films], boxes[films][:, order], stride=4, size=3, sampling=2).numpy()
    np.testing.assert_allclose(mixed, whole[films][:, order], atol=1e-6)


def test_a_feature_map_of_positions_gives_back_where_the_box_is():
    """RoIAlign does not round: the mean position over a box is the box's centre, to a thousandth of a pixel."""
    rows, columns, stride = 16, 16, 4
    y, x = np.meshgrid((np.arange(rows) + 0.5) * stride, (np.arange(columns) + 0.5) * stride, indexing="ij")
    maps = np.stack([x, y], -1)[None].astype(np.float32)
    box = np.array([[[10.3, 12.9, 33.7, 49.2]]], np.float32)
    centre = roi_align(maps, box, stride=stride, size=7, sampling=2).numpy().mean(axis=(0, 1, 2, 3))
    np.testing.assert_allclose(centre, [22.0, 31.05], atol=1e-3)


@given(seed=st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_suppression_is_the_slow_one(seed):
    rng = np.random.default_rng(seed)
    boxes, scores = random_boxes(rng, 40, high=50).astype(np.float64), rng.permutation(40) / 40
    fast = suppress(boxes, scores, iou=0.4, at_most=12)
    assert fast.tolist() == slow_reference.non_maximum_suppression(boxes, scores, 0.4, 12)


@pytest.mark.parametrize("form", [suppress_in_ops, BACKEND.suppress])
@pytest.mark.parametrize("seed", range(6))
def test_suppression_of_proposals_is_the_slow_one(form, seed):
    rng = np.random.default_rng(seed)
    boxes = np.stack([random_boxes(rng, 40, high=50) for _ in range(3)])
    boxes[1, 5:] = boxes[1, :1]  # few places: most of the result stays empty
    boxes[2, ::3, 2:] = boxes[2, ::3, :2]  # no area: overlaps nothing
    scores = np.sort(rng.permutation(40).astype(np.float32) / 10)[None, ::-1].repeat(3, axis=0)
    fast = np.asarray(form(boxes, scores, iou=0.4, at_most=12))
    for film in range(3):
        kept = slow_reference.non_maximum_suppression(boxes[film], scores[film], 0.4, 12)
        np.testing.assert_array_equal(fast[film, : len(kept)], boxes[film][kept])
        assert not fast[film, len(kept) :].any()


@pytest.mark.parametrize("align", [roi_align, roi_align_by_weights])
def test_both_forms_of_roi_align_teach_the_map_the_same(align):
    """The gradient with respect to the map is the sum of each sample's bilinear weights: checked by differences."""
    rng = np.random.default_rng(2)
    maps, wanted = rng.normal(size=(1, 6, 7, 2)).astype(np.float32), rng.normal(size=(1, 3, 4, 4, 2)).astype(np.float32)
    boxes = np.array([[[1.0, 3.0, 20.0, 22.0], [8.0, 2.0, 27.0, 9.0], [0.0, 0.0, 28.0, 24.0]]], np.float32)

    def loss(values):
        return tf.reduce_sum(align(values, tf.constant(boxes), stride=4, size=4, sampling=2) * wanted)

    with tf.GradientTape() as tape:
        variable = tf.Variable(maps)
        result = loss(variable)
    gradient = tape.gradient(result, variable).numpy()
    for place in [(0, 0, 0, 0), (0, 2, 3, 1), (0, 5, 6, 0), (0, 4, 1, 1)]:
        step = np.zeros_like(maps)
        step[place] = 0.5  # the result is linear in the map
        change = float(loss(tf.constant(maps + step)) - loss(tf.constant(maps - step)))
        assert gradient[place] == pytest.approx(change, abs=1e-3)


def test_proposals_are_the_decoded_best_anchors_after_suppression():
    config = DetectorConfig(backbone="tiny", anchor_sizes_px=(16.0,), proposal_candidates=60, proposals=20)
    rng = np.random.default_rng(5)
    anchors = make_anchors(rows=8, columns=8, stride=8, sizes_px=(16.0,), ratios=(0.5, 1.0, 2.0))
    logits = rng.permutation(np.linspace(-4, 4, len(anchors))).astype(np.float32)[None]
    deltas = rng.normal(0, 0.1, (1, len(anchors), 4)).astype(np.float32)
    fast = propose(logits, deltas, anchors, config=config, image_size=(64, 64)).numpy()[0]

    best = np.argsort(-logits[0])[:60]
    boxes = np.clip(np.asarray(decode(deltas[0][best], anchors[best])), 0, 64)
    kept = slow_reference.non_maximum_suppression(boxes, logits[0][best], 0.7, 20)
    np.testing.assert_allclose(fast[: len(kept)], boxes[kept], atol=1e-4)


@pytest.mark.parametrize("seed", range(4))
def test_proposals_do_not_depend_on_the_order_of_the_anchors(seed):
    config = DetectorConfig(backbone="tiny", anchor_sizes_px=(16.0,), proposal_candidates=80, proposals=20)
    rng = np.random.default_rng(seed)
    anchors = make_anchors(rows=8, columns=8, stride=8, sizes_px=(16.0,), ratios=(0.5, 1.0, 2.0))
    logits = rng.permutation(np.linspace(-4, 4, len(anchors))).astype(np.float32)[None]
    deltas = rng.normal(0, 0.1, (1, len(anchors), 4)).astype(np.float32)
    order = rng.permutation(len(anchors))
    here = propose(logits, deltas, anchors, config=config, image_size=(64, 64)).numpy()
    there = propose(logits[:, order], deltas[:, order], anchors[order], config=config, image_size=(64, 64)).numpy()
    np.testing.assert_allclose(here, there, atol=1e-5)
    assert (here[0, 0, 2:] > here[0, 0, :2]).all()


@given(seed=st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_overlap_is_symmetric_and_follows_no_shift_or_scale(seed):
    rng = np.random.default_rng(seed)
    a, b = random_boxes(rng, 5), random_boxes(rng, 6)
    overlap = np.asarray(pairwise_iou(a, b))
    np.testing.assert_allclose(np.asarray(pairwise_iou(b, a)).T, overlap, atol=1e-6)
    moved = [(boxes + 7.5) * 3 for boxes in (a, b)]
    np.testing.assert_allclose(np.asarray(pairwise_iou(*moved)), overlap, atol=1e-4)
    np.testing.assert_allclose(np.diag(np.asarray(pairwise_iou(a, a))), 1.0, atol=1e-5)


def test_a_configuration_survives_json_and_refuses_nonsense():
    config = DetectorConfig(backbone="light", anchor_sizes_px=(8.0, 16.0), classes="type")
    assert DetectorConfig.from_json(config.to_json()) == config
    with pytest.raises(ConfigError, match="backbone"):
        DetectorConfig(backbone="vgg")
    with pytest.raises(ConfigError, match="multiple of 32, not 80"):
        DetectorConfig(backbone="light", input_multiple_px=80)
    with pytest.raises(ConfigError, match="unknown fields: colour"):
        DetectorConfig.from_json('{"colour": 1}')
