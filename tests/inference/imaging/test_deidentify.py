from io import BytesIO

import numpy as np
import pydicom
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.imaging.clean_header import age_string
from inference.imaging.deidentify import deidentify as deidentify_with_check
from inference.imaging.errors import FilmError
from inference.imaging.hand_mask import find_hand
from inference.imaging.read import read_film
from tests.factories.dicom import drawn_hand, hand_dicom
from tests.factories.unread import UNREAD

KEY = b"a key of thirty-two bytes, random"
OTHER_KEY = b"another key, also long enough ..."
HAND = drawn_hand()


def deidentify(data, *, key, **more):
    """With a text check that sees nothing: the real one has tests of its own."""
    return deidentify_with_check(data, key=key, **UNREAD, **more)


def _header(data: bytes) -> pydicom.FileDataset:
    return pydicom.dcmread(BytesIO(data))


def test_uids_dates_and_numbers_of_the_original_are_gone():
    original = hand_dicom(HAND, bits_stored=12)
    clean = deidentify(original, key=KEY)
    for value in (
        b"HOSP-0012345",
        b"Zhang",
        b"Xiaoming",
        b"ACC7766554",
        b"1.2.826",
        b"20100615",
        b"20200615",
        b"S4455",
    ):
        assert value in original
        assert value not in clean.data


def test_kept_facts_and_record():
    clean = deidentify(hand_dicom(HAND, bits_stored=12), key=KEY)
    header = _header(clean.data)
    assert (header.PatientSex, header.PatientAge, header.ImageLaterality) == ("F", "120M", "L")
    assert (header.ViewPosition, list(header.ImagerPixelSpacing)) == ("PA", [0.15, 0.15])
    assert header.PatientIdentityRemoved == "YES"
    assert header.BurnedInAnnotation == "NO"
    assert header.LongitudinalTemporalInformationModified == "MODIFIED"
    codes = [item.CodeValue for item in header.DeidentificationMethodCodeSequence]
    assert codes == clean.report["methods"] == ["113100", "113108", "113107", "113101"]
    assert header.file_meta.TransferSyntaxUID == pydicom.uid.ExplicitVRLittleEndian
    assert clean.facts.chronological_age_months == pytest.approx(120.016, abs=0.001)
    assert str(header.StudyInstanceUID) == clean.study_uid
    assert clean.study_uid.startswith("2.25.")
    assert len(clean.study_uid) <= 64


def test_synthetic_mark_is_kept():
    clean = deidentify(hand_dicom(HAND, image_type=("DERIVED", "PRIMARY", "SYNTHETIC")), key=KEY)
    assert read_film(clean.data).facts.synthetic


def test_one_patient_keeps_one_pseudonym_and_one_shift():
    first = deidentify(hand_dicom(HAND, number=1, study_date="20200615"), key=KEY)
    second = deidentify(hand_dicom(HAND, number=2, study_date="20210620"), key=KEY)
    stranger = deidentify(hand_dicom(HAND, patient_id="HOSP-0012346"), key=KEY)
    assert first.patient_pseudonym == second.patient_pseudonym != stranger.patient_pseudonym
    assert first.sop_instance_uid != second.sop_instance_uid
    days = [pydicom.valuerep.DA(_header(film.data).StudyDate) for film in (first, second)]
    assert (days[1] - days[0]).days == 370
    assert days[0].strftime("%Y%m%d") != "20200615"


def test_another_key_gives_other_stand_ins():
    ours, theirs = (deidentify(hand_dicom(HAND), key=key) for key in (KEY, OTHER_KEY))
    assert ours.patient_pseudonym != theirs.patient_pseudonym
    assert ours.study_uid != theirs.study_uid


def test_sending_twice_gives_the_same_bytes():
    assert deidentify(hand_dicom(HAND), key=KEY).data == deidentify(hand_dicom(HAND), key=KEY).data


def test_short_key_is_refused():
    with pytest.raises(ValueError, match="16 bytes"):
        deidentify(hand_dicom(HAND), key=b"short")


