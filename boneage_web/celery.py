"""The Celery application. Tasks stand in `boneage_web.runs.tasks`, and only there."""

import os
import warnings

import celery
from celery.platforms import SecurityWarning
from django.conf import settings

# Messages are JSON, so that a worker of the superuser (in a container) runs nothing that a message brings.
warnings.filterwarnings("ignore", category=SecurityWarning)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "boneage_web.settings.dev")

application = celery.Celery("boneage_web")
application.config_from_object(settings.CELERY)
application.conf.imports = ("boneage_web.runs.tasks", "boneage_web.runs.worker_signals")
