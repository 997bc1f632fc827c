"""The bell: a message that says that a queued run is worth a look. It may be lost or rung twice without harm."""

import logging

from celery.exceptions import CeleryError
from django.utils import timezone
from kombu.exceptions import KombuError

from boneage_web.celery import application
from boneage_web.runs.models import Run

logger = logging.getLogger(__name__)


def task_name(kind: str) -> str:
    """Name of the Celery task that does runs of a kind."""
    return f"boneage_web.runs.{kind}"


def ring(run: Run) -> bool:
    """Tell the workers of the run's queue. A broker that is away is no error: the sweep rings again."""
    Run.objects.filter(pk=run.pk).update(rung_at=timezone.now())
    try:
        application.send_task(task_name(run.kind), args=[str(run.pk)], queue=run.queue, retry=False)
    except (KombuError, CeleryError, OSError) as error:
        logger.warning("bell of run %s was not heard: %s", run.pk, type(error).__name__)
        return False
    return True
