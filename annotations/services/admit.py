"""A clean film becomes a radiograph of a study: its copies first, then all its rows in one transaction."""

from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from annotations.announce import StudyReady, StudyReceived, announce
from annotations.models import Cohort, IntakeRecord, Patient, Person, Radiograph, Study
from annotations.services import film_store
from annotations.services.events import record_event
from annotations.services.intake_outcome import IntakeOutcome
from annotations.services.moves import move
from annotations.services.studies import EXCLUDED_BY_A_PERSON
from annotations.states import Door, IntakeResult, SexSource, StudyState
from inference.imaging import quality
from inference.imaging.deidentify import Deidentified
from inference.imaging.errors import FilmError
from inference.imaging.film import Film
from inference.imaging.film_check import FilmCheck
from inference.imaging.quality import Assessment, Finding
from inference.imaging.read import read_film
from inference.imaging.render import DisplayImage, display_image, thumbnail_jpeg
from inference.imaging.site_thresholds import site_thresholds


class NotTakenError(Exception):
    """A film that is refused for what lies neither in its file nor in its quality.

    Attributes:
        code: key of :data:`annotations.services.intake_reasons.INTAKE_REASONS`.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Arrival:
    """What is known of a file besides its content."""

    pk: UUID
    content_hash: str
    door: Door
    by: Person | None
    cohort: Cohort | None

    def record(self, result: IntakeResult, *, study: UUID | None = None, **reason: Any) -> None:
        """Write down how it ended."""
        IntakeRecord.objects.create(
            arrival=self.pk,
            door=self.door,
            by=self.by,
            cohort=self.cohort,
            content_hash=self.content_hash,
            result=result,
            study_id=study,
            **reason,
        )


def duplicate_of(radiograph: Radiograph, arrival: Arrival) -> IntakeOutcome:
    """The film is here already."""
    arrival.record(IntakeResult.DUPLICATE, study=radiograph.study_id)
    return IntakeOutcome(file="", outcome=IntakeResult.DUPLICATE, study=radiograph.study_id, arrival=arrival.pk)


def admit(clean: Deidentified, arrival: Arrival) -> IntakeOutcome:
    """Take a clean film in; what the quality gate finds goes with it.

    Raises:
        FilmError: the clean copy cannot be shown, or contradicts the study it belongs to.
        NotTakenError: ``other_patient``.
    """
    film = read_film(clean.data)
    image = display_image(film)
    thresholds = site_thresholds(settings.QUALITY_THRESHOLDS_FILE)
    assessment = quality.assess(film, seen=_seen_before_cleaning(clean), thresholds=thresholds)
    radiograph = _radiograph(arrival, clean, film, image, assessment)
    film_store.store_copies(
        radiograph=radiograph,
        dicom=clean.data,
        values=image.values.astype("<u2").tobytes(),
        thumbnail=thumbnail_jpeg(film, size=256),
    )
    try:
        study = _commit(radiograph, clean, assessment.findings, arrival)
    except IntegrityError:  # the same film was committed from another door this very moment
        film_store.remove_copies(radiograph)
        present = Radiograph.objects.filter(sop_instance_uid=clean.sop_instance_uid).first()
        if present is None:
            raise
        return duplicate_of(present, arrival)
    except BaseException:
        film_store.remove_copies(radiograph)
        raise
    return IntakeOutcome(file="", outcome=IntakeResult.RECEIVED, study=study.pk, arrival=arrival.pk)


def _seen_before_cleaning(clean: Deidentified) -> FilmCheck | None:
    numbers = clean.report.get("film_check")
    return FilmCheck.from_json(numbers) if numbers else None


def _radiograph(
    arrival: Arrival, clean: Deidentified, film: Film, image: DisplayImage, assessment: Assessment
) -> Radiograph:
    facts = clean.facts
    row_spacing_mm, column_spacing_mm = facts.pixel_spacing_mm or (None, None)
    return Radiograph(
        id=arrival.pk,
        content_hash=arrival.content_hash,
        sop_instance_uid=clean.sop_instance_uid,
        rows=film.rows,
        columns=film.columns,
        window_center=image.window_center,
        window_width=image.window_width,
        windows=[asdict(window) for window in image.windows],
        view_quarter_turns=assessment.view.quarter_turns,
        view_mirrored=assessment.view.mirrored,
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
            for finding in assessment.findings
        ],
        warnings=list(facts.warnings),
        deidentification=clean.report,
    )


@transaction.atomic
def _commit(radiograph: Radiograph, clean: Deidentified, findings: tuple[Finding, ...], arrival: Arrival) -> Study:
    """All rows of one film, in one transaction."""
    study, is_new = _study_of(clean, arrival)
    blocking = next((finding for finding in findings if finding.severity == "blocking"), None)
    left_out_for_quality = study.state == StudyState.EXCLUDED and study.reason_code != EXCLUDED_BY_A_PERSON
    takes_over = not is_new and left_out_for_quality and blocking is None
    if takes_over:
        study.radiographs.filter(for_reading=True).update(for_reading=False)
    radiograph.study = study
    radiograph.for_reading = is_new or takes_over
    radiograph.save(force_insert=True)
    arrival.record(IntakeResult.RECEIVED, study=study.pk)
    announce(StudyReceived(study=study.pk, radiograph=radiograph.pk))
    if is_new:
        record_event(who=arrival.by, verb="receive", row=study, study=study, new=StudyState.RECEIVED)
        _step(study, StudyState.DEIDENTIFIED, "deidentify")
    else:
        record_event(who=arrival.by, verb="receive", row=radiograph, study=study)
    if is_new and blocking is not None:
        _step(study, StudyState.EXCLUDED, "exclude", reason_code=blocking.code, reason=blocking.message_en)
    elif is_new or takes_over:
        _step(study, StudyState.READY, "ready", reason_code="", reason="")
        announce(StudyReady(study=study.pk, radiograph=radiograph.pk))
    return study


def _step(study: Study, state: StudyState, verb: str, **changes: str) -> None:
    old = move(study, state, field="state", **changes)
    record_event(who=None, verb=verb, row=study, study=study, old=old, new=state, reason=changes.get("reason_code", ""))


def _study_of(clean: Deidentified, arrival: Arrival) -> tuple[Study, bool]:
    """The study that this film belongs to, and whether it is new."""
    patient, _ = Patient.objects.get_or_create(pseudonym=clean.patient_pseudonym)
    study = Study.objects.select_for_update(of=("self",)).filter(study_uid=clean.study_uid).first()
    facts = clean.facts
    if study is None:
        return (
            Study.objects.create(
                patient=patient,
                cohort=arrival.cohort,
                study_uid=clean.study_uid,
                sex=facts.sex,
                sex_source=SexSource.HEADER if facts.sex else None,
                chronological_age_months=facts.chronological_age_months,
                age_source=facts.age_source if facts.chronological_age_months is not None else None,
                synthetic=facts.synthetic,
                received_at=timezone.now(),
                received_by=arrival.by,
            ),
            True,
        )
    if study.patient_id != patient.pk:
        raise NotTakenError("other_patient")
    if facts.sex is not None and study.sex is not None and facts.sex != study.sex:
        raise FilmError("contradictory_sex")
    if study.sex is None and facts.sex is not None:
        study.sex, study.sex_source = facts.sex, SexSource.HEADER
        study.save(update_fields=["sex", "sex_source"])
    return study, False
