"""Sharpness and noise fall and rise with blur and noise, whatever the film's size and units."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.imaging.detail import measure_detail
from inference.imaging.hand_mask import find_hand
from training.phantom.phantom import render_phantom

HAND = render_phantom(bone_age_months=120, sex="F", seed=3, size=(768, 600), mirrored=False).pixels.astype(np.float32)
MASK = find_hand(HAND).mask


def test_blur_lowers_sharpness_and_noise_raises_noise():
    sharp = measure_detail(HAND, MASK)
    soft = measure_detail(cv2.GaussianBlur(HAND, (0, 0), 4.5), MASK)
    grainy = measure_detail(HAND + np.random.default_rng(1).normal(0, 600, HAND.shape).astype(np.float32), MASK)
    assert soft.sharpness < 0.8 * sharp.sharpness
    assert grainy.noise > 2 * sharp.noise


@settings(max_examples=6)
@given(st.floats(0.01, 100), st.floats(-1e4, 1e4))
def test_units_do_not_matter(factor, offset):
    other, plain = measure_detail(HAND * np.float32(factor) + np.float32(offset), MASK), measure_detail(HAND, MASK)
    assert other.sharpness == pytest.approx(plain.sharpness, rel=0.03)
    assert other.noise == pytest.approx(plain.noise, rel=0.05)


def test_a_larger_film_of_the_same_hand_is_as_sharp():
    larger = cv2.resize(HAND, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    mask = cv2.resize(MASK.astype(np.uint8), (1200, 1536), interpolation=cv2.INTER_NEAREST) > 0
    assert measure_detail(larger, mask).sharpness == pytest.approx(measure_detail(HAND, MASK).sharpness, rel=0.1)


def test_what_cannot_be_measured_is_none():
    small = cv2.resize(HAND, (40, 50), interpolation=cv2.INTER_AREA)
    assert measure_detail(small, np.ones(small.shape, bool)) is None
    assert measure_detail(np.zeros((600, 600), np.float32), np.ones((600, 600), bool)) is None
