"""Single cases of an evaluation, as a person may see them. Whatever is shown of a film of this workplace is remembered
as an exposure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from annotations.api.present.studies import API, radiograph_json, thumbnail_url
from annotations.base.errors import NotThere
from annotations.models import BoxSet, Person, Radiograph, Read
from annotations.permissions.studies import studies_whose_values_are_shown_to
from annotations.services.exposures import record_exposures
from annotations.states import BoxSetStatus, ExposureKind, ReadStatus
from boneage_web.evaluation.models import CasePicture, Evaluation
from boneage_web.evaluation.services.case_pictures import pictures_of
from boneage_web.evaluation.services.cohort_cases import newest_predictions
from boneage_web.evaluation.services.tables import load_table
from boneage_web.results.present import truth_json
from inference.statistics.case_filter import CaseFilter, Selection, select, truth_column
from inference.statistics.case_table import SEXES, CaseTable

PLACE = "evaluation"
_READ_LABELS = "ABCDEFGH"
_LOOKED_AT_ONCE = 64
"""Cases that are looked at together for the nearest one that is open: usually the first is."""


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


@dataclass(frozen=True)
class CaseOrder:
    """In which order cases stand, and of which part of a plot they are (None: of all)."""

    order: str = "largest_error"
    rectangle: Rectangle | None = None


def _ordered(table: CaseTable, wanted: CaseFilter, by: CaseOrder) -> NDArray[np.int64]:
    """The row numbers of a filter's cases. The table never changes, so their order is always the same."""
    chosen = select(table, wanted)
    inside = np.ones(len(chosen), dtype=bool) if by.rectangle is None else by.rectangle.holds(chosen)
    difference = chosen.difference[inside]
    rows = chosen.rows[inside]
    key = {
        "largest_error": -np.abs(difference),
        "smallest_error": np.abs(difference),
        "too_old": -difference,
        "too_young": difference,
    }[by.order]
    ordered: NDArray[np.int64] = rows[np.argsort(key, kind="stable")]
    return ordered


def cases_page(
    person: Person,
    evaluation: Evaluation,
    wanted: CaseFilter,
    by: CaseOrder,
    *,
    cursor: int | None,
    limit: int,
) -> CasePage:
    """One page of the cases of a filter."""
    table = load_table(evaluation.case_table)
    ordered = _ordered(table, wanted, by)
    start = 0
    if cursor is not None:
        places = np.flatnonzero(ordered == cursor)
        if places.size == 0:
            raise NotThere("bad_cursor", "This page address is not one of ours: start the list again.")
        start = int(places[0]) + 1
    page = ordered[start : start + limit]
    last = start + limit >= ordered.size
    return CasePage(
        rows=_shown(person, evaluation, table, wanted, page.tolist()),
        next_cursor=None if last else int(page[-1]),
        total=int(ordered.size),
    )


def _open(person: Person, table: CaseTable, rows: Sequence[int]) -> list[int]:
    """Those of the rows whose film the person neither may still read blind nor decide again."""
    studies = {str(table.study[row]) for row in rows} - {""}
    open_to = studies_whose_values_are_shown_to(person).filter(pk__in=studies)
    open_ids = {str(pk) for pk in open_to.values_list("pk", flat=True)}
    return [row for row in rows if str(table.study[row]) in open_ids or not table.study[row]]


def _shown(
    person: Person, evaluation: Evaluation, table: CaseTable, wanted: CaseFilter, rows: Sequence[int]
) -> list[dict[str, Any]]:
    """Rows of the API: those that are open to the person; the showing of films of this workplace is remembered."""
    shown = _open(person, table, rows)
    here = {str(table.id[row]) for row in shown if table.study[row]}
    films = {str(film.pk): film for film in Radiograph.objects.filter(pk__in=here)}
    record_exposures(
        person=person,
        shown=[(UUID(film), kind) for film in films for kind in _kinds(wanted)],
        place=PLACE,
    )
    pictures = pictures_of(evaluation, [str(table.id[row]) for row in shown if not table.study[row]])
    return [
        _row(table, wanted, row, films.get(str(table.id[row])))
        | _small_picture(evaluation, row, films.get(str(table.id[row])), pictures.get(str(table.id[row])))
        for row in shown
    ]


