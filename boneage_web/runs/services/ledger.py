"""What people do with runs: ask for one, and take it back."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from annotations.base.errors import StaleState
from annotations.models import Person
from boneage_web.runs.bell import ring
from boneage_web.runs.kinds import FINISHED, RunKind, RunStatus
from boneage_web.runs.models import Run


def create_run(
    *, kind: RunKind, parameters: Mapping[str, Any], requested_by: Person | None, batch: UUID | None = None
) -> Run:
    """A new queued run; the bell rings when the surrounding transaction is in the database."""
    run = Run.objects.create(kind=kind, parameters=dict(parameters), requested_by=requested_by, batch=batch)
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


def offer(*, part: UUID, kind: RunKind, parameters: Mapping[str, Any], leader: Run) -> None:
    """Put a part of the leader's work into the queue: a new run, or the one of that id once more if it has ended.

    The id says what is done, so one thing is never done by two runs. One that waits or runs, for whatever leader, is
    left as it is.
    """
    wanted = {"parameters": dict(parameters), "batch": leader.pk}
    run, made = Run.objects.get_or_create(
        pk=part, defaults={"kind": kind, "requested_by_id": leader.requested_by_id, **wanted}
    )
    if made or _queue_again(Run.objects.filter(pk=part, status__in=FINISHED), **wanted):
        Run.objects.filter(pk=leader.pk, batch=None).update(batch=leader.pk)
        transaction.on_commit(lambda: ring(run))


def request_cancel(*, run: Run) -> Run:
    """Take a run back: at once while it waits, at its next progress while it runs; a leader with all that it has done.
    Raises StaleState."""
    while not _cancelled(run):  # it was begun, or taken from a dead worker, between the two looks
        run.refresh_from_db()
        if run.status in FINISHED:
            raise StaleState("run", "queued or running")
    run.refresh_from_db()
    if run.batch == run.pk:  # after the leader, who would ask for its parts again
        _cancel_all(Run.objects.filter(batch=run.pk).exclude(pk=run.pk))
    return run


def _cancelled(run: Run) -> int:
    waiting = Run.objects.filter(pk=run.pk, status=RunStatus.QUEUED)
    running = Run.objects.filter(pk=run.pk, status=RunStatus.RUNNING)
    ended = waiting.update(status=RunStatus.CANCELLED, finished_at=timezone.now(), cancel_requested=True)
    return ended or running.update(cancel_requested=True)


def cancel_batch(*, run: Run) -> Run:
    """Take back a run and all others of its batch that have not ended. Raises StaleState when all have."""
    of_batch = Run.objects.filter(batch=run.batch)
    if run.batch is None or not _cancel_all(of_batch.filter(pk=run.batch)) + _cancel_all(of_batch):
        raise StaleState("run", "queued or running")
    run.refresh_from_db()
    return run


def _cancel_all(runs: QuerySet[Run]) -> int:
    """Take back those that have not ended, the waiting ones first: none is begun meanwhile. Returns how many."""
    cancelled = 0
    for run in runs.exclude(status__in=FINISHED).order_by("-created_at", "pk"):
        try:
            request_cancel(run=run)
            cancelled += 1
        except StaleState:  # it ended this moment
            continue
    return cancelled


def resume(*, run: Run) -> Run:
    """Take up again what failed or was cancelled: in its own folder, so that a training goes on from its checkpoint and
    an inference with the films that have no answer yet. Raises StaleState."""
    if not _queue_again(Run.objects.filter(pk=run.pk, status__in=[RunStatus.FAILED, RunStatus.CANCELLED])):
        raise StaleState("run", "failed or cancelled")
    run.refresh_from_db()
    transaction.on_commit(lambda: ring(run))
    return run


def _queue_again(ended: QuerySet[Run], **values: Any) -> int:
    return ended.update(
        status=RunStatus.QUEUED,
        attempt=0,
        cancel_requested=False,
        finished_at=None,
        rung_at=None,
        phase="",
        error_code="",
        error_message="",
        **values,
    )
