"""Django's entry for this app."""

from django.apps import AppConfig


class ResultsConfig(AppConfig):
    """Name and label; nothing starts here."""

    name = "boneage_web.results"
    label = "results"