def _small_picture(
    evaluation: Evaluation, row: int, film: Radiograph | None, picture: CasePicture | None
) -> dict[str, str | None]:
    if film is not None:
        return {"thumbnail_url": thumbnail_url(film)}
    return {"thumbnail_url": f"{_case_path(evaluation, row)}/thumbnail" if picture else None}


def _case_path(evaluation: Evaluation, row: int) -> str:
    return f"{API}/evaluations/{evaluation.pk}/cases/{row}"


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
    }


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def case_picture(evaluation: Evaluation, row: int) -> CasePicture:
    """The picture of a case of elsewhere.

    Raises:
        NotThere: there is no such case, its picture was not imported, or its film is one of this workplace, which is
            shown under its own rules.
    """
    table = load_table(evaluation.case_table)
    if row < len(table) and not table.study[row]:
        found = pictures_of(evaluation, [str(table.id[row])])
        if found:
            return found[str(table.id[row])]
    raise NotThere("no_picture", "No picture of this case is kept here.")


def _neighbours(person: Person, table: CaseTable, wanted: CaseFilter, by: CaseOrder, row: int) -> dict[str, Any]:
    """Where a case stands in an order, and which ones the person may see before and after it."""
    ordered = _ordered(table, wanted, by)
    places = np.flatnonzero(ordered == row)
    if places.size == 0:
        return {"place": None, "total": int(ordered.size), "previous": None, "next": None}
    place = int(places[0])
    return {
        "place": place + 1,
        "total": int(ordered.size),
        "previous": _first_open(person, table, ordered[:place][::-1].tolist()),
        "next": _first_open(person, table, ordered[place + 1 :].tolist()),
    }


def _first_open(person: Person, table: CaseTable, rows: Sequence[int]) -> int | None:
    for start in range(0, len(rows), _LOOKED_AT_ONCE):
        found = _open(person, table, rows[start : start + _LOOKED_AT_ONCE])
        if found:
            return found[0]
    return None


def case_detail(person: Person, evaluation: Evaluation, wanted: CaseFilter, row: int, by: CaseOrder) -> dict[str, Any]:
    """One case with film or picture, boxes, reads, the model's hash, and its neighbours in an order.

    Raises:
        NotThere: there is no such row, it has no such truth, or the person may still read the film blind.
    """
    table = load_table(evaluation.case_table)
    if row >= len(table) or np.isnan(truth_column(table, wanted.truth)[row]):
        raise NotThere("not_found", "There is no such case in this evaluation with this truth.")
    shown = _shown(person, evaluation, table, wanted, [row])
    if not shown:
        raise NotThere("not_found", "There is no such thing, or you may not know of it.")
    model = evaluation.model_version
    detail = shown[0] | {
        "pseudonym": None,
        "radiograph": None,
        "picture": None,
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
        "neighbours": _neighbours(person, table, wanted, by, row),
    }
    if detail["study"] is None:
        picture = pictures_of(evaluation, [detail["film"]]).get(detail["film"])
        return detail | (_of_picture(evaluation, row, picture) if picture else {})
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
        "consensus": truth_json(film),
    }


def _of_picture(evaluation: Evaluation, row: int, picture: CasePicture) -> dict[str, Any]:
    boxes = {region: mark for region, mark in picture.marks.items() if mark["box"] is not None}
    return {
        "picture": {
            "pixels_url": f"{_case_path(evaluation, row)}/pixels",
            "rows": picture.rows,
            "columns": picture.columns,
            "original_rows": picture.original_rows,
            "original_columns": picture.original_columns,
            "window": picture.window,
            "snapshot": picture.snapshot_hash,
            "truth_origin": picture.truth_origin,
            "box_sources": sorted({mark["source"] for mark in boxes.values()} - {""}),
        },
        "labelled": [
            {"region": region, "score": None, **dict(zip(("x0", "y0", "x1", "y1"), mark["box"], strict=True))}
            for region, mark in boxes.items()
        ],
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
