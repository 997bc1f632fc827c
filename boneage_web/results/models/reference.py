"""Tables of standard deviations that a site brought along, and which table its reports name first."""

import uuid

from django.db import models
from django.db.models import CheckConstraint, Q

from annotations.base.constraints import implies
from annotations.models import Person
from annotations.models.append_only import AppendOnly


class SdReference(models.Model):
    """A site's own table with where it comes from. Its numbers never change; it is retired, and stays for old reports.

    `rows` are `[sex, age in months, SD in months]`; `hash` names them, so that the same table is loaded once.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.CharField(max_length=40, unique=True)
    name_en = models.CharField(max_length=120)
    name_zh = models.CharField(max_length=120)
    source = models.CharField(max_length=500)
    population = models.CharField(max_length=500)
    rows = models.JSONField()
    hash = models.CharField(max_length=64, unique=True)
    loaded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    loaded_at = models.DateTimeField(auto_now_add=True)
    retired_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["loaded_at", "id"]
        constraints = [
            CheckConstraint(
                condition=~Q(name_en="") & ~Q(name_zh="") & ~Q(source="") & ~Q(population=""),
                name="reference_says_where_it_comes_from",
            ),
            implies(Q(retired_at__isnull=False), Q(retired_by__isnull=False), name="reference_retired_by_somebody"),
        ]

    def __str__(self) -> str:
        return self.slug


class ReferenceChoice(AppendOnly):
    """Which table the site's reports name first; the newest line counts."""

    table = models.CharField(max_length=40)
    chosen_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return self.table
