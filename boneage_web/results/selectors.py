"""Which radiographs a model is to be asked about, and what it said."""

from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from annotations.models import Radiograph, Study
from annotations.states import StudyState
from boneage_web.results.models import HeightMeasurement, Prediction

FILMS_PER_RUN = 1000
"""A larger archive is shared out over several runs, which as many workers as there are take up; one takes minutes."""
LEAST_FILMS_PER_RUN = 25
"""Fewer are not shared out: loading a model would cost more than a second worker saves."""


def radiographs_to_predict(*, scope: dict[str, Any]) -> list[Radiograph]:
    """The radiographs of an inference run, oldest first.

    Args:
        scope: `{"study": id}` for one study; `{"cohort": id or None}` for all ready studies (of a cohort);
            `{"arrivals": True}` for ready studies that no model was asked about yet. With `{"part": k, "parts": n}` the
            k-th of n parts of them, one and the same whenever it is asked.
    """
    part, parts = scope.get("part", 1), scope.get("parts", 1)
    return [radiograph for radiograph in _in_scope(scope) if radiograph.pk.int % parts == part - 1]


def runs_needed(*, scope: dict[str, Any], workers: int = 1) -> int:
    """How many runs the radiographs of a scope without parts are shared out over: one for each worker that may take
    part, as long as it is worth its while, and more where there are many films."""
    films = _in_scope(scope).count()
    return max(1, -(-films // FILMS_PER_RUN), min(workers, films // LEAST_FILMS_PER_RUN))


def _in_scope(scope: dict[str, Any]) -> QuerySet[Radiograph]:
    radiographs = Radiograph.objects.filter(for_reading=True).select_related("study")
    if scope.get("study"):
        return radiographs.filter(study=UUID(scope["study"]))
    radiographs = radiographs.filter(study__state=StudyState.READY).order_by("study__received_at", "pk")
    if scope.get("arrivals"):
        return radiographs.filter(~Exists(Prediction.objects.filter(radiograph=OuterRef("pk"))))
    if scope.get("cohort"):
        radiographs = radiographs.filter(study__cohort=UUID(scope["cohort"]))
    return radiographs


def shown_prediction(radiograph: Radiograph) -> Prediction | None:
    """The newest word of the active model; without one, the newest of any model."""
    predictions = Prediction.objects.filter(radiograph=radiograph).select_related("model_version")
    return predictions.filter(model_version__status="active").first() or predictions.first()


def standing_height(study: Study) -> HeightMeasurement | None:
    """The height that counts; None where none was typed, or the last was taken back."""
    newest = HeightMeasurement.objects.filter(study=study).first()
    return None if newest is None or newest.height_cm is None else newest
