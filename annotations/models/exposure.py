"""Who was shown what of a radiograph that a blind reader may not know."""

from django.db import models
from django.db.models import UniqueConstraint

from annotations.base.constraints import choices, longest, one_of
from annotations.models.append_only import AppendOnly
from annotations.models.person import Person
from annotations.models.study import Radiograph
from annotations.states import ExposureKind


class Exposure(AppendOnly):
    """The first time that this person was shown this kind of thing about this radiograph, and on which page."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="exposures")
    radiograph = models.ForeignKey(Radiograph, on_delete=models.PROTECT, related_name="exposures")
    kind = models.CharField(max_length=longest(ExposureKind), choices=choices(ExposureKind))
    place = models.CharField(max_length=64)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            one_of("kind", ExposureKind, name="exposure_kind_known"),
            UniqueConstraint(fields=["person", "radiograph", "kind"], name="exposure_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} saw {self.kind}"
