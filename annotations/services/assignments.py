"""Giving work to a person, taking it back, and saying how urgent it is."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from annotations.base.errors import Conflict, NotAllowed
from annotations.base.prepared import prepared_update
from annotations.models import Assignment, Person, Radiograph, Study
from annotations.permissions.assignments import ROLE_FOR, can_assign
from annotations.permissions.blinding import study_is_blinded_for
from annotations.services.events import record_event
from annotations.services.many import ManyChanged, change_each
from annotations.states import PRIORITY_RANK, Labelling, Priority, StudyState, WorkKind


def assign(*, by: Person, kind: WorkKind, person: Person, studies: Sequence[Study]) -> ManyChanged:
    """Give this work on each study's radiograph for reading to the person; labelling and reviewing move to them from
    whoever had it.

    Raises NotAllowed for somebody who may not assign, Conflict (``wrong_role``) for somebody who cannot do the work.
    """
    _check(by)
    if not person.is_active or not person.has_role(ROLE_FOR[kind]):
        raise Conflict("wrong_role", f"{person.display_name} cannot be given this: it needs a {ROLE_FOR[kind]}.")
    return change_each(studies, lambda study: _assign_one(by, kind, person, study))


def _assign_one(by: Person, kind: WorkKind, person: Person, study: Study) -> bool:
    films = Radiograph.objects.select_for_update(of=("self",)).select_related("study")
    radiograph = films.filter(study=study, for_reading=True).first()
    if radiograph is None or radiograph.study.state != StudyState.READY:
        raise Conflict("not_ready", "Only studies that are ready are given to somebody.")
    _check_not_blind(by, kind, study)
    if kind == WorkKind.LABEL and radiograph.study.labelling in (Labelling.SUBMITTED, Labelling.ACCEPTED):
        raise Conflict("already_labelled", "Its boxes were handed in already.")
    living = Assignment.objects.filter(radiograph=radiograph, kind=kind, released_at__isnull=True)
    if living.filter(person=person).exists():
        return False
    if kind != WorkKind.READ:
        for before in living.select_related("person"):
            _release_one(by, study, before)
    assignment = Assignment.objects.create(radiograph=radiograph, kind=kind, person=person, assigned_by=by)
    _tell(by, "assign", study, assignment, new=person.username)
    return True


def release(*, by: Person, kind: WorkKind, studies: Sequence[Study], person: Person | None = None) -> ManyChanged:
    """Take the work back from the person (from everybody, without one): it is in the pool again."""
    _check(by)
    return change_each(studies, lambda study: _release_all(by, kind, person, study))


def _check_not_blind(by: Person, kind: WorkKind, study: Study) -> None:
    """Whether a reading was given, and to whom, is hidden from who may still read the film: so is what changed."""
    if kind == WorkKind.READ and study_is_blinded_for(by, study):
        raise NotAllowed("blinded", "You may still be asked to read this film: somebody else gives out its readings.")


def _release_all(by: Person, kind: WorkKind, person: Person | None, study: Study) -> bool:
    _check_not_blind(by, kind, study)
    living = Assignment.objects.filter(radiograph__study=study, kind=kind, released_at__isnull=True)
    if person is not None:
        living = living.filter(person=person)
    found = list(living.select_related("person"))
    for assignment in found:
        _release_one(by, study, assignment)
    return bool(found)


def _release_one(by: Person, study: Study, assignment: Assignment) -> None:
    changed = Assignment.objects.filter(pk=assignment.pk, released_at__isnull=True).update(released_at=timezone.now())
    if changed:
        _tell(by, "release", study, assignment, old=assignment.person.username)


def _tell(by: Person, verb: str, study: Study, assignment: Assignment, *, old: str = "", new: str = "") -> None:
    """Giving a reading is an event of the assignment, which is hidden from whoever may still read the film."""
    row = assignment if assignment.kind == WorkKind.READ else study
    record_event(who=by, verb=f"{verb}_{assignment.kind}", row=row, study=study, old=old, new=new)


def done(*, radiograph: Radiograph, kind: WorkKind) -> None:
    """The work that was given is done: nobody has it any more. The event of the work itself tells it."""
    _release_living(radiograph.pk, kind, timezone.now())


@prepared_update
def _release_living(
    radiograph: UUID, kind: WorkKind, now: datetime
) -> tuple[QuerySet[Assignment], dict[str, datetime]]:
    living = Assignment.objects.filter(radiograph=radiograph, kind=kind, released_at__isnull=True)
    return living, {"released_at": now}


def set_priority(*, by: Person, studies: Sequence[Study], priority: Priority) -> ManyChanged:
    """How soon the work on these studies is to be done."""
    _check(by)
    return change_each(studies, lambda study: _set_priority(by, study, priority))


def _set_priority(by: Person, study: Study, priority: Priority) -> bool:
    rank = PRIORITY_RANK[priority]
    if Study.objects.filter(pk=study.pk).exclude(priority=rank).update(priority=rank) != 1:
        return False
    record_event(who=by, verb="set_priority", row=study, study=study, old=study.priority_name, new=priority)
    return True


def _check(by: Person) -> None:
    if not can_assign(by):
        raise NotAllowed("forbidden", "Only reviewers, researchers and administrators give work to others.")
