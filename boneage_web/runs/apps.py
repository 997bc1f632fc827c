"""Django's entry for this app."""

from django.apps import AppConfig


class RunsConfig(AppConfig):
    """Name and label; nothing starts here."""

    name = "boneage_web.runs"
    label = "runs"
