"""Choosing one box per region, and the geometry it rests on."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.anatomy.boxes import Box
from inference.anatomy.geometry import (
    TEMPLATE_CENTRES,
    TEMPLATE_SIZES,
    expected_boxes,
    geometry_warnings,
    hand_side,
    pose_of,
)
from inference.anatomy.regions import REGION_BY_ID, REGION_IDS
from inference.detector.config import class_of_region
from inference.detector.select import select_regions


def a_hand(*, scale=40.0, degrees=0.0, mirrored=False, squeeze=1.0, shift=(120.0, 160.0), bend=0.0, seed=0):
    """Boxes [17, 4] of a template hand, laid on a picture."""
    angle = np.deg2rad(degrees)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    linear = np.diag([squeeze, 1]) @ turn @ np.diag([-scale if mirrored else scale, -scale])
    centres = TEMPLATE_CENTRES + np.random.default_rng(seed).normal(0, bend, (17, 2))
    centres = centres @ linear.T + np.array(shift)
    half = TEMPLATE_SIZES * scale / 2 * 0.8
    return np.concatenate([centres - half, centres + half], axis=1)


def as_boxes(array):
    return {region: Box(*map(float, array[i])) for i, region in enumerate(REGION_IDS)}


def proposals_for(boxes, *, classes="region", score=0.9, rng=None, rivals=True):
    """Class boxes and probabilities: each region seen twice, beside some empty background."""
    rng = rng or np.random.default_rng(0)
    count = 18 if classes == "region" else 7
    numbers = class_of_region(classes)
    seen, chances = [], []
    for i, box in enumerate(boxes):
        for slip in (0.0, 1.0) if rivals else (0.0,):
            chance = np.full(count, (1 - score) / (count - 1))
            chance[numbers[i]] = score - 0.05 * slip
            seen.append(box + rng.normal(0, slip * 0.3, 4))
            chances.append(chance)
    for _ in range(8):
        corner = rng.uniform(0, 250, 2)
        seen.append(np.concatenate([corner, corner + 12]))
        chances.append(np.eye(count)[0] * 0.98 + 0.02 / count)
    return np.repeat(np.array(seen)[:, None], count - 1, axis=1), np.array(chances)


@pytest.mark.parametrize("classes", ["region", "type"])
@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("degrees", [0.0, 35.0, -160.0])
def test_a_clear_hand_is_found_whole(classes, mirrored, degrees):
    truth = a_hand(mirrored=mirrored, degrees=degrees, squeeze=1.25, bend=0.02)
    found = select_regions(*proposals_for(truth, classes=classes), classes=classes, score_floor=0.2)
    np.testing.assert_allclose(found.boxes, truth, atol=2.5)
    assert (found.scores > 0.5).all()


@given(dx=st.floats(-60, 60), dy=st.floats(-60, 60), seed=st.integers(0, 100))
@settings(max_examples=20, deadline=None)
def test_when_the_picture_shifts_the_boxes_shift(dx, dy, seed):
    truth = a_hand(bend=0.03, seed=seed)
    boxes, chances = proposals_for(truth)
    here = select_regions(boxes, chances, classes="region", score_floor=0.2)
    there = select_regions(boxes + np.array([dx, dy, dx, dy]), chances, classes="region", score_floor=0.2)
    np.testing.assert_allclose(there.boxes - here.boxes, np.tile([dx, dy, dx, dy], (17, 1)), atol=1e-6)


def test_a_missing_region_stays_missing():
    truth = a_hand()
    boxes, chances = proposals_for(np.delete(truth, REGION_BY_ID["pp4"].index, axis=0), rivals=False)
    # the rows after pp4 now carry the neighbour's class: name them rightly
    names = [region for region in REGION_IDS if region != "pp4"]
    for row, region in enumerate(names):
        chances[row] = 0.005
        chances[row, REGION_BY_ID[region].index + 1] = 0.9
    found = select_regions(boxes, chances, classes="region", score_floor=0.2)
    missing = [region for region in REGION_IDS if found.scores[REGION_BY_ID[region].index] == 0]
    assert missing == ["pp4"]
    assert (found.boxes[REGION_BY_ID["pp4"].index] == 0).all()


def test_a_region_seen_in_two_places_is_taken_where_a_hand_has_it():
    truth = a_hand()
    boxes, chances = proposals_for(truth)
    far = truth[REGION_BY_ID["dp3"].index] + np.array([0, 200, 0, 200])
    rival = np.full(18, 0.001)
    rival[REGION_BY_ID["dp3"].index + 1] = 0.98
    boxes = np.concatenate([boxes, np.tile(far, (1, 17, 1))])
    chances = np.concatenate([chances, rival[None]])
    found = select_regions(boxes, chances, classes="region", score_floor=0.2)
    np.testing.assert_allclose(found.boxes[REGION_BY_ID["dp3"].index], truth[REGION_BY_ID["dp3"].index], atol=2.5)


def test_one_finger_is_not_found_under_two_names():
    truth = a_hand()
    boxes, chances = proposals_for(truth, rivals=False)
    mc3, mc4 = REGION_BY_ID["mc3"].index, REGION_BY_ID["mc4"].index
    chances[mc3] = 0.001
    chances[mc3, [mc3 + 1, mc4 + 1]] = 0.48, 0.50  # the detector cannot tell which finger this is
    found = select_regions(boxes, chances, classes="region", score_floor=0.2)
    np.testing.assert_allclose(found.boxes[[mc3, mc4]], truth[[mc3, mc4]], atol=1e-6)


def index(region):
    return REGION_BY_ID[region].index


def broken(found):
    """Neighbours on a ray in the wrong order, from the boxes of a selection."""
    boxes = {region: Box(*map(float, found.boxes[i])) for i, region in enumerate(REGION_IDS) if found.scores[i] > 0}
    return [warning.regions for warning in geometry_warnings(boxes) if warning.code == "order_along_ray"]


@pytest.mark.parametrize(
    ("one", "other"), [("pp3", "dp3"), ("mc2", "pp2"), ("mc5", "dp5"), ("dp3", "dp4"), ("mc4", "mc5"), ("pp1", "dp1")]
)
def test_two_regions_under_each_others_name_are_put_right(one, other):
    """Along a ray by their order, across the fingers by their place; and at half the score, as the classifier erred."""
    truth = a_hand(bend=0.01)
    boxes, chances = proposals_for(truth, rivals=False)
    chances[[index(one), index(other)]] = chances[[index(other), index(one)]]
    found = select_regions(boxes, chances, classes="region", score_floor=0.2)
    np.testing.assert_allclose(found.boxes, truth, atol=1e-6)
    swapped = np.isin(np.arange(17), [index(one), index(other)])
    np.testing.assert_allclose(found.scores[swapped], 0.45)
    np.testing.assert_allclose(found.scores[~swapped], 0.9)
    assert broken(found) == []


def test_a_misnamed_box_far_from_any_place_is_no_region():
    truth = a_hand()
    boxes, chances = proposals_for(truth, rivals=False)
    boxes[index("dp4")] += 60.0  # in the air beside the hand
    chances[index("dp4")] = np.roll(chances[index("dp4")], 1)  # named dp5, which is there already
    found = select_regions(boxes, chances, classes="region", score_floor=0.2)
    assert found.scores[index("dp4")] == 0
    np.testing.assert_allclose(found.boxes[index("dp5")], truth[index("dp5")], atol=1e-6)


@pytest.mark.parametrize("classes", ["region", "type"])
@pytest.mark.parametrize("missing", REGION_IDS)
def test_any_region_that_nothing_was_seen_of_stays_missing(missing, classes):
    """Whichever it is, with its neighbours seen twice and three times: none of their doubles takes its place."""
    truth = a_hand(bend=0.02, seed=4)
    boxes, chances = proposals_for(truth, classes=classes)
    rows = np.ones(len(boxes), bool)
    rows[2 * index(missing) : 2 * index(missing) + 2] = False
    doubles = boxes[rows][:32] + np.random.default_rng(1).normal(0, 2, (32, 1, 4))
    boxes, chances = np.concatenate([boxes[rows], doubles]), np.concatenate([chances[rows], chances[rows][:32] * 0.9])
    found = select_regions(boxes, chances, classes=classes, score_floor=0.2)
    assert [region for region in REGION_IDS if found.scores[index(region)] == 0] == [missing]
    others = np.arange(17) != index(missing)
    np.testing.assert_allclose(found.boxes[others], truth[others], atol=3.0)


@pytest.mark.parametrize(("squeeze", "mirrored"), [(1.0, False), (0.78, True), (1.28, False)])
def test_fingers_are_told_apart_by_anatomy_without_a_wrist(squeeze, mirrored):
    """Kinds of region only, and none of radius, ulna and carpals, which alone have a kind of their own."""
    truth = a_hand(squeeze=squeeze, mirrored=mirrored, degrees=25, bend=0.02)
    fingers = slice(2 * index("mc2"), None)
    boxes, chances = (part[fingers] for part in proposals_for(truth, classes="type"))
    found = select_regions(boxes, chances, classes="type", score_floor=0.2)
    assert (found.scores[:3] == 0).all()
    np.testing.assert_allclose(found.boxes[3:], truth[3:], atol=2.5)


@pytest.mark.parametrize("classes", ["region", "type"])
@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_the_candidates_changes_nothing(classes, seed):
    rng = np.random.default_rng(seed)
    boxes, chances = proposals_for(a_hand(bend=0.03, seed=seed), classes=classes, rng=rng)
    chances = chances * rng.uniform(0.6, 1.0, (len(chances), 1))  # no two alike
    order = rng.permutation(len(boxes))
    here = select_regions(boxes, chances, classes=classes, score_floor=0.2)
    there = select_regions(boxes[order], chances[order], classes=classes, score_floor=0.2)
    np.testing.assert_array_equal(here.boxes, there.boxes)
    np.testing.assert_array_equal(here.scores, there.scores)
    assert (here.scores > 0).sum() > 10


@given(seed=st.integers(0, 100_000))
@settings(max_examples=30, deadline=None)
def test_whatever_the_detector_claims_no_ray_is_out_of_order_and_no_box_counts_twice(seed):
    rng = np.random.default_rng(seed)
    truth = a_hand(bend=0.05, seed=seed)
    boxes, chances = proposals_for(truth, rng=rng)
    wrong = rng.random(len(boxes)) < 0.4
    chances[wrong] = rng.dirichlet(np.full(18, 0.1), wrong.sum())
    boxes[wrong] += rng.normal(0, 15, (wrong.sum(), 1, 4))
    boxes[..., 2:] = np.maximum(boxes[..., 2:], boxes[..., :2] + 1)
    found = select_regions(boxes, chances, classes="region", score_floor=0.2)
    assert broken(found) == []
    there = found.boxes[found.scores > 0]
    assert len(np.unique(there, axis=0)) == len(there)
    assert ((found.scores == 0) == (found.boxes == 0).all(axis=1)).all()


def test_nothing_seen_is_nothing_found():
    boxes, chances = np.zeros((5, 17, 4)), np.eye(18)[[0] * 5]
    found = select_regions(boxes, chances, classes="region", score_floor=0.2)
    assert found.scores.sum() == 0


def test_side_of_the_hand():
    assert hand_side(as_boxes(a_hand())) == "L"
    assert hand_side(as_boxes(a_hand(degrees=100))) == "L"
    assert hand_side(as_boxes(a_hand(mirrored=True))) == "R"
    assert hand_side({"radius": Box(0, 0, 1, 1)}) is None


@pytest.mark.parametrize("squeeze", [1.0, 1.3])
def test_what_is_not_labelled_is_expected_where_it_is(squeeze):
    truth = as_boxes(a_hand(degrees=20, squeeze=squeeze, mirrored=True))
    carpals = truth.pop("carpals")
    expected = expected_boxes(truth)
    assert set(expected) == {"carpals"}
    np.testing.assert_allclose(expected["carpals"].centre, carpals.centre, atol=1.0)
    assert expected_boxes({"radius": truth["radius"]}) == {}


def test_three_wrist_boxes_tell_the_thumbs_side():
    truth = as_boxes(a_hand(mirrored=True, degrees=-30))
    pose = pose_of({region: truth[region] for region in ("radius", "ulna", "carpals")})
    assert pose is not None
    assert pose.side == "R"


def test_a_good_hand_raises_no_warning_and_swapped_boxes_do():
    good = as_boxes(a_hand(degrees=15, bend=0.02))
    assert geometry_warnings(good) == ()
    swapped = {**good, "pp3": good["mc3"], "mc3": good["pp3"]}
    assert ("order_along_ray", ("mc3", "pp3")) in [(w.code, w.regions) for w in geometry_warnings(swapped)]
    crossed = {**good, "dp4": good["dp3"], "dp3": good["dp4"]}
    assert ("order_of_rays", ("dp3", "dp4")) in [(w.code, w.regions) for w in geometry_warnings(crossed)]
    doubled = {**good, "mc5": good["mc4"]}
    assert ("overlap", ("mc4", "mc5")) in [(w.code, w.regions) for w in geometry_warnings(doubled)]
    huge = {**good, "ulna": Box(0, 0, 300, 300)}
    assert "size" in [w.code for w in geometry_warnings(huge)]
