"""Django's entry for this app: the last one, so that all others are there when reactions are entered."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Enters the table of reactions."""

    name = "boneage_web.site"
    label = "boneage_site"

    def ready(self) -> None:
        """Facts of the annotations start jobs from here on."""
        from boneage_web.runs import reactions  # noqa: PLC0415  # models are not loaded before this moment

        reactions.listen()
