"""Django's entry for this app."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """Name and label; nothing starts here."""

    name = "boneage_web.registry"
    label = "registry"
