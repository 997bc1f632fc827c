"""Django's entry for this app."""

from django.apps import AppConfig


class OutboundConfig(AppConfig):
    """Name and label; nothing starts here."""

    name = "boneage_web.outbound"
    label = "outbound"
