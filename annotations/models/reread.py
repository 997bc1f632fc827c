"""A re-reading round: films on which model and consensus lie far apart, and as many drawn at random, read once more."""

import uuid

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint

from annotations.base.constraints import choices, longest, one_of
from annotations.models.cohort import Cohort
from annotations.models.person import Person
from annotations.models.study import Radiograph
from annotations.states import RereadCaseStatus, RereadKind, RereadRoundStatus


class RereadRound(models.Model):
    """One round, with what was true when it began, so that before and after can be compared later.

    ``others_months`` are [truth, model] of the films of the same population that are not read again.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.PositiveIntegerField(unique=True)
    status = models.CharField(
        max_length=longest(RereadRoundStatus), choices=choices(RereadRoundStatus), default=RereadRoundStatus.OPEN
    )
    cohort = models.ForeignKey(Cohort, null=True, on_delete=models.PROTECT, related_name="+")
    model_label = models.CharField(max_length=120)
    threshold_months = models.FloatField(null=True)
    largest = models.PositiveIntegerField(null=True)
    readers_required = models.PositiveSmallIntegerField()
    tolerance_months = models.FloatField()
    age_seen_allowed = models.BooleanField(default=False)
    others_months = models.JSONField(default=list)
    started_at = models.DateTimeField(auto_now_add=True)
    started_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    stop_reason = models.CharField(max_length=2000, blank=True, default="")

    class Meta:
        constraints = [
            one_of("status", RereadRoundStatus, name="reread_round_status_known"),
            CheckConstraint(
                condition=Q(threshold_months__isnull=True, largest__isnull=False)
                | Q(threshold_months__isnull=False, largest__isnull=True),
                name="reread_round_chosen_one_way",
            ),
            CheckConstraint(
                condition=Q(status=RereadRoundStatus.CLOSED.value, closed_at__isnull=False)
                | Q(status=RereadRoundStatus.OPEN.value, closed_at__isnull=True),
                name="reread_round_closed_at_a_time",
            ),
            CheckConstraint(
                condition=Q(readers_required__gte=1, readers_required__lte=5), name="reread_round_readers_1_to_5"
            ),
        ]

    def __str__(self) -> str:
        return f"round {self.number} {self.status}"


class RereadCase(models.Model):
    """One film of a round. ``kind`` is told to nobody who may read it; ``reads_claimed`` as in a consensus."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(RereadRound, on_delete=models.PROTECT, related_name="cases")
    radiograph = models.ForeignKey(Radiograph, on_delete=models.PROTECT, related_name="reread_cases")
    kind = models.CharField(max_length=longest(RereadKind), choices=choices(RereadKind))
    status = models.CharField(
        max_length=longest(RereadCaseStatus), choices=choices(RereadCaseStatus), default=RereadCaseStatus.OPEN
    )
    before_months = models.FloatField()
    model_months = models.FloatField()
    reads_claimed = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [Index(fields=["round", "status"], name="reread_case_by_round")]
        constraints = [
            one_of("kind", RereadKind, name="reread_case_kind_known"),
            one_of("status", RereadCaseStatus, name="reread_case_status_known"),
            UniqueConstraint(fields=["round", "radiograph"], name="reread_case_once_per_round"),
            UniqueConstraint(
                fields=["radiograph"],
                condition=Q(status=RereadCaseStatus.OPEN.value),
                name="reread_case_one_open_per_radiograph",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.status}"
