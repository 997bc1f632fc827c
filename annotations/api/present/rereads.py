"""Re-reading rounds."""

from typing import Any

from annotations.api.present.people import person_json
from annotations.models import Person, RereadRound
from annotations.permissions.rereads import reread_cases_visible_to
from annotations.selectors.reread_figures import round_figures


def round_json(person: Person, round_: RereadRound) -> dict[str, Any]:
    """A round with its progress and what it changed."""
    return {
        "id": str(round_.pk),
        "number": round_.number,
        "status": round_.status,
        "cohort": round_.cohort.name if round_.cohort else None,
        "model": round_.model_label,
        "threshold_months": round_.threshold_months,
        "largest": round_.largest,
        "readers_required": round_.readers_required,
        "age_seen_allowed": round_.age_seen_allowed,
        "started_at": round_.started_at.isoformat(),
        "started_by": person_json(round_.started_by),
        "closed_at": round_.closed_at.isoformat() if round_.closed_at else None,
        "stop_reason": round_.stop_reason or None,
        **round_figures(round_, visible=reread_cases_visible_to(person)),
    }
