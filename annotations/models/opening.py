"""Who opened which film, when. Asked for by data protection, not by any rule of this program."""

from django.db import models
from django.db.models import Index

from annotations.base.constraints import choices, longest, one_of
from annotations.models.append_only import AppendOnly
from annotations.models.person import Person
from annotations.models.study import Radiograph
from annotations.states import OpeningKind


class Opening(AppendOnly):
    """Somebody was sent a film's pixels, its result or a report of it. ``place`` names the address it came from."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="openings")
    radiograph = models.ForeignKey(Radiograph, on_delete=models.PROTECT, related_name="openings")
    kind = models.CharField(max_length=longest(OpeningKind), choices=choices(OpeningKind))
    place = models.CharField(max_length=64)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            Index(fields=["at", "id"], name="opening_by_time"),
            Index(fields=["person", "radiograph", "kind", "at"], name="opening_by_person"),
            Index(fields=["radiograph", "at"], name="opening_by_film"),
        ]
        constraints = [one_of("kind", OpeningKind, name="opening_kind_known")]

    def __str__(self) -> str:
        return f"{self.person_id} opened {self.kind}"
