"""Keyed stand-ins for what identifies: the same patient under the same key gets the same ones, and nobody without the
key can work back.

All are HMAC-SHA-256 of a labelled value, so that a pseudonym, a UID and a date shift of one patient share nothing.
"""

import hashlib
import hmac
import unicodedata
from contextlib import suppress
from datetime import date, timedelta

import pydicom

from inference.imaging.header_facts import first_text, without_escapes

MINIMUM_KEY_BYTES = 16
"""A shorter key could be tried out against a list of patient numbers."""

SHIFT_DAYS = (30, 3650)
"""Dates move back by a number of days between these two, ends included; never forward, so none lies in the future."""

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U to misread
_PSEUDONYM_DIGITS = 13  # 65 bits: two of a million patients meet with a chance of 1 in 70 million


def patient_pseudonym(header: pydicom.Dataset, *, key: bytes) -> str:
    """Stand-in for a patient, such as ``P4X0...``; from PatientID and its issuer, else name and birth date.

    A file that names nobody is its own patient: its pseudonym comes from the study's UID, else from its own.
    """
    return "P" + _base32(_digest(key, "patient", _patient_key(header)))


def stand_in_uid(original: str, *, key: bytes) -> str:
    """A UID ``2.25.<128 bit number>`` (PS3.5 B.2) in place of an original one."""
    return f"2.25.{int.from_bytes(_digest(key, 'uid', original)[:16], 'big')}"


def date_shift_days(header: pydicom.Dataset, *, key: bytes) -> int:
    """Days by which every date of this patient moves back."""
    low, high = SHIFT_DAYS
    number = int.from_bytes(_digest(key, "date", _patient_key(header))[:8], "big")
    return low + number % (high - low + 1)


def shifted(day: date, days: int) -> str:
    """A date moved back, as DICOM writes it."""
    return (day - timedelta(days=days)).strftime("%Y%m%d")


def _patient_key(header: pydicom.Dataset) -> str:
    """What one patient is told from another by.

    Two films with the same number count as one patient's whatever the character set, the width of the digits (１２ is
    12), the case and the padding with spaces: devices of one hospital differ in these. Leading zeros and the issuer
    are part of a number: 0012 may be somebody else than 12, and two hospitals may both have a 12.
    """
    patient_id = _normal(first_text(header, "PatientID"))
    if patient_id:
        return f"id\n{_normal(first_text(header, 'IssuerOfPatientID'))}\n{patient_id}"
    name = _normal(first_text(header, "PatientName").rstrip("^= "))
    if name:
        return f"name\n{name}\n{first_text(header, 'PatientBirthDate')}"
    return f"study\n{first_text(header, 'StudyInstanceUID') or first_text(header, 'SOPInstanceUID')}"


def _normal(text: str) -> str:
    # Chinese bytes without a character set, or without its escapes, are read as Western letters. Müller is turned into
    # something odd as well, but always into the same.
    with suppress(UnicodeError):
        text = text.encode("latin-1").decode("gb18030")
    return " ".join(unicodedata.normalize("NFKC", without_escapes(text)).upper().split())


def _digest(key: bytes, label: str, value: str) -> bytes:
    if len(key) < MINIMUM_KEY_BYTES:
        raise ValueError(f"The de-identification key needs at least {MINIMUM_KEY_BYTES} bytes.")
    return hmac.new(key, f"{label}\n{value}".encode("utf-8", "surrogateescape"), hashlib.sha256).digest()


def _base32(digest: bytes) -> str:
    number = int.from_bytes(digest[:10], "big")
    return "".join(_ALPHABET[(number >> (5 * place)) & 31] for place in range(_PSEUDONYM_DIGITS))
