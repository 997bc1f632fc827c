"""The value that reads of one radiograph come to, and who stands for it."""

import secrets
import uuid

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint

from annotations.agreement import LARGEST_BONE_AGE_MONTHS, UNREADABLE_ENDS
from annotations.base.constraints import choices, implies, longest, one_of
from annotations.models.cohort import Protocol
from annotations.models.person import Person
from annotations.models.reread import RereadCase
from annotations.models.study import Radiograph
from annotations.states import INCOMPLETE, ConsensusOrigin, ConsensusStatus


def new_order_seed() -> int:
    return secrets.randbelow(2**31)


_WITH_A_VALUE = [ConsensusStatus.AGREED.value, ConsensusStatus.SETTLED.value, ConsensusStatus.APPROVED.value]
_WITHOUT_A_VALUE = [*(status.value for status in INCOMPLETE), ConsensusStatus.ADJUDICATING.value]


class Consensus(models.Model):
    """One attempt at a radiograph's bone age. Only an approved one is truth; ``no_bone_age`` says that there is none.

    ``reads_claimed`` counts the assigned and submitted reads: raising it under a condition is what keeps a third
    reader from a film that needs two. ``unreadable_ends``: so many readers who say that the film cannot be read end the
    asking; after a reviewer sent it back, one more than said so before. ``order_seed`` decides which read is shown as
    A. One that rests on a re-reading round names its case: its reads are those of the case, and its origin says so.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    radiograph = models.ForeignKey(Radiograph, on_delete=models.PROTECT, related_name="consensuses")
    protocol = models.ForeignKey(Protocol, on_delete=models.PROTECT, related_name="+")
    reread_case = models.ForeignKey(RereadCase, null=True, on_delete=models.PROTECT, related_name="consensuses")
    previous = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="next")
    status = models.CharField(
        max_length=longest(ConsensusStatus), choices=choices(ConsensusStatus), default=ConsensusStatus.OPEN
    )
    readers_required = models.PositiveSmallIntegerField()
    tolerance_months = models.FloatField()
    reads_claimed = models.PositiveSmallIntegerField(default=0)
    unreadable_ends = models.PositiveSmallIntegerField(default=UNREADABLE_ENDS)
    order_seed = models.PositiveIntegerField(default=new_order_seed)
    difference_months = models.FloatField(null=True)
    bone_age_months = models.FloatField(null=True)
    origin = models.CharField(max_length=longest(ConsensusOrigin), choices=choices(ConsensusOrigin), null=True)  # noqa: DJ001
    reason = models.CharField(max_length=2000, blank=True, default="")
    settled_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    reopen_reason = models.CharField(max_length=2000, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [Index(fields=["status", "difference_months"], name="consensus_by_status")]
        constraints = [
            one_of("status", ConsensusStatus, name="consensus_status_known"),
            one_of("origin", ConsensusOrigin, name="consensus_origin_known", nullable=True),
            implies(
                Q(status__in=_WITH_A_VALUE),
                Q(
                    bone_age_months__isnull=False,
                    bone_age_months__gte=0,
                    bone_age_months__lte=LARGEST_BONE_AGE_MONTHS,
                    origin__isnull=False,
                ),
                name="consensus_value_has_an_origin",
            ),
            implies(
                Q(status__in=_WITHOUT_A_VALUE),
                Q(bone_age_months__isnull=True, origin__isnull=True),
                name="consensus_unsettled_has_no_value",
            ),
            implies(
                Q(status=ConsensusStatus.SETTLED.value),
                Q(settled_by__isnull=False) & ~Q(reason=""),
                name="consensus_settled_with_a_reason",
            ),
            implies(
                Q(status=ConsensusStatus.APPROVED.value),
                Q(approved_by__isnull=False, approved_at__isnull=False),
                name="consensus_approved_by_somebody",
            ),
            implies(
                Q(status=ConsensusStatus.NO_BONE_AGE.value),
                Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="consensus_no_bone_age_confirmed_by_somebody",
            ),
            implies(
                Q(status=ConsensusStatus.REOPENED.value), ~Q(reopen_reason=""), name="consensus_reopened_with_a_reason"
            ),
            implies(
                Q(origin=ConsensusOrigin.REREAD.value),
                Q(reread_case__isnull=False),
                name="consensus_reread_names_its_case",
            ),
            CheckConstraint(condition=Q(tolerance_months__gte=0), name="consensus_tolerance_not_negative"),
            UniqueConstraint(
                fields=["radiograph"],
                condition=~Q(status=ConsensusStatus.REOPENED.value),
                name="consensus_one_living_per_radiograph",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.status}"
