"""Writing is taken out of a film, and nothing else is."""

from itertools import islice

import cv2
import numpy as np
import pytest

from inference.imaging.burned_text import without_text
from inference.imaging.hand_mask import find_hand
from tests.factories.made_up_writing import chinese_fonts_installed, write
from tests.factories.real_films import real_films
from training.phantom import render_phantom
from training.phantom.cohort import demo_cohort

SIZE = (1000, 800)
LINES = ("SHEN HAORAN", "ID P184723  M", "2016-04-30  2017-05-31")


def film(months=90.0, seed=4):
    return render_phantom(bone_age_months=months, sex="F", seed=seed, size=SIZE, mirrored=False)


def written(pixels, lines=LINES, *, at=(20, 40), scale=0.6, value=4095):
    """The film with text on it, and where its letters have at least half their tone."""
    ink = np.zeros(pixels.shape, np.uint8)
    for number, line in enumerate(lines):
        place = (at[0], at[1] + round(number * 40 * scale))
        cv2.putText(ink, line, place, cv2.FONT_HERSHEY_SIMPLEX, scale, 255, max(1, round(1.7 * scale)), cv2.LINE_AA)
    share = ink.astype(np.float32) / 255
    return np.round(pixels * (1 - share) + value * share).astype(np.int32), ink > 127


def contrast_left(cleaned, marked, letters):
    """What is left of the letters' contrast to the ground between them: 1 before cleaning, 0 when nothing shows."""

    def contrast(picture):
        fine = picture.astype(np.float32) - cv2.GaussianBlur(picture.astype(np.float32), (0, 0), 3)
        ink = letters.astype(np.float32) - cv2.GaussianBlur(letters.astype(np.float32), (0, 0), 3)
        near = cv2.dilate(letters.astype(np.uint8), np.ones((7, 7), np.uint8)) > 0
        return float((fine[near] * ink[near]).sum() / (ink[near] ** 2).sum())

    return abs(contrast(cleaned) / contrast(marked))


@pytest.mark.parametrize("scale", [0.4, 0.6, 0.9])
def test_lines_beside_the_hand_go(scale):
    plain = film().pixels
    marked, letters = written(plain, scale=scale)
    cleaned, found = without_text(marked)
    assert letters.sum() > 300
    assert contrast_left(cleaned, marked, letters) < 0.03
    assert found[letters].mean() > 0.97


def test_lines_across_the_forearm_and_palm_go_and_the_hand_stays():
    phantom = film()
    radius = phantom.boxes["radius"]
    marked, letters = written(phantom.pixels, at=(int(radius.x0) - 120, int(radius.y0)), scale=0.6)
    assert (letters & phantom.hand).sum() > 0.3 * letters.sum()
    cleaned, _ = without_text(marked)
    assert contrast_left(cleaned, marked, letters) < 0.05
    far = phantom.hand & (cv2.dilate(letters.astype(np.uint8), np.ones((41, 61), np.uint8)) == 0)
    assert np.array_equal(cleaned[far], phantom.pixels[far])


def test_dark_letters_and_standing_lines_go_too():
    plain = film().pixels
    turned_over = (4095 - plain).astype(np.int32)
    marked, letters = written(turned_over, value=0)
    assert contrast_left(without_text(marked)[0], marked, letters) < 0.03
    standing, letters = written(np.rot90(plain))
    cleaned, _ = without_text(np.ascontiguousarray(np.rot90(standing, -1)))
    assert contrast_left(np.rot90(cleaned), standing, letters) < 0.05  # the line runs over a finger


@pytest.mark.parametrize("seed", range(6))
def test_a_hand_without_writing_is_left_alone(seed):
    phantom = film(months=15 + 35 * seed, seed=seed)
    _, found = without_text(phantom.pixels.astype(np.int32))
    assert not (found & phantom.hand).any()
    assert found.mean() < 0.01  # at most the initials on the lead marker


def test_edges_of_carpals_that_overlap_are_no_letters():
    """The nineteenth film of the demonstration once lost a part of its wrist: three bright edges stood in a row."""
    nineteenth = next(islice(demo_cohort(2018, 24), 18, None)).phantom
    _, found = without_text(nineteenth.pixels.astype(np.int32))
    assert not (found & nineteenth.hand).any()


def test_the_argument_is_not_changed_and_the_type_is_kept():
    marked, _ = written(film().pixels)
    before = marked.copy()
    cleaned, found = without_text(marked)
    assert np.array_equal(marked, before)
    assert cleaned.dtype == marked.dtype
    assert np.array_equal(cleaned[~found], marked[~found])


@pytest.mark.parametrize("value", [0, 77])
def test_an_empty_picture_has_no_text(value):
    picture = np.full((60, 40), value, np.int32)
    cleaned, found = without_text(picture)
    assert np.array_equal(cleaned, picture)
    assert not found.any()


def test_a_name_in_chinese_goes():
    """Its characters are dense and may hang together: only the networks find them."""
    if not chinese_fonts_installed():
        pytest.skip("Chinese characters cannot be drawn: install fonts-noto-cjk")
    plain = film().pixels
    line = write(("王雨涵",), "chinese", 28.0, np.random.default_rng(1)).ink
    ink = np.zeros(plain.shape, np.float32)
    ink[500 : 500 + line.shape[0], 20 : 20 + line.shape[1]] = line
    marked = np.round(plain * (1 - ink) + 4095 * ink).astype(np.int32)
    cleaned, _ = without_text(marked)
    assert contrast_left(cleaned, marked, ink > 0.5) < 0.03


@pytest.mark.real_data
@pytest.mark.parametrize("film_id", ["rsna-10617", "rsna-1514", "rsna-1515", "rsna-1548", "dha-3177", "dha-7081"])
def test_what_the_hand_mask_keeps_of_a_name_goes_and_no_bone_with_it(real_data, film_id):
    """The films whose names come so near to the hand that its widened mask keeps some of their letters."""
    (one,) = real_films(real_data, only={film_id})
    hand = find_hand(one.pixels.astype(np.float32)).mask
    letters = np.abs(one.pixels.astype(int) - one.plain) > 0.25 * 4095
    cleaned, _ = without_text(one.pixels.astype(np.int32))
    same = np.abs(cleaned - one.pixels.astype(int)) < 0.02 * 4095
    # measured: 0 but for the histogram-equalised 1548, whose noise is as sharp as the dashes of its dates
    assert (letters & hand & same).sum() < 0.08 * letters.sum()
    _, found = without_text(one.plain.astype(np.int32))
    rows, columns = hand.shape
    assert not found[rows // 3 : 2 * rows // 3, columns // 3 : 2 * columns // 3].any()