@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
def test_burned_in_name_goes_and_the_hand_stays(photometric):
    film = hand_dicom(HAND, bits_stored=12, burn_in="ZHANG XIAOMING", photometric=photometric)
    clean = read_film(deidentify(film, key=KEY).data).pixels
    original = read_film(film).pixels
    corner = np.s_[: clean.shape[0] // 12, : clean.shape[1] // 3]
    assert original[corner].max() > 3000
    assert clean[corner].max() < 600
    bone = HAND > 1200
    assert np.mean(clean[bone] == HAND[bone]) > 0.995


def test_no_hand_means_no_claim_of_cleanness():
    flat = np.random.default_rng(0).integers(100, 140, (300, 300)).astype(np.uint16)
    flat[:10, :10] = 4000
    clean = deidentify(hand_dicom(flat, bits_stored=12, burn_in=None), key=KEY)
    if find_hand(flat.astype(np.float32)).plausible:
        pytest.fail("noise was taken for a hand")
    assert clean.report["pixels_clean"] is False
    assert clean.report["blocking"] == "hand_not_found"
    header = _header(clean.data)
    assert header.PatientIdentityRemoved == "NO"
    assert "BurnedInAnnotation" not in header


@pytest.mark.parametrize("patient_id", ["1", "12", "120", "2020", "0", ""])
def test_short_patient_numbers_do_not_raise_false_alarm(patient_id):
    assert deidentify(hand_dicom(HAND, patient_id=patient_id), key=KEY).report["pixels_clean"]


class _Seen:
    """A film check that has made up its mind."""

    def __init__(self, *, inverted: bool) -> None:
        self.is_inverted = inverted

    def to_json(self):
        return {"inverted": float(self.is_inverted)}


def test_what_was_seen_before_blanking_goes_into_the_report():
    shown = []
    film = hand_dicom(HAND, bits_stored=12, burn_in="ZHANG XIAOMING")
    clean = deidentify(film, key=KEY, examine=lambda pixels: shown.append(pixels) or _Seen(inverted=False))
    assert clean.report["film_check"] == {"inverted": 0.0}
    assert np.array_equal(shown[0], read_film(film).pixels)
    assert "film_check" not in deidentify(film, key=KEY).report


def test_on_an_inverted_film_the_hand_is_sought_on_the_negative():
    """Bone dark, as a film whose polarity is stated wrongly: it is cleaned all the same, and stays inverted."""
    negative = (4095 - HAND.astype(int)).astype(np.uint16)
    film = hand_dicom(negative, bits_stored=12, burn_in="ZHANG XIAOMING")
    clean = deidentify(film, key=KEY, examine=lambda pixels: _Seen(inverted=True))
    assert clean.report["pixels_clean"]
    after = read_film(clean.data).pixels
    bone = HAND > 1200
    assert np.mean(after[bone] == negative[bone]) > 0.98
    corner = np.s_[: after.shape[0] // 12, : after.shape[1] // 3]
    assert read_film(film).pixels[corner].max() == 4095
    assert after[corner].max() < 4000


def test_refusals_pass_through():
    with pytest.raises(FilmError, match="birth_after_study"):
        deidentify(hand_dicom(HAND, birth_date="20250101"), key=KEY)
    with pytest.raises(FilmError, match="not_dicom"):
        deidentify(b"\x89PNG\r\n\x1a\n" + b"0" * 200, key=KEY)


@given(st.floats(0, 1400))
def test_age_string_is_allowed_and_loses_less_than_its_unit(age_months):
    text = age_string(age_months)
    assert len(text) == 4
    unit = {"W": 12 / 365.25 * 7, "M": 1.0, "Y": 12.0}[text[3]]
    assert 0 <= age_months - int(text[:3]) * unit + 1e-5 <= unit + 1e-4


@settings(max_examples=10)
@given(
    name=st.text(st.characters(codec="ascii", categories=["Lu", "Ll"]), min_size=3, max_size=20),
    patient_id=st.text(st.characters(codec="ascii", categories=["Lu", "Nd"]), min_size=5, max_size=16),
)
def test_any_name_and_number_go(name, patient_id):
    small = HAND[::3, ::3]
    clean = deidentify(hand_dicom(small, patient_name=name, patient_id=patient_id), key=KEY)
    header = _header(clean.data)
    assert str(header.PatientName) == header.PatientID == clean.patient_pseudonym
    assert name.upper() not in str(header.PatientID) or len(name) < 4


def test_a_clean_copy_can_be_cleaned_again():
    """Somebody imports what was exported: our own words and stand-ins are no residue."""
    once = deidentify(hand_dicom(HAND, bits_stored=12), key=KEY)
    twice = deidentify(once.data, key=KEY)
    assert twice.report["pixels_clean"]
    assert twice.patient_pseudonym != once.patient_pseudonym
    assert np.mean(read_film(twice.data).pixels == read_film(once.data).pixels) > 0.99
