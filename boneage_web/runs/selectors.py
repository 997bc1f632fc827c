"""Questions about workers."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from boneage_web.runs.kinds import Queue
from boneage_web.runs.models import Worker


def living_workers(queue: Queue) -> int:
    """How many workers of a queue gave a sign of life lately."""
    since = timezone.now() - timedelta(seconds=settings.LEASE_SECONDS + settings.SWEEP_SECONDS)
    queues = Worker.objects.filter(seen_at__gte=since).values_list("queues", flat=True)
    return sum(str(queue) in served.split(",") for served in queues)


def is_silent(worker: str, seconds: float) -> bool:
    """Whether a worker that was heard of once has been silent for so long; one that only begins is not."""
    return Worker.objects.filter(name=worker, seen_at__lt=timezone.now() - timedelta(seconds=seconds)).exists()
