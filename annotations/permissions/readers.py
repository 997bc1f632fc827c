"""Who looks at how readers differ. Whoever reads blind learns nothing of a film they may still read."""

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from annotations.models import Consensus, Person, Read
from annotations.permissions.blinding import not_blinded
from annotations.states import INCOMPLETE, ConsensusStatus, RoleName, StudyState

_VIEWERS = (RoleName.REVIEWER, RoleName.RESEARCHER, RoleName.ADMINISTRATOR)


def can_see_readers(person: Person) -> bool:
    return person.has_role(*_VIEWERS)


def reads_in_figures_for(person: Person, *, cohort: UUID | None) -> QuerySet[Read]:
    """Reads that may enter figures shown to this person: of ready films that are read completely, and that the person
    may not still read blind."""
    if not can_see_readers(person):
        return Read.objects.none()
    complete = Consensus.objects.filter(radiograph=OuterRef("radiograph")).exclude(
        status__in=[*(status.value for status in INCOMPLETE), ConsensusStatus.REOPENED.value]
    )
    reads = Read.objects.filter(
        Q(not_blinded(person, "radiograph__study")), Exists(complete), radiograph__study__state=StudyState.READY
    )
    return reads.filter(radiograph__study__cohort=cohort) if cohort else reads


def truths_in_figures_for(person: Person) -> QuerySet[Consensus]:
    """Consensus that figures may compare with."""
    if not can_see_readers(person):
        return Consensus.objects.none()
    return Consensus.objects.filter(Q(not_blinded(person, "radiograph__study")))
