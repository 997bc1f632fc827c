"""Cohorts."""

from django.db import IntegrityError, transaction

from annotations.base.errors import Conflict, Invalid, NotAllowed
from annotations.models import Cohort, Person
from annotations.permissions.people import can_make_cohorts
from annotations.services.events import record_event


@transaction.atomic
def add_cohort(*, person: Person | None, name: str) -> Cohort:
    """A new cohort. ``person`` is None only for commands run on the server itself."""
    if person is not None and not can_make_cohorts(person):
        raise NotAllowed("forbidden", "Only researchers and administrators make cohorts.")
    if not name.strip():
        raise Invalid("name_missing", "Give the cohort a name.")
    try:
        with transaction.atomic():
            cohort = Cohort.objects.create(name=name.strip(), created_by=person)
    except IntegrityError:
        raise Conflict("name_taken", "There is a cohort with this name already.") from None
    record_event(who=person, verb="add", row=cohort, study=None)
    return cohort
