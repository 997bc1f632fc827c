"""Work given to a person: who may give it, who sees that it was given, and what it keeps from others.

Whether somebody has read a film, or may no longer read it blind, must not follow from an assignment. So a reading
can be given to any reader at any time; one who cannot take it is never handed it, and nobody is told.
"""

from django.db.models import Exists, OuterRef, Q, QuerySet

from annotations.models import Assignment, BoxSet, Exposure, Person, Read
from annotations.permissions.blinding import not_blinded
from annotations.states import BoxSetStatus, ReadStatus, RoleName, WorkKind

_ASSIGNERS = (RoleName.REVIEWER, RoleName.RESEARCHER, RoleName.ADMINISTRATOR)
ROLE_FOR: dict[WorkKind, RoleName] = {
    WorkKind.LABEL: RoleName.LABELLER,
    WorkKind.REVIEW: RoleName.REVIEWER,
    WorkKind.READ: RoleName.READER,
}
"""Who can do each kind of work."""


def can_assign(person: Person) -> bool:
    """Give work to others, and say how urgent it is."""
    return person.has_role(*_ASSIGNERS)


def assignments_visible_to(person: Person) -> QuerySet[Assignment]:
    """Living assignments. Who labels and who reviews is no secret; who reads is one for whoever may still read."""
    living = Assignment.objects.filter(released_at__isnull=True)
    if not person.role_names:
        return living.none()
    if not can_assign(person):
        return living.exclude(kind=WorkKind.READ)
    if not person.has_role(RoleName.READER):
        return living
    return living.filter(~Q(kind=WorkKind.READ) | Q(not_blinded(person, "radiograph__study")))


def pending(kind: WorkKind) -> QuerySet[Assignment]:
    """Living assignments that their person can still act on: the others hold up nobody."""
    living = Assignment.objects.filter(
        kind=kind,
        released_at__isnull=True,
        person__is_active=True,
        person__roles__name=ROLE_FOR[kind],
    )
    if kind == WorkKind.READ:
        answered = Read.objects.filter(radiograph=OuterRef("radiograph"), reader=OuterRef("person"))
        shown = Exposure.objects.filter(radiograph=OuterRef("radiograph"), person=OuterRef("person"))
        living = living.filter(~Exists(answered.exclude(status=ReadStatus.WITHDRAWN)), ~Exists(shown))
    if kind == WorkKind.REVIEW:
        own = BoxSet.objects.filter(
            radiograph=OuterRef("radiograph"), author=OuterRef("person"), status=BoxSetStatus.SUBMITTED
        )
        living = living.filter(~Exists(own))
    return living


def given_to(person: Person, kind: WorkKind, radiograph: str = "pk") -> Q:
    """A condition: the radiograph under this column was given to the person. Few are, so they are listed first."""
    return Q(**{f"{radiograph}__in": pending(kind).filter(person=person).values("radiograph")})


def given_to_others(person: Person, kind: WorkKind, radiograph: str = "pk") -> Exists:
    """A condition: it was given to somebody else, who can still take it, and not to this person."""
    others = pending(kind).filter(radiograph=OuterRef(radiograph)).exclude(person=person)
    return Exists(others)
