import numpy as np
import pytest

from inference.imaging.text_over_hand import writing_over_hand
from tests.factories.dicom import drawn_hand

HAND = drawn_hand().astype(np.float32)


def strokes(x0: int, y0: int, x1: int, y1: int) -> np.ndarray:
    """Upright strokes, four pixels wide with gaps of six, as cleaning would have drawn them over."""
    drawn = np.zeros(HAND.shape, bool)
    for x in range(x0, x1, 10):
        drawn[y0:y1, x : x + 4] = True
    return drawn


def test_a_line_across_the_palm_has_to_be_looked_at():
    (region,) = writing_over_hand(strokes(140, 320, 260, 336), HAND)
    assert region.x0 == pytest.approx(140, abs=3)
    assert region.x1 == pytest.approx(254, abs=3)
    assert region.y0 == pytest.approx(320, abs=3)
    assert region.y1 == pytest.approx(336, abs=3)


@pytest.mark.parametrize("frame", [(5, 5, 100, 20), (300, 470, 390, 490)])
def test_a_line_beside_the_hand_is_gone_without_a_question(frame):
    assert writing_over_hand(strokes(*frame), HAND) == ()


def test_nothing_drawn_over_is_nothing_to_look_at():
    assert writing_over_hand(np.zeros(HAND.shape, bool), HAND) == ()
