"""Scores of boxes, by hand and against scikit-learn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score

from inference.anatomy.regions import REGION_IDS
from inference.statistics.detection import BoxedFilm, average_precision, detector_figure

RADIUS, ULNA = REGION_IDS[0], REGION_IDS[1]


def _film(found, *, absent=()):
    return BoxedFilm(height=1000.0, truth={RADIUS: (100, 100, 200, 200)}, absent=frozenset(absent), found=found)


def test_recall_distance_and_overlap_by_hand():
    films = [
        _film({RADIUS: ((100, 100, 200, 200), 0.9)}),  # exact
        _film({RADIUS: ((120, 100, 220, 200), 0.8)}),  # 2 % off, IoU 80/120
        _film({RADIUS: ((200, 100, 300, 200), 0.7)}),  # 10 % off, no overlap
        _film({}),  # missed
    ]
    row = detector_figure(films).values["rows"][0]
    assert (row["region"], row["n"], row["found"], row["recall_iou"]) == (RADIUS, 4, 0.5, 0.5)
    assert row["centre_median"] == pytest.approx(0.02)
    assert row["median_iou"] == pytest.approx((2 / 3 + 0) / 2)
    # precision 1 at recall 1/4, 1 at 2/4, then a false one: the missed one is never reached
    assert row["average_precision"] == pytest.approx(0.5)
    assert detector_figure(films).values["hands_complete"] == 0.5


def test_a_box_where_the_region_is_absent_is_false_and_unlabelled_regions_say_nothing():
    stray = ((0, 0, 10, 10), 0.95)
    figure = detector_figure([_film({RADIUS: ((100, 100, 200, 200), 0.9), ULNA: stray}, absent=[ULNA])]).values
    assert figure["all"]["false"] == 1
    assert figure["all"]["average_precision"] == pytest.approx(0.5)  # the stray one has the higher score
    unlabelled = detector_figure([_film({RADIUS: ((100, 100, 200, 200), 0.9), ULNA: stray})]).values
    assert unlabelled["all"]["false"] == 0
    assert unlabelled["all"]["average_precision"] == 1
    assert [row["region"] for row in unlabelled["rows"]] == [RADIUS]


def test_without_labels_there_is_no_score():
    assert detector_figure([]) is None
    assert detector_figure([BoxedFilm(1.0, {}, frozenset(), {})]) is None


@given(st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=1, max_size=40))
def test_average_precision_equals_scikit_learn(detections):
    right = [hit for _, hit in detections]
    if not any(right):
        assert average_precision(detections, 3) == 0
        return
    scores = np.array([score for score, _ in detections], dtype=float)
    expected = average_precision_score(right, scores)
    assert average_precision(detections, sum(right)) == pytest.approx(expected)
    assert average_precision(detections, 2 * sum(right)) == pytest.approx(expected / 2)  # half are never found


def test_no_positives_and_no_detections():
    assert average_precision([(0.5, False)], 0) is None
    assert average_precision([], 3) == 0
