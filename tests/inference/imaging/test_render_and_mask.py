from io import BytesIO

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from inference.imaging.film import Film, FilmFacts, Window
from inference.imaging.hand_mask import find_hand, hand_mask
from inference.imaging.render import display_image, thumbnail_jpeg, window_to_8bit
from tests.factories.dicom import drawn_hand

HAND = drawn_hand().astype(np.float32)
FACTS = FilmFacts(sex="F", pixel_spacing_mm=(0.15, 0.15), spacing_kind="pixel", modality="DX")


def _film(pixels=HAND, facts=FACTS) -> Film:
    return Film(pixels=np.asarray(pixels, np.float32), window=Window(2000.0, 4000.0), facts=facts)


def test_whole_values_are_shown_as_they_are():
    shown = display_image(_film())
    assert shown.values.dtype == np.uint16
    assert np.array_equal(shown.values, HAND)
    assert (shown.window_center, shown.window_width, shown.slope, shown.intercept) == (2000.0, 4000.0, 1.0, 0.0)


@given(st.floats(-3000, 3000), st.floats(0.01, 50))
def test_other_values_find_the_way_back(offset, factor):
    pixels = (HAND[::10, ::10] * np.float32(factor) + np.float32(offset)).astype(np.float32)
    shown = display_image(Film(pixels, Window(offset + 2000 * factor, 4000 * factor), FACTS))
    span = float(pixels.max() - pixels.min())
    back = shown.values * shown.slope + shown.intercept
    assert np.abs(back - pixels).max() <= span / 65535 + 1e-3
    theirs = window_to_8bit(pixels, offset + 2000 * factor, 4000 * factor)
    ours = window_to_8bit(shown.values, shown.window_center, shown.window_width)
    assert np.abs(ours.astype(int) - theirs).max() <= 1


@pytest.mark.parametrize("function", ["linear", "linear_exact", "sigmoid"])
@given(
    values=arrays(np.float32, 20, elements=st.floats(-1e4, 1e4, width=32)),
    center=st.floats(-5e3, 5e3),
    width=st.floats(1, 1e4),
)
def test_window_never_falls(function, values, center, width):
    grey = window_to_8bit(np.sort(values), center, width, function)
    assert grey.dtype == np.uint8
    assert np.all(np.diff(grey.astype(int)) >= 0)


def test_window_as_the_standard_has_it():
    """PS3.3 C.11.2.1.2.1: center 2048, width 4096 takes 0..4095 to 0..255."""
    values = np.array([-1, 0, 2047, 2048, 4095, 5000])
    assert window_to_8bit(values, 2048, 4096).tolist() == [0, 0, 127, 128, 255, 255]
    assert window_to_8bit(np.array([99, 100, 101]), 100.5, 1).tolist() == [0, 0, 255]
    assert window_to_8bit(np.array([100]), 100, 50, "sigmoid").tolist() == [128]


def test_thumbnail_is_a_small_grey_jpeg():
    picture = Image.open(BytesIO(thumbnail_jpeg(_film(), size=128)))
    assert (picture.format, picture.mode, max(picture.size)) == ("JPEG", "L", 128)
    assert Image.open(BytesIO(thumbnail_jpeg(_film(HAND[:100, :80]), size=256))).size == (80, 100)


def test_mask_holds_the_hand_and_not_the_ground():
    mask = hand_mask(HAND)
    assert np.mean(mask[HAND > 1000]) > 0.99
    assert np.mean(mask) < 0.6
    assert not mask[:20, :20].any()


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_mask_turns_with_the_film(turns):
    turned = hand_mask(np.ascontiguousarray(np.rot90(HAND, turns)))
    assert np.mean(turned == np.rot90(hand_mask(HAND), turns)) > 0.97


@settings(max_examples=8)
@given(st.floats(0.02, 100), st.floats(-1e4, 1e4))
def test_mask_does_not_depend_on_units(factor, offset):
    other = find_hand(HAND[::2, ::2] * np.float32(factor) + np.float32(offset))
    assert np.mean(other.mask == find_hand(HAND[::2, ::2]).mask) > 0.99


def test_mask_does_not_depend_on_size():
    small = cv2.resize(HAND, (100, 125), interpolation=cv2.INTER_AREA)
    back = cv2.resize(hand_mask(small).astype(np.uint8), (400, 500), interpolation=cv2.INTER_NEAREST) > 0
    assert np.mean(back == hand_mask(HAND)) > 0.97


@pytest.mark.parametrize("surround", [0, 150, 3500])
def test_collimated_field_is_not_the_hand(surround):
    """The same hand in a field on a larger film: darker, like the ground, or brighter outside."""
    field = cv2.resize(HAND, (280, 350), interpolation=cv2.INTER_AREA) + 300
    film = np.full((600, 500), float(surround), np.float32)
    film[120:470, 110:390] = field
    mask = hand_mask(film)
    bones = np.zeros(film.shape, bool)
    bones[120:470, 110:390] = field > 1400
    assert np.mean(mask[bones]) > 0.97
    assert mask.mean() < 0.32


def test_white_edge_and_marker_are_left_out():
    film = HAND.copy()
    film[:, :6] = 4000
    film[-5:, :100] = 4000
    film[40:70, 330:370] = 4000
    mask = hand_mask(film)
    assert not mask[40:70, 335:365].any()
    assert not mask[100:400, :6].any()


@pytest.mark.parametrize(
    "picture", [np.zeros((200, 200)), np.random.default_rng(1).normal(0, 1, (200, 200)), np.eye(200)]
)
def test_no_hand_is_no_hand(picture):
    assert not find_hand(picture.astype(np.float32)).plausible
