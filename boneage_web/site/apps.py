"""Django's entry for this app."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Name and label; nothing starts here."""

    name = "boneage_web.site"
    label = "boneage_site"
