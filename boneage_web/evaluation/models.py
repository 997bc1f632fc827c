"""Evaluations: a model's predictions beside the truth, counted once and kept."""

import uuid
from enum import StrEnum

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

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
    def snapshot_hash(self) -> str | None:
        """Of the snapshot that it was made on, whether that is a row here or was imported; None for a cohort's."""
        found = self.snapshot.hash if self.snapshot else self.report.get("population", {}).get("hash")
        return str(found) if found else None

    @property
    def default_truth(self) -> str:
        """Consensus where there is one, else single reads."""
        return next(str(name) for name, count in self.report["offers"]["truths"].items() if count)


class CasePicture(models.Model):
    """The picture of a case of elsewhere, with the boxes that people drew on it, taken from the snapshot of an imported
    evaluation (`services/case_pictures.py`). The file is named by the hash of its bytes, so that equal ones lie once.

    `marks`: region -> {"box": [x0, y0, x1, y1] in pixels of the picture, None where marked absent, "source"}.
    `original_*`: size of the film, in pixels, where the snapshot knows it; the picture may be squeezed.
    `window`: with which it is shown at first, `{center, width, function}` in units of its values.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    snapshot_hash = models.CharField(max_length=64)
    film = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    columns = models.PositiveIntegerField()
    original_rows = models.PositiveIntegerField(null=True)
    original_columns = models.PositiveIntegerField(null=True)
    window = models.JSONField()
    truth_origin = models.TextField(blank=True, default="")
    marks = models.JSONField(default=dict)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["snapshot_hash", "film"]
        constraints = [UniqueConstraint(fields=["snapshot_hash", "film"], name="case_picture_once")]

    def __str__(self) -> str:
        return f"{self.snapshot_hash[:12]} {self.film}"
