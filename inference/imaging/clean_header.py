"""The header of a clean film, built from nothing: allowed elements, stand-ins, shifted dates, and what was done.

Standard: PS3.15 Annex E, Basic Application Level Confidentiality Profile with Retain Patient Characteristics, Retain
Longitudinal Temporal Information with Modified Dates and, once its pixels are clean, Clean Pixel Data.
"""

import hashlib
from io import BytesIO

import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom import uid
from pydicom.sr.coding import Code

from inference.imaging.allowed_tags import SOP_CLASSES, VOCABULARY, copy_allowed
from inference.imaging.film import FilmFacts
from inference.imaging.header_facts import DAYS_PER_MONTH, first_text, stated_day
from inference.imaging.pseudonyms import date_shift_days, patient_pseudonym, shifted, stand_in_uid
from inference.imaging.read import is_lossy

IMPLEMENTATION_UID = "2.25.143921567405893118272190443672906112357"
"""Names this writer in the file meta; drawn once at random."""

IMPLEMENTATION_NAME = "BONEAGE"
METHOD = "Allow list of elements; all but the hand blanked"

METHOD_CODES = (
    Code("113100", "DCM", "Basic Application Confidentiality Profile"),
    Code("113108", "DCM", "Retain Patient Characteristics Option"),
    Code("113107", "DCM", "Retain Longitudinal Temporal Information Modified Dates Option"),
)
CLEAN_PIXELS_CODE = Code("113101", "DCM", "Clean Pixel Data Option")

FIXED_TEXTS = frozenset(
    {*VOCABULARY, IMPLEMENTATION_UID, IMPLEMENTATION_NAME, METHOD, "MODIFIED", "DICM", str(uid.ExplicitVRLittleEndian)}
    | {
        text
        for code in (*METHOD_CODES, CLEAN_PIXELS_CODE)
        for text in (code.value, code.scheme_designator, code.meaning)
    }
    | {str(sop_class) for sop_class in SOP_CLASSES}
)
"""Every text that a clean file holds by rule; what is written beside these is a number or a stand-in."""


def clean_header(
    original: pydicom.Dataset, stored: NDArray[np.int32], facts: FilmFacts, *, key: bytes
) -> pydicom.FileDataset:
    """A data set without pixels that says nothing of who the patient is.

    Args:
        original: header as it came; its dates have passed :func:`inference.imaging.header_facts.film_facts`.
        stored: int32 [rows, columns], the cleaned stored values: tables are cut to the values that occur.
        facts: of the original.
        key: see :mod:`inference.imaging.pseudonyms`.
    """
    clean = pydicom.FileDataset("", {}, file_meta=pydicom.dataset.FileMetaDataset(), preamble=b"\0" * 128)
    copy_allowed(original, clean, stored)
    _add_identifiers(clean, original, key=key)
    _add_dates(clean, original, facts, key=key)
    clean.BitsAllocated, clean.BitsStored = int(original.BitsAllocated), int(original.BitsStored)
    clean.HighBit, clean.PixelRepresentation = clean.BitsStored - 1, int(original.PixelRepresentation)
    clean.SamplesPerPixel = 1
    if is_lossy(original):
        clean.LossyImageCompression = "01"
    return clean


def record_method(clean: pydicom.Dataset, *, pixels_clean: bool) -> None:
    """Writes what was done to the film; that identity was removed only if it was removed from the pixels too."""
    codes = (*METHOD_CODES, CLEAN_PIXELS_CODE) if pixels_clean else METHOD_CODES
    clean.PatientIdentityRemoved = "YES" if pixels_clean else "NO"
    clean.DeidentificationMethod = METHOD
    clean.DeidentificationMethodCodeSequence = [_code_item(code) for code in codes]
    if pixels_clean:
        clean.BurnedInAnnotation = "NO"


def set_pixels(clean: pydicom.Dataset, stored: NDArray[np.int32]) -> None:
    """Writes stored values in cells of 8 or 16 bits; the unused high bits, where old overlays lived, are zero."""
    clean.Rows, clean.Columns = stored.shape
    wide = int(clean.BitsAllocated) == 16
    cells = (stored & ((1 << int(clean.BitsStored)) - 1)).astype("<u2" if wide else "u1").tobytes()
    clean.add_new("PixelData", "OW" if wide else "OB", cells + b"\0" * (len(cells) % 2))


def written(clean: pydicom.FileDataset) -> bytes:
    """The file's bytes, explicit VR little endian, with file meta and preamble of our own; pixel data comes last."""
    meta = pydicom.dataset.FileMetaDataset()
    meta.MediaStorageSOPClassUID = clean.SOPClassUID
    meta.MediaStorageSOPInstanceUID = clean.SOPInstanceUID
    meta.TransferSyntaxUID = uid.ExplicitVRLittleEndian
    meta.ImplementationClassUID = uid.UID(IMPLEMENTATION_UID)
    meta.ImplementationVersionName = IMPLEMENTATION_NAME
    clean.file_meta, clean.preamble = meta, b"\0" * 128
    buffer = BytesIO()
    clean.save_as(buffer, enforce_file_format=True, little_endian=True, implicit_vr=False)
    return buffer.getvalue()


def stand_ins(clean: pydicom.Dataset) -> frozenset[str]:
    """The values of a clean header that stand for something of the original."""
    keywords = ("PatientID", "StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "StudyDate", "AcquisitionDate")
    return frozenset(text for keyword in keywords if (text := first_text(clean, keyword)))


def age_string(age_months: float) -> str:
    """An age as DICOM writes it (PS3.5 AS), in completed units: weeks below a month, months to 83 years, then years."""
    if age_months < 1:
        return f"{int(age_months * DAYS_PER_MONTH / 7):03d}W"
    if age_months < 1000:
        return f"{int(age_months + 1e-6):03d}M"
    return f"{int(age_months / 12):03d}Y"


def _add_identifiers(clean: pydicom.FileDataset, original: pydicom.Dataset, *, key: bytes) -> None:
    clean.PatientID = clean.PatientName = patient_pseudonym(original, key=key)
    sop_class = uid.UID(first_text(original, "SOPClassUID"))
    clean.SOPClassUID = sop_class if sop_class in SOP_CLASSES else uid.SecondaryCaptureImageStorage
    for keyword in ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID"):
        # a file that lacks one gets one from its pixels, so that sending it twice gives the same
        source = first_text(original, keyword) or f"{keyword} missing {hashlib.sha256(original.PixelData).hexdigest()}"
        setattr(clean, keyword, stand_in_uid(source, key=key))
    # type 2 elements of the patient, study and series modules: present and empty
    for keyword in ("PatientBirthDate", "StudyTime", "AccessionNumber", "ReferringPhysicianName", "StudyID"):
        setattr(clean, keyword, "")
    clean.SeriesNumber = None
    clean.InstanceNumber = None
    if "Laterality" not in clean:
        clean.Laterality = ""


def _add_dates(clean: pydicom.Dataset, original: pydicom.Dataset, facts: FilmFacts, *, key: bytes) -> None:
    days = date_shift_days(original, key=key)
    clean.StudyDate = ""
    for keyword in ("StudyDate", "AcquisitionDate"):
        day = stated_day(original, keyword)
        if day is not None:
            setattr(clean, keyword, shifted(day, days))
    if facts.chronological_age_months is not None:
        clean.PatientAge = age_string(facts.chronological_age_months)
    clean.LongitudinalTemporalInformationModified = "MODIFIED"


def _code_item(code: Code) -> pydicom.Dataset:
    item = pydicom.Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = code.value, code.scheme_designator, code.meaning
    return item
