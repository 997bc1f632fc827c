"""A DICOM film with a patient in it becomes one without, or is refused.

The age is worked out first, then a new file is built from nothing: allowed elements that pass their check
(:mod:`allowed_tags`), keyed stand-ins (:mod:`pseudonyms`), new file meta, an empty preamble, and pixels in which
everything outside the widened hand is ground. At last the bytes are searched for what identified the patient
(:mod:`residual_scan`).

Two limits, said plainly. Rows of letters inside the widened hand are drawn over (:mod:`burned_text`), but a lone
initial, slanting or hand-written text that touches or overlaps the hand stays. And a film on which no hand is found
keeps its pixels as they are: its report says ``pixels_clean: False`` and ``blocking:
hand_not_found``, and whoever calls must not keep or show it.

Standard: PS3.15 Annex E, Basic Application Level Confidentiality Profile with Clean Pixel Data, Retain Patient
Characteristics and Retain Longitudinal Temporal Information with Modified Dates.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO
from typing import Any

import cv2
import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom import uid
from pydicom.sr.coding import Code

from inference.imaging.allowed_tags import ALLOWED, IMAGE_TYPES, MANUFACTURERS, SOP_CLASSES, copy_allowed
from inference.imaging.burned_text import without_text
from inference.imaging.decode import stored_values
from inference.imaging.errors import FilmError
from inference.imaging.film import Film, FilmFacts
from inference.imaging.grey_values import grey_values, padding_mask
from inference.imaging.hand_mask import HandMask, find_hand
from inference.imaging.header_facts import DAYS_PER_MONTH, PLACEHOLDER_DATES, film_facts, first_text
from inference.imaging.picture import JPEG_MAGIC, PNG_MAGIC
from inference.imaging.pseudonyms import date_shift_days, patient_pseudonym, shifted, stand_in_uid
from inference.imaging.read import is_lossy, read_dicom
from inference.imaging.residual_scan import assert_no_identity, identity_needles

IMPLEMENTATION_UID = "2.25.143921567405893118272190443672906112357"
"""Names this writer in the file meta; drawn once at random."""

METHOD_CODES = (
    Code("113100", "DCM", "Basic Application Confidentiality Profile"),
    Code("113108", "DCM", "Retain Patient Characteristics Option"),
    Code("113107", "DCM", "Retain Longitudinal Temporal Information Modified Dates Option"),
)
CLEAN_PIXELS_CODE = Code("113101", "DCM", "Clean Pixel Data Option")

GROUND_RING_SHARE = 0.03
"""Width of the ring round the hand whose median becomes the ground, as a share of the longer side."""

_VOCABULARY = frozenset(
    {"CR", "DX", "RG", "AP", "PA", "HAND", "WRIST", "FINGER", "THUMB", "FOREARM", "ARM", "EXTREMITY", "LATERAL", "YES",
     "OBLIQUE", "MONOCHROME", "IDENTITY", "INVERSE", "LINEAR", "SIGMOID", "BONEAGE", "DCM", "RETAIN", "OPTION",
     "LOG", "LIN", "MODIFIED", "DATES", "BASIC", "CLEAN", "DATA", "PIXEL", "PATIENT", "PROFILE", "FOR", "PRESENTATION"}
    | {word for name in MANUFACTURERS for word in name.split()}
    | {name for name in IMAGE_TYPES if name}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Deidentified:
    """A clean film.

    Attributes:
        data: DICOM file, explicit VR little endian, uncompressed.
        patient_pseudonym: stand-in for the patient, the same for each film of theirs under one key.
        study_uid: stand-in StudyInstanceUID.
        sop_instance_uid: stand-in SOPInstanceUID.
        facts: what was read before cleaning; the age in it is exact, the one in ``data`` is in whole months.
        report: ``pixels_clean`` (bool), ``blocking`` (None or ``hand_not_found``), ``hand_area_share``,
            ``blanked_share``, ``elements_dropped``, ``elements_kept``, ``methods`` (codes); numbers and fixed words.
    """

    data: bytes
    patient_pseudonym: str
    study_uid: str
    sop_instance_uid: str
    facts: FilmFacts
    report: dict[str, Any]


def deidentify(data: bytes, *, key: bytes) -> Deidentified:
    """Builds a clean copy of a DICOM film.

    Args:
        data: the file as it came.
        key: secret of at least 16 bytes; who holds it can link stand-ins to patients he already knows.

    Raises:
        FilmError: all that reading refuses, and ``identity_remains``. Check ``report["blocking"]`` as well.
    """
    if data.startswith((PNG_MAGIC, JPEG_MAGIC)):
        raise FilmError("not_dicom")
    original = read_dicom(data)
    facts = film_facts(original)
    if is_lossy(original):
        facts = replace(facts, warnings=(*facts.warnings, "lossy_compression"))
    stored = stored_values(original)
    hand = find_hand(grey_values(original, stored).pixels)
    pixels = _cleaned(stored, hand, padding_mask(original, stored)) if hand.plausible else stored
    clean = _clean_dataset(original, facts, key=key, pixels_clean=hand.plausible)
    _add_pixels(clean, pixels, original)
    written = _written(clean)
    needles = identity_needles(original, vocabulary=_VOCABULARY)
    assert_no_identity(written, pixel_bytes=len(clean.PixelData), needles=needles)
    return Deidentified(
        data=written,
        patient_pseudonym=str(clean.PatientID),
        study_uid=str(clean.StudyInstanceUID),
        sop_instance_uid=str(clean.SOPInstanceUID),
        facts=facts,
        report=_report(original, clean, hand, changed_share=float(np.mean(pixels != stored))),
    )


def clean_film(film: Film) -> tuple[Film, HandMask]:
    """The same cleaning for a film without a header (PNG, JPEG): ground outside the hand, if one was found."""
    hand = find_hand(film.pixels)
    if not hand.plausible:
        return film, hand
    return replace(film, pixels=_blanked(film.pixels, hand, None)), hand


def _cleaned(stored: NDArray[np.int32], hand: HandMask, padding: NDArray[np.bool_] | None) -> NDArray[np.int32]:
    """The ground drawn through rows of letters, then ground outside the hand.

    In this order: half a name, cut through by the edge of the mask, would no longer be seen to be writing.
    """
    without_letters, _ = without_text(stored)
    return _blanked(without_letters, hand, padding)


def _blanked(values: NDArray[Any], hand: HandMask, padding: NDArray[np.bool_] | None) -> NDArray[Any]:
    """Sets everything outside the hand to the ground next to it; works on stored values of either polarity."""
    radius = max(1, round(GROUND_RING_SHARE * max(values.shape)))
    step = max(1, radius // 6)
    thin = hand.mask[::step, ::step].astype(np.uint8)
    kernel = np.ones((2 * (radius // step) + 1,) * 2, np.uint8)
    ring = (cv2.dilate(thin, kernel) > 0) & (thin == 0)
    outside = thin == 0
    if padding is not None:
        ring &= ~padding[::step, ::step]
    sampled = values[::step, ::step]
    ground = np.median(sampled[ring]) if ring.any() else np.median(sampled[outside]) if outside.any() else 0
    return np.where(hand.mask, values, np.asarray(ground).astype(values.dtype))


def _clean_dataset(
    original: pydicom.Dataset, facts: FilmFacts, *, key: bytes, pixels_clean: bool
) -> pydicom.FileDataset:
    clean = pydicom.FileDataset("", {}, file_meta=pydicom.dataset.FileMetaDataset(), preamble=b"\0" * 128)
    copy_allowed(original, clean)
    _add_identifiers(clean, original, key=key)
    _add_dates(clean, original, facts, key=key)
    _add_record(clean, pixels_clean=pixels_clean)
    if is_lossy(original):
        clean.LossyImageCompression = "01"
    return clean


def _add_identifiers(clean: pydicom.FileDataset, original: pydicom.Dataset, *, key: bytes) -> None:
    pseudonym = patient_pseudonym(original, key=key)
    clean.PatientID = clean.PatientName = pseudonym
    sop_class = original.get("SOPClassUID")
    clean.SOPClassUID = sop_class if sop_class in SOP_CLASSES else uid.SecondaryCaptureImageStorage
    for keyword in ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID"):
        # a file that lacks one gets one from its pixels, so that sending it twice gives the same
        source = first_text(original, keyword) or f"{keyword} missing {hash_of_pixels(original)}"
        setattr(clean, keyword, stand_in_uid(source, key=key))
    # type 2 elements of the patient, study and series modules: present and empty
    for keyword in ("PatientBirthDate", "StudyTime", "AccessionNumber", "ReferringPhysicianName", "StudyID"):
        setattr(clean, keyword, "")
    clean.SeriesNumber = None
    clean.InstanceNumber = None
    if "Laterality" not in clean:
        clean.Laterality = ""


def hash_of_pixels(original: pydicom.Dataset) -> str:
    """SHA-256 of the pixel data as it came."""
    return hashlib.sha256(original.PixelData).hexdigest()


def _add_dates(clean: pydicom.Dataset, original: pydicom.Dataset, facts: FilmFacts, *, key: bytes) -> None:
    days = date_shift_days(original, key=key)
    clean.StudyDate = ""
    for keyword in ("StudyDate", "AcquisitionDate"):
        text = first_text(original, keyword).replace(".", "")
        if len(text) == 8 and text not in PLACEHOLDER_DATES:
            setattr(clean, keyword, shifted(date(int(text[:4]), int(text[4:6]), int(text[6:])), days))
    if facts.chronological_age_months is not None:
        clean.PatientAge = age_string(facts.chronological_age_months)
    clean.LongitudinalTemporalInformationModified = "MODIFIED"


def age_string(age_months: float) -> str:
    """An age as DICOM writes it (PS3.5 AS), in completed units: weeks below a month, months to 83 years, then years."""
    if age_months < 1:
        return f"{int(age_months * DAYS_PER_MONTH / 7):03d}W"
    if age_months < 1000:
        return f"{int(age_months + 1e-6):03d}M"
    return f"{int(age_months / 12):03d}Y"


def _add_record(clean: pydicom.Dataset, *, pixels_clean: bool) -> None:
    codes = (*METHOD_CODES, CLEAN_PIXELS_CODE) if pixels_clean else METHOD_CODES
    clean.PatientIdentityRemoved = "YES" if pixels_clean else "NO"
    clean.DeidentificationMethod = "Allow list of elements; all but the hand blanked"
    clean.DeidentificationMethodCodeSequence = [_code_item(code) for code in codes]
    if pixels_clean:
        clean.BurnedInAnnotation = "NO"


def _code_item(code: Code) -> pydicom.Dataset:
    item = pydicom.Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = code.value, code.scheme_designator, code.meaning
    return item


def _add_pixels(clean: pydicom.Dataset, stored: NDArray[np.int32], original: pydicom.Dataset) -> None:
    """Writes stored values in cells of 8 or 16 bits; the unused high bits, where old overlays lived, are zero."""
    allocated, bits = int(original.BitsAllocated), int(original.BitsStored)
    clean.SamplesPerPixel = 1
    clean.Rows, clean.Columns = stored.shape
    clean.BitsAllocated, clean.BitsStored, clean.HighBit = allocated, bits, bits - 1
    clean.PixelRepresentation = int(original.PixelRepresentation)
    cells = (stored & ((1 << bits) - 1)).astype("<u2" if allocated == 16 else "u1").tobytes()
    clean.add_new("PixelData", "OW" if allocated == 16 else "OB", cells + b"\0" * (len(cells) % 2))


def _written(clean: pydicom.FileDataset) -> bytes:
    meta = clean.file_meta
    meta.MediaStorageSOPClassUID = clean.SOPClassUID
    meta.MediaStorageSOPInstanceUID = clean.SOPInstanceUID
    meta.TransferSyntaxUID = uid.ExplicitVRLittleEndian
    meta.ImplementationClassUID = uid.UID(IMPLEMENTATION_UID)
    meta.ImplementationVersionName = "BONEAGE"
    buffer = BytesIO()
    clean.save_as(buffer, enforce_file_format=True, little_endian=True, implicit_vr=False)
    return buffer.getvalue()


def _report(
    original: pydicom.Dataset, clean: pydicom.Dataset, hand: HandMask, *, changed_share: float
) -> dict[str, Any]:
    kept = sum(1 for element in clean if element.keyword in ALLOWED)
    return {
        "pixels_clean": hand.plausible,
        "blocking": None if hand.plausible else "hand_not_found",
        "hand_area_share": round(hand.area_share, 4),
        "blanked_share": round(changed_share, 4),
        "elements_kept": kept,
        "elements_dropped": max(0, len(original) - kept),
        "methods": [item.CodeValue for item in clean.DeidentificationMethodCodeSequence],
    }
