"""17 x F -> 6 x F."""

import numpy as np
import pytest

from inference.anatomy.regions import REGION_TYPES, REGIONS
from inference.features import average_by_type


@pytest.mark.parametrize("weights", ["score", "mean"])
def test_the_average_of_each_type_counts_what_was_found(weights):
    rng = np.random.default_rng(0)
    features, scores = rng.normal(size=(17, 5)).astype("f4"), rng.uniform(0.2, 1, 17).astype("f4")
    scores[[0, 4, 12]] = 0
    means, found = average_by_type(features, scores, weights)
    for t, name in enumerate(REGION_TYPES):
        rows = [r.index for r in REGIONS if r.type == name and scores[r.index] > 0]
        assert found[t] == bool(rows)
        if rows:
            expected = np.average(features[rows], axis=0, weights=scores[rows] if weights == "score" else None)
            np.testing.assert_allclose(means[t], expected, rtol=1e-5)
        else:
            assert not means[t].any()


def test_a_missing_region_never_counts_whatever_stands_in_its_place():
    features, scores = np.ones((17, 2), "f4"), np.ones(17, "f4")
    features[5], scores[5] = np.nan, 0
    means, found = average_by_type(features, scores)
    assert found.all()
    np.testing.assert_allclose(means, 1)
