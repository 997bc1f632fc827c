"""The prediction column of the study list: what the active model said."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from annotations.base.prepared import prepared
from boneage_web.registry.models import ModelStatus
from boneage_web.results.models import Prediction


class ActiveModelPredictions:
    """The source that the annotations ask (`annotations/selectors/prediction_hook.py`)."""

    def of_radiographs(self, radiographs: Collection[UUID]) -> Mapping[UUID, Mapping[str, Any]]:
        """Radiograph -> newest word of the active model, in one query."""
        newest: dict[UUID, Mapping[str, Any]] = {}
        for row in _predictions(tuple(dict.fromkeys(radiographs))):
            low, high = row.interval_low_months, row.interval_high_months
            newest[row.radiograph_id] = {
                "bone_age_months": row.bone_age_months,
                "interval_months": [low, high] if low is not None and high is not None else None,
                "model": row.model_version.label,
            }
        return newest

    def exists_for(self, study_column: str) -> Exists:
        """Whether the study's radiograph for reading has a bone age from the active model."""
        return Exists(
            Prediction.objects.filter(
                radiograph__study=OuterRef(study_column),
                radiograph__for_reading=True,
                model_version__status=ModelStatus.ACTIVE,
                bone_age_months__isnull=False,
            )
        )


@prepared
def _predictions(radiographs: tuple[UUID, ...]) -> QuerySet[Prediction]:
    rows = Prediction.objects.filter(radiograph__in=radiographs, model_version__status=ModelStatus.ACTIVE)
    return rows.select_related("model_version").order_by("created_at")
