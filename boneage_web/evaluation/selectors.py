"""Single cases of an evaluation, as a person may see them. Whatever is shown is remembered as an exposure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from annotations.api.present.studies import radiograph_json, thumbnail_url
from annotations.base.errors import NotThere
from annotations.models import BoxSet, Person, Radiograph, Read
from annotations.permissions.studies import studies_whose_values_are_shown_to
from annotations.selectors.standing_truth import standing_truth
from annotations.services.exposures import record_exposures
from annotations.states import BoxSetStatus, ExposureKind, ReadStatus
from boneage_web.evaluation.models import Evaluation
from boneage_web.evaluation.services.cohort_cases import newest_predictions
from boneage_web.evaluation.services.tables import load_table
from inference.statistics.case_filter import CaseFilter, Selection, select, truth_column
from inference.statistics.case_table import SEXES, CaseTable

PLACE = "evaluation"
_READ_LABELS = "ABCDEFGH"


@dataclass(frozen=True, kw_only=True)
class Rectangle:
    """A part of a plot, in months; from included, to not, as the cells of a density."""

    plot: str
    x_from_months: float = -np.inf
    x_to_months: float = np.inf
    y_from_months: float = -np.inf
    y_to_months: float = np.inf

    def holds(self, chosen: Selection) -> NDArray[np.bool_]:
        """Which cases lie in it; bool [m]."""
        x = chosen.truth if self.plot == "scatter" else (chosen.truth + chosen.predicted) / 2
        y = chosen.predicted if self.plot == "scatter" else chosen.difference
        inside: NDArray[np.bool_] = (
            (self.x_from_months <= x) & (x < self.x_to_months) & (self.y_from_months <= y) & (y < self.y_to_months)
        )
        return inside


@dataclass(frozen=True)
class CasePage:
    """Cases of a page; the row number after which the next begins (None at the end); how many there are in all."""

    rows: list[dict[str, Any]]
    next_cursor: int | None
    total: int


def cases_page(
    person: Person,
    evaluation: Evaluation,
    wanted: CaseFilter,
    *,
    order: str,
    rectangle: Rectangle | None,
    cursor: int | None,
    limit: int,
) -> CasePage:
    """One page of the cases of a filter. The table never changes, so its order is the same on every page."""
    table = load_table(evaluation.case_table)
    chosen = select(table, wanted)
    inside = np.ones(len(chosen), dtype=bool) if rectangle is None else rectangle.holds(chosen)
    difference = chosen.difference[inside]
    rows = chosen.rows[inside]
    key = {
        "largest_error": -np.abs(difference),
        "smallest_error": np.abs(difference),
        "too_old": -difference,
        "too_young": difference,
    }[order]
    ordered = rows[np.argsort(key, kind="stable")]
    start = 0
    if cursor is not None:
        places = np.flatnonzero(ordered == cursor)
        if places.size == 0:
            raise NotThere("bad_cursor", "This page address is not one of ours: start the list again.")
        start = int(places[0]) + 1
    page = ordered[start : start + limit]
    last = start + limit >= ordered.size
    return CasePage(
        rows=_shown(person, table, wanted, page.tolist()),
        next_cursor=None if last else int(page[-1]),
        total=int(ordered.size),
    )


def _shown(person: Person, table: CaseTable, wanted: CaseFilter, rows: Sequence[int]) -> list[dict[str, Any]]:
    """Rows of the API: films that the person may still read blind or decide again are not among them, and the showing
    of others is remembered."""
    studies = {str(table.study[row]) for row in rows} - {""}
    open_to = studies_whose_values_are_shown_to(person).filter(pk__in=studies)
    open_ids = {str(pk) for pk in open_to.values_list("pk", flat=True)}
    shown = [row for row in rows if str(table.study[row]) in open_ids or not table.study[row]]
    here = {str(table.id[row]) for row in shown if table.study[row]}
    films = {str(film.pk): film for film in Radiograph.objects.filter(pk__in=here)}
    record_exposures(
        person=person,
        shown=[(UUID(film), kind) for film in films for kind in _kinds(wanted)],
        place=PLACE,
    )
    return [_row(table, wanted, int(row), films.get(str(table.id[row]))) for row in shown]


def _kinds(wanted: CaseFilter) -> tuple[ExposureKind, ...]:
    truth = ExposureKind.CONSENSUS if wanted.truth == "consensus" else ExposureKind.OTHER_READ
    return (ExposureKind.MODEL_RESULT, truth, ExposureKind.CHRONOLOGICAL_AGE)


def _row(table: CaseTable, wanted: CaseFilter, row: int, film: Radiograph | None) -> dict[str, Any]:
    answers = table.predicted if wanted.chronological_age == "as_asked" else table.without_age
    truth, predicted = float(truth_column(table, wanted.truth)[row]), _known(answers[row])
    low, high = _known(table.low[row]), _known(table.high[row])
    return {
        "row": row,
        "film": str(table.id[row]),
        "study": str(table.study[row]) if film else None,
        "sex": SEXES[table.sex[row]],
        "truth_months": truth,
        "predicted_months": predicted,
        "difference_months": None if predicted is None else predicted - truth,
        "chronological_age_months": _known(table.chronological[row]),
        "interval_months": None if low is None or high is None else [low, high],
        "refusal": table.refusal.names[table.refusal.codes[row]],
        "rejected": table.rejected.names[table.rejected.codes[row]],
        "quality": table.quality.names[table.quality.codes[row]],
        "thumbnail_url": thumbnail_url(film) if film else None,
    }


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def case_detail(person: Person, evaluation: Evaluation, wanted: CaseFilter, row: int) -> dict[str, Any]:
    """One case with film, boxes, reads and the model's hash.

    Raises:
        NotThere: there is no such row, it has no such truth, or the person may still read the film blind.
    """
    table = load_table(evaluation.case_table)
    if row >= len(table) or np.isnan(truth_column(table, wanted.truth)[row]):
        raise NotThere("not_found", "There is no such case in this evaluation with this truth.")
    shown = _shown(person, table, wanted, [row])
    if not shown:
        raise NotThere("not_found", "There is no such thing, or you may not know of it.")
    model = evaluation.model_version
    detail = shown[0] | {
        "pseudonym": None,
        "radiograph": None,
        "boxes": [],
        "labelled": [],
        "reads": [],
        "consensus": None,
        "model": {
            "id": str(model.pk),
            "label": model.label,
            "hash": model.hash,
            "files": model.manifest.get("files", {}),
        },
        "synthetic": bool(evaluation.report["synthetic"]),
        "truth_is_model": bool(evaluation.report["truth_is_model"]),
    }
    if detail["study"] is None:
        return detail
    film = Radiograph.objects.select_related("study__patient").get(pk=detail["film"])
    answer = newest_predictions([film.pk], model.pk).get(film.pk)
    reads = _reads(film)
    record_exposures(person=person, shown=[(film.pk, kind) for kind in ExposureKind], place=PLACE)
    return detail | {
        "pseudonym": film.study.patient.pseudonym,
        "radiograph": radiograph_json(film),
        "boxes": answer.boxes if answer else [],
        "labelled": _labelled(film),
        "reads": reads,
        "consensus": _consensus(film),
    }


def _labelled(film: Radiograph) -> list[dict[str, Any]]:
    accepted = BoxSet.objects.filter(radiograph=film, status=BoxSetStatus.ACCEPTED).first()
    return [
        {"region": mark.region, "score": None, **dict(zip(("x0", "y0", "x1", "y1"), mark.box, strict=True))}
        for mark in (accepted.regions.all() if accepted else ())
        if mark.box is not None
    ]


def _reads(film: Radiograph) -> list[dict[str, Any]]:
    reads = Read.objects.filter(radiograph=film, status=ReadStatus.SUBMITTED, is_current=True).order_by(
        "submitted_at", "pk"
    )
    return [
        {
            "label": label,
            "bone_age_months": read.bone_age_months,
            "round": read.round,
            "after_age_seen": read.after_age_seen,
        }
        for label, read in zip(_READ_LABELS, reads, strict=False)
    ]


def _consensus(film: Radiograph) -> dict[str, Any] | None:
    standing = standing_truth(film)
    if standing is None or standing.consensus.approved_at is None:
        return None
    return {
        "bone_age_months": standing.consensus.bone_age_months,
        "origin": standing.consensus.origin,
        "approved_at": standing.consensus.approved_at.isoformat(),
        "read_again": standing.read_again,
    }
