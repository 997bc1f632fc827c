"""What is put right every few seconds: runs of dead workers, and bells that nobody heard."""

import logging
from datetime import timedelta

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from boneage_web.runs.bell import ring
from boneage_web.runs.kinds import MAX_ATTEMPTS, Queue, RunStatus
from boneage_web.runs.models import Run, Worker

logger = logging.getLogger(__name__)
UNHEARD_AFTER = timedelta(seconds=10)
"""A queued run of an idle queue whose bell rang longer ago than this is rung again."""
FORGOTTEN_AFTER = timedelta(minutes=10)
"""The same for a busy queue, where bells wait for their turn."""
RING_AT_ONCE = 10
WORKER_FORGOTTEN_AFTER = timedelta(days=1)
DIED_TWICE = (
    "The worker died twice while it did this job, most likely for want of memory. See the job's log; "
    "try a smaller preset or fewer films."
)


def sweep() -> None:
    """Put right what can be put right. Any number of processes may do it at once."""
    requeue_stale()
    ring_unheard()
    Worker.objects.filter(seen_at__lt=timezone.now() - WORKER_FORGOTTEN_AFTER).delete()


def requeue_stale() -> int:
    """Take runs from workers that gave no sign of life for the length of a lease. Returns how many."""
    limit = timezone.now() - timedelta(seconds=settings.LEASE_SECONDS)
    return _take_back(Run.objects.filter(status=RunStatus.RUNNING, heartbeat_at__lt=limit))


def requeue_of_worker(name: str) -> int:
    """Take the runs of a worker that is known to be dead, without waiting for its lease. Returns how many."""
    Worker.objects.filter(name=name).delete()
    return _take_back(Run.objects.filter(status=RunStatus.RUNNING, worker=name))


def _take_back(runs: QuerySet[Run]) -> int:
    return sum(_take_back_one(run) for run in runs)


def _take_back_one(run: Run) -> int:
    """Compare-and-set on the lease: the worker may have come back, or another sweep been faster."""
    held = Run.objects.filter(
        pk=run.pk, status=RunStatus.RUNNING, lease=run.lease, attempt=run.attempt, heartbeat_at=run.heartbeat_at
    )
    now = timezone.now()
    if run.cancel_requested:
        return held.update(status=RunStatus.CANCELLED, finished_at=now, lease=None)
    if run.attempt >= MAX_ATTEMPTS:
        return held.update(
            status=RunStatus.FAILED, finished_at=now, lease=None, error_code="worker_died", error_message=DIED_TWICE
        )
    taken = held.update(status=RunStatus.QUEUED, lease=None, worker="", phase="")
    if taken:
        logger.warning("run %s was taken from a worker that died; attempt %s follows", run.pk, run.attempt + 1)
        ring(run)
    return taken


def ring_unheard() -> int:
    """Ring again for the oldest runs that wait although their queue has nothing to do. Returns how many."""
    return sum(ring(run) for queue in Queue for run in _unheard(queue))


def _unheard(queue: Queue) -> list[Run]:
    now = timezone.now()
    busy = Run.objects.filter(queue=queue, status=RunStatus.RUNNING).exists()
    limit = now - (FORGOTTEN_AFTER if busy else UNHEARD_AFTER)
    waiting = Run.objects.filter(queue=queue, status=RunStatus.QUEUED).filter(
        Q(rung_at__isnull=True, created_at__lt=now - timedelta(seconds=1)) | Q(rung_at__lt=limit)
    )
    return list(waiting.order_by("created_at")[:RING_AT_ONCE])
