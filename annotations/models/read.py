"""A reader's bone age of a radiograph: assigned, given once, amended only by a new version."""

import secrets
import uuid

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from annotations.agreement import LARGEST_BONE_AGE_MONTHS
from annotations.base.constraints import choices, implies, longest, one_of
from annotations.models.cohort import Protocol
from annotations.models.person import Person
from annotations.models.reread import RereadCase
from annotations.models.study import Radiograph
from annotations.states import ReadingMethod, ReadRound, ReadStatus


def new_token() -> str:
    """An address of a reading that says nothing about study, patient or order."""
    return secrets.token_urlsafe(24)


_GIVEN = Q(is_current=True) & ~Q(status=ReadStatus.WITHDRAWN.value)


class Read(models.Model):
    """One version of one person's reading.

    The versions of a reading share its token; ``is_current`` marks the newest. ``after_age_seen`` says whether the
    reader had been shown the chronological age, or a value of the film, when this version was given.

    ``will_repeat`` was drawn when the reading was first handed out, and never leaves the server for its reader.
    ``closed_from`` .. ``withheld_until``: so long a reader sees nothing of a film they read under a protocol with
    hidden repeats, not even their own value; both follow from the time of the lock alone. A repeat names the read that
    it ``repeats``, a re-reading its ``reread_case``.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    token = models.CharField(max_length=64, default=new_token)
    radiograph = models.ForeignKey(Radiograph, on_delete=models.PROTECT, related_name="reads")
    reader = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="reads")
    protocol = models.ForeignKey(Protocol, on_delete=models.PROTECT, related_name="reads")
    method = models.CharField(max_length=longest(ReadingMethod), choices=choices(ReadingMethod))
    edition = models.CharField(max_length=120)
    round = models.CharField(max_length=longest(ReadRound), choices=choices(ReadRound), default=ReadRound.INDEPENDENT)
    status = models.CharField(max_length=longest(ReadStatus), choices=choices(ReadStatus), default=ReadStatus.ASSIGNED)
    version = models.PositiveIntegerField(default=1)
    amends = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="amended_by")
    is_current = models.BooleanField(default=True)
    bone_age_months = models.FloatField(null=True)
    plate_months = models.PositiveIntegerField(null=True)
    reason = models.CharField(max_length=2000, blank=True, default="")
    after_age_seen = models.BooleanField(default=False)
    will_repeat = models.BooleanField(default=False)
    closed_from = models.DateTimeField(null=True)
    withheld_until = models.DateTimeField(null=True)
    repeats = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="repeated_by")
    reread_case = models.ForeignKey(RereadCase, null=True, on_delete=models.PROTECT, related_name="reads")
    assigned_at = models.DateTimeField(auto_now_add=True)
    submitted_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            Index(fields=["reader", "status"], name="read_by_reader"),
            Index(fields=["status", "assigned_at"], name="read_by_status"),
        ]
        constraints = [
            one_of("status", ReadStatus, name="read_status_known"),
            one_of("round", ReadRound, name="read_round_known"),
            one_of("method", ReadingMethod, name="read_method_known"),
            CheckConstraint(
                condition=Q(status=ReadStatus.SUBMITTED.value, submitted_at__isnull=False)
                & Q(bone_age_months__isnull=False)
                & Q(bone_age_months__gte=0, bone_age_months__lte=LARGEST_BONE_AGE_MONTHS)
                | ~Q(status=ReadStatus.SUBMITTED.value) & Q(bone_age_months__isnull=True, plate_months__isnull=True),
                name="read_submitted_with_an_age",
            ),
            implies(Q(status=ReadStatus.UNREADABLE.value), ~Q(reason=""), name="read_unreadable_with_a_reason"),
            implies(Q(amends__isnull=False), ~Q(reason="") & Q(version__gt=1), name="read_amended_with_a_reason"),
            CheckConstraint(condition=Q(version__gte=1) & ~Q(amends=F("id")), name="read_version_from_1"),
            UniqueConstraint(fields=["token", "version"], name="read_version_once"),
            UniqueConstraint(fields=["token"], condition=Q(is_current=True), name="read_one_current_version"),
            CheckConstraint(
                condition=Q(round=ReadRound.REPEAT.value, repeats__isnull=False)
                | ~Q(round=ReadRound.REPEAT.value) & Q(repeats__isnull=True),
                name="read_repeat_names_what_it_repeats",
            ),
            CheckConstraint(
                condition=Q(round=ReadRound.REREAD.value, reread_case__isnull=False)
                | ~Q(round=ReadRound.REREAD.value) & Q(reread_case__isnull=True),
                name="read_reread_names_its_case",
            ),
            implies(Q(will_repeat=True), Q(round=ReadRound.INDEPENDENT.value), name="read_repeats_are_not_repeated"),
            UniqueConstraint(
                fields=["radiograph", "reader"],
                condition=_GIVEN & Q(round=ReadRound.INDEPENDENT.value),
                name="read_once_per_reader",
            ),
            UniqueConstraint(
                fields=["radiograph", "reader"],
                condition=_GIVEN & Q(round=ReadRound.REPEAT.value),
                name="read_repeated_once_per_reader",
            ),
            UniqueConstraint(
                fields=["reread_case", "reader"],
                condition=_GIVEN & Q(round=ReadRound.REREAD.value),
                name="read_reread_once_per_reader",
            ),
            UniqueConstraint(
                fields=["radiograph", "reader"],
                condition=Q(is_current=True, round=ReadRound.CORRECTION.value),
                name="read_corrected_once_per_reader",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.id} v{self.version} {self.status}"
