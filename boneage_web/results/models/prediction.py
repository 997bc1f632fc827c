"""What models said about radiographs. A prediction is written once and never changed."""

import uuid

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint

from annotations.base.constraints import choices, implies, one_of
from annotations.models import Radiograph
from annotations.models.append_only import AppendOnly
from annotations.states import Sex
from boneage_web.registry.models import ModelVersion
from boneage_web.runs.models import Run


class Prediction(AppendOnly):
    """One model version's word on one radiograph, given what was known of the child then.

    Sex and chronological age are inputs of an age. When somebody states what the header lacked, the model is asked
    again and a new row stands beside the old one: `inputs_key` names the inputs. A refusal is a row too, with its
    code: without sex there are boxes and no age. `contributions` (`{owner, months, found}`) and `base_months` add up to
    what the trees said; rows from before they were kept have none.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    model_version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="predictions")
    radiograph = models.ForeignKey(Radiograph, on_delete=models.PROTECT, related_name="predictions")
    run = models.ForeignKey(Run, null=True, on_delete=models.PROTECT, related_name="predictions")
    inputs_key = models.CharField(max_length=32)
    sex = models.CharField(max_length=8, choices=choices(Sex), null=True)  # noqa: DJ001  # unknown is not ""
    sex_source = models.CharField(max_length=32, blank=True, default="")
    chronological_age_months = models.FloatField(null=True)
    inputs_used = models.JSONField(default=list)
    bone_age_months = models.FloatField(null=True)
    interval_low_months = models.FloatField(null=True)
    interval_high_months = models.FloatField(null=True)
    base_months = models.FloatField(null=True)
    contributions = models.JSONField(default=list)
    boxes = models.JSONField(default=list)
    missing_regions = models.JSONField(default=list)
    stage_seconds = models.JSONField(default=dict)
    error_code = models.CharField(max_length=64, blank=True, default="")
    error_message = models.CharField(max_length=1000, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "id"]
        indexes = [Index(fields=["radiograph", "created_at"], name="prediction_by_radiograph")]
        constraints = [
            one_of("sex", Sex, name="prediction_sex_known", nullable=True),
            UniqueConstraint(fields=["model_version", "radiograph", "inputs_key"], name="prediction_once_per_inputs"),
            CheckConstraint(
                condition=Q(bone_age_months__isnull=False, error_code="", bone_age_months__gte=0)
                | Q(bone_age_months__isnull=True) & ~Q(error_code=""),
                name="prediction_age_or_reason",
            ),
            implies(Q(bone_age_months__isnull=False), Q(sex__isnull=False), name="prediction_no_age_without_sex"),
        ]

    def __str__(self) -> str:
        return f"{self.model_version_id} on {self.radiograph_id}"
