"""A view brings a picture upright and boxes back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.anatomy.boxes import Box
from inference.imaging.film_check import ORIENTATIONS, composed, upright_view
from inference.imaging.view import AS_STORED, View
from training.film_faults import turned

VIEWS = [View(turns, mirrored) for mirrored in (False, True) for turns in range(4)]


@pytest.mark.parametrize("view", VIEWS)
def test_boxes_come_back_to_what_they_held(view):
    """One marked rectangle, found again in the picture as looked at, is led back to where it is stored."""
    stored = np.zeros((7, 11))
    stored[1:3, 4:9] = 1
    rows, columns = np.nonzero(view.of(stored))
    seen = Box(columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
    assert view.box_to_stored(seen, rows=7, columns=11) == Box(4, 1, 9, 3)


def test_quarter_turns_are_clockwise_and_mirroring_comes_first():
    """As `orientationMatrix` in core/viewport.ts: (x, y) goes to (h - y, x), mirrored to (h - y, w - x)."""
    stored = np.arange(6).reshape(2, 3)
    assert View(1).of(stored).tolist() == [[3, 0], [4, 1], [5, 2]]
    assert View(1, mirrored=True).of(stored).tolist() == [[5, 2], [4, 1], [3, 0]]
    assert AS_STORED.of(stored) is stored or np.shares_memory(AS_STORED.of(stored), stored)


@pytest.mark.parametrize("turns", [-1, 4])
def test_other_turns_are_refused(turns):
    with pytest.raises(ValueError, match="0 to 3"):
        View(turns)


@given(st.integers(0, ORIENTATIONS - 1), st.integers(0, ORIENTATIONS - 1))
def test_orientations_compose_as_pictures_do(then, first):
    picture = np.arange(12.0).reshape(3, 4)
    assert np.array_equal(turned(turned(picture, first), then), turned(picture, composed(then, first)))


@pytest.mark.parametrize("lies", range(ORIENTATIONS))
def test_the_upright_view_undoes_how_a_film_lies(lies):
    picture = np.arange(12.0).reshape(3, 4)
    assert np.array_equal(upright_view(lies).of(turned(picture, lies)), picture)
