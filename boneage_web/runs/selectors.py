"""Questions about workers, and about who waits for a run."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Count
from django.utils import timezone

from boneage_web.runs.kinds import FINISHED, Queue
from boneage_web.runs.models import Run, Worker


def living_workers(queue: Queue) -> int:
    """How many workers of a queue gave a sign of life lately."""
    since = timezone.now() - timedelta(seconds=settings.LEASE_SECONDS + settings.SWEEP_SECONDS)
    queues = Worker.objects.filter(seen_at__gte=since).values_list("queues", flat=True)
    return sum(str(queue) in served.split(",") for served in queues)


def is_silent(worker: str, seconds: float) -> bool:
    """Whether a worker that was heard of once has been silent for so long; one that only begins is not."""
    return Worker.objects.filter(name=worker, seen_at__lt=timezone.now() - timedelta(seconds=seconds)).exists()


def status_counts(batch: UUID) -> dict[str, int]:
    """How many runs a batch has, by status; its leader is not one of what it has done."""
    runs = Run.objects.filter(batch=batch).exclude(pk=batch).order_by()
    return dict(runs.values_list("status").annotate(Count("pk")))


def is_led(run: Run) -> bool:
    """Whether the run that has this one done is still about it: not ended, and not asked to stop."""
    if run.batch is None:
        return False
    return Run.objects.filter(pk=run.batch, cancel_requested=False).exclude(status__in=FINISHED).exists()
