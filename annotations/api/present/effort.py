"""What box sets cost."""

from collections import Counter
from typing import Any

from annotations.api.present.people import person_json
from annotations.models import Effort, Person, Study
from annotations.permissions.boxes import proposals_visible_to
from annotations.permissions.effort import efforts_visible_to
from annotations.states import BoxOrigin, RegionState


def efforts_json(person: Person, study: Study) -> list[dict[str, Any]]:
    """One row a submitted box set; the overlap with the model's boxes is None for who may still read blind."""
    shows_overlap = proposals_visible_to(person, study)
    efforts = efforts_visible_to(person, study).prefetch_related("box_set__regions")
    return [_effort_json(effort, shows_overlap=shows_overlap) for effort in efforts]


def _effort_json(effort: Effort, *, shows_overlap: bool) -> dict[str, Any]:
    box_set = effort.box_set
    rows = list(box_set.regions.all())
    origins = Counter(row.origin for row in rows if row.origin is not None)
    return {
        "box_set": str(box_set.pk),
        "version": box_set.version,
        "status": box_set.status,
        "author": person_json(box_set.author),
        "at": effort.at.isoformat(),
        "actions": effort.actions,
        "seconds": effort.seconds,
        "origins": {origin.value: origins.get(origin.value, 0) for origin in BoxOrigin},
        "absent": sum(row.state == RegionState.ABSENT for row in rows),
        "mean_iou_with_proposal": effort.mean_iou_with_proposal if shows_overlap else None,
        "iou_with_proposal": effort.iou_with_proposal if shows_overlap else {},
    }
