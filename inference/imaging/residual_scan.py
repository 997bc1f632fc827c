"""A last look at the bytes about to be kept: is anything left of what identified the patient?

It knows nothing of how the file was cleaned. It takes what identified the original and searches the finished file for
it, in every encoding a name could be written in. The pixel values are left out: they are the picture, and any three
bytes occur in three million.
"""

import re

import pydicom
from pydicom.multival import MultiValue

from inference.imaging.errors import FilmError
from inference.imaging.header_facts import first_text

MINIMUM_NAME_LETTERS = 3
"""Shorter parts of names (Li, Wu) occur in any file by chance."""

MINIMUM_NUMBER_DIGITS = 4
"""Shorter numbers (a patient called 12) occur in any window or spacing."""

_IDENTIFIERS = ("PatientID", "AccessionNumber", "StudyID", "IssuerOfPatientID")
_NAMES = ("PatientName", "OtherPatientNames", "PatientBirthName", "PatientMotherBirthName", "ReferringPhysicianName",
          "PerformingPhysicianName", "OperatorsName")  # fmt: skip
_UIDS = ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "FrameOfReferenceUID")
_DATES = ("PatientBirthDate",)
_ENCODINGS = ("utf-8", "gb18030", "big5", "shift_jis", "euc_kr", "iso2022_jp", "utf-16-le", "latin-1")


def identity_needles(original: pydicom.Dataset, *, vocabulary: frozenset[str] = frozenset()) -> frozenset[str]:
    """What must not be found: name parts, numbers, UIDs and the date of birth of the original.

    Args:
        original: header before cleaning.
        vocabulary: words that the clean file may hold by rule; a patient called Hand cannot be told from a body part.
    """
    needles: set[str] = set()
    for keyword in _NAMES:
        needles |= {part for part in re.split(r"[\^=\s,.\\]+", _joined(original, keyword)) if _long_enough(part)}
    for keyword in _IDENTIFIERS:
        text = first_text(original, keyword)
        if len(text) >= MINIMUM_NUMBER_DIGITS or (_long_enough(text) and not text.isdigit()):
            needles.add(text)
    needles |= {text for keyword in _UIDS if len(text := first_text(original, keyword)) > 8}
    needles |= {text for keyword in _DATES if len(text := first_text(original, keyword)) == 8 and text.strip("0")}
    return frozenset(needle for needle in needles if needle.upper() not in vocabulary)


def assert_no_identity(written: bytes, *, pixel_bytes: int, needles: frozenset[str]) -> None:
    """Searches a finished file.

    Args:
        written: the whole file, pixel data last.
        pixel_bytes: length of the pixel data at its end.
        needles: see :func:`identity_needles`.

    Raises:
        FilmError: ``identity_remains``, without saying what was found.
    """
    header = written[: len(written) - pixel_bytes].upper()
    for needle in needles:
        if any(_found(header, form, digits=needle.isdigit()) for form in _forms(needle)):
            raise FilmError("identity_remains")


def _joined(original: pydicom.Dataset, keyword: str) -> str:
    value = original.get(keyword)
    if value is None:
        return ""
    return "\\".join(str(part) for part in value) if isinstance(value, MultiValue) else str(value)


def _long_enough(part: str) -> bool:
    """Three Latin letters; of Chinese, Japanese or Korean two characters are a name already."""
    return len(part) >= (MINIMUM_NAME_LETTERS if part.isascii() else 2)


def _forms(needle: str) -> set[bytes]:
    forms: set[bytes] = set()
    for encoding in _ENCODINGS:
        try:
            forms.add(needle.upper().encode(encoding))
        except UnicodeEncodeError:
            continue
    return forms


def _found(header: bytes, form: bytes, *, digits: bool) -> bool:
    if form not in header:
        return False
    if not digits:
        return True
    # a number must stand by itself: among the 150 digits of our own UIDs a short one occurs by chance
    return re.search(rb"(?<![0-9.])0*" + re.escape(form) + rb"(?![0-9])", header) is not None
