"""Django's entry for this app: commands, and no tables."""

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    """The top of the roof: it knows every table and every stored file, and nothing imports it."""

    name = "boneage_web.operations"
    label = "operations"
