"""Frozen data sets and model versions: rows that name an immutable folder and say what is in it."""

import uuid
from enum import StrEnum

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from annotations.base.constraints import choices, implies, one_of
from annotations.models import Cohort, Person
from annotations.models.append_only import AppendOnly
from boneage_web.runs.models import Run


class ModelKind(StrEnum):
    """What a model is for. One is active for each kind."""

    BONE_AGE = "bone_age"


class ModelStatus(StrEnum):
    """candidate -> active -> retired; a candidate may be retired, and a retired model be made active again."""

    CANDIDATE = "candidate"
    ACTIVE = "active"
    RETIRED = "retired"


class Snapshot(models.Model):
    """A frozen data set: the folder `<snapshots>/<id>`, its manifest, and its hash."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120, unique=True)
    hash = models.CharField(max_length=64)
    cohort = models.ForeignKey(Cohort, null=True, on_delete=models.PROTECT, related_name="+")
    manifest = models.JSONField()
    synthetic = models.BooleanField()
    test_locked = models.BooleanField(default=False)
    run = models.OneToOneField(Run, null=True, on_delete=models.PROTECT, related_name="snapshot")
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-created_at", "id"]
        constraints = [CheckConstraint(condition=~Q(name=""), name="snapshot_has_a_name")]

    def __str__(self) -> str:
        return self.name


class ModelVersion(models.Model):
    """A trained model: the folder `<artifacts>/<hash>`, and what its manifest says."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=32, choices=choices(ModelKind), default=ModelKind.BONE_AGE)
    status = models.CharField(max_length=16, choices=choices(ModelStatus), default=ModelStatus.CANDIDATE)
    label = models.CharField(max_length=120, unique=True)
    hash = models.CharField(max_length=64, unique=True)
    manifest = models.JSONField()
    run = models.OneToOneField(Run, null=True, on_delete=models.PROTECT, related_name="model_version")
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    activated_at = models.DateTimeField(null=True)
    activated_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    activation_reason = models.CharField(max_length=2000, blank=True, default="")

    class Meta:
        ordering = ["-created_at", "id"]
        constraints = [
            one_of("kind", ModelKind, name="model_kind_known"),
            one_of("status", ModelStatus, name="model_status_known"),
            implies(
                Q(status=ModelStatus.ACTIVE.value), Q(activated_at__isnull=False), name="model_active_since_sometime"
            ),
            UniqueConstraint(
                fields=["kind"], condition=Q(status=ModelStatus.ACTIVE.value), name="model_one_active_per_kind"
            ),
        ]

    def __str__(self) -> str:
        return self.label


class ModelStatement(AppendOnly):
    """What a person states of a model for its card (`reporting_items.py`); the newest of an item counts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    model_version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="statements")
    item = models.CharField(max_length=64)
    text = models.CharField(max_length=4000)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-at", "id"]
        constraints = [CheckConstraint(condition=~Q(item="") & ~Q(text=""), name="statement_says_something")]

    def __str__(self) -> str:
        return f"{self.model_version_id} {self.item}"


class Yardstick(AppendOnly):
    """The films on which a candidate is held against the model in use: a part of a snapshot, fixed by its hash. The
    newest row counts; whoever changes it says why."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="+")
    split = models.CharField(max_length=32)
    reason = models.CharField(max_length=2000)
    set_at = models.DateTimeField(auto_now_add=True)
    set_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-set_at", "id"]
        constraints = [
            CheckConstraint(condition=~Q(split="") & ~Q(reason=""), name="yardstick_says_what_and_why"),
        ]

    def __str__(self) -> str:
        return f"{self.snapshot_id} {self.split}"


class Release(AppendOnly):
    """One activation: what the gate said of the model then, and the reason where a person overruled it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    model_version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="releases")
    replaced = models.ForeignKey(ModelVersion, null=True, on_delete=models.PROTECT, related_name="+")
    findings = models.JSONField(default=list)
    verdict = models.JSONField(default=dict)
    reason = models.CharField(max_length=2000, blank=True, default="")
    at = models.DateTimeField()
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-at", "id"]
        constraints = [
            implies(~Q(findings=[]), ~Q(reason=""), name="release_overruled_with_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.model_version_id} {self.at:%Y-%m-%d}"
