"""What became of each file that was handed in, without a word of what stood in it."""

from django.db import models

from annotations.base.constraints import choices, implies, longest, one_of
from annotations.models.append_only import AppendOnly
from annotations.models.cohort import Cohort
from annotations.models.person import Person
from annotations.models.study import Study
from annotations.states import IntakeResult


class IntakeRecord(AppendOnly):
    """One file's end. ``content_hash`` is keyed: without the site's key it says nothing about the file."""

    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    cohort = models.ForeignKey(Cohort, null=True, on_delete=models.PROTECT, related_name="+")
    content_hash = models.CharField(max_length=64, db_index=True)
    result = models.CharField(max_length=longest(IntakeResult), choices=choices(IntakeResult))
    reason_code = models.CharField(max_length=64, blank=True, default="")
    study = models.ForeignKey(Study, null=True, on_delete=models.PROTECT, related_name="intake_records")

    class Meta:
        constraints = [
            one_of("result", IntakeResult, name="intake_result_known"),
            implies(
                models.Q(result=IntakeResult.REJECTED.value),
                models.Q(study__isnull=True) & ~models.Q(reason_code=""),
                name="intake_rejected_with_a_reason",
            ),
            implies(
                models.Q(result__in=[IntakeResult.RECEIVED.value, IntakeResult.DUPLICATE.value]),
                models.Q(study__isnull=False),
                name="intake_taken_has_a_study",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.result} {self.reason_code}".strip()
