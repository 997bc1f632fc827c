"""A table of films: what is known of each, as this person may know it, some hundred at a time.

The rule of the study list holds here as well: where a study is blinded for the person, ages, consensus and prediction
are empty; where they are not, the showing is remembered (exposures) before a row is handed out.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import (
    BooleanField,
    CharField,
    Count,
    Expression,
    FloatField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce

from annotations.exchange.cohort_columns import COLUMNS
from annotations.models import BoxSet, Consensus, Person, Radiograph
from annotations.permissions.blinding import is_blinded
from annotations.permissions.reads import consensus_visible_to
from annotations.permissions.studies import radiographs_visible_to
from annotations.selectors.prediction_hook import predictions_of
from annotations.services.exposures import record_exposures
from annotations.states import BoxSetStatus, BoxSource, ConsensusStatus, ExposureKind, RegionState

CHUNK = 500
PLACE = "export"
"""Where the exposures say that something was shown."""

Row = dict[str, Any]
_HIDDEN = tuple(column.name for column in COLUMNS if column.hidden_when_blinded)


def cohort_rows(*, person: Person | None, cohort: UUID | None = None, predictions: bool = True) -> Iterator[Row]:
    """One row a film, by study and film, keys as in ``COLUMNS``.

    Args:
        person: who is given the table; None is the server's own command line, from which nothing is hidden.
        predictions: with the active model's ages; without, those columns are empty.
    """
    films = _films(person)
    if cohort is not None:
        films = films.filter(study__cohort=cohort)
    rest = films.order_by("study__received_at", "study_id", "-for_reading", "pk").iterator(chunk_size=CHUNK)
    while chunk := list(islice(rest, CHUNK)):
        yield from _rows(person, chunk, predictions=predictions)


def _films(person: Person | None) -> QuerySet[Radiograph]:
    blinded: Expression | Value
    if person is None:
        films, blinded = Radiograph.objects.all(), Value(False, output_field=BooleanField())
        consensus = Consensus.objects.exclude(status=ConsensusStatus.REOPENED)
    else:
        films, blinded = radiographs_visible_to(person), is_blinded(person, "study")
        consensus = consensus_visible_to(person)
    consensus = consensus.filter(radiograph=OuterRef("pk"))
    drawn = BoxSet.objects.filter(radiograph=OuterRef("pk"), source=BoxSource.PERSON, is_second=False)
    accepted = drawn.filter(status=BoxSetStatus.ACCEPTED)
    newest = drawn.exclude(status=BoxSetStatus.SUPERSEDED).exclude(is_fix=True, status=BoxSetStatus.DRAFT)
    return films.select_related("study__patient", "study__cohort").annotate(
        blinded=blinded,
        labelling=Coalesce(
            Subquery(accepted.values("status")[:1]),
            Subquery(newest.order_by("-version").values("status")[:1]),
            Value("none", output_field=CharField()),
        ),
        regions_boxed=_regions(accepted, RegionState.BOXED),
        regions_absent=_regions(accepted, RegionState.ABSENT),
        consensus_status=Coalesce(Subquery(consensus.values("status")[:1]), Value("none", output_field=CharField())),
        consensus_months=Subquery(consensus.values("bone_age_months")[:1], output_field=FloatField()),
        consensus_origin=Subquery(consensus.values("origin")[:1], output_field=CharField()),
    )


def _regions(accepted: QuerySet[BoxSet], state: RegionState) -> Subquery:
    counted = accepted.annotate(number=Count("regions", filter=Q(regions__state=state))).values("number")
    return Subquery(counted[:1])


def _rows(person: Person | None, films: list[Radiograph], *, predictions: bool) -> Iterable[Row]:
    open_ids = {film.pk for film in films if not _annotated(film, "blinded")}
    predicted = predictions_of(open_ids) if predictions else {}
    rows = [_row(film, predicted.get(film.pk) or {}) for film in films]
    if person is not None:
        record_exposures(person=person, shown=_shown(rows), place=PLACE)
    return rows


def _annotated(film: Radiograph, name: str) -> Any:
    return getattr(film, name)


def _row(film: Radiograph, prediction: Any) -> Row:
    study = film.study
    row: Row = {
        "study": str(study.pk),
        "radiograph": str(film.pk),
        "pseudonym": study.patient.pseudonym,
        "cohort": study.cohort.name if study.cohort else None,
        "synthetic": film.synthetic,
        "for_reading": film.for_reading,
        "sex": study.sex,
        "sex_source": study.sex_source,
        "chronological_age_months": study.chronological_age_months,
        "age_source": study.age_source,
        "side": film.laterality,
        "view_position": film.view_position or None,
        "modality": film.modality,
        "columns_px": film.columns,
        "rows_px": film.rows,
        "row_spacing_mm": film.row_spacing_mm,
        "column_spacing_mm": film.column_spacing_mm,
        "spacing_kind": film.spacing_kind,
        "view_quarter_turns": film.view_quarter_turns,
        "view_mirrored": film.view_mirrored,
        "quality": [finding["code"] for finding in film.quality],
        "state": study.state,
        "state_reason": study.reason_code or None,
        "labelling": _annotated(film, "labelling"),
        "regions_boxed": _annotated(film, "regions_boxed"),
        "regions_absent": _annotated(film, "regions_absent"),
        "consensus": _annotated(film, "consensus_status"),
        "consensus_bone_age_months": _annotated(film, "consensus_months"),
        "consensus_origin": _annotated(film, "consensus_origin"),
        "predicted_bone_age_months": prediction.get("bone_age_months"),
        "prediction_model": prediction.get("model"),
        "blinded": bool(_annotated(film, "blinded")),
    }
    return row | dict.fromkeys(_HIDDEN) if row["blinded"] else row


def _shown(rows: Iterable[Row]) -> list[tuple[UUID, ExposureKind]]:
    kinds = (
        ("chronological_age_months", ExposureKind.CHRONOLOGICAL_AGE),
        ("consensus_bone_age_months", ExposureKind.CONSENSUS),
        ("prediction_model", ExposureKind.MODEL_RESULT),
    )
    return [(UUID(row["radiograph"]), kind) for row in rows for column, kind in kinds if row[column] is not None]
