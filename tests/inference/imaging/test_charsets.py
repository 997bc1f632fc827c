"""Names as hospitals in China, Japan and Korea send them: one child keeps one pseudonym, and nothing of it is left."""

from io import BytesIO

import pydicom
import pytest

from inference.imaging.deidentify import deidentify as deidentify_with_check
from inference.imaging.parse import parsed
from inference.imaging.pseudonyms import date_shift_days, patient_pseudonym
from tests.factories.dicom import drawn_hand, hand_dicom
from tests.factories.hostile import remaining
from tests.factories.unread import UNREAD

KEY = b"a key of thirty-two bytes, random"
HAND = drawn_hand(200, 160)

CHINESE = "Ouyang^XiaoDong=欧阳^晓东"
CHARACTER_SETS = {
    "GB18030": CHINESE,
    "GBK": CHINESE,
    "ISO_IR 192": CHINESE,
    "\\ISO 2022 IR 58": CHINESE,
    "\\ISO 2022 IR 87": "Yamada^Tarou=山田^太郎",
    "\\ISO 2022 IR 149": "Hong^Gildong=洪^吉洞",
}


def deidentify(data):
    return deidentify_with_check(data, key=KEY, **UNREAD)


ESCAPED = b"Ouyang^XiaoDong=" + b"^".join(b"\x1b$)A" + part.encode("gb2312") for part in ("欧阳", "晓东"))
"""As PS3.5 K.2 has it. pydicom writes ISO 2022 IR 58 without the escapes; so do some devices."""


def _film(characters: str, name: str, **patient) -> bytes:
    return hand_dicom(HAND, patient_name=name, extra={"SpecificCharacterSet": characters.split("\\")}, **patient)


def _escaped_film(**patient) -> bytes:
    film = _film("\\ISO 2022 IR 58", "N" * (len(ESCAPED) + len(ESCAPED) % 2), **patient)
    return film.replace(b"N" * (len(ESCAPED) + len(ESCAPED) % 2), ESCAPED.ljust(len(ESCAPED) + len(ESCAPED) % 2))


def _films_of_one_child(**patient) -> list[bytes]:
    """The same name in five ways of writing it, the last against the standard: bytes of GB18030, no character set."""
    films = [_film(characters, CHINESE, **patient) for characters in ("GB18030", "ISO_IR 192", "\\ISO 2022 IR 58")]
    undeclared = films[0].replace(b"CS\x08\x00GB18030 ", b"CS\x08\x00ISO_IR 6")
    assert undeclared != films[0]
    return [*films, _escaped_film(**patient), undeclared]


@pytest.mark.parametrize("characters", CHARACTER_SETS)
def test_nothing_of_the_name_is_left(characters):
    name = CHARACTER_SETS[characters]
    data = _film(characters, name)
    parts = tuple(part for group in name.split("=") for part in group.split("^") if len(part) > 1)
    assert any(part.encode() in data for part in parts)
    clean = deidentify(data)
    assert remaining(clean.data, parts) == []
    assert clean.data[: clean.data.index(b"\xe0\x7f\x10\x00OW")].count(b"\x1b") == 0


def test_nothing_of_an_escaped_name_is_left():
    data = _escaped_film()
    assert b"\x1b$)A" + "欧阳".encode("gb2312") in data
    assert remaining(deidentify(data).data, ("欧阳", "晓东", "Ouyang", "XiaoDong")) == []


@pytest.mark.parametrize("patient", [{}, {"patient_id": ""}], ids=["by number", "by name"])
def test_one_child_in_every_character_set_is_one_patient(patient):
    films = _films_of_one_child(**patient)
    assert len(set(films)) == 5
    headers = [parsed(data) for data in films]
    assert len({patient_pseudonym(header, key=KEY) for header in headers}) == 1
    assert len({date_shift_days(header, key=KEY) for header in headers}) == 1


def _pseudonym(patient_id: str, **extra) -> str:
    header = pydicom.dcmread(BytesIO(hand_dicom(HAND, patient_id=patient_id, extra=extra)))
    return patient_pseudonym(header, key=KEY)


@pytest.mark.parametrize(
    "same", ["hosp-0012345", "HOSP-0012345 ", " HOSP-0012345", "ＨＯＳＰ-００１２３４５", "Hosp-0012345\0"]
)
def test_case_width_and_padding_of_a_number_make_no_other_patient(same):
    assert _pseudonym(same) == _pseudonym("HOSP-0012345")


@pytest.mark.parametrize("other", ["HOSP-12345", "HOSP0012345", "HOSP-0012346"])
def test_zeros_and_signs_of_a_number_do(other):
    assert _pseudonym(other) != _pseudonym("HOSP-0012345")


def test_the_issuer_is_part_of_a_number():
    assert _pseudonym("7", IssuerOfPatientID="North") != _pseudonym("7", IssuerOfPatientID="South")
    assert _pseudonym("7", IssuerOfPatientID="NORTH ") == _pseudonym("7", IssuerOfPatientID="North")


def test_a_name_alone_is_told_apart_by_the_birthday():
    one, other = (
        pydicom.dcmread(BytesIO(hand_dicom(HAND, patient_id="", birth_date=birth)))
        for birth in ("20100615", "20100616")
    )
    assert patient_pseudonym(one, key=KEY) != patient_pseudonym(other, key=KEY)
