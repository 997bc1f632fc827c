"""Studies, radiographs, history."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from annotations.api.present.people import person_json
from annotations.base.prepared import prepared
from annotations.models import Assignment, BlockedFilm, Event, Person, Radiograph, Study
from annotations.permissions import boxes as may_draw
from annotations.permissions import studies as may
from annotations.permissions.assignments import assignments_visible_to, can_assign
from annotations.permissions.people import can_make_cohorts
from annotations.selectors.prediction_hook import predictions_of
from annotations.services.exposures import record_exposures
from annotations.states import ExposureKind

API = "/api/v1"


def study_queryset(person: Person) -> QuerySet[Study]:
    """Studies with everything that a row needs, as this person may see them."""
    return may.studies_visible_to(person).select_related("patient", "cohort")


def study_rows(
    person: Person, studies: Sequence[Study], *, place: str, films: Iterable[Radiograph] | None = None
) -> list[dict[str, Any]]:
    """Rows of the study list, from studies of :func:`study_queryset`, in the given order.

    What a blind reader may not know is None where the study is blinded; for everybody else the showing is remembered
    (``place`` says on which page). ``films``: those for reading, where they are at hand already.
    """
    if films is None:
        films = Radiograph.objects.filter(study__in=[study.pk for study in studies], for_reading=True)
    radiographs = {radiograph.study_id: radiograph for radiograph in films}
    open_ids = {
        radiographs[study.pk].pk
        for study in studies
        if study.pk in radiographs and not study.blinded  # type: ignore[attr-defined]
    }
    predictions = predictions_of(open_ids)
    assigned = _assigned(person, studies)
    rows = [_row(study, radiographs.get(study.pk), predictions, assigned[study.pk]) for study in studies]
    record_exposures(person=person, shown=shown_in(rows), place=place)
    return rows


def study_row(person: Person, study_id: UUID, *, place: str, film: Radiograph | None = None) -> dict[str, Any]:
    """One row, by the id of a study that exists; ``film``: one of its radiographs, where it is at hand."""
    films = [film] if film is not None and film.for_reading else None
    return study_rows(person, _study(person, study_id), place=place, films=films)[0]


@prepared
def _study(person: Person, pk: UUID) -> QuerySet[Study]:
    return study_queryset(person).filter(pk=pk)


def shown_in(rows: Iterable[dict[str, Any]]) -> list[tuple[UUID, ExposureKind]]:
    """What the rows give away, per radiograph."""
    shown = []
    for row in rows:
        if row["radiograph"] is None or row["blinded"]:
            continue
        radiograph = UUID(row["radiograph"])
        if row["chronological_age_months"] is not None:
            shown.append((radiograph, ExposureKind.CHRONOLOGICAL_AGE))
        if row["prediction"] is not None:
            shown.append((radiograph, ExposureKind.MODEL_RESULT))
    return shown


def _assigned(person: Person, studies: Sequence[Study]) -> dict[UUID, list[dict[str, Any]]]:
    """Study -> whom its work was given to, as far as this person may know."""
    found: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for row in _assignments(person, tuple(dict.fromkeys(study.pk for study in studies))):
        found[row.radiograph.study_id].append({"kind": row.kind, "person": person_json(row.person)})
    return found


@prepared
def _assignments(person: Person, studies: tuple[UUID, ...]) -> QuerySet[Assignment]:
    rows = assignments_visible_to(person).filter(radiograph__study__in=studies)
    return rows.select_related("person", "radiograph").order_by("kind", "assigned_at")


def _row(
    study: Study, radiograph: Radiograph | None, predictions: Any, assigned: list[dict[str, Any]]
) -> dict[str, Any]:
    blinded = bool(study.blinded)  # type: ignore[attr-defined]
    prediction = predictions.get(radiograph.pk) if radiograph and not blinded else None
    return {
        "id": str(study.pk),
        "pseudonym": study.patient.pseudonym,
        "state": study.state,
        "reason": _reason(study, radiograph),
        "sex": study.sex,
        "sex_source": study.sex_source,
        "chronological_age_months": None if blinded else study.chronological_age_months,
        "laterality": radiograph.laterality if radiograph else None,
        "synthetic": study.synthetic,
        "received_at": study.received_at.isoformat(),
        "cohort": {"id": str(study.cohort.pk), "name": study.cohort.name} if study.cohort else None,
        "radiograph": str(radiograph.pk) if radiograph else None,
        "thumbnail_url": thumbnail_url(radiograph) if radiograph else None,
        "quality": [
            {"code": finding["code"], "severity": finding["severity"]}
            for finding in (radiograph.quality if radiograph else [])
        ],
        "priority": study.priority_name,
        "assigned": assigned,
        "labelling": study.labelling,
        "reading": None if blinded else study.reading,
        "prediction": dict(prediction) if prediction else None,
        "blinded": blinded,
    }


def _reason(study: Study, radiograph: Radiograph | None) -> dict[str, str] | None:
    """A finding of the quality gate in both languages, or a person's words as they are."""
    if not study.reason_code:
        return None
    findings = radiograph.quality if radiograph else []
    chinese = next((one["message_zh"] for one in findings if one["code"] == study.reason_code), study.reason)
    return {"code": study.reason_code, "message": study.reason, "message_zh": chinese}


