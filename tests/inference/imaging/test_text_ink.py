"""What goes of a line that was read, and what comes there: no shape of a letter stays, bone between strokes does."""

import cv2
import numpy as np
import pytest

from inference.imaging.drawn_over import drawn_over
from inference.imaging.text_ink import ink_of
from inference.imaging.text_lines import WrittenLine

SIZE = (300, 500)
LINE = WrittenLine(centre=(150.0, 150.0), sides=(170.0, 44.0), degrees=0.0, score=1.0, signs=4)
"""Where ``2011`` stands; the rest of the date beyond it was not read."""


def ground(*, bone=False, grain=20.0):
    """Soft tissue with grain, and for a bone a bright bar with a cortex that runs under the line."""
    picture = np.full(SIZE, 1200, np.float32)
    if bone:
        picture[:, 120:180] = 2600
        picture[:, 120:126] = picture[:, 174:180] = 3000
    picture = cv2.GaussianBlur(picture, (0, 0), 1.5)
    return picture + np.random.default_rng(3).normal(0, grain, SIZE).astype(np.float32)


def letters(text="2011", at=(80, 162), scale=1.1):
    ink = np.zeros(SIZE, np.uint8)
    cv2.putText(ink, text, at, cv2.FONT_HERSHEY_SIMPLEX, scale, 255, 2, cv2.LINE_AA)
    return ink.astype(np.float32) / 255


def with_letters(picture, ink, tone=3900.0):
    return picture * (1 - ink) + tone * ink


def test_no_shape_of_a_letter_stays():
    """Neither as a mean that differs from the ground's, nor as a patch that is smoother."""
    plain, ink = ground(), letters()
    covered = cv2.dilate((ink > 0).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    result = drawn_over(np.rint(with_letters(plain, ink)).astype(np.int32), covered)
    assert np.array_equal(result[~covered], np.rint(plain[~covered]).astype(np.int32))
    inside, outside = result[covered], result[~covered]
    assert abs(inside.mean() - outside.mean()) < 0.3 * outside.std()
    assert 0.6 < inside.std() / outside.std() < 1.3


def test_nothing_covered_changes_nothing():
    picture = np.rint(ground(bone=True)).astype(np.int32)
    assert np.array_equal(drawn_over(picture, np.zeros(SIZE, bool)), picture)


def test_a_picture_that_is_covered_wholly_is_no_error():
    picture = np.full((30, 40), 7, np.int32)
    assert drawn_over(picture, np.ones((30, 40), bool)).shape == (30, 40)


@pytest.mark.parametrize("tone", [3900.0, 100.0])
def test_on_even_ground_all_of_the_line_goes(tone):
    mask = ink_of(with_letters(ground(), letters(), tone), LINE, tones=3000.0)
    assert mask[letters() > 0.1].all()
    assert mask[135:165, 75:225].all()


@pytest.mark.parametrize("tone", [3900.0, 100.0])
def test_over_bone_only_strokes_go(tone):
    ink = letters()
    mask = ink_of(with_letters(ground(bone=True), ink, tone), LINE, tones=3000.0)
    assert mask[ink > 0.5].mean() > 0.97
    between = np.zeros(SIZE, bool)
    between[128:172, 130:170] = True
    between &= cv2.dilate((ink > 0.1).astype(np.uint8), np.ones((5, 5), np.uint8)) == 0
    assert between.sum() > 500
    assert mask[between].mean() < 0.05
    assert not mask[:110].any()
    assert not mask[190:].any()


def test_the_rest_of_the_line_goes_as_well():
    ink = letters("2011-11-07")
    mask = ink_of(with_letters(ground(), ink), LINE, tones=3000.0)
    rest = ink > 0.5
    rest[:, :235] = False
    assert rest.sum() > 200
    assert mask[rest].mean() > 0.9


def test_a_bone_beside_the_line_is_not_its_rest():
    picture = ground()
    picture[:, 300:360] = 3900.0
    mask = ink_of(with_letters(picture, letters()), LINE, tones=3000.0)
    assert not mask[:, 290:].any()
