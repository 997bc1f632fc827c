"""The seventeen rows of a box set."""

from uuid import UUID

from django.db.models import QuerySet

from annotations.base.prepared import prepared
from annotations.models import RegionBox


@prepared
def regions_of(box_set: UUID) -> QuerySet[RegionBox]:
    """As they stand now, in no order."""
    return RegionBox.objects.filter(box_set=box_set)
