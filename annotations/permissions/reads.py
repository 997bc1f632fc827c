"""Reads and consensus: who sees which, who may read, settle, approve, confirm, reopen."""

from datetime import timedelta
from itertools import chain

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from annotations.models import Consensus, Exposure, Person, Radiograph, Read, RereadCase
from annotations.permissions.assignments import given_to, given_to_others
from annotations.permissions.blinding import ANSWERED, not_blinded
from annotations.states import (
    ConsensusStatus,
    Reading,
    ReadRound,
    ReadStatus,
    RereadCaseStatus,
    RoleName,
    StudyState,
    WorkKind,
)

_CONSENSUS_VIEWERS = (
    RoleName.ADJUDICATOR,
    RoleName.REVIEWER,
    RoleName.RESEARCHER,
    RoleName.ADMINISTRATOR,
)
_REOPENABLE = (
    ConsensusStatus.AGREED,
    ConsensusStatus.SETTLED,
    ConsensusStatus.APPROVED,
    ConsensusStatus.UNREADABLE,
    ConsensusStatus.NO_BONE_AGE,
)
_APPROVABLE = (ConsensusStatus.AGREED, ConsensusStatus.SETTLED)
ASSIGNMENT_LASTS = timedelta(hours=24)
"""An assignment that was not answered for so long goes back to the pool when somebody else asks for work."""


def own_readings(person: Person) -> QuerySet[Read]:
    """The current versions of one's own readings, by token, whether or not their values may be shown now. An age given
    under a result is none of them: it is changed by signing again."""
    return Read.objects.filter(reader=person, is_current=True).exclude(round=ReadRound.CORRECTION)


def is_closed_to_its_reader(read: Read) -> bool:
    """Whether the reader may not see their own locked value now, since they may be handed the film once more.

    Under hidden repeats that depends on the time of the lock alone; in a re-reading round, on the round.
    """
    if read.status == ReadStatus.ASSIGNED:
        return False
    start, end = read.closed_from, read.withheld_until
    if start is not None and end is not None and start <= timezone.now() < end:
        return True
    open_cases = RereadCase.objects.filter(radiograph=read.radiograph_id, status=RereadCaseStatus.OPEN)
    answered = Read.objects.filter(reread_case=OuterRef("pk"), reader=read.reader_id, status__in=ANSWERED)
    return open_cases.exclude(Exists(answered)).exists()


def consensus_visible_to(person: Person) -> QuerySet[Consensus]:
    """Living consensus rows, except on films the person may still read blind."""
    if not person.has_role(*_CONSENSUS_VIEWERS):
        return Consensus.objects.none()
    return Consensus.objects.exclude(status=ConsensusStatus.REOPENED).filter(
        Q(not_blinded(person, "radiograph__study"))
    )


def can_see_consensus(person: Person) -> bool:
    return person.has_role(*_CONSENSUS_VIEWERS)


def can_amend_read(person: Person, read: Read) -> bool:
    return read.reader_id == person.pk and read.status == ReadStatus.SUBMITTED and read.is_current


def gave_a_read(person: Person, radiograph: Radiograph) -> bool:
    """Whether the person answered on this radiograph or holds an assignment for it."""
    return Read.objects.filter(radiograph=radiograph, reader=person).exclude(status=ReadStatus.WITHDRAWN.value).exists()


def can_settle(person: Person, consensus: Consensus) -> bool:
    return (
        person.has_role(RoleName.ADJUDICATOR)
        and consensus.status == ConsensusStatus.ADJUDICATING
        and not gave_a_read(person, consensus.radiograph)
    )


def can_approve(person: Person, consensus: Consensus) -> bool:
    return (
        person.has_role(RoleName.REVIEWER)
        and consensus.status in _APPROVABLE
        and not gave_a_read(person, consensus.radiograph)
    )


def can_reopen(person: Person, consensus: Consensus) -> bool:
    return (
        person.has_role(RoleName.REVIEWER)
        and consensus.status in _REOPENABLE
        and not gave_a_read(person, consensus.radiograph)
    )


def can_confirm_unreadable(person: Person, consensus: Consensus) -> bool:
    """Not while somebody still holds the film: their answer may be a bone age."""
    return (
        person.has_role(RoleName.REVIEWER)
        and consensus.status == ConsensusStatus.UNREADABLE
        and not gave_a_read(person, consensus.radiograph)
        and not is_being_read(consensus.radiograph)
    )


def held_reads(radiograph: Radiograph) -> QuerySet[Read]:
    """Assignments of the ordinary reading that nobody has answered."""
    return Read.objects.filter(radiograph=radiograph, round=ReadRound.INDEPENDENT, status=ReadStatus.ASSIGNED)


def is_being_read(radiograph: Radiograph) -> bool:
    """Whether a reader holds the film, and not for so long that it is forgotten."""
    return held_reads(radiograph).filter(assigned_at__gte=timezone.now() - ASSIGNMENT_LASTS).exists()


def somebody_may_read(radiograph: Radiograph) -> bool:
    """Whether any reader is left who neither answered nor was shown something of the film."""
    answered = Read.objects.filter(radiograph=radiograph, reader=OuterRef("pk"), status__in=ANSWERED)
    seen = Exposure.objects.filter(radiograph=radiograph, person=OuterRef("pk"))
    readers = Person.objects.filter(is_active=True, roles__name=RoleName.READER)
    return readers.filter(~Exists(answered), ~Exists(seen)).exists()


def readable_by(person: Person) -> QuerySet[Radiograph]:
    """What the person may be handed to read blind: the more urgent first, then the oldest.

    A ready study whose sex is known (the plates differ by sex), still in need of reads, on which this person neither
    holds nor gave a read, and of which they were shown nothing that a blind reader may not know. What was given to
    other readers waits for them; see :mod:`annotations.permissions.assignments`.
    """
    if not person.has_role(RoleName.READER):
        return Radiograph.objects.none()
    mine = Read.objects.filter(radiograph=OuterRef("pk"), reader=person).exclude(status=ReadStatus.WITHDRAWN)
    seen = Exposure.objects.filter(radiograph=OuterRef("pk"), person=person)
    closed = Consensus.objects.filter(radiograph=OuterRef("pk")).exclude(
        status__in=[ConsensusStatus.OPEN.value, ConsensusStatus.REOPENED.value]
    )
    full = Consensus.objects.filter(
        radiograph=OuterRef("pk"), status=ConsensusStatus.OPEN, reads_claimed__gte=F("readers_required")
    )
    return (
        Radiograph.objects.filter(for_reading=True, study__state=StudyState.READY, study__sex__isnull=False)
        .filter(
            given_to(person, WorkKind.READ) | ~given_to_others(person, WorkKind.READ),
            study__reading__in=_MAYBE_READABLE,
        )
        .filter(~Exists(mine), ~Exists(seen), ~Exists(closed), ~Exists(full))
        .select_related("study")
        .order_by("study__priority", "study__received_at", "pk")
    )


_MAYBE_READABLE = (Reading.NONE, Reading.OPEN)
"""The states for the index: one at a time it hands its films out in order. The rules are the ones above."""


def first_readable(person: Person, limit: int) -> list[Radiograph]:
    """The first few of these: what was given to this reader, then the most urgent."""
    given = readable_by(person).filter(given_to(person, WorkKind.READ))[:limit]
    pools = (readable_by(person).filter(study__reading=state)[:limit] for state in _MAYBE_READABLE)
    urgent = sorted(chain.from_iterable(pools), key=lambda film: (film.study.priority, film.study.received_at))
    return [*given, *urgent[:limit]]
