"""What Django looks at before it starts."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error

from inference.imaging.site_thresholds import ThresholdsError, site_thresholds


def check_thresholds(**options: Any) -> list[CheckMessage]:
    """A site's own limits of the quality gate can be used: else every film would fail at the gate."""
    try:
        site_thresholds(settings.QUALITY_THRESHOLDS_FILE)
    except ThresholdsError as error:
        return [Error(str(error), hint="BONEAGE_QUALITY_THRESHOLDS_FILE", id="annotations.E001")]
    return []
