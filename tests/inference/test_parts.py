"""A part's features come from a picture in which the rest is not to be seen."""

import numpy as np
import pytest

from inference.anatomy.regions import REGION_IDS
from inference.parts import CARPALS, PART_BY_ID, PARTS, covered, part_features

BOX = np.array([10, 20, 30, 44], np.float32)


def picture(seed=0):
    return np.random.default_rng(seed).uniform(0.1, 1, (60, 50)).astype(np.float32)


class MeanOfPicture:
    """Features are what the whole picture holds: the worst case of a feature that is not local."""

    def find(self, images):
        return np.array([[one.sum(), one[20:44, 10:30].sum()] for one in images], np.float32), None

    def describe(self, feature_map, boxes):
        return np.repeat(feature_map[:, None], boxes.shape[1], axis=1)


def found(boxes_of_carpals):
    boxes = np.zeros((len(boxes_of_carpals), 17, 4), np.float32)
    boxes[:, CARPALS] = boxes_of_carpals
    return boxes


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.id)
def test_what_is_not_of_the_part_changes_nothing(part):
    one, other = picture(), picture()
    inside = np.zeros(one.shape, bool)
    inside[20:44, 10:30] = True
    elsewhere = ~inside if part.id == "carpals" else inside
    other[elsewhere] = np.random.default_rng(5).permutation(one[elsewhere])
    scores = np.full((1, 17), 0.9, np.float32)
    features = [part_features(part, MeanOfPicture(), [image], found([BOX]), scores)[0] for image in (one, other)]
    assert np.allclose(features[0], features[1], atol=1e-3)
    there = features[0][0, :, 0] != 0
    assert {REGION_IDS[i] for i in np.flatnonzero(there)} == part.regions


def test_a_film_without_carpals_has_no_part(tmp_path):
    scores = np.full((1, 17), 0.9, np.float32)
    scores[0, CARPALS] = 0
    for part in PARTS:
        features, there = part_features(part, MeanOfPicture(), [picture()], found([BOX]), scores)
        assert there.max() == 0
        assert features.max() == 0


def test_a_box_past_the_frame_is_cut():
    image = picture()
    only = covered(PART_BY_ID["carpals"], image, np.array([-5, 50, 20, 90], np.float32))
    assert (only[50:, :20] == image[50:, :20]).all()
    assert only[:50].max() == 0
    without = covered(PART_BY_ID["no_carpals"], image, np.array([-5, 50, 20, 90], np.float32))
    assert len(np.unique(without[50:, :20])) == 1
    assert (image == picture()).all()
