"""What a worker process does beside its tasks: says that it lives, sweeps, and tells its job when it is to stop."""

import logging
import threading
from typing import Any

from celery import signals
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection
from django.utils import timezone

from boneage_web.runs.models import Worker
from boneage_web.runs.perform import worker_name
from boneage_web.runs.progress import worker_is_stopping
from boneage_web.runs.services.sweep import sweep

logger = logging.getLogger(__name__)


def begin_to_live(sender: Any = None, **_: Any) -> None:
    """Start the thread that lives beside the tasks."""
    queues = ",".join(sorted(queue.name for queue in sender.task_consumer.queues))
    threading.Thread(target=_live, args=(queues,), name="worker-life", daemon=True).start()


def stop_the_job(**_: Any) -> None:
    """The running job gives its run back at its next progress, and the worker ends."""
    worker_is_stopping.set()


def _live(queues: str) -> None:
    started = timezone.now()
    while True:
        try:
            Worker.objects.update_or_create(
                name=worker_name(),
                defaults={"queues": queues, "seen_at": timezone.now()},
                create_defaults={"queues": queues, "seen_at": timezone.now(), "started_at": started},
            )
            sweep()
        except DatabaseError as error:
            logger.warning("the database did not answer a worker: %s", type(error).__name__)
            connection.close()
        if worker_is_stopping.wait(settings.SWEEP_SECONDS):
            Worker.objects.filter(name=worker_name()).delete()
            connection.close()
            return


signals.worker_ready.connect(begin_to_live)
signals.worker_shutting_down.connect(stop_the_job)
