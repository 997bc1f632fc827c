"""A child's standing height at the time of a film, as a person typed it. Lines are added; none is ever changed."""

import uuid

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from annotations.base.constraints import implies
from annotations.models import Person, Study
from annotations.models.append_only import AppendOnly

SHORTEST_CM, TALLEST_CM = 75.0, 220.0
"""Heights of children whom the table of adult heights may cover; metres, inches and millimetres lie outside."""
MOST_DAYS_FROM_FILM = 92
"""Three months. A schoolchild grows about one and a half to two and a half centimetres in them."""


class HeightMeasurement(AppendOnly):
    """One line of a study's heights. The line with the highest number counts; a correction is the next line.

    A line without a height takes back the one before. The day is kept as days from the film, before it negative: this
    site does not know the film's own day (docs/decisions/0100).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="heights")
    number = models.PositiveIntegerField()
    height_cm = models.FloatField(null=True)
    days_from_film = models.SmallIntegerField(null=True)
    reason = models.CharField(max_length=2000, blank=True, default="")
    stated_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    stated_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            UniqueConstraint(fields=["study", "number"], name="height_number_once"),
            CheckConstraint(
                condition=Q(height_cm__isnull=True, days_from_film__isnull=True)
                | Q(height_cm__isnull=False, days_from_film__isnull=False),
                name="height_with_its_day",
            ),
            implies(
                Q(height_cm__isnull=False),
                Q(height_cm__gte=SHORTEST_CM, height_cm__lte=TALLEST_CM),
                name="height_of_a_child",
            ),
            implies(
                Q(days_from_film__isnull=False),
                Q(days_from_film__gte=-MOST_DAYS_FROM_FILM, days_from_film__lte=MOST_DAYS_FROM_FILM),
                name="height_near_the_film",
            ),
            CheckConstraint(
                condition=Q(number=1, height_cm__isnull=False) | Q(number__gt=1) & ~Q(reason=""),
                name="height_changed_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.study_id} height {self.number}"
