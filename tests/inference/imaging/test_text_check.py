"""Writing that is still on a film is seen; a hand, and a marker of its side, are not taken for writing."""

import logging

import cv2
import numpy as np
import pytest

from inference.imaging.text_check import written_regions
from training.phantom import render_phantom

SIZE = (1000, 800)


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


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("inverted", [False, True])
def test_a_name_is_seen_turned_mirrored_and_inverted(turns, mirrored, inverted):
    picture = written(film(), "SHEN HAORAN", at=(300, 600))
    picture = np.rot90(picture[:, ::-1] if mirrored else picture, turns)
    assert written_regions(np.ascontiguousarray(4095 - picture if inverted else picture))


def test_where_it_is_in_pixels_of_the_picture():
    regions = written_regions(written(film(), "SHEN HAORAN", at=(20, 40)))
    assert regions
    assert all(0 <= region.x0 < region.x1 < 270 and 0 <= region.y0 < region.y1 < 70 for region in regions)
    assert min(region.x0 for region in regions) < 30
    assert max(region.x1 for region in regions) > 150


def test_only_what_is_not_blanked_is_looked_at():
    picture = written(film(), "SHEN HAORAN", at=(20, 40))
    where = np.zeros(picture.shape, bool)
    assert written_regions(picture, where=where) == ()
    where[200:] = True
    assert written_regions(picture, where=where) == ()


def test_nothing_that_was_read_is_logged(caplog, capfd):
    with caplog.at_level(logging.DEBUG):
        assert written_regions(written(film(), "SHEN HAORAN", at=(20, 40)))
    assert not caplog.records
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("value", [0.0, 77.0])
def test_an_empty_picture_has_no_writing(value):
    assert written_regions(np.full((90, 70), value, np.float32)) == ()
