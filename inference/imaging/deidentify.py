"""A DICOM film with a patient in it becomes one without, or is refused.

The age is worked out first. Then the pixels are cleaned (:mod:`clean_pixels`) and looked at again for writing
(:mod:`text_check`), and a new file is built from nothing: allowed elements that pass their check
(:mod:`allowed_tags`), keyed stand-ins (:mod:`pseudonyms`), new file meta, an empty preamble (:mod:`clean_header`). At
last the bytes are searched for what identified the patient (:mod:`residual_scan`).

A film on which no hand is found keeps its pixels as they are, and one on which writing is left keeps that: its report
says ``pixels_clean: False`` and why, its header PatientIdentityRemoved NO, and whoever calls must not show it to
anybody but the person who releases it (:mod:`release`).

Standard: PS3.15 Annex E, Basic Application Level Confidentiality Profile with Clean Pixel Data, Retain Patient
Characteristics and Retain Longitudinal Temporal Information with Modified Dates.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pydicom
from numpy.typing import NDArray

from inference.imaging.allowed_tags import ALLOWED
from inference.imaging.burned_text import without_text
from inference.imaging.clean_header import FIXED_TEXTS, clean_header, record_method, set_pixels, stand_ins, written
from inference.imaging.clean_pixels import EraseText, cleaned
from inference.imaging.decode import stored_values
from inference.imaging.errors import FilmError
from inference.imaging.film import FilmFacts
from inference.imaging.grey_values import grey_values, padding_mask
from inference.imaging.hand_mask import HandMask, find_hand
from inference.imaging.header_facts import film_facts
from inference.imaging.identity_needles import identity_needles
from inference.imaging.picture import JPEG_MAGIC, PNG_MAGIC
from inference.imaging.read import is_lossy, read_dicom
from inference.imaging.residual_scan import assert_no_identity
from inference.imaging.text_check import written_regions
from inference.imaging.text_over_hand import writing_over_hand
from inference.imaging.text_report import CheckText, text_report

if TYPE_CHECKING:
    from inference.imaging.film_check import FilmCheck

Examine = Callable[[NDArray[np.float32]], "FilmCheck"]


@dataclass(frozen=True, slots=True)
class Deidentified:
    """A film with a clean header.

    Attributes:
        data: DICOM file, explicit VR little endian, uncompressed.
        patient_pseudonym: stand-in for the patient, the same for each film of theirs under one key.
        study_uid: stand-in StudyInstanceUID.
        sop_instance_uid: stand-in SOPInstanceUID.
        facts: what was read before cleaning; the age in it is exact, the one in ``data`` is in whole months.
        report: ``pixels_clean`` (bool), ``blocking`` (None, ``hand_not_found`` or ``text_found``),
            ``written_regions`` ([x0, y0, x1, y1] in pixels) and their ``written_scores``, ``hand_area_share``,
            ``blanked_share``, ``elements_dropped``, ``elements_kept``, ``methods`` (codes), and, if the film was
            examined, ``film_check``; numbers and fixed words.
    """

    data: bytes
    patient_pseudonym: str
    study_uid: str
    sop_instance_uid: str
    facts: FilmFacts
    report: dict[str, Any]


def deidentify(
    data: bytes,
    *,
    key: bytes,
    check_text: CheckText = written_regions,
    erase_text: EraseText = without_text,
    examine: Examine | None = None,
) -> Deidentified:
    """Builds a clean copy of a DICOM film.

    Args:
        data: the file as it came.
        key: secret of at least 16 bytes; who holds it can link stand-ins to patients he already knows.
        check_text: looks for writing on the cleaned grey values.
        erase_text: draws the ground over letters, in stored values, before the rest is blanked.
        examine: looks at the film before anything is blanked, see :func:`inference.imaging.film_check.examine`. Its
            numbers go into the report, and where it finds bone dark the hand is sought on the negative.

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
    hand, inverted, seen = _hand_on(grey_values(original, stored).pixels, examine)
    pixels = stored
    if hand.plausible:
        result = cleaned(stored, hand, padding_mask(original, stored), erase_text=erase_text)
        pixels = result.pixels
    if hand.plausible and pixels.min() < pixels.max():
        grey = grey_values(original, pixels).pixels
        over_hand = writing_over_hand(result.drawn_over, grey.max() - grey if inverted else grey)
        verdict = text_report((*check_text(grey, where=hand.mask), *over_hand))
    else:  # or what was taken for a hand was writing, and is gone
        pixels, verdict = stored, {**text_report(()), "pixels_clean": False, "blocking": "hand_not_found"}
    changed_share = float(np.mean(pixels != stored))
    del stored  # a large film is held as few times as possible
    clean = clean_header(original, pixels, facts, key=key)
    record_method(clean, pixels_clean=verdict["pixels_clean"])
    set_pixels(clean, pixels)
    del pixels
    file = written(clean)
    assert_no_identity(file, needles=identity_needles(original, fixed_texts=FIXED_TEXTS), stand_ins=stand_ins(clean))
    return Deidentified(
        data=file,
        patient_pseudonym=str(clean.PatientID),
        study_uid=str(clean.StudyInstanceUID),
        sop_instance_uid=str(clean.SOPInstanceUID),
        facts=facts,
        report={**verdict, **seen, **_counts(original, clean, hand, changed_share=changed_share)},
    )


def _hand_on(pixels: NDArray[np.float32], examine: Examine | None) -> tuple[HandMask, bool, dict[str, Any]]:
    """The hand, whether bone is dark, and what was seen on the whole film, for the report."""
    if examine is None:
        return find_hand(pixels), False, {}
    check = examine(pixels)
    hand = find_hand(pixels.max() - pixels if check.is_inverted else pixels)
    return hand, check.is_inverted, {"film_check": check.to_json()}


def _counts(
    original: pydicom.Dataset, clean: pydicom.Dataset, hand: HandMask, *, changed_share: float
) -> dict[str, Any]:
    kept = sum(1 for element in clean if element.keyword in ALLOWED)
    return {
        "hand_area_share": round(hand.area_share, 4),
        "blanked_share": round(changed_share, 4),
        "elements_kept": kept,
        "elements_dropped": max(0, len(original) - kept),
        "methods": [item.CodeValue for item in clean.DeidentificationMethodCodeSequence],
    }
