"""Accounts, cohorts, protocol: administration."""

from django.db.models import QuerySet

from annotations.models import Person
from annotations.states import RoleName


def people_visible_to(person: Person) -> QuerySet[Person]:
    if not person.has_role(RoleName.ADMINISTRATOR):
        return Person.objects.none()
    return Person.objects.prefetch_related("roles").order_by("username")


def can_manage_people(person: Person) -> bool:
    return person.has_role(RoleName.ADMINISTRATOR)


def can_manage_protocol(person: Person) -> bool:
    return person.has_role(RoleName.ADMINISTRATOR)


def can_make_cohorts(person: Person) -> bool:
    return person.has_role(RoleName.RESEARCHER, RoleName.ADMINISTRATOR)


def can_see_funnel(person: Person) -> bool:
    return person.has_role(RoleName.REVIEWER, RoleName.RESEARCHER, RoleName.ADMINISTRATOR)
