"""Writing down who opened which film."""

from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from annotations.base.prepared import prepared
from annotations.models import Opening, Person
from annotations.states import OpeningKind

SAME_OPENING = timedelta(minutes=5)
"""A page asks several times for what it shows; within so long, one person with one film is one line."""


def written_at_once() -> AbstractContextManager[None]:
    """Around all that is written down about one showing, which then waits for the disk once."""
    return transaction.atomic()


def record_opening(*, person: Person, radiograph: UUID, kind: OpeningKind, place: str) -> None:
    """Add a line, unless the last one of this person, film and kind is a moment old."""
    lately = timezone.now() - SAME_OPENING
    if not _known_since(person.pk, radiograph, kind, lately):
        Opening.objects.create(person=person, radiograph_id=radiograph, kind=kind, place=place)


@prepared
def _known_since(person: UUID, radiograph: UUID, kind: OpeningKind, since: datetime) -> QuerySet[Opening, int]:
    known = Opening.objects.filter(person=person, radiograph=radiograph, kind=kind, at__gt=since)
    return known.order_by().values_list("pk", flat=True)[:1]
