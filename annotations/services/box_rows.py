"""What saving and handing in boxes asks of the database each time."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from annotations.base.prepared import prepared, prepared_update
from annotations.models import BoxOperation, BoxSet


@prepared
def held_count(box_set: UUID) -> QuerySet[BoxSet, tuple[str, int]]:
    """Status and number of operations; nobody else changes the box set before the transaction ends."""
    return BoxSet.objects.select_for_update().filter(pk=box_set).values_list("status", "operation_count")


@prepared_update
def count_up(box_set: UUID, count: int, now: datetime) -> tuple[QuerySet[BoxSet], dict[str, Any]]:
    """So many operations made it."""
    return BoxSet.objects.filter(pk=box_set), {"operation_count": count, "changed_at": now}


@prepared
def operations_among(ids: tuple[UUID, ...]) -> QuerySet[BoxOperation]:
    """Those that are known already."""
    return BoxOperation.objects.filter(pk__in=ids)


@prepared
def held_with_study(box_set: UUID) -> QuerySet[BoxSet]:
    """The box set with its film and study; held as above."""
    return BoxSet.objects.select_for_update(of=("self",)).select_related("radiograph__study").filter(pk=box_set)
