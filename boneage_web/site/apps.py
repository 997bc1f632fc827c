"""Django's entry for this app: the last one, so that all others are there when reactions are entered."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Enters the table of reactions, and the prediction column of the study list."""

    name = "boneage_web.site"
    label = "boneage_site"

    def ready(self) -> None:
        """Facts of the annotations start jobs from here on, and their study list shows predictions."""
        from annotations.selectors.prediction_hook import register_predictions  # noqa: PLC0415  # models load first
        from boneage_web.results.prediction_source import ActiveModelPredictions  # noqa: PLC0415
        from boneage_web.runs import reactions  # noqa: PLC0415

        reactions.listen()
        register_predictions(ActiveModelPredictions())
