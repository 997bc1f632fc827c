"""The third largest height is the third largest, however it is found."""

import numpy as np
import pytest

from inference.imaging.ridges import nth_largest


@pytest.mark.parametrize("n", [1, 3, 8])
@pytest.mark.parametrize("levels", [3, 256])
def test_the_nth_largest_of_each_pixel_is_what_sorting_gives(n, levels):
    planes = np.random.default_rng(n).integers(0, levels, (8, 40, 31)).astype(np.uint8)  # few levels: many ties
    before = planes.copy()
    np.testing.assert_array_equal(nth_largest(list(planes), n), np.sort(planes, axis=0)[-n])
    np.testing.assert_array_equal(planes, before)
