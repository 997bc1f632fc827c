"""The rule that wins over all roles: who may still read a film blind sees nothing that would open their eyes.

A study is blinded for a person who holds the reader role and

- has no locked answer of their own on it (a submitted read or "cannot be read") while its consensus is not approved, or
- read it under a protocol with hidden repeats, so long as a film of that day may come back (chosen or not), or
- holds a reading of it that is not answered yet, or
- has not answered it in a re-reading round that it is part of.

No exposure and no other role lifts that.

A second rule guards the decision itself: while the re-reads of a film wait for an adjudicator, whoever may hold that
office sees the re-reads alone, and nothing that was said of the film before.
"""

from collections.abc import Callable

from django.db.models import BooleanField, Exists, Expression, ExpressionWrapper, OuterRef, Q, QuerySet, Value
from django.utils import timezone

from annotations.models import Consensus, Person, Read, RereadCase, Study
from annotations.states import ConsensusStatus, ReadStatus, RereadCaseStatus, RoleName

ANSWERED = (ReadStatus.SUBMITTED.value, ReadStatus.UNREADABLE.value)


def _blinded(person: Person, is_among: Callable[[QuerySet], Q]) -> Q:
    """The rule, written once; ``is_among(rows)`` asks whether the study has one of the rows (of its radiographs)."""
    answered = Read.objects.filter(reader=person, status__in=ANSWERED)
    approved = Consensus.objects.filter(radiograph__for_reading=True, status=ConsensusStatus.APPROVED)
    own = Read.objects.filter(reader=person, is_current=True)
    closed = own.filter(Q(withheld_until__gt=timezone.now()) | Q(status=ReadStatus.ASSIGNED.value))
    answered_again = Read.objects.filter(reread_case=OuterRef("pk"), reader=person, status__in=ANSWERED)
    read_again = RereadCase.objects.filter(~Exists(answered_again), status=RereadCaseStatus.OPEN)
    return (~is_among(answered) & ~is_among(approved)) | is_among(closed) | is_among(read_again)


def is_blinded(person: Person, study: str = "pk") -> Expression | Value:
    """An expression for ``annotate``: whether the study under the column ``study`` is blinded for the person."""
    if not person.has_role(RoleName.READER):
        return Value(False, output_field=BooleanField())

    def is_among(rows: QuerySet) -> Q:
        return Q(Exists(rows.filter(radiograph__study=OuterRef(study))))

    return ExpressionWrapper(_blinded(person, is_among), output_field=BooleanField())


def not_blinded(person: Person, study: str) -> Q | Exists:
    """A condition for ``filter``: keep rows whose study (under the column ``study``) is not blinded."""
    if not person.has_role(RoleName.READER):
        return Q()
    return Q(**{f"{study}__in": open_studies(person)})


def open_studies(person: Person) -> QuerySet[Study]:
    """Studies that are not blinded for the person. Asked with sets that are made once, since all studies are asked."""
    if not person.has_role(RoleName.READER):
        return Study.objects.all()

    def is_among(rows: QuerySet) -> Q:
        return Q(pk__in=rows.values("radiograph__study"))

    return Study.objects.filter(~_blinded(person, is_among))


def study_is_blinded_for(person: Person, study: Study) -> bool:
    """The rule for one study."""
    return person.has_role(RoleName.READER) and not open_studies(person).filter(pk=study.pk).exists()


def _decided_again() -> QuerySet[Consensus]:
    return Consensus.objects.filter(reread_case__isnull=False, status=ConsensusStatus.ADJUDICATING)


def earlier_values_are_hidden(person: Person, study: Study) -> bool:
    """Whether re-reads of the study wait for an adjudicator and the person is one: what was read, signed or approved
    before would guide the decision as it would have guided the readers."""
    return person.has_role(RoleName.ADJUDICATOR) and _decided_again().filter(radiograph__study=study).exists()


def earlier_values_shown(person: Person, study: str) -> Q:
    """A condition for ``filter``: keep rows whose study is neither blinded nor decided again by such as the person."""
    open_to = Q(not_blinded(person, study))
    if not person.has_role(RoleName.ADJUDICATOR):
        return open_to
    return open_to & ~Q(**{f"{study}__in": _decided_again().values("radiograph__study")})
