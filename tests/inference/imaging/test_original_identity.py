"""What leads back is read as the header wrote it, and written again byte for byte."""

from io import BytesIO

import pydicom
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.imaging.original_identity import KEYWORDS, NEEDED, OriginalIdentity, identity_header, original_identity

HONG = b"Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7=\x1b$)C\xc8\xab^\x1b$)C\xb1\xe6\xb5\xbf"
ZHANG = b"Zhang^XiaoDong=\x1b$)A\xd5\xc5^\x1b$)A\xd0\xa1\xb6\xab"
"""Examples of PS3.5 annexes I and K."""


def written(header: pydicom.Dataset) -> bytes:
    out = BytesIO()
    pydicom.dcmwrite(out, header, implicit_vr=False, little_endian=True)
    return out.getvalue()


def header_with(name: bytes, charset: str | list[str] | None) -> pydicom.Dataset:
    """Read from bytes, so that the name is decoded as a film's would be."""
    header = pydicom.Dataset()
    if charset is not None:
        header.SpecificCharacterSet = charset
    header.PatientName = "X"
    padded = name + b" " * (len(name) % 2)
    raw = written(header).replace(b"PN\x02\x00X ", b"PN" + len(padded).to_bytes(2, "little") + padded)
    return pydicom.filereader.read_dataset(BytesIO(raw), is_implicit_VR=False, is_little_endian=True)


@pytest.mark.parametrize(
    ("name", "charset", "contains"),
    [
        ("李^明".encode("gb18030"), "GB18030", "李^明"),
        ("李^明".encode("gbk"), "GBK", "李^明"),
        ("Li^Ming=李^明".encode(), "ISO_IR 192", "李^明"),
        (ZHANG, ["", "ISO 2022 IR 58"], "小东"),
        (HONG, ["", "ISO 2022 IR 149"], "길동"),
        ("Müller^Zoë".encode("latin-1"), "ISO_IR 100", "Müller^Zoë"),
        ("李^明".encode("gb18030"), None, ""),  # a device that forgot to say so: mojibake, yet the same bytes go back
    ],
)
def test_a_name_goes_back_with_the_bytes_it_came_with(
    name: bytes, charset: str | list[str] | None, contains: str
) -> None:
    identity = original_identity(header_with(name, charset))
    assert contains in identity.patient_name
    assert name in written(identity_header(identity))


texts = st.text(st.characters(codec="utf-8", exclude_characters="\\^=\x1b", exclude_categories=["C", "Z"]), max_size=16)


@given(st.fixed_dictionaries(dict.fromkeys(("patient_id", "issuer_of_patient_id", "patient_name"), texts)))
def test_the_way_there_and_back_changes_nothing(values: dict[str, str]) -> None:
    empty = dict.fromkeys(KEYWORDS, "")
    identity = OriginalIdentity(**empty | values | {"specific_character_set": "ISO_IR 192"})
    raw = BytesIO(written(identity_header(identity)))
    again = pydicom.filereader.read_dataset(raw, is_implicit_VR=False, is_little_endian=True)
    assert original_identity(again) == identity


@pytest.mark.parametrize("lacking", NEEDED)
def test_without_number_or_uids_nothing_leads_back(lacking: str) -> None:
    whole = OriginalIdentity(**dict.fromkeys(KEYWORDS, "1"))
    assert whole.leads_back
    assert not OriginalIdentity(**dict.fromkeys(KEYWORDS, "1") | {lacking: ""}).leads_back


def test_it_shows_nothing() -> None:
    identity = OriginalIdentity(**dict.fromkeys(KEYWORDS, "Zhengxing"))
    assert "Zhengxing" not in f"{identity!r} {identity} {[identity]}"
