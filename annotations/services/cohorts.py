"""Cohorts: made, renamed, and who belongs to them."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction

from annotations.base.errors import Conflict, Invalid, NotAllowed
from annotations.models import Cohort, Person, Study
from annotations.permissions.people import can_make_cohorts
from annotations.services.events import record_event
from annotations.services.many import ManyChanged, change_each


@transaction.atomic
def add_cohort(*, person: Person | None, name: str) -> Cohort:
    """A new cohort. ``person`` is None only for commands run on the server itself."""
    _check(person)
    cohort = Cohort(name=_named(name), created_by=person)
    _save(cohort)
    record_event(who=person, verb="add", row=cohort, study=None, new=cohort.name[:64])
    return cohort


@transaction.atomic
def rename_cohort(*, person: Person, cohort: Cohort, name: str) -> Cohort:
    """Another name; what belongs to it stays."""
    _check(person)
    old, cohort.name = cohort.name, _named(name)
    if cohort.name != old:
        _save(cohort)
        record_event(who=person, verb="rename", row=cohort, study=None, old=old[:64], new=cohort.name[:64])
    return cohort


def put_into_cohort(*, person: Person, studies: Sequence[Study], cohort: Cohort | None) -> ManyChanged:
    """Move studies into the cohort, or out of every cohort. Reads already asked for keep their protocol."""
    _check(person)
    return change_each(studies, lambda study: _put(person, study, cohort))


def _put(person: Person, study: Study, cohort: Cohort | None) -> bool:
    if study.cohort_id == (cohort.pk if cohort else None):
        return False
    old, study.cohort = study.cohort, cohort
    study.save(update_fields=["cohort"])
    record_event(
        who=person,
        verb="set_cohort",
        row=study,
        study=study,
        old=old.name[:64] if old else "",
        new=cohort.name[:64] if cohort else "",
    )
    return True


def _check(person: Person | None) -> None:
    if person is not None and not can_make_cohorts(person):
        raise NotAllowed("forbidden", "Only researchers and administrators make cohorts and say who belongs to them.")


def _named(name: str) -> str:
    if not name.strip():
        raise Invalid("name_missing", "Give the cohort a name.")
    return name.strip()


def _save(cohort: Cohort) -> None:
    try:
        with transaction.atomic():
            cohort.save()
    except IntegrityError:
        raise Conflict("name_taken", "There is a cohort with this name already.") from None
