"""Whether everything lives."""

from typing import Any

from django.conf import settings
from django.db import Error as DatabaseError
from django.utils import timezone

from boneage_web.registry.selectors import active_model
from boneage_web.runs.models import Worker


def health() -> tuple[dict[str, Any], int]:
    """What the health address answers, and its HTTP status: 503 only when the database is away."""
    answer: dict[str, Any] = {
        "status": "ok",
        "version": settings.VERSION,
        "database": "ok",
        "worker": {"alive": False, "last_seen_at": None},
        "model": {"active": None},
    }
    try:
        seen_at = Worker.objects.order_by("-seen_at").values_list("seen_at", flat=True).first()
        model = active_model()
    except DatabaseError:
        return answer | {"status": "unavailable", "database": "unavailable"}, 503
    if seen_at is not None:
        silent_seconds = (timezone.now() - seen_at).total_seconds()
        alive = silent_seconds < settings.LEASE_SECONDS + settings.SWEEP_SECONDS
        answer["worker"] = {"alive": alive, "last_seen_at": seen_at.isoformat()}
    answer["model"] = {"active": model.hash if model else None}
    if not answer["worker"]["alive"]:
        answer["status"] = "no_worker"
    return answer, 200
