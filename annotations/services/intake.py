"""The way in: bytes become a study without identity, or a refusal with a reason.

The original stands in quarantine while it is cleaned and is gone afterwards, however that ends. Files are written
before the rows that speak of them are committed, so a crash leaves at worst files without a row, which
:func:`resume_quarantine` finishes or removes at the next start. Nothing that identifies is kept or logged, not even
the name of the file.
"""

import hashlib
import hmac
import logging
import sys
import traceback
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from annotations.announce import StudyReady, StudyReceived, announce
from annotations.models import Cohort, IntakeRecord, Patient, Person, Radiograph, Study
from annotations.services import film_store, quarantine
from annotations.services.events import record_event
from annotations.services.moves import move
from annotations.services.studies import EXCLUDED_BY_A_PERSON
from annotations.states import IntakeResult, SexSource, StudyState
from inference.imaging import quality
from inference.imaging.deidentify import Deidentified, deidentify
from inference.imaging.errors import FilmError
from inference.imaging.film import Film
from inference.imaging.quality import Finding
from inference.imaging.read import read_film
from inference.imaging.render import DisplayImage, display_image, thumbnail_jpeg

logger = logging.getLogger(__name__)

_PICTURE_MAGIC = (b"\x89PNG", b"\xff\xd8\xff")
_MESSAGES = {
    "internal_error": (
        "The film could not be taken because of an error in this program. Report it; the film was not kept.",
        "由于程序错误，无法接收该影像。请报告此问题；影像未被保留。",
    ),
    "other_patient": (
        "Another film of this examination belongs to a different patient. Find out which is right at the source.",
        "同一检查的另一张影像属于不同的患者。请在来源系统中核实。",
    ),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a file was refused: a code, and what to do, in English and Chinese."""

    code: str
    message: str
    message_zh: str


@dataclass(frozen=True, slots=True)
class IntakeOutcome:
    """How one file ended. ``file`` echoes the name to whoever sent it and goes nowhere else."""

    file: str
    outcome: IntakeResult
    reason: Reason | None = None
    study: UUID | None = None


@dataclass(frozen=True, slots=True)
class Resumed:
    """What was found after a restart: originals taken in after all, refused, and files without a row removed."""

    finished: int
    removed: int
    orphans: int


def receive(*, data: bytes, filename: str, by: Person | None, cohort: Cohort | None = None) -> IntakeOutcome:
    """Take one DICOM film in. Never raises for a bad film: a refusal is an outcome.

    The same bytes, or the same DICOM instance in other bytes, answer ``duplicate`` with the study that is there.
    """
    held = quarantine.Held(
        data=data, radiograph=uuid4(), by=by.pk if by else None, cohort=cohort.pk if cohort else None
    )
    present = _known_content(content_hash(data))
    if present is not None:
        return _duplicate(present, content_hash(data), filename, by, cohort)
    with quarantine.hold(held):
        return _take_in(held, filename, by, cohort)


def resume_quarantine() -> Resumed:
    """Finish what a crash interrupted, and remove what it left half. Call at start; harmless beside running uploads."""
    finished = removed = 0
    for path in quarantine.leftovers():
        with quarantine.take(path) as held:
            if held is None:
                continue
            by = Person.objects.filter(pk=held.by).first() if held.by else None
            cohort = Cohort.objects.filter(pk=held.cohort).first() if held.cohort else None
            outcome = _take_in(held, "", by, cohort)
            finished += outcome.outcome is not IntakeResult.REJECTED
            removed += outcome.outcome is IntakeResult.REJECTED
    return Resumed(finished=finished, removed=removed, orphans=film_store.remove_orphans())


def content_hash(data: bytes) -> str:
    """Keyed hash of a file: the same file is recognised, and without the key the hash says nothing."""
    return hmac.new(settings.DEIDENTIFICATION_KEY, b"content\0" + data, hashlib.sha256).hexdigest()


def _take_in(held: quarantine.Held, filename: str, by: Person | None, cohort: Cohort | None) -> IntakeOutcome:
    hashed = content_hash(held.data)
    try:
        return _store(held, hashed, filename, by, cohort)
    except FilmError as error:
        reason = Reason(error.code, error.message, error.message_zh)
    except Exception as error:
        # Neither message nor traceback is logged: both may quote the header. The place in our code is enough.
        frame = traceback.extract_tb(sys.exc_info()[2])[-1]
        logger.error("intake failed: %s at %s:%s", type(error).__name__, frame.name, frame.lineno)
        reason = Reason("internal_error", *_MESSAGES["internal_error"])
    IntakeRecord.objects.create(
        by=by, cohort=cohort, content_hash=hashed, result=IntakeResult.REJECTED, reason_code=reason.code
    )
    return IntakeOutcome(file=filename, outcome=IntakeResult.REJECTED, reason=reason)


def _store(
    held: quarantine.Held, hashed: str, filename: str, by: Person | None, cohort: Cohort | None
) -> IntakeOutcome:
    present = _known_content(hashed)  # once more: a resumed original may have been committed before the crash
    if present is None:
        if not held.data:
            raise FilmError("empty_file")
        if held.data.startswith(_PICTURE_MAGIC):
            raise FilmError("not_dicom")
        clean = deidentify(held.data, key=settings.DEIDENTIFICATION_KEY)
        if clean.report.get("blocking"):  # its pixels may still show a name
            raise FilmError(clean.report["blocking"])
        present = Radiograph.objects.filter(sop_instance_uid=clean.sop_instance_uid).first()
    if present is not None:
        return _duplicate(present, hashed, filename, by, cohort)
    film = read_film(clean.data)
    image, findings = display_image(film), quality.assess(film).findings
    radiograph = _radiograph(held.radiograph, hashed, clean, film, image, findings)
    film_store.store_copies(
        radiograph=radiograph,
        dicom=clean.data,
        values=image.values.astype("<u2").tobytes(),
        thumbnail=thumbnail_jpeg(film, size=256),
    )
    try:
        study = _commit(radiograph, clean, findings, by, cohort)
    except IntegrityError:  # the same film was committed by another upload this very moment
        film_store.remove_copies(radiograph)
        present = _known_content(hashed) or Radiograph.objects.filter(sop_instance_uid=clean.sop_instance_uid).first()
        if present is None:
            raise
        return _duplicate(present, hashed, filename, by, cohort)
    except BaseException:
        film_store.remove_copies(radiograph)
        raise
    return IntakeOutcome(file=filename, outcome=IntakeResult.RECEIVED, study=study.pk)


def _known_content(hashed: str) -> Radiograph | None:
    return Radiograph.objects.filter(content_hash=hashed).first()


def _duplicate(
    radiograph: Radiograph, hashed: str, filename: str, by: Person | None, cohort: Cohort | None
) -> IntakeOutcome:
    IntakeRecord.objects.create(
        by=by, cohort=cohort, content_hash=hashed, result=IntakeResult.DUPLICATE, study_id=radiograph.study_id
    )
    return IntakeOutcome(file=filename, outcome=IntakeResult.DUPLICATE, study=radiograph.study_id)


def _radiograph(
    pk: UUID, hashed: str, clean: Deidentified, film: Film, image: DisplayImage, findings: tuple[Finding, ...]
) -> Radiograph:
    facts = clean.facts
    row_spacing_mm, column_spacing_mm = facts.pixel_spacing_mm or (None, None)
    return Radiograph(
        id=pk,
        content_hash=hashed,
        sop_instance_uid=clean.sop_instance_uid,
        rows=film.rows,
        columns=film.columns,
        window_center=image.window_center,
        window_width=image.window_width,
        modality=facts.modality,
        laterality=facts.laterality,
        view_position=facts.view_position or "",
        row_spacing_mm=row_spacing_mm,
        column_spacing_mm=column_spacing_mm,
        spacing_kind=facts.spacing_kind,
        synthetic=facts.synthetic,
        quality=[
            {
                "code": finding.code,
                "severity": finding.severity,
                "value": float(finding.value),
                "threshold": float(finding.threshold),
                "message_en": finding.message_en,
                "message_zh": finding.message_zh,
            }
            for finding in findings
        ],
        warnings=list(facts.warnings),
        deidentification=clean.report,
    )


@transaction.atomic
def _commit(
    radiograph: Radiograph,
    clean: Deidentified,
    findings: tuple[Finding, ...],
    by: Person | None,
    cohort: Cohort | None,
) -> Study:
    """All rows of one film, in one transaction."""
    study, is_new = _study_of(clean, by, cohort)
    blocking = next((finding for finding in findings if finding.severity == "blocking"), None)
    left_out_for_quality = study.state == StudyState.EXCLUDED and study.reason_code != EXCLUDED_BY_A_PERSON
    takes_over = not is_new and left_out_for_quality and blocking is None
    if takes_over:
        study.radiographs.filter(for_reading=True).update(for_reading=False)
    radiograph.study = study
    radiograph.for_reading = is_new or takes_over
    radiograph.save(force_insert=True)
    IntakeRecord.objects.create(
        by=by, cohort=cohort, content_hash=radiograph.content_hash, result=IntakeResult.RECEIVED, study=study
    )
    announce(StudyReceived(study=study.pk, radiograph=radiograph.pk))
    if is_new:
        record_event(who=by, verb="receive", row=study, study=study, new=StudyState.RECEIVED)
        _step(study, StudyState.DEIDENTIFIED, "deidentify")
    else:
        record_event(who=by, verb="receive", row=radiograph, study=study)
    if is_new and blocking is not None:
        _step(study, StudyState.EXCLUDED, "exclude", reason_code=blocking.code, reason=blocking.message_en)
    elif is_new or takes_over:
        _step(study, StudyState.READY, "ready", reason_code="", reason="")
        announce(StudyReady(study=study.pk, radiograph=radiograph.pk))
    return study


def _step(study: Study, state: StudyState, verb: str, **changes: str) -> None:
    old = move(study, state, field="state", **changes)
    record_event(who=None, verb=verb, row=study, study=study, old=old, new=state, reason=changes.get("reason_code", ""))


def _study_of(clean: Deidentified, by: Person | None, cohort: Cohort | None) -> tuple[Study, bool]:
    """The study that this film belongs to, and whether it is new."""
    patient, _ = Patient.objects.get_or_create(pseudonym=clean.patient_pseudonym)
    study = Study.objects.select_for_update(of=("self",)).filter(study_uid=clean.study_uid).first()
    facts = clean.facts
    if study is None:
        return (
            Study.objects.create(
                patient=patient,
                cohort=cohort,
                study_uid=clean.study_uid,
                sex=facts.sex,
                sex_source=SexSource.HEADER if facts.sex else None,
                chronological_age_months=facts.chronological_age_months,
                age_source=facts.age_source if facts.chronological_age_months is not None else None,
                synthetic=facts.synthetic,
                received_at=timezone.now(),
                received_by=by,
            ),
            True,
        )
    if study.patient_id != patient.pk:
        raise _OtherPatientError
    if facts.sex is not None and study.sex is not None and facts.sex != study.sex:
        raise FilmError("contradictory_sex")
    if study.sex is None and facts.sex is not None:
        study.sex, study.sex_source = facts.sex, SexSource.HEADER
        study.save(update_fields=["sex", "sex_source"])
    return study, False


class _OtherPatientError(FilmError):
    """Two films of one examination name different patients."""

    def __init__(self) -> None:
        Exception.__init__(self, "other_patient")
        self.code = "other_patient"
        self.message, self.message_zh = _MESSAGES["other_patient"]
