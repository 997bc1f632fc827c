"""A soft hold on a radiograph: keeps two people from the same work, blocks nobody from looking, and runs out."""

from django.db import models
from django.db.models import UniqueConstraint

from annotations.base.constraints import choices, longest, one_of
from annotations.models.person import Person
from annotations.models.study import Radiograph
from annotations.states import LeasePurpose


class Lease(models.Model):
    radiograph = models.ForeignKey(Radiograph, on_delete=models.CASCADE, related_name="leases")
    purpose = models.CharField(max_length=longest(LeasePurpose), choices=choices(LeasePurpose))
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="leases")
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            one_of("purpose", LeasePurpose, name="lease_purpose_known"),
            UniqueConstraint(fields=["radiograph", "purpose"], name="lease_one_holder"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.radiograph_id}"
