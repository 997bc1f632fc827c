from io import BytesIO

import numpy as np
import pydicom
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from inference.imaging.clean_header import FIXED_TEXTS, clean_header, record_method, set_pixels, stand_ins, written
from inference.imaging.errors import FilmError
from inference.imaging.film import FilmFacts
from inference.imaging.identity_needles import identity_needles
from inference.imaging.residual_scan import assert_no_identity
from tests.factories.dicom import drawn_hand, hand_dicom

HAND = drawn_hand(100, 80)
KEY = b"a key of thirty-two bytes, random"


def _original(**extra) -> pydicom.FileDataset:
    return pydicom.dcmread(BytesIO(hand_dicom(HAND, bits_stored=12, extra=extra)))


def _clean(original) -> pydicom.FileDataset:
    clean = clean_header(original, HAND.astype(np.int32), FilmFacts(), key=KEY)
    record_method(clean, pixels_clean=True)
    set_pixels(clean, HAND.astype(np.int32))
    return clean


def _needles(original) -> frozenset[str]:
    return identity_needles(original, fixed_texts=FIXED_TEXTS)


def _is_found(original, file: bytes, clean) -> bool:
    try:
        assert_no_identity(file, needles=_needles(original), stand_ins=stand_ins(clean))
    except FilmError:
        return True
    return False


def _found_with(left: str | bytes, *, original=None) -> bool:
    """Whether the scan sees this value in an otherwise clean file."""
    original = original or _original()
    clean = _clean(original)
    clean.add_new(0x00081030, "LO", left if left.isascii() else left.encode())
    return _is_found(original, written(clean), clean)


def test_a_clean_file_passes():
    original = _original()
    clean = _clean(original)
    assert not _is_found(original, written(clean), clean)


@pytest.mark.parametrize(
    "left",
    [
        "xx Xiaoming xx", "XIAOMING", "zhangxiaoming", "xiaoming zhang", "hosp-0012345", "0012345", "date 20100615.",
        "15.06.2010", "2010-06-15", "1.2.826.0.1.3680043.8.498.1.1", "ACC7766554", "S445566", "101500", "Children's",
        "20200615",
    ],
)  # fmt: skip
def test_what_is_left_is_found_and_not_repeated(left):
    assert _found_with(left)
    original, clean = _original(), _clean(_original())
    clean.SeriesDescription = left
    with pytest.raises(FilmError, match="identity_remains") as caught:
        assert_no_identity(written(clean), needles=_needles(original))
    assert left not in str(caught.value)


@pytest.mark.parametrize(
    ("place", "left"),
    [
        ({"OtherPatientNames": ["Wei^Na", "Meier^Grete"]}, "grete"),
        ({"PatientName": "Li^Wu"}, "liwu"),  # two short names together
        ({"PatientName": "Li^Wu"}, "Wu, Li"),
        ({"PatientName": "Lin^Anna=林^安娜"}, "LinAnna"),
        ({"PatientTelephoneNumbers": "+86 (10) 6552-9999"}, "861065529999"),
        ({"PatientComments": "seen by Dr Frobenius on Tuesday"}, "Frobenius"),
        ({"InstitutionName": "Charité Berlin"}, "BERLIN"),
        ({"AcquisitionDateTime": "20190417093127"}, "2019/04/17"),
        ({"FrameOfReferenceUID": "1.2.752.37.54.9999.1"}, "1.2.752.37.54.9999.1"),
    ],
)  # fmt: skip
def test_every_element_is_a_source(place, left):
    assert _found_with(left, original=_original(**place))


def test_nested_and_private_elements_are_sources():
    original = _original()
    inner, outer = Dataset(), Dataset()
    inner.PatientComments = "Quasimodo"
    outer.ContentSequence = Sequence([inner])
    original.RequestAttributesSequence = Sequence([outer])
    block = original.private_block(0x11, "SOMEBODY", create=True)
    block.add_new(1, "OB", b"\0\1Esmeralda\xff")
    assert {"QUASIMODO", "ESMERALDA", "SOMEBODY"} <= _needles(original)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "big5", "shift_jis", "iso2022_jp", "utf-16-le", "utf-16-be"])
def test_chinese_names_are_found_in_any_encoding(encoding):
    original = _original(PatientName="Sima=司馬^光明")
    clean = _clean(original)
    # between elements' values, where no character set applies: in the bytes of a table
    item = Dataset()
    item.add_new("LUTDescriptor", "US", [16, 0, 16])
    item.add_new("LUTData", "OW", ("司馬光明" * 2).encode(encoding)[:40].ljust(40, b"\0"))
    clean.VOILUTSequence = Sequence([item])
    assert _is_found(original, written(clean), clean)


def test_a_text_that_is_not_ascii_is_identity_by_itself():
    assert _found_with("张")
    assert not _needles(_original()) & {"张"}
    assert _found_with("\x1b$)A")


def test_preamble_and_trailing_bytes_must_be_empty():
    original = _original()
    clean = _clean(original)
    file = written(clean)
    assert _is_found(original, b"x" + file[1:], clean)
    assert _is_found(original, file + b"\0", clean)


@pytest.mark.parametrize(
    "name", ["HAND^ANNA", "Primary^Original", "Left^PA", "YES^NO", "Lin^Ear", "Ion^Tom", "Dates^Clean", "Li^Wu", "X^Y"]
)
def test_a_patient_named_like_a_word_of_the_standard_passes(name):
    original = _original(PatientName=name)
    clean = _clean(original)
    assert not _is_found(original, written(clean), clean)


@pytest.mark.parametrize("number", ["1", "12", "120", "2020", "0", "", "0150", "2000", "113100", "00000000", "4095"])
def test_short_and_common_numbers_raise_no_false_alarm(number):
    extra = {"WindowCenter": "2000", "WindowWidth": "4095", "KVP": "120", "PatientID": number, "StudyID": number}
    original = _original(**extra)
    clean = _clean(original)
    assert not _is_found(original, written(clean), clean)


def test_a_shifted_date_may_be_a_birthday():
    original = _original()
    clean = _clean(original)
    original.PatientBirthDate = clean.StudyDate
    assert not _is_found(original, written(clean), clean)


def test_a_table_that_looks_like_text_raises_no_false_alarm():
    """Entries of a table are any bytes: the words found in them are no words."""
    original = _original(PatientComments="abcdef abcd ponm")
    item = Dataset()
    item.add_new("LUTDescriptor", "US", [4096, 0, 16])
    item.add_new("LUTData", "OW", (np.arange(4096) * 16 % 65536).astype("<u2").tobytes())
    original.VOILUTSequence = Sequence([item])
    clean = _clean(original)
    assert not _is_found(original, written(clean), clean)


@settings(max_examples=60)
@given(
    st.text(st.characters(codec="utf-8", categories=["Lu", "Ll", "Lo"]), min_size=3, max_size=12),
    st.sampled_from(["{}", "x{}", "{} x", "^{}^"]),
)
def test_no_name_passes_unless_the_standard_has_it(name, frame):
    original = _original(PatientName=f"{name}^Xq")
    if name.upper().isascii() and name.upper() in "\n".join(FIXED_TEXTS).upper():
        return
    assert _found_with(frame.format(name), original=original)
