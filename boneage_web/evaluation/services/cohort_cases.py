"""The films of a cohort whose bone age is approved, beside what a model said of them, as rows of a case table."""

from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pydicom
from django.core.files.storage import default_storage

from annotations.models import BoxSet, Consensus, Radiograph, Read
from annotations.states import BoxSetStatus, ConsensusStatus, ReadRound, ReadStatus, RegionState, StudyState
from boneage_web.results.models import Prediction
from inference.statistics.detection import BoxedFilm

_USED_STATES = (StudyState.READY, StudyState.EXCLUDED)


def approved_radiographs(cohort: UUID | None) -> list[Radiograph]:
    """Radiographs with an approved bone age, in the order in which they came: of ready studies, and of excluded ones,
    so that the error with and without rejected films can be told."""
    approved = Consensus.objects.filter(status=ConsensusStatus.APPROVED, radiograph__study__state__in=_USED_STATES)
    if cohort is not None:
        approved = approved.filter(radiograph__study__cohort=cohort)
    rows = approved.select_related("radiograph__study__cohort").order_by(
        "radiograph__study__received_at", "radiograph_id"
    )
    return [consensus.radiograph for consensus in rows]


def confirmed_unreadable(cohort: UUID | None) -> int:
    """How many films stand outside every figure, since a reviewer confirmed that they have no bone age."""
    without = Consensus.objects.filter(status=ConsensusStatus.NO_BONE_AGE, radiograph__study__state__in=_USED_STATES)
    return without.filter(radiograph__study__cohort=cohort).count() if cohort is not None else without.count()


def cohort_rows(radiographs: Sequence[Radiograph], model: UUID) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """Rows of a case table, and how many films could not become one, by reason."""
    ids = [radiograph.pk for radiograph in radiographs]
    consensus = dict(
        Consensus.objects.filter(radiograph__in=ids, status=ConsensusStatus.APPROVED).values_list(
            "radiograph_id", "bone_age_months"
        )
    )
    single = _first_reads(ids)
    answers = newest_predictions(ids, model)
    rows, left_out = [], Counter[str]()
    for radiograph in radiographs:
        answer = answers.get(radiograph.pk)
        sex = answer.sex if answer and answer.sex else radiograph.study.sex
        if answer is None:
            left_out["not_predicted"] += 1
        elif sex is None:
            left_out["sex_missing"] += 1
        else:
            rows.append(_row(radiograph, sex, consensus[radiograph.pk], single.get(radiograph.pk), answer))
    return rows, dict(left_out)


def newest_predictions(radiographs: Sequence[UUID], model: UUID) -> dict[UUID, Prediction]:
    """The model's last word on each radiograph."""
    rows = Prediction.objects.filter(model_version=model, radiograph__in=radiographs).order_by("created_at")
    return {prediction.radiograph_id: prediction for prediction in rows}


def _first_reads(radiographs: Sequence[UUID]) -> dict[UUID, float]:
    """The first independent reading of each, as it stands now."""
    reads = Read.objects.filter(
        radiograph__in=radiographs, status=ReadStatus.SUBMITTED, round=ReadRound.INDEPENDENT, is_current=True
    ).order_by("-submitted_at", "-pk")
    return {read.radiograph_id: read.bone_age_months for read in reads if read.bone_age_months is not None}


def _row(
    radiograph: Radiograph, sex: str, consensus: float | None, single: float | None, answer: Prediction
) -> dict[str, Any]:
    study = radiograph.study
    blocking = _first_finding(radiograph, "blocking")
    return {
        "id": str(radiograph.pk),
        "study": str(study.pk),
        "patient": str(study.patient_id),
        "sex": sex,
        "consensus": consensus,
        "single_read": single,
        "predicted": answer.bone_age_months,
        "chronological": answer.chronological_age_months,
        "low": answer.interval_low_months,
        "high": answer.interval_high_months,
        "refusal": answer.error_code,
        "rejected": study.reason_code if study.state == StudyState.EXCLUDED else blocking,
        "quality": _first_finding(radiograph, "warning"),
        "site": study.cohort.name if study.cohort else "",
        "device": _device(radiograph),
        "year": str(study.received_at.year),
    }


def _first_finding(radiograph: Radiograph, severity: str) -> str:
    return next((str(finding["code"]) for finding in radiograph.quality if finding["severity"] == severity), "")


def _device(radiograph: Radiograph) -> str:
    """Manufacturer, as far as de-identification lets it through, and kind of film; "" where neither is known."""
    try:
        with default_storage.open(radiograph.film_name) as file:
            header = pydicom.dcmread(file, stop_before_pixels=True, specific_tags=["Manufacturer"])
    except (OSError, pydicom.errors.InvalidDicomError):
        return ""
    return " ".join(filter(None, [str(header.get("Manufacturer", "")), radiograph.modality]))


def boxed_films(radiographs: Sequence[Radiograph], model: UUID) -> list[BoxedFilm]:
    """Films with accepted boxes beside the boxes that the model found on them."""
    ids = [radiograph.pk for radiograph in radiographs]
    answers = newest_predictions(ids, model)
    accepted = BoxSet.objects.filter(radiograph__in=answers, status=BoxSetStatus.ACCEPTED).prefetch_related("regions")
    rows = {radiograph.pk: radiograph.rows for radiograph in radiographs}
    films = []
    for box_set in accepted:
        marks = {region.region: region for region in box_set.regions.all()}
        films.append(
            BoxedFilm(
                height=float(rows[box_set.radiograph_id]),
                truth={name: mark.box for name, mark in marks.items() if mark.box is not None},
                absent=frozenset(name for name, mark in marks.items() if mark.state == RegionState.ABSENT),
                found={
                    box["region"]: ((box["x0"], box["y0"], box["x1"], box["y1"]), float(box["score"]))
                    for box in answers[box_set.radiograph_id].boxes
                },
            )
        )
    return films
