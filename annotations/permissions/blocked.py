"""Blocked films may show a name: who looks at them is who decides about them."""

from django.db.models import QuerySet

from annotations.models import BlockedFilm, Person
from annotations.states import BlockedState, RoleName

_DECIDERS = (RoleName.REVIEWER, RoleName.ADMINISTRATOR)


def can_decide(person: Person) -> bool:
    return person.has_role(*_DECIDERS)


def blocked_visible_to(person: Person) -> QuerySet[BlockedFilm]:
    """Films that wait for a decision, and those decided about (without pixels)."""
    return BlockedFilm.objects.all() if can_decide(person) else BlockedFilm.objects.none()


def blocked_waiting_for(person: Person) -> QuerySet[BlockedFilm]:
    return blocked_visible_to(person).filter(state=BlockedState.WAITING)
