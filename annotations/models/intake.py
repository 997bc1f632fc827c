"""What became of each file that was handed in, without a word of what stood in it."""

from django.db import models
from django.db.models import Index, Q, UniqueConstraint

from annotations.base.constraints import choices, implies, longest, one_of
from annotations.models.append_only import AppendOnly
from annotations.models.cohort import Cohort
from annotations.models.person import Person
from annotations.models.study import Study
from annotations.states import Door, IntakeResult

RECORDED = tuple(result for result in IntakeResult if result is not IntakeResult.WAITING)


class IntakeRecord(AppendOnly):
    """One file's end, or that it was blocked. ``content_hash`` is keyed: without the site's key it says nothing.

    ``arrival`` is the id that the file had in quarantine and its radiograph has after it; a blocked file has a second
    row once a person has decided about it. ``reason_words`` fill the reason's sentence: words of a vocabulary and
    numbers, never text of a file. What was refused at the door, before it was an arrival, has neither ``arrival`` nor
    ``content_hash``; rows from before arrivals had ids have neither ``arrival`` nor ``door``.
    """

    at = models.DateTimeField(auto_now_add=True)
    arrival = models.UUIDField(null=True)
    door = models.CharField(max_length=longest(Door), choices=choices(Door), null=True)  # noqa: DJ001  # unknown is not ""
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    cohort = models.ForeignKey(Cohort, null=True, on_delete=models.PROTECT, related_name="+")
    content_hash = models.CharField(max_length=64, db_index=True, blank=True, default="")
    result = models.CharField(max_length=longest(IntakeResult), choices=choices(RECORDED))
    reason_code = models.CharField(max_length=64, blank=True, default="")
    reason_words = models.JSONField(default=dict)
    study = models.ForeignKey(Study, null=True, on_delete=models.PROTECT, related_name="intake_records")

    class Meta:
        indexes = [Index(fields=["at", "id"], name="intake_by_time")]
        constraints = [
            one_of("result", RECORDED, name="intake_result_known"),
            one_of("door", Door, name="intake_door_known", nullable=True),
            implies(
                Q(result__in=[IntakeResult.REJECTED.value, IntakeResult.BLOCKED.value]),
                Q(study__isnull=True) & ~Q(reason_code=""),
                name="intake_rejected_with_a_reason",
            ),
            implies(
                Q(result__in=[IntakeResult.RECEIVED.value, IntakeResult.DUPLICATE.value]),
                Q(study__isnull=False),
                name="intake_taken_has_a_study",
            ),
            implies(
                Q(content_hash=""),
                Q(result=IntakeResult.REJECTED.value, arrival__isnull=True, door__isnull=False),
                name="intake_unseen_is_refused_at_a_door",
            ),
            UniqueConstraint(
                fields=["arrival"], condition=~Q(result=IntakeResult.BLOCKED.value), name="intake_one_end_per_arrival"
            ),
            UniqueConstraint(
                fields=["arrival"], condition=Q(result=IntakeResult.BLOCKED.value), name="intake_blocked_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.result} {self.reason_code}".strip()
