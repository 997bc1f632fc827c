"""Heights above the ground along eight lines, against a slow form written line by line."""

import cv2
import numpy as np
import pytest

from inference.imaging.ridges import nth_largest, ridge_heights


@pytest.mark.parametrize("n", [1, 3, 8])
@pytest.mark.parametrize("levels", [3, 256])
def test_the_nth_largest_of_each_pixel_is_what_sorting_gives(n, levels):
    planes = np.random.default_rng(n).integers(0, levels, (8, 40, 31)).astype(np.uint8)  # few levels: many ties
    before = planes.copy()
    np.testing.assert_array_equal(nth_largest(list(planes), n), np.sort(planes, axis=0)[-n])
    np.testing.assert_array_equal(planes, before)


def slow_ridge_heights(grey, region):
    rows, columns = grey.shape
    walled = np.where(region, np.rint(grey * np.float32(254)).astype(np.uint8), np.uint8(255))
    side = int(np.ceil(np.hypot(rows, columns)))
    heights = []
    for line in range(8):
        turn = cv2.getRotationMatrix2D((columns / 2, rows / 2), 22.5 * line, 1.0)
        turn[:, 2] += ((side - columns) / 2, (side - rows) / 2)
        turned = cv2.warpAffine(walled, turn, (side, side), flags=cv2.INTER_NEAREST, borderValue=255)
        height = np.zeros_like(turned)
        for column in range(side):
            values = turned[:, column].astype(int)
            for row in range(side):
                ground = max(values[: row + 1].min(), values[row:].min())
                height[row, column] = 0 if values[row] == 255 else max(values[row] - ground, 0)
        heights.append(cv2.warpAffine(height, turn, (columns, rows), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP))
    return np.where(region, np.sort(np.stack(heights), axis=0)[-3], 0)


@pytest.mark.parametrize("shape", [(24, 17), (9, 31)])
def test_heights_are_those_of_the_slow_form_bit_for_bit(shape):
    rng = np.random.default_rng(7)
    for share_outside in (0.0, 0.2):
        grey = cv2.GaussianBlur(rng.random(shape, dtype=np.float32), (0, 0), 1.5)
        grey = (grey - grey.min()) / (grey.max() - grey.min())
        region = rng.random(shape) >= share_outside
        heights = ridge_heights(grey, region)
        np.testing.assert_array_equal(heights, slow_ridge_heights(grey, region))
        assert heights.max() > 50
