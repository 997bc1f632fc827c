"""Work that was given to a person: it comes first for them, and is handed to nobody else until it is released."""

import uuid

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint

from annotations.base.constraints import choices, longest, one_of
from annotations.models.person import Person
from annotations.models.study import Radiograph
from annotations.states import WorkKind


class Assignment(models.Model):
    """One radiograph, one kind of work, one person. It lives until ``released_at``.

    Labelling and reviewing have one person each; a film may be given to several readers. A reading's row does not
    change when it is read: whoever assigns learns from it neither that somebody read nor that they may not.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    radiograph = models.ForeignKey(Radiograph, on_delete=models.PROTECT, related_name="assignments")
    kind = models.CharField(max_length=longest(WorkKind), choices=choices(WorkKind))
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="assignments")
    assigned_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField(auto_now_add=True)
    released_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            Index(fields=["person", "kind"], condition=Q(released_at__isnull=True), name="assignment_of_a_person"),
            Index(fields=["radiograph", "kind"], condition=Q(released_at__isnull=True), name="assignment_of_a_film"),
        ]
        constraints = [
            one_of("kind", WorkKind, name="assignment_kind_known"),
            UniqueConstraint(
                fields=["radiograph", "kind"],
                condition=Q(released_at__isnull=True) & ~Q(kind=WorkKind.READ.value),
                name="assignment_one_labeller_and_reviewer",
            ),
            UniqueConstraint(
                fields=["radiograph", "kind", "person"],
                condition=Q(released_at__isnull=True),
                name="assignment_once_per_person",
            ),
            CheckConstraint(
                condition=Q(released_at__isnull=True) | Q(released_at__gte=models.F("assigned_at")),
                name="assignment_released_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.radiograph_id}"
