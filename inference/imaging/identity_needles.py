"""What must not be found in a clean file: everything in the original that says who the patient is.

Taken from every element at any depth, private ones and bytes of unknown meaning included: parts of names, numbers,
UIDs, dates and times, and each word of any text. Words that a clean file holds by rule are left out: a patient called
Hand, or Lin, cannot be told from a body part or from LINEAR; such a name is still looked for together with its others.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import permutations

import pydicom
from pydicom.multival import MultiValue
from pydicom.uid import UID_dictionary

from inference.imaging.header_facts import PLACEHOLDER_DATES, without_escapes

SHORTEST_WORD = 3
"""Letters of a Latin word; of Chinese, Japanese or Korean two characters are a name already."""

SHORTEST_NUMBER = 4
"""Digits of a number: shorter ones (a patient called 12) name nobody."""

LONGEST_NEEDLE = 200
LONGEST_BYTES = 1 << 16
"""Bytes of unknown meaning beyond this length are a picture or a table, not text."""

MOST_NEEDLES = 20_000
"""A file with more different words than this is no film; those of the patient's own elements come first."""

_TEXT_VRS = frozenset({"AE", "CS", "LO", "LT", "SH", "ST", "UC", "UR", "UT"})
_BYTE_VRS = frozenset({"OB", "OW", "UN"})
_NUMBERS = frozenset({0x7FE00010, 0x00283006})
"""Pixel data and a lookup table's entries: any text that stands in them stands there by chance."""

_NUMBERED = frozenset({"PatientID", "AccessionNumber", "StudyID", "OtherPatientIDs", "DeviceSerialNumber"})
_NAME_SEPARATORS = re.compile(r"[\^=\s,.\\_·・-]+")
_WORD = re.compile(r"[^\W_]+(?:[-'][^\W_]+)*", re.UNICODE)
_ASCII_RUN = re.compile(rb"[\x20-\x7e]{4,}")
_HIGH_RUN = re.compile(rb"[\x40-\x7e]?[\x80-\xff][\x20-\x7e\x80-\xff]{3,}")
_DIGITS = re.compile(r"[0-9]{5,}")
_JOINTS = ("", " ", "^", ", ", "_", "-")
_MOST_JOINED = 4
_DATE = re.compile(r"([0-9]{4})[-./]?([0-9]{2})[-./]?([0-9]{2})")


def identity_needles(original: pydicom.Dataset, *, fixed_texts: frozenset[str] = frozenset()) -> frozenset[str]:
    """What must not be found, in upper case.

    Args:
        original: header before cleaning.
        fixed_texts: all texts that a clean file may hold by rule.
    """
    fixed = "\n".join(fixed_texts).upper()
    needles: set[str] = set()
    for element in _elements(original):
        for text in _texts(element):
            for needle in _needles_of(element, text):
                upper = needle.strip().upper()[:LONGEST_NEEDLE]
                if _says_something(upper) and upper not in fixed:
                    needles.add(upper)
            if len(needles) > MOST_NEEDLES:
                return frozenset(needles)
    return frozenset(needles)


def _elements(dataset: pydicom.Dataset) -> Iterator[pydicom.DataElement]:
    """All elements but pixels and tables, those of the file meta and of nested items too; the patient's group first."""
    meta = getattr(dataset, "file_meta", None)
    tags = sorted(dataset.keys(), key=lambda tag: (tag.group != 0x0010, tag))
    for element in (*(dataset[tag] for tag in tags if tag not in _NUMBERS), *(meta or ())):
        if element.VR == "SQ":
            for item in element.value or ():
                yield from _elements(item)
        else:
            yield element


def _texts(element: pydicom.DataElement) -> Iterator[str]:
    value = element.value
    for part in value if isinstance(value, MultiValue | list | tuple) else (value,):
        if isinstance(part, bytes):
            if element.VR in _BYTE_VRS and len(part) <= LONGEST_BYTES:
                yield from _texts_in_bytes(part)
        elif part is not None and part != "":
            yield without_escapes(str(part))


def _texts_in_bytes(value: bytes) -> Iterator[str]:
    """Runs of ASCII, and runs with other bytes as the text they are in one of the likely character sets."""
    for run in _ASCII_RUN.findall(value):
        yield run.decode("ascii")
    for run in _HIGH_RUN.findall(value):
        for encoding in ("utf-8", "gb18030"):
            with suppress(UnicodeDecodeError):
                yield run.decode(encoding)


def _needles_of(element: pydicom.DataElement, text: str) -> Iterator[str]:
    vr = element.VR
    if vr == "PN":
        yield from _names(text)
    elif vr == "UI":
        if text not in UID_dictionary and not text.startswith("1.2.840.10008."):
            yield text.strip(" \0")
    elif vr in ("DA", "DT", "TM"):
        yield from _dates_and_times(text)
    elif element.keyword in _NUMBERED:
        yield text
        yield from _words(text)
    elif vr in _TEXT_VRS or vr in _BYTE_VRS:
        yield from _words(text)
        yield from _dates(text)


def _names(text: str) -> Iterator[str]:
    """Parts of a name, and its parts put together in any order: ZHANG^XIAO DONG is ZHANGXIAODONG, Dong Xiao Zhang."""
    for group in text.split("="):
        parts = [part for part in _NAME_SEPARATORS.split(group) if part]
        yield from parts
        for count in range(2, min(len(parts), _MOST_JOINED) + 1):
            for chosen in permutations(parts[:_MOST_JOINED], count):
                yield from (joint.join(chosen) for joint in _JOINTS)


def _words(text: str) -> Iterator[str]:
    yield from _WORD.findall(text)
    yield from _DIGITS.findall(text)
    digits = re.sub(r"[\s()+./-]", "", text)
    if digits.isdigit():  # a telephone number, whatever stands between its digits
        yield digits


def _dates_and_times(text: str) -> Iterator[str]:
    yield from _dates(text)
    time = text[8:] if len(text) > 8 else text if len(text) != 8 else ""
    if len(time) >= 6 and time.strip("0."):
        yield time
        yield time[:6]


def _dates(text: str) -> Iterator[str]:
    for year, month, day in _DATE.findall(text):
        if f"{year}{month}{day}" not in PLACEHOLDER_DATES and "1850" <= year < "2100" and "01" <= month <= "12":
            yield from (f"{year}{joint}{month}{joint}{day}" for joint in ("", "-", ".", "/"))
            yield from (f"{day}{joint}{month}{joint}{year}" for joint in ("", "-", ".", "/"))


def _says_something(needle: str) -> bool:
    digits = sum(character.isdigit() for character in needle)
    if digits == len(needle):
        return digits >= SHORTEST_NUMBER and bool(needle.strip("0"))
    return len(needle) >= (SHORTEST_WORD if needle.isascii() else 2)
