"""Box sets."""

from typing import Any

from annotations.api.present.people import person_json
from annotations.api.present.studies import radiograph_json, study_row
from annotations.models import BoxSet, Person, Radiograph, RegionBox
from annotations.permissions import boxes as may
from annotations.selectors.box_warnings import box_warnings
from annotations.selectors.comments import CarriedComment, carried_comments
from annotations.selectors.regions import regions_of
from annotations.services.boxes import Applied
from annotations.services.drafts import latest_proposal
from inference.anatomy.regions import REGION_IDS


def region_json(row: RegionBox) -> dict[str, Any]:
    """One region of a box set."""
    return {
        "region": row.region,
        "state": row.state,
        "x0": row.x0,
        "y0": row.y0,
        "x1": row.x1,
        "y1": row.y1,
        "absent_reason": row.absent_reason,
        "attributes": {
            "centre_not_visible": row.centre_not_visible,
            "occluded": row.occluded,
            "difficult": row.difficult,
        },
        "origin": row.origin,
        "revision": row.revision,
    }


def box_set_json(person: Person, box_set: BoxSet) -> dict[str, Any]:
    """A box set with all 17 regions in order, proposals, warnings, and what this person may do with it."""
    radiograph = box_set.radiograph
    regions = {row.region: row for row in regions_of(box_set.pk)}
    boxes = {region: row.box for region, row in regions.items() if row.box is not None}
    return {
        "id": str(box_set.pk),
        "study": study_row(person, radiograph.study_id, place="boxes", film=radiograph),
        "radiograph": radiograph_json(radiograph),
        "status": box_set.status,
        "version": box_set.version,
        "author": person_json(box_set.author),
        "source": box_set.source,
        "parent": str(box_set.parent_id) if box_set.parent_id else None,
        "is_fix": box_set.is_fix,
        "return_reason": _return_reason(box_set),
        "is_second": box_set.is_second,
        "comments": [comment_json(carried) for carried in carried_comments(box_set)],
        "regions": [region_json(regions.get(region) or RegionBox(region=region)) for region in REGION_IDS],
        "proposals": _proposals(person, box_set),
        "warnings": box_warnings(
            {region: box for region, box in boxes.items() if box is not None},
            rows=radiograph.rows,
            columns=radiograph.columns,
            laterality=radiograph.laterality,
        ),
        "can": _can(person, box_set),
    }


def _return_reason(box_set: BoxSet) -> str | None:
    """Why it was sent back; a draft after a return carries its parent's reason."""
    if box_set.return_reason:
        return box_set.return_reason
    return box_set.parent.return_reason or None if box_set.parent and not box_set.is_fix else None


def comment_json(carried: CarriedComment) -> dict[str, Any]:
    """A comment with the version it was written on and whether it is dealt with."""
    comment, mark = carried.comment, carried.mark
    return {
        "id": comment.pk,
        "region": comment.region,
        "text": comment.text,
        "author": person_json(comment.author),
        "at": comment.at.isoformat(),
        "version": carried.version,
        "resolved": carried.resolved,
        "resolved_by": person_json(mark.person) if mark and mark.resolved else None,
    }


def _proposals(person: Person, box_set: BoxSet) -> list[dict[str, Any]]:
    if not may.proposals_visible_to(person, box_set.radiograph.study):
        return []
    proposal = latest_proposal(box_set.radiograph)
    rows = {row.region: row for row in regions_of(proposal.pk)} if proposal else {}
    return [
        {"region": row.region, "x0": row.x0, "y0": row.y0, "x1": row.x1, "y1": row.y1, "score": row.score}
        for region in REGION_IDS
        if (row := rows.get(region)) is not None
    ]


def _can(person: Person, box_set: BoxSet) -> list[str]:
    allowed = {
        "edit": may.can_edit(person, box_set),
        "submit": may.can_submit(person, box_set),
        "accept": may.can_review(person, box_set),
        "fix": may.can_fix(person, box_set),
        "return": may.can_review(person, box_set),
    }
    return [verb for verb, yes in allowed.items() if yes]


def upcoming_json(film: Radiograph) -> dict[str, Any]:
    """Where the picture is and how large."""
    facts = radiograph_json(film)
    return {name: facts[name] for name in ("rows", "columns", "pixels_url")}


def applied_json(applied: Applied) -> dict[str, Any]:
    """What became of a batch of operations."""
    return {
        "acknowledged": [
            {"id": str(pk), "region": region, "revision": revision} for pk, region, revision in applied.acknowledged
        ],
        "conflicts": [
            {"id": str(pk), "region": row.region, "current": region_json(row)} for pk, row in applied.conflicts
        ],
        "saved_at": applied.saved_at.isoformat(),
    }
