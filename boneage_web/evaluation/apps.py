"""Django's entry for this app."""

from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    """Name and label; nothing starts here."""

    name = "boneage_web.evaluation"
    label = "evaluation"