def thumbnail_url(radiograph: Radiograph) -> str:
    return f"{API}/radiographs/{radiograph.pk}/thumbnail"


def radiograph_json(radiograph: Radiograph) -> dict[str, Any]:
    """One picture with what is needed to show it."""
    return {
        "id": str(radiograph.pk),
        "rows": radiograph.rows,
        "columns": radiograph.columns,
        "pixels_url": f"{API}/radiographs/{radiograph.pk}/pixels",
        "thumbnail_url": thumbnail_url(radiograph),
        **look_of(radiograph),
        "pixel_spacing_mm": (
            [radiograph.row_spacing_mm, radiograph.column_spacing_mm]
            if radiograph.row_spacing_mm is not None and radiograph.column_spacing_mm is not None
            else None
        ),
        "spacing_kind": radiograph.spacing_kind,
        "quality": radiograph.quality,
    }


def look_of(radiograph: Radiograph) -> dict[str, Any]:
    """With which windows and which way round a film is shown at first."""
    return {
        **windows_of(radiograph),
        "view": {"quarter_turns": radiograph.view_quarter_turns, "mirrored": radiograph.view_mirrored},
    }


def windows_of(film: Radiograph | BlockedFilm) -> dict[str, Any]:
    """The default window with its function, and all windows of the header, the default one first."""
    function = film.windows[0]["function"] if film.windows else "linear"
    return {
        "window": {"center": film.window_center, "width": film.window_width, "function": function},
        "windows": film.windows,
    }


def study_json(person: Person, study: Study) -> dict[str, Any]:
    """The study page: its row, its pictures, and what this person may do."""
    return study_rows(person, [study], place="study")[0] | {
        "radiographs": [
            radiograph_json(radiograph) for radiograph in study.radiographs.order_by("-for_reading", "created_at", "pk")
        ],
        "can": _can(person, study),
    }


def _can(person: Person, study: Study) -> list[str]:
    allowed = {
        "exclude": may.can_exclude(person, study),
        "restore": may.can_restore(person, study),
        "set_facts": may.can_state_facts(person, study),
        "label": may_draw.can_label(person, study),
        "predict": may.can_predict(person, study),
        "assign": can_assign(person),
        "set_cohort": can_make_cohorts(person),
    }
    return [verb for verb, yes in allowed.items() if yes]


def event_json(event: Event) -> dict[str, Any]:
    """One line of history."""
    return {
        "at": event.at.isoformat(),
        "who": person_json(event.who),
        "verb": event.verb,
        "noun": event.noun,
        "old": event.old or None,
        "new": event.new or None,
        "reason": event.reason or None,
    }
