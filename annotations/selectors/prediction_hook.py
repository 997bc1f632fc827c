"""Where the roof tells this app what models predicted, without this app knowing models.

The study list shows a prediction column; predictions are rows of the roof. At start the roof registers one source.
"""

from collections.abc import Collection, Mapping
from typing import Any, Protocol
from uuid import UUID

from django.db.models import Exists


class PredictionSource(Protocol):
    """What the roof registers."""

    def of_radiographs(self, radiographs: Collection[UUID]) -> Mapping[UUID, Mapping[str, Any]]:
        """Radiograph -> ``{"bone_age_months", "interval_months", "model"}`` of the active model, in one query."""

    def exists_for(self, study_column: str) -> Exists:
        """A condition for a study queryset: its radiograph for reading has a prediction of the active model."""


_sources: list[PredictionSource] = []


def register_predictions(source: PredictionSource) -> None:
    """Make this the one source of the prediction column."""
    _sources[:] = [source]


def predictions_of(radiographs: Collection[UUID]) -> Mapping[UUID, Mapping[str, Any]]:
    """Predictions of these radiographs; none while the roof registered nothing."""
    return _sources[0].of_radiographs(radiographs) if _sources and radiographs else {}


def prediction_exists(study_column: str = "pk") -> Exists | None:
    """Condition that a study has a prediction; None while the roof registered nothing."""
    return _sources[0].exists_for(study_column) if _sources else None
