import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.anatomy.boxes import Box
from inference.imaging.clean_pixels import clean_film
from inference.imaging.film import Film, FilmFacts, Window
from inference.imaging.preprocess import REFERENCE_POINTS, Preprocessing, Transform, fit_reference
from tests.factories.dicom import drawn_hand

HAND = drawn_hand().astype(np.float32)
REFERENCE = fit_reference([HAND, np.ascontiguousarray(HAND[::2, ::2])])
SETTINGS = Preprocessing(size_px=256, reference_cdf=REFERENCE)


def test_reference_rises_from_0_to_1():
    assert len(REFERENCE) == REFERENCE_POINTS
    assert np.all(np.diff(REFERENCE) >= 0)
    assert (REFERENCE[0], REFERENCE[-1]) == (0.0, 1.0)


def test_reference_needs_a_hand():
    with pytest.raises(ValueError, match="No hand"):
        fit_reference([np.zeros((100, 100), np.float32)])


@pytest.mark.parametrize(
    ("geometry", "shape", "expected"),
    [
        ("aspect", (500, 400), (320, 256)),
        ("aspect", (400, 500), (256, 320)),
        ("paper-literal", (500, 400), (256, 256)),
    ],
)
def test_geometry(geometry, shape, expected):
    prepared = Preprocessing(geometry=geometry, size_px=256).prepare(cv2.resize(HAND, shape[::-1]))
    assert prepared.image.shape == expected
    assert prepared.image.dtype == np.float32
    assert prepared.image.min() >= 0
    assert prepared.image.max() <= 1


def test_squeezed_picture_gets_its_aspect_back():
    squeezed = cv2.resize(HAND, (100, 100), interpolation=cv2.INTER_AREA)
    prepared = SETTINGS.prepare(squeezed, film_aspect=0.8)
    assert prepared.image.shape == (320, 256)
    assert prepared.to_original.box_to_original(Box(0, 0, 256, 320)) == Box(0, 0, 100, 100)


def test_longest_side_is_limited():
    assert Preprocessing(size_px=512, longest_px=640).prepared_shape(1000, 500) == (640, 320)


edge = st.floats(-50, 3000)


@given(st.floats(0.05, 20), st.floats(0.05, 20), edge, edge, st.floats(0.5, 900), st.floats(0.5, 900))
def test_boxes_find_the_way_back(scale_x, scale_y, x0, y0, width, height):
    transform = Transform(scale_x, scale_y)
    box = Box(x0, y0, x0 + width, y0 + height)
    assert transform.box_to_original(transform.box_from_original(box)) == pytest.approx(box, abs=1e-6)


def test_a_drawn_square_is_found_where_the_transform_says():
    film = np.zeros((500, 400), np.float32)
    film[150:250, 100:180] = 1
    prepared = Preprocessing(geometry="paper-literal", size_px=300, blank_ground=False).prepare(film)
    x0, y0, x1, y1 = prepared.to_original.box_from_original(Box(100, 150, 180, 250))
    rows, columns = np.nonzero(prepared.image > 0.5)
    assert (columns.min(), columns.max() + 1) == (pytest.approx(x0, abs=1), pytest.approx(x1, abs=1))
    assert (rows.min(), rows.max() + 1) == (pytest.approx(y0, abs=1), pytest.approx(y1, abs=1))


@settings(max_examples=8)
@given(st.floats(0.1, 50), st.floats(-2000, 2000), st.floats(0.6, 1.6))
def test_exposure_does_not_matter(factor, offset, gamma):
    """A monotone change of greys gives the same picture after matching, but for rounding and interpolation."""
    other = (HAND / 4000) ** np.float32(gamma) * np.float32(4000 * factor) + np.float32(offset)
    ours, theirs = SETTINGS.prepare(HAND).image, SETTINGS.prepare(other.astype(np.float32)).image
    assert np.mean(np.abs(ours - theirs)) < 0.03


def test_it_is_deterministic():
    assert np.array_equal(SETTINGS.prepare(HAND).image, SETTINGS.prepare(HAND.copy()).image)


def test_blanked_film_looks_like_the_film_as_taken():
    film = Film(HAND, Window(2000, 4000), FilmFacts())
    cleaned, hand = clean_film(film)
    ours, theirs = SETTINGS.prepare(film.pixels).image, SETTINGS.prepare(cleaned.pixels).image
    inside = cv2.resize(hand.mask.astype(np.uint8), ours.shape[::-1]) > 0
    assert np.mean(np.abs(ours - theirs)[inside]) < 0.02


def test_detail_limit_gives_the_picture_of_the_small_copy():
    limited = Preprocessing(size_px=256, detail_px=100, reference_cdf=REFERENCE)
    small = cv2.resize(HAND, (100, 100), interpolation=cv2.INTER_AREA)
    from_film = limited.prepare(HAND)
    from_copy = limited.prepare(small, film_aspect=0.8)
    assert np.array_equal(from_film.image, from_copy.image)
    assert from_film.to_original.scale_x == pytest.approx(256 / 400)


@given(
    st.sampled_from(["aspect", "paper-literal"]), st.integers(16, 1000), st.none() | st.integers(16, 500), st.booleans()
)
def test_settings_survive_json(geometry, size, detail, with_reference):
    settings = Preprocessing(geometry, size, REFERENCE if with_reference else None, detail)
    assert Preprocessing.from_json(settings.to_json()) == settings


@pytest.mark.parametrize(
    "text",
    [
        '{"format": 2}',
        '{"format": 1, "colour": true}',
        '{"format": 1, "geometry": "round"}',
        '{"format": 1, "reference_cdf": [1, 0]}',
    ],
)
def test_settings_of_another_kind_are_refused(text):
    with pytest.raises(ValueError, match=r"format|Unknown|reference"):
        Preprocessing.from_json(text)
