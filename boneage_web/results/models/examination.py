"""A closer look at a prediction, made by a worker when somebody asks for it."""

import uuid

from django.db import models

from annotations.models.append_only import AppendOnly
from boneage_web.results.models.prediction import Prediction
from boneage_web.runs.models import Run


class FilmExamination(AppendOnly):
    """Where covering the film moves the age, and the ages of its parts (`inference/examine.py`); once a prediction.

    `patches` are `{x0, y0, x1, y1, months}` in pixels of the film, `parts` `{part, bone_age_months, interval_months,
    error_code}`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    prediction = models.OneToOneField(Prediction, on_delete=models.PROTECT, related_name="examination")
    run = models.ForeignKey(Run, null=True, on_delete=models.PROTECT, related_name="+")
    bone_age_months = models.FloatField()
    patches = models.JSONField(default=list)
    parts = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"examination of {self.prediction_id}"
