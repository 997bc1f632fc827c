"""The Celery application. Tasks stand in `boneage_web.runs.tasks`, and only there."""

import os

import celery
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "boneage_web.settings.dev")

application = celery.Celery("boneage_web")
application.config_from_object(settings.CELERY)
application.conf.imports = ("boneage_web.runs.tasks", "boneage_web.runs.worker_signals")
