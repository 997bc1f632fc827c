from io import BytesIO
from typing import NamedTuple

import numpy as np
import pydicom
import pytest

from inference.imaging.deidentify import deidentify
from inference.imaging.errors import FilmError
from inference.imaging.read import read_film
from inference.imaging.release import release
from inference.imaging.text_check import WrittenRegion
from tests.factories.dicom import drawn_hand, hand_dicom
from tests.factories.unread import erases_nothing

KEY = b"a key of thirty-two bytes, random"
SEEN = WrittenRegion(150.0, 300.0, 250.0, 330.0, 0.9)


class Rectangle(NamedTuple):
    x0: float
    y0: float
    x1: float
    y1: float


def sees(*regions):
    return lambda pixels, where=None: regions


def _film(**how) -> bytes:
    """A hand with a bright bar across the palm, as a name is that hangs together with bone."""
    pixels = drawn_hand()
    pixels[305:325, 160:240] = 4095
    return hand_dicom(pixels, bits_stored=12, **how)


def _blocked(**how) -> bytes:
    clean = deidentify(_film(**how), key=KEY, check_text=sees(SEEN), erase_text=erases_nothing)
    assert clean.report["blocking"] == "text_found"
    assert clean.report["written_regions"] == [[150.0, 300.0, 250.0, 330.0]]
    return clean.data


def _header(data):
    return pydicom.dcmread(BytesIO(data))


def test_a_film_with_writing_says_that_identity_is_not_removed():
    header = _header(_blocked())
    assert header.PatientIdentityRemoved == "NO"
    assert "BurnedInAnnotation" not in header
    assert "113101" not in [item.CodeValue for item in header.DeidentificationMethodCodeSequence]


@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
def test_a_rectangle_becomes_the_ground_round_it_and_nothing_else_changes(photometric):
    data = _blocked(photometric=photometric)
    released = release(data, [Rectangle(155.5, 300.2, 244.9, 329.8)], check_text=sees())
    before, after = read_film(data).pixels, read_film(released.data).pixels
    inside = np.zeros(before.shape, dtype=bool)
    inside[300:330, 155:245] = True
    assert len(np.unique(after[inside])) == 1
    ring = before[295:335, 150:250][~inside[295:335, 150:250]]
    assert ring.min() <= after[310, 200] <= ring.max()
    assert after[310, 200] < 3500
    assert np.array_equal(before[~inside], after[~inside])


def test_a_released_film_says_that_identity_is_removed():
    released = release(_blocked(), [Rectangle(150, 300, 250, 330)], check_text=sees())
    header = _header(released.data)
    assert (header.PatientIdentityRemoved, header.BurnedInAnnotation) == ("YES", "NO")
    codes = [item.CodeValue for item in header.DeidentificationMethodCodeSequence]
    assert codes == released.report["methods"] == ["113100", "113108", "113107", "113101"]
    assert released.report | {"redacted_share": 0} == {
        "pixels_clean": True, "blocking": None, "written_regions": [], "written_scores": [],
        "methods": codes, "redacted_share": 0, "judged_by": "check",
    }  # fmt: skip
    assert 0 < released.report["redacted_share"] < 0.05


def test_released_and_blocked_copy_differ_in_pixels_and_record_only():
    data = _blocked()
    before, after = _header(data), _header(release(data, [], no_writing=True).data)
    assert {element.keyword for element in after} - {element.keyword for element in before} == {"BurnedInAnnotation"}
    assert [element.keyword for element in before if element != after[element.tag]] == [
        "PatientIdentityRemoved", "DeidentificationMethodCodeSequence",
    ]  # fmt: skip


def test_writing_that_is_still_seen_keeps_the_film_blocked():
    released = release(_blocked(), [Rectangle(0, 0, 10, 10)], check_text=sees(SEEN))
    assert (released.report["blocking"], released.report["pixels_clean"]) == ("text_found", False)
    assert _header(released.data).PatientIdentityRemoved == "NO"
    assert release(released.data, [Rectangle(150, 300, 250, 330)], check_text=sees()).report["pixels_clean"]


def test_no_writing_is_a_persons_word_and_the_check_is_not_asked():
    def never(pixels, where=None):
        raise AssertionError

    released = release(_blocked(), [], no_writing=True, check_text=never)
    assert released.report["judged_by"] == "person"
    assert _header(released.data).PatientIdentityRemoved == "YES"


def test_rectangles_may_overlap_and_run_past_the_picture():
    data = _blocked()
    rectangles = [Rectangle(-50, -50, 30, 30), Rectangle(20, 20, 60, 60), Rectangle(390, 490, 9000, 9000)]
    after = read_film(release(data, rectangles, check_text=sees()).data).pixels
    assert len(np.unique(after[:30, :30])) == 1
    assert len(np.unique(after[490:, 390:])) == 1


@pytest.mark.parametrize(
    "rectangle", [Rectangle(-20, -20, -10, -10), Rectangle(50, 50, 50, 90), Rectangle(60, 90, 50, 80)]
)
def test_nothing_drawn_and_nothing_stated_is_an_error(rectangle):
    with pytest.raises(ValueError, match="nothing was drawn"):
        release(_blocked(), [rectangle], check_text=sees())


def test_only_our_own_copies_are_released():
    with pytest.raises(ValueError, match="written by this program"):
        release(_film(), [Rectangle(0, 0, 9, 9)], check_text=sees())


def test_a_film_that_is_all_covered_is_refused():
    with pytest.raises(FilmError, match="no_contrast"):
        release(_blocked(), [Rectangle(0, 0, 4000, 4000)], check_text=sees())
