"""Evaluations: a model's predictions beside the truth, counted once and kept."""

import uuid
from enum import StrEnum

from django.db import models
from django.db.models import CheckConstraint, Q

from annotations.base.constraints import choices, one_of
from annotations.models import Cohort, Person
from annotations.models.append_only import AppendOnly
from boneage_web.registry.models import ModelVersion, Snapshot
from boneage_web.runs.models import Run


class BandBy(StrEnum):
    """Which age sorts cases into the yearly bands of the table."""

    BONE_AGE = "bone_age"
    CHRONOLOGICAL_AGE = "chronological_age"


class Evaluation(AppendOnly):
    """One evaluation of one model on one population. `case_table` names its frozen cases
    (`inference/statistics/case_table.py`): all figures are counted from them. `report` holds what is not: what the list
    shows, table 1 of the population, the detector's scores, baselines.

    The population is a split of a snapshot, or the approved consensus cases of a cohort (of all, without a cohort), or
    what `report["population"]` names where a report of elsewhere was imported.
    `region_marks` says of each film with boxes whose it is and how each region was met: what the release gate compares.
    `number` counts the evaluations on the same population: a locked test set that is asked often is used up.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    model_version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="evaluations")
    run = models.OneToOneField(Run, null=True, on_delete=models.PROTECT, related_name="evaluation")
    cohort = models.ForeignKey(Cohort, null=True, on_delete=models.PROTECT, related_name="+")
    snapshot = models.ForeignKey(Snapshot, null=True, on_delete=models.PROTECT, related_name="evaluations")
    split = models.CharField(max_length=32, blank=True, default="")
    truth = models.CharField(max_length=120)
    band_by = models.CharField(max_length=32, choices=choices(BandBy))
    number = models.PositiveIntegerField(default=1)
    left_out = models.JSONField(default=dict)
    case_table = models.CharField(max_length=64)
    report = models.JSONField()
    region_marks = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-created_at", "id"]
        constraints = [
            one_of("band_by", BandBy, name="evaluation_band_known"),
            CheckConstraint(
                condition=Q(snapshot__isnull=True, split="")
                | Q(snapshot__isnull=False, cohort__isnull=True) & ~Q(split=""),
                name="evaluation_one_population",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def default_truth(self) -> str:
        """Consensus where there is one, else single reads."""
        return next(str(name) for name, count in self.report["offers"]["truths"].items() if count)
