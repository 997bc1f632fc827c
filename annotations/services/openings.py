"""Writing down who opened which film."""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from annotations.models import Opening, Person
from annotations.states import OpeningKind

SAME_OPENING = timedelta(minutes=5)
"""A page asks several times for what it shows; within so long, one person with one film is one line."""


def record_opening(*, person: Person, radiograph: UUID, kind: OpeningKind, place: str) -> None:
    """Add a line, unless the last one of this person, film and kind is a moment old."""
    lately = timezone.now() - SAME_OPENING
    known = Opening.objects.filter(person=person, radiograph=radiograph, kind=kind, at__gt=lately)
    if not known.exists():
        Opening.objects.create(person=person, radiograph_id=radiograph, kind=kind, place=place)
