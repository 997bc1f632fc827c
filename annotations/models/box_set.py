"""Boxes of one radiograph by one person or model, and the numbered operations that made them."""

import math
import uuid
from collections.abc import Mapping

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from annotations.base.constraints import choices, implies, longest, one_of
from annotations.models.append_only import AppendOnly
from annotations.models.person import Person
from annotations.models.study import Radiograph
from annotations.states import AbsentReason, BoxOrigin, BoxSetStatus, BoxSource, OperationKind, RegionState
from inference.anatomy.boxes import Box
from inference.anatomy.regions import REGION_IDS

ATTRIBUTES = ("centre_not_visible", "occluded", "difficult")
FARTHEST_PX = 1_000_000.0
"""No edge of a box lies farther from the origin; also what keeps NaN out of PostgreSQL, where NaN is the largest."""


_NO_BOX = Q(x0__isnull=True, y0__isnull=True, x1__isnull=True, y1__isnull=True)
# A comparison with NULL is NULL, and a CHECK lets NULL pass: what must be there is said to be there.
_TRUE_BOX = Q(
    x0__isnull=False,
    y0__isnull=False,
    x1__isnull=False,
    y1__isnull=False,
    x0__gte=-FARTHEST_PX,
    y0__gte=-FARTHEST_PX,
    x1__lte=FARTHEST_PX,
    y1__lte=FARTHEST_PX,
    x0__lt=F("x1"),
    y0__lt=F("y1"),
)


