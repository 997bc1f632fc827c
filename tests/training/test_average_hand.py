"""The average hand is found again in hands that were made from one, however they lie on their films."""

import numpy as np
import pytest

from inference.anatomy.boxes import Box
from inference.anatomy.geometry import TEMPLATE_CENTRES, TEMPLATE_SIZES
from inference.anatomy.regions import REGION_IDS
from training.average_hand import FEWEST_HANDS, as_typescript, learn
from training.snapshot import SnapshotError


def _hand(rng, *, mirrored=False, carpals=True, scale=None):
    """A hand upright on its film, thumb and sizes as in the detector's template, of any size and place."""
    scale = scale or rng.uniform(150, 600)
    boxes = {}
    for region, (u, v), (width, height) in zip(REGION_IDS, TEMPLATE_CENTRES, TEMPLATE_SIZES, strict=True):
        x, y = u * scale * (-1 if mirrored else 1), -v * scale
        w, h = width * scale / 2, height * scale / 2
        boxes[region] = Box(x - w, y - h, x + w, y + h)
    if not carpals:
        del boxes["carpals"]
    return boxes


def test_size_place_side_and_a_missing_wrist_change_nothing():
    rng = np.random.default_rng(3)
    plain = learn([_hand(rng) for _ in range(FEWEST_HANDS)])
    mixed = [_hand(rng, mirrored=k % 2 == 0) for k in range(FEWEST_HANDS)]
    mixed += [_hand(rng, mirrored=k % 2 == 0, carpals=False) for k in range(30)]
    found = learn(mixed)
    assert (found.hands, found.with_carpals) == (50, 20)
    np.testing.assert_allclose(found.at, plain.at, atol=1e-6)
    np.testing.assert_allclose(found.size, plain.size, rtol=1e-6)
    np.testing.assert_allclose(found.thumb, plain.thumb, atol=1e-6)


def test_the_frame_is_the_three_clicks():
    found = learn([_hand(np.random.default_rng(1)) for _ in range(FEWEST_HANDS)])
    at = dict(zip(REGION_IDS, found.at, strict=True))
    assert at["carpals"] == pytest.approx([0, 0], abs=1e-9)
    assert 0.85 < at["dp3"][1] < 1, "the middle finger's tip is where v is 1"
    assert found.thumb[0] > at["dp1"][0] > at["pp1"][0] > 0, "u goes to the thumb"


def test_regions_follow_the_thumb_as_far_as_they_did():
    rng = np.random.default_rng(5)
    hands = []
    for _ in range(60):
        hand = _hand(rng, scale=300.0)
        dx, dy = rng.normal(0, 20, 2)
        for region, share in (("dp1", 1.0), ("pp1", 0.4)):
            box = hand[region]
            hand[region] = Box(box.x0 + share * dx, box.y0 + share * dy, box.x1 + share * dx, box.y1 + share * dy)
        hands.append(hand)
    along = dict(zip(REGION_IDS, learn(hands).along, strict=True))
    assert np.abs(along["mc5"]).max() < 0.02
    assert along["dp1"][0, 0] > 1.5 * along["pp1"][0, 0] > 0.2


def test_too_few_whole_hands_are_refused():
    rng = np.random.default_rng(0)
    with pytest.raises(SnapshotError, match="3 hands have all 17 boxes"):
        learn([_hand(rng) for _ in range(3)] + [_hand(rng, carpals=False) for _ in range(50)])


def test_the_table_names_every_region_and_its_source():
    text = as_typescript(learn([_hand(np.random.default_rng(0)) for _ in range(FEWEST_HANDS)]), snapshot_hash="ab" * 32)
    assert "snapshot abababababab: 20 hands" in text
    assert all(f"  {region}: {{ at: [" in text for region in REGION_IDS)
