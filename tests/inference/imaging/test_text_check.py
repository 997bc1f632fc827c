"""Writing that is still on a film is seen; a hand, and a marker of its side, are not taken for writing."""

import logging
import subprocess
import sys

import cv2
import numpy as np
import pytest

from inference.imaging.text_check import written_regions
from inference.imaging.text_engine import Reading
from inference.imaging.text_lines import STARK_LEVELS, grey_levels, sense, stroke_levels
from tests.factories.made_up_writing import chinese_fonts_installed, write
from training.phantom import render_phantom

SIZE = (700, 560)


def film(months=90.0, seed=4):
    """A phantom without its lead marker: that carries initials."""
    phantom = render_phantom(bone_age_months=months, sex="F", seed=seed, size=SIZE, mirrored=False)
    pixels = phantom.pixels.copy()
    if phantom.marker_px is not None:
        x0, y0, x1, y1 = phantom.marker_px
        pixels[y0:y1, x0:x1] = np.median(pixels[~phantom.hand])
    return pixels


def written(pixels, text, *, at=(20, 40), scale=0.8, value=4095):
    ink = np.zeros(pixels.shape, np.uint8)
    cv2.putText(ink, text, at, cv2.FONT_HERSHEY_SIMPLEX, scale, 255, max(1, round(1.7 * scale)), cv2.LINE_AA)
    share = ink.astype(np.float32) / 255
    return (pixels * (1 - share) + value * share).astype(np.float32)


@pytest.mark.parametrize(
    ("turns", "mirrored", "inverted"), [(0, False, False), (1, False, True), (2, True, False), (3, True, True)]
)
def test_a_name_is_seen_turned_mirrored_and_inverted(turns, mirrored, inverted):
    picture = written(film(), "SHEN HAORAN", at=(200, 420))
    picture = np.rot90(picture[:, ::-1] if mirrored else picture, turns)
    assert written_regions(np.ascontiguousarray(4095 - picture if inverted else picture))


@pytest.mark.parametrize("degrees", [20, 45, 110])
def test_a_name_is_seen_at_any_angle(degrees):
    picture = written(film(), "SHEN HAORAN", at=(200, 420))
    rows, columns = picture.shape
    turn = cv2.getRotationMatrix2D((columns / 2, rows / 2), degrees, 0.9)
    assert written_regions(cv2.warpAffine(picture, turn, (columns, rows), borderMode=cv2.BORDER_REPLICATE))


def test_a_name_in_chinese_is_seen():
    if not chinese_fonts_installed():
        pytest.skip("Chinese characters cannot be drawn: install fonts-noto-cjk")
    ink = write(("王雨涵",), "chinese", 20.0, np.random.default_rng(1)).ink
    picture = film().astype(np.float32)
    picture[300 : 300 + ink.shape[0], 10 : 10 + ink.shape[1]] += 2500 * ink
    assert written_regions(picture)


def test_where_it_is_in_pixels_of_the_picture():
    regions = written_regions(written(film(), "SHEN HAORAN", at=(20, 40)))
    assert regions
    assert all(0 <= region.x0 < region.x1 < 280 and 0 <= region.y0 < region.y1 < 75 for region in regions)
    assert min(region.x0 for region in regions) < 30
    assert max(region.x1 for region in regions) > 150


def test_only_what_is_not_blanked_is_looked_at():
    picture = written(film(), "SHEN HAORAN", at=(20, 40))
    where = np.zeros(picture.shape, bool)
    assert written_regions(picture, where=where) == ()
    where[100:] = True
    assert written_regions(picture, where=where) == ()
    where[10:60, 10:300] = True
    assert written_regions(picture, where=where)


@pytest.mark.parametrize("months", [15, 75, 135, 200])
def test_a_hand_is_not_writing(months):
    assert written_regions(film(months, seed=months).astype(np.float32)) == ()


@pytest.mark.parametrize("marker", ["L", "R", "PA"])
def test_a_marker_of_the_side_or_the_projection_is_allowed(marker):
    assert written_regions(written(film(), marker, at=(20, 60), scale=1.4)) == ()


def test_a_marker_with_initials_is_not():
    assert written_regions(written(written(film(), "L", at=(30, 60), scale=1.6), "GSB", at=(20, 90), scale=0.7))


@pytest.mark.parametrize(
    ("text", "score", "writing"),
    [
        ("SHEN", 0.95, True),
        ("SHEN", 0.5, False),
        ("l.", 0.99, False),
        ("L", 1.0, False),
        ("p a", 1.0, False),
        ("LGSB", 0.9, True),
        ("38", 0.99, False),
        ("NX", 0.86, False),
        ("HIAI", 0.62, False),
        ("1", 1.0, False),
        ("王雨", 0.9, True),
        ("", 0.0, False),
        ("--", 1.0, False),
    ],
)
def test_what_makes_sense(text, score, writing):
    assert (sense(Reading(text, score)) > 0) == writing


@pytest.mark.parametrize(
    ("text", "score", "writing"),
    [
        ("Tu Yo", 0.49, True),
        ("XU", 0.5, True),
        ("HIAI", 0.4, False),
        ("38", 0.9, False),
        ("M", 0.98, False),
        ("L", 1.0, False),
    ],
)
def test_stark_strokes_need_to_be_read_less_surely(text, score, writing):
    assert (sense(Reading(text, score), stark=True) > 0) == writing


def test_print_is_stark_and_bone_is_not():
    grey = grey_levels(written(film(), "Xu", at=(20, 40), scale=0.4))
    assert stroke_levels(grey[26:46, 14:48]) >= STARK_LEVELS
    rows = range(100, 600, 20)
    assert max(stroke_levels(grey[row : row + 20, 200 : 200 + 60]) for row in rows) < STARK_LEVELS


def test_nothing_that_was_read_is_logged(caplog, capfd):
    with caplog.at_level(logging.DEBUG):
        assert written_regions(written(film(), "SHEN HAORAN", at=(20, 40)))
    assert not caplog.records
    assert capfd.readouterr() == ("", "")


def test_a_web_process_pays_nothing_for_it():
    """Importing the check loads no network library, and using it never imports rapidocr, which can download."""
    program = (
        "import sys, numpy as np; from inference.imaging.text_check import written_regions;"
        "assert 'openvino' not in sys.modules;"
        "written_regions(np.eye(64, dtype=np.float32));"
        "assert 'openvino' in sys.modules and 'rapidocr' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.parametrize("value", [0.0, 77.0])
def test_an_empty_picture_has_no_writing(value):
    assert written_regions(np.full((90, 70), value, np.float32)) == ()