class BoxSet(models.Model):
    """One person's or one model's boxes for one radiograph: a version.

    A person's box set starts as a draft; once submitted it is never edited: sent back or fixed, it gets a child that
    points at it. ``is_second`` is the independent labelling of a film that is labelled twice: it is compared with the
    first and goes to no reviewer. A model's is ``proposed`` for ever. ``operation_count`` numbers the operations of a
    draft; ``effort`` of a submitted one stands in :class:`Effort`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    radiograph = models.ForeignKey(Radiograph, on_delete=models.PROTECT, related_name="box_sets")
    author = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="box_sets")
    source = models.CharField(max_length=longest(BoxSource), choices=choices(BoxSource), default=BoxSource.PERSON)
    model_label = models.CharField(max_length=200, blank=True, default="")
    status = models.CharField(
        max_length=longest(BoxSetStatus), choices=choices(BoxSetStatus), default=BoxSetStatus.DRAFT
    )
    version = models.PositiveIntegerField()
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    is_fix = models.BooleanField(default=False)
    is_second = models.BooleanField(default=False)
    proposal = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    operation_count = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now_add=True)
    submitted_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    return_reason = models.CharField(max_length=2000, blank=True, default="")

    class Meta:
        indexes = [
            Index(fields=["status", "submitted_at"], name="box_set_by_status"),
            Index(fields=["author", "status"], name="box_set_by_author"),
            # Few have a parent; without this SQLite, told by ANALYZE that all parents are alike, reads every row.
            Index(fields=["parent"], condition=Q(parent__isnull=False), name="box_set_by_parent"),
        ]
        constraints = [
            one_of("status", BoxSetStatus, name="box_set_status_known"),
            one_of("source", BoxSource, name="box_set_source_known"),
            CheckConstraint(
                condition=Q(source=BoxSource.MODEL.value, status=BoxSetStatus.PROPOSED.value, author__isnull=True)
                & ~Q(model_label="")
                | Q(source=BoxSource.PERSON.value, author__isnull=False, model_label="")
                & ~Q(status=BoxSetStatus.PROPOSED.value),
                name="box_set_by_a_person_or_a_model",
            ),
            implies(
                Q(status=BoxSetStatus.RETURNED.value),
                ~Q(return_reason="") & Q(decided_by__isnull=False),
                name="box_set_returned_with_a_reason",
            ),
            implies(
                Q(status=BoxSetStatus.ACCEPTED.value), Q(decided_by__isnull=False), name="box_set_accepted_by_somebody"
            ),
            implies(Q(is_fix=True), Q(parent__isnull=False), name="box_set_fix_has_a_parent"),
            CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("author")) | Q(is_fix=True),
                name="box_set_never_judged_by_its_author",
            ),
            UniqueConstraint(
                fields=["radiograph", "version"],
                condition=Q(source=BoxSource.PERSON.value),
                name="box_set_version_once",
            ),
            UniqueConstraint(
                fields=["radiograph", "author"],
                condition=Q(status=BoxSetStatus.DRAFT.value),
                name="box_set_one_draft_per_person",
            ),
            UniqueConstraint(
                fields=["radiograph"],
                condition=Q(status=BoxSetStatus.ACCEPTED.value),
                name="box_set_one_accepted_per_radiograph",
            ),
            UniqueConstraint(
                fields=["radiograph", "model_label"],
                condition=Q(source=BoxSource.MODEL.value),
                name="box_set_one_proposal_per_model",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.id} v{self.version} {self.status}"


class RegionBox(models.Model):
    """One of the 17 regions of a box set: boxed, absent with a reason, or missing; never a zero box.

    Coordinates are float pixels of the film, origin at the outer corner of the top-left pixel, y down (see
    ``inference/anatomy/boxes.py``). ``revision`` grows by one with every operation that was applied.
    """

    box_set = models.ForeignKey(BoxSet, on_delete=models.CASCADE, related_name="regions")
    region = models.CharField(max_length=16, choices=choices(REGION_IDS))
    state = models.CharField(max_length=longest(RegionState), choices=choices(RegionState), default=RegionState.MISSING)
    x0 = models.FloatField(null=True)
    y0 = models.FloatField(null=True)
    x1 = models.FloatField(null=True)
    y1 = models.FloatField(null=True)
    score = models.FloatField(null=True)
    absent_reason = models.CharField(max_length=longest(AbsentReason), choices=choices(AbsentReason), null=True)  # noqa: DJ001
    centre_not_visible = models.BooleanField(default=False)
    occluded = models.BooleanField(default=False)
    difficult = models.BooleanField(default=False)
    origin = models.CharField(max_length=longest(BoxOrigin), choices=choices(BoxOrigin), null=True)  # noqa: DJ001
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            one_of("region", REGION_IDS, name="region_box_region_known"),
            one_of("state", RegionState, name="region_box_state_known"),
            one_of("absent_reason", AbsentReason, name="region_box_reason_known", nullable=True),
            one_of("origin", BoxOrigin, name="region_box_origin_known", nullable=True),
            # At most 17 follows from these two: each region once, and the region in the list.
            UniqueConstraint(fields=["box_set", "region"], name="region_box_once_per_set"),
            CheckConstraint(
                condition=Q(state=RegionState.BOXED.value, absent_reason__isnull=True, origin__isnull=False) & _TRUE_BOX
                | Q(state=RegionState.ABSENT.value, absent_reason__isnull=False) & _NO_BOX
                | Q(state=RegionState.MISSING.value, absent_reason__isnull=True) & _NO_BOX,
                name="region_box_boxed_absent_or_missing",
            ),
            CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__gte=0, score__lte=1), name="region_box_score_0_to_1"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.region} {self.state}"

    @property
    def box(self) -> Box | None:
        """The rectangle, or None unless the region is boxed."""
        if self.x0 is None or self.y0 is None or self.x1 is None or self.y1 is None:
            return None
        return Box(self.x0, self.y0, self.x1, self.y1)

    def take(
        self,
        kind: OperationKind,
        *,
        box: Box | None,
        attributes: Mapping[str, bool] | None,
        absent_reason: str | None,
        origin: str | None,
    ) -> None:
        """Change the region, in memory, as this gesture does; its revision grows by one."""
        self.revision += 1
        self.x0, self.y0, self.x1, self.y1 = box or (None, None, None, None)
        self.absent_reason = absent_reason
        if kind == OperationKind.SET:
            self.state, self.origin = RegionState.BOXED, origin or BoxOrigin.DRAWN
            for name, value in (attributes or {}).items():
                setattr(self, name, value)
            return
        self.state = RegionState.ABSENT if kind == OperationKind.ABSENT else RegionState.MISSING
        self.origin = None
        for name in ATTRIBUTES:
            setattr(self, name, False)


class BoxOperation(AppendOnly):
    """One finished gesture on one region: the audit trail, the autosave and the effort log in one.

    ``id`` is chosen by the browser, so that sending twice is applying once; ``seq`` is the browser's count, ``number``
    the server's. An operation is kept only when it was applied: it was based on revision ``base_revision`` and made
    ``revision``.
    """

    id = models.UUIDField(primary_key=True)
    box_set = models.ForeignKey(BoxSet, on_delete=models.PROTECT, related_name="operations")
    number = models.PositiveIntegerField()
    seq = models.PositiveIntegerField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=longest(OperationKind), choices=choices(OperationKind))
    region = models.CharField(max_length=16, choices=choices(REGION_IDS))
    base_revision = models.PositiveIntegerField()
    revision = models.PositiveIntegerField()
    x0 = models.FloatField(null=True)
    y0 = models.FloatField(null=True)
    x1 = models.FloatField(null=True)
    y1 = models.FloatField(null=True)
    attributes = models.JSONField(default=dict)
    absent_reason = models.CharField(max_length=longest(AbsentReason), choices=choices(AbsentReason), null=True)  # noqa: DJ001
    origin = models.CharField(max_length=longest(BoxOrigin), choices=choices(BoxOrigin), null=True)  # noqa: DJ001
    made_at = models.DateTimeField()
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["box_set", "number"]
        constraints = [
            one_of("kind", OperationKind, name="operation_kind_known"),
            one_of("region", REGION_IDS, name="operation_region_known"),
            UniqueConstraint(fields=["box_set", "number"], name="operation_numbered_once"),
            UniqueConstraint(fields=["box_set", "region", "revision"], name="operation_one_per_revision"),
            CheckConstraint(condition=Q(revision=F("base_revision") + 1), name="operation_raises_by_one"),
            CheckConstraint(
                condition=Q(kind=OperationKind.SET.value, absent_reason__isnull=True) & _TRUE_BOX
                | Q(kind=OperationKind.ABSENT.value, absent_reason__isnull=False) & _NO_BOX
                | Q(kind=OperationKind.CLEAR.value, absent_reason__isnull=True) & _NO_BOX,
                name="operation_carries_its_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.kind} {self.region}"

    @property
    def box(self) -> Box | None:
        """The rectangle of a ``set``; None of the others."""
        if self.x0 is None or self.y0 is None or self.x1 is None or self.y1 is None:
            return None
        return Box(self.x0, self.y0, self.x1, self.y1)


class Effort(AppendOnly):
    """What a submitted box set cost: actions, seconds, and how far the proposal was from what was kept."""

    box_set = models.OneToOneField(BoxSet, on_delete=models.PROTECT, related_name="effort")
    actions = models.PositiveIntegerField()
    seconds = models.FloatField()
    iou_with_proposal = models.JSONField(default=dict)
    mean_iou_with_proposal = models.FloatField(null=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [CheckConstraint(condition=Q(seconds__gte=0), name="effort_seconds_not_negative")]

    def __str__(self) -> str:
        return f"{self.actions} actions, {self.seconds:.0f} s"


class ReviewComment(AppendOnly):
    """A reviewer's word on a box set, pinned to a region or to the whole; it is carried on until it is resolved."""

    box_set = models.ForeignKey(BoxSet, on_delete=models.PROTECT, related_name="comments")
    region = models.CharField(max_length=16, choices=choices(REGION_IDS), null=True)  # noqa: DJ001
    text = models.CharField(max_length=2000)
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            one_of("region", REGION_IDS, name="comment_region_known", nullable=True),
            CheckConstraint(condition=~Q(text=""), name="comment_says_something"),
        ]

    def __str__(self) -> str:
        return self.text


class CommentMark(AppendOnly):
    """Somebody calls a comment resolved, or open again, looking at a later version; the newest mark holds."""

    comment = models.ForeignKey(ReviewComment, on_delete=models.PROTECT, related_name="marks")
    box_set = models.ForeignKey(BoxSet, on_delete=models.PROTECT, related_name="+")
    resolved = models.BooleanField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return "resolved" if self.resolved else "open again"


def finite(box: Box) -> bool:
    """Whether the box is a true rectangle within the bounds that the database checks."""
    return box.is_valid() and all(math.isfinite(edge) and abs(edge) <= FARTHEST_PX for edge in box)
