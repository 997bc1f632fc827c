"""How files stand that were handed in."""

from collections.abc import Sequence
from typing import Any

from annotations.api.present.people import person_json
from annotations.api.present.studies import API, windows_of
from annotations.models import BlockedFilm, IntakeRecord
from annotations.services.intake_outcome import IntakeOutcome, Reason


def outcome_json(outcome: IntakeOutcome) -> dict[str, Any]:
    """How one file stands, for whoever handed it in and for the command line."""
    return {
        "id": str(outcome.arrival) if outcome.arrival else None,
        "file": outcome.file,
        "outcome": str(outcome.outcome),
        "reason": reason_json(outcome.reason) if outcome.reason else None,
        "study": str(outcome.study) if outcome.study else None,
    }


def reason_json(reason: Reason) -> dict[str, str]:
    return {"code": reason.code, "message": reason.message, "message_zh": reason.message_zh}


def record_rows(records: Sequence[IntakeRecord]) -> list[dict[str, Any]]:
    """Ends of files, as the intake page lists them."""
    return [
        {
            "at": record.at.isoformat(),
            "door": record.door,
            "result": record.result,
            "reason": reason_json(Reason.of(record.reason_code, **record.reason_words)) if record.reason_code else None,
            "study": str(record.study_id) if record.study_id else None,
            "by": person_json(record.by),
            "cohort": {"id": str(record.cohort.pk), "name": record.cohort.name} if record.cohort else None,
        }
        for record in records
    ]


def blocked_row(film: BlockedFilm) -> dict[str, Any]:
    """A film that waits for a decision, as the list shows it."""
    return {
        "id": str(film.pk),
        "at": film.created_at.isoformat(),
        "door": film.door,
        "rows": film.rows,
        "columns": film.columns,
        "regions": len(film.regions),
        "synthetic": film.synthetic,
    }


def blocked_json(film: BlockedFilm) -> dict[str, Any]:
    """What the redaction screen needs."""
    return (
        blocked_row(film)
        | {
            **windows_of(film),
            "pixels_url": f"{API}/blocked/{film.pk}/pixels",
            "view": {"quarter_turns": 0, "mirrored": False},  # writing is read as it was written
            "regions": [
                {"x0": x0, "y0": y0, "x1": x1, "y1": y1} for x0, y0, x1, y1 in (region[:4] for region in film.regions)
            ],
        }
    )
