"""The Django app of what people did."""

from django.apps import AppConfig
from django.core.checks import register

from annotations.base.site_command import SITE
from annotations.checks import check_thresholds


class AnnotationsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "annotations"
    verbose_name = "Annotations"

    def ready(self) -> None:
        register(check_thresholds, SITE)
