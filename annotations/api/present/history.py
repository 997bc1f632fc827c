"""History: lines, versions of boxes, what changed between them, and a study as it was."""

from typing import Any

from annotations.api.present.boxes import comment_json, region_json
from annotations.api.present.people import person_json
from annotations.models import BoxSet, Person, Radiograph, Read
from annotations.selectors.box_differences import RegionDifference, differences
from annotations.selectors.comments import CarriedComment
from annotations.selectors.study_at import BoxSetThen, StudyThen, radiographs_shown, value_then
from annotations.services.exposures import record_exposures
from annotations.states import BoxChange, ExposureKind


def version_json(box_set: BoxSet) -> dict[str, Any]:
    """One line of the list of versions."""
    return {
        "id": str(box_set.pk),
        "version": box_set.version,
        "status": box_set.status,
        "author": person_json(box_set.author),
        "parent": str(box_set.parent_id) if box_set.parent_id else None,
        "is_fix": box_set.is_fix,
        "is_second": box_set.is_second,
        "created_at": box_set.created_at.isoformat(),
        "submitted_at": box_set.submitted_at.isoformat() if box_set.submitted_at else None,
        "decided_at": box_set.decided_at.isoformat() if box_set.decided_at else None,
        "decided_by": person_json(box_set.decided_by),
        "return_reason": box_set.return_reason or None,
    }


def differences_json(before: BoxSet, after: BoxSet) -> dict[str, Any]:
    """What changed from ``before`` to ``after``, of one film."""
    rows = differences(before.regions.all(), after.regions.all(), spacing_mm=spacing_of(after.radiograph))
    return {
        "before": version_json(before),
        "after": version_json(after),
        "changed": sum(row.change != BoxChange.SAME for row in rows),
        "regions": [difference_json(row) for row in rows],
    }


def spacing_of(film: Radiograph) -> tuple[float, float] | None:
    """(row, column) spacing in mm."""
    if film.row_spacing_mm is None or film.column_spacing_mm is None:
        return None
    return film.row_spacing_mm, film.column_spacing_mm


def difference_json(row: RegionDifference) -> dict[str, Any]:
    """One region before and after."""
    measures = ("shift_px", "shift_mm", "dx_px", "dy_px", "width_px", "height_px", "iou")
    return {
        "region": row.region,
        "change": row.change.value,
        "before": region_json(row.before),
        "after": region_json(row.after),
        **{name: getattr(row, name) for name in measures},
    }


def study_at_json(person: Person, then: StudyThen, *, blinded: bool) -> dict[str, Any]:
    """The study as it was; that reads or a consensus were shown is remembered."""
    shown = [
        (film, kind)
        for film in radiographs_shown(then)
        for kind, is_shown in (
            (ExposureKind.OTHER_READ, any(read.reader_id != person.pk for read in then.reads)),
            (ExposureKind.CONSENSUS, then.consensus is not None),
        )
        if is_shown
    ]
    record_exposures(person=person, shown=shown, place="history")
    return {
        "moment": then.moment.isoformat(),
        "state": then.state,
        "blinded": blinded,
        "box_sets": [_box_set_then(row) for row in then.box_sets],
        "reads": [_read(person, read) for read in then.reads],
        "consensus": _consensus(then),
    }


def _box_set_then(row: BoxSetThen) -> dict[str, Any]:
    box_set = row.box_set
    return {
        "id": str(box_set.pk),
        "version": box_set.version,
        "status": row.status,
        "author": person_json(box_set.author),
        "is_fix": box_set.is_fix,
        "is_second": box_set.is_second,
        "regions": [region_json(region) for region in row.regions],
        "comments": [
            comment_json(CarriedComment(each.comment, box_set.version, None)) | {"resolved": each.resolved}
            for each in row.comments
        ],
    }


def _read(person: Person, read: Read) -> dict[str, Any]:
    return {
        "mine": read.reader_id == person.pk,
        "bone_age_months": read.bone_age_months,
        "plate_months": read.plate_months,
        "version": read.version,
        "submitted_at": read.submitted_at.isoformat() if read.submitted_at else None,
    }


def _consensus(then: StudyThen) -> dict[str, Any] | None:
    if then.consensus is None or then.consensus_status is None:
        return None
    value = value_then(then.consensus, then.consensus_status)
    return {"status": then.consensus_status, "bone_age_months": value}
