"""What people do with runs: ask for one, and take it back."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from annotations.base.errors import StaleState
from annotations.models import Person
from boneage_web.runs.bell import ring
from boneage_web.runs.kinds import FINISHED, RunKind, RunStatus
from boneage_web.runs.models import Run


def create_run(*, kind: RunKind, parameters: Mapping[str, Any], requested_by: Person | None) -> Run:
    """A new queued run; the bell rings when the surrounding transaction is in the database."""
    run = Run.objects.create(kind=kind, parameters=dict(parameters), requested_by=requested_by)
    transaction.on_commit(lambda: ring(run))
    return run


def queued_run(*, kind: RunKind, parameters: Mapping[str, Any]) -> Run | None:
    """A run that nobody has begun and that will do the same."""
    return Run.objects.filter(kind=kind, status=RunStatus.QUEUED, parameters=dict(parameters)).first()


def unfinished_run(*, kind: RunKind, parameters: Mapping[str, Any]) -> Run | None:
    """A run that does this already, or will."""
    return (
        Run.objects.filter(kind=kind, parameters=dict(parameters))
        .exclude(status__in=[status.value for status in FINISHED])
        .first()
    )


def request_cancel(*, run: Run) -> Run:
    """Take a run back: at once while it waits, at its next progress while it runs. Raises StaleState."""
    now = timezone.now()
    waiting = Run.objects.filter(pk=run.pk, status=RunStatus.QUEUED)
    if not waiting.update(status=RunStatus.CANCELLED, finished_at=now, cancel_requested=True):
        running = Run.objects.filter(pk=run.pk, status=RunStatus.RUNNING)
        if not running.update(cancel_requested=True):
            run.refresh_from_db()
            if run.status in FINISHED:
                raise StaleState("run", "queued or running")
    run.refresh_from_db()
    return run
