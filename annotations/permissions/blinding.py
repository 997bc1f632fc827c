"""The rule that wins over all roles: who may still read a film blind sees nothing that would open their eyes.

A study is blinded for a person who holds the reader role, has no locked answer of their own on it (a submitted read
or "cannot be read"), and whose consensus is not approved. No exposure and no other role lifts that.
"""

from django.db.models import BooleanField, Exists, Expression, ExpressionWrapper, OuterRef, Q, QuerySet, Value

from annotations.models import Consensus, Person, Read, Study
from annotations.states import ConsensusStatus, ReadStatus, RoleName

ANSWERED = (ReadStatus.SUBMITTED.value, ReadStatus.UNREADABLE.value)


def is_blinded(person: Person, study: str = "pk") -> Expression | Value:
    """An expression for ``annotate``: whether the study under the column ``study`` is blinded for the person."""
    if not person.has_role(RoleName.READER):
        return Value(False, output_field=BooleanField())
    answered = Read.objects.filter(radiograph__study=OuterRef(study), reader=person, status__in=ANSWERED)
    approved = Consensus.objects.filter(
        radiograph__study=OuterRef(study), radiograph__for_reading=True, status=ConsensusStatus.APPROVED
    )
    return ExpressionWrapper(~Exists(answered) & ~Exists(approved), output_field=BooleanField())


def not_blinded(person: Person, study: str) -> Q | Exists:
    """A condition for ``filter``: keep rows whose study (under the column ``study``) is not blinded."""
    if not person.has_role(RoleName.READER):
        return Q()
    return Q(**{f"{study}__in": open_studies(person)})


def open_studies(person: Person) -> QuerySet[Study]:
    """Studies that are not blinded for the person."""
    return Study.objects.annotate(_blinded=is_blinded(person)).filter(_blinded=False)


def study_is_blinded_for(person: Person, study: Study) -> bool:
    """The rule for one study."""
    return person.has_role(RoleName.READER) and not open_studies(person).filter(pk=study.pk).exists()
