"""Who belongs together, and how they are read."""

import uuid

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from annotations.base.constraints import choices, longest, one_of
from annotations.models.person import Person
from annotations.states import ReadingMethod


class Cohort(models.Model):
    """A named group of studies."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [CheckConstraint(condition=~Q(name=""), name="cohort_has_a_name")]

    def __str__(self) -> str:
        return self.name


class Protocol(models.Model):
    """How radiographs are read: method, edition, how many readers, what they may see, when they agree.

    A protocol is never edited: a change is a new version, and the old one stays with the reads made under it. The
    protocol without a cohort is everybody's; one with a cohort holds for its studies alone.
    ``label_twice_share`` is the share of films that two labellers draw without seeing each other's boxes.

    ``repeat_share`` of a reader's locked reads come back hidden among the others, no sooner than ``repeat_after_days``
    and ``repeat_after_reads`` other reads later, no later than ``repeat_within_days``. For so long *every* film of the
    protocol stays blind for whoever read it, so that what is shown does not tell which ones come back
    (docs/decisions/0060). An age in sight from the start and hidden repeats exclude each other.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    cohort = models.ForeignKey(Cohort, null=True, on_delete=models.PROTECT, related_name="protocols")
    version = models.PositiveIntegerField()
    is_active = models.BooleanField(default=True)
    method = models.CharField(
        max_length=longest(ReadingMethod), choices=choices(ReadingMethod), default=ReadingMethod.GREULICH_PYLE
    )
    edition = models.CharField(max_length=120, default="Greulich & Pyle, 2nd edition (1959)")
    readers_required = models.PositiveSmallIntegerField(default=2)
    tolerance_months = models.FloatField(default=12.0)
    show_chronological_age = models.BooleanField(default=False)
    repeat_share = models.FloatField(default=0.0)
    repeat_after_days = models.PositiveSmallIntegerField(default=14)
    repeat_after_reads = models.PositiveSmallIntegerField(default=20)
    repeat_within_days = models.PositiveSmallIntegerField(default=90)
    label_twice_share = models.FloatField(default=0.0)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            one_of("method", ReadingMethod, name="protocol_method_known"),
            CheckConstraint(
                condition=Q(readers_required__gte=1, readers_required__lte=5), name="protocol_readers_1_to_5"
            ),
            CheckConstraint(
                condition=Q(tolerance_months__gte=0, tolerance_months__lte=60), name="protocol_tolerance_0_to_60"
            ),
            CheckConstraint(condition=Q(repeat_share__gte=0, repeat_share__lte=1), name="protocol_repeats_are_a_share"),
            CheckConstraint(
                condition=Q(repeat_after_days__gte=1, repeat_within_days__lte=730)
                & Q(repeat_within_days__gte=F("repeat_after_days") + 3),
                name="protocol_repeat_window",
            ),
            CheckConstraint(
                condition=Q(repeat_share=0) | Q(show_chronological_age=False), name="protocol_repeats_are_blind"
            ),
            CheckConstraint(
                condition=Q(label_twice_share__gte=0, label_twice_share__lte=1), name="protocol_label_twice_is_a_share"
            ),
            UniqueConstraint(
                fields=["cohort"], condition=Q(is_active=True, cohort__isnull=False), name="protocol_one_per_cohort"
            ),
            UniqueConstraint(
                fields=["is_active"], condition=Q(is_active=True, cohort__isnull=True), name="protocol_one_for_all"
            ),
            UniqueConstraint(fields=["cohort", "version"], name="protocol_version_once_per_cohort"),
        ]

    def __str__(self) -> str:
        return f"{self.method} v{self.version}"
