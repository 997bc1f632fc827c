"""A site's own correction of a model's ages, kept apart from the model and never hidden in its number."""

import uuid
from enum import StrEnum

from django.db import models
from django.db.models import Q, UniqueConstraint

from annotations.base.constraints import choices, implies, one_of
from annotations.models import Cohort, Person
from boneage_web.registry.models import ModelVersion


class CalibrationStatus(StrEnum):
    """candidate -> active -> retired; one is active for each model version."""

    CANDIDATE = "candidate"
    ACTIVE = "active"
    RETIRED = "retired"


class LocalCalibration(models.Model):
    """Bone age = intercept + slope x the model's age, for each sex, from the site's own approved cases.

    `lines` is `{sex: {intercept_months, slope, n, low_months, high_months}}`; beyond the predictions that a line was
    fitted on there is no correction. `measured` holds the errors before and after on cases that each line had not
    seen (cross-validated by patient). `cases` names the radiographs and `cases_hash` what was used of them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    model_version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="calibrations")
    cohort = models.ForeignKey(Cohort, null=True, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=16, choices=choices(CalibrationStatus), default=CalibrationStatus.CANDIDATE)
    lines = models.JSONField()
    measured = models.JSONField()
    cases = models.JSONField()
    cases_hash = models.CharField(max_length=64)
    left_out = models.JSONField(default=dict)
    fitted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    fitted_at = models.DateTimeField(auto_now_add=True)
    activated_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    activated_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=2000, blank=True, default="")

    class Meta:
        ordering = ["-fitted_at", "id"]
        constraints = [
            one_of("status", CalibrationStatus, name="calibration_status_known"),
            implies(
                Q(status=CalibrationStatus.ACTIVE.value),
                Q(activated_at__isnull=False, activated_by__isnull=False),
                name="calibration_activated_by_somebody",
            ),
            UniqueConstraint(
                fields=["model_version"],
                condition=Q(status=CalibrationStatus.ACTIVE.value),
                name="calibration_one_active_per_model",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.model_version_id} {self.status}"
