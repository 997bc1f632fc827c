"""From locked reads to one value, and from a value to truth."""

import math
from collections.abc import Sequence
from contextlib import suppress

from django.db import transaction
from django.utils import timezone

from annotations.agreement import LARGEST_BONE_AGE_MONTHS, agree
from annotations.announce import ConsensusApproved, ConsensusReopened, announce
from annotations.base.errors import Conflict, Invalid, NotAllowed, StaleState
from annotations.models import Consensus, Person, Read, RereadCase
from annotations.permissions import reads as may
from annotations.services.events import record_event
from annotations.services.handing_out import withdraw
from annotations.services.many import ManyChanged, change_each
from annotations.services.moves import move
from annotations.services.progress import note_progress
from annotations.states import ConsensusOrigin, ConsensusStatus, ReadRound, ReadStatus, RoleName

_WITHOUT_READS = (ConsensusStatus.UNREADABLE, ConsensusStatus.NO_BONE_AGE)
"""Reopened, these go to another reader; all others to an adjudicator."""


def counted_reads(consensus: Consensus) -> list[Read]:
    """The locked reads that a consensus rests on, in a fixed order: the independent ones, or those of its re-reading.

    A hidden repeat is never among them.
    """
    round_ = ReadRound.REREAD if consensus.reread_case_id else ReadRound.INDEPENDENT
    return list(
        Read.objects.filter(
            radiograph=consensus.radiograph_id,
            is_current=True,
            status=ReadStatus.SUBMITTED,
            round=round_,
            reread_case=consensus.reread_case_id,
        ).order_by("pk")
    )


def unreadable_reads(consensus: Consensus) -> list[Read]:
    """Of the independent round, those who said that the film cannot be read, in a fixed order."""
    said = Read.objects.filter(radiograph=consensus.radiograph_id, is_current=True, status=ReadStatus.UNREADABLE)
    return list(said.filter(round=ReadRound.INDEPENDENT).order_by("pk"))


def weigh(*, consensus: Consensus, disputed: bool = False) -> None:
    """Once all required reads are locked: agreed with their mean, or over to an adjudicator. Until then nothing.

    ``disputed``: a reviewer did not trust the value; an adjudicator decides even if the reads agree.
    """
    reads = [read.bone_age_months for read in counted_reads(consensus) if read.bone_age_months is not None]
    if consensus.status != ConsensusStatus.OPEN or not reads or len(reads) < consensus.readers_required:
        return
    by_one_reader, by_many = ConsensusOrigin.SINGLE_READ, ConsensusOrigin.MEAN_OF_READS
    found = agree(reads, tolerance_months=consensus.tolerance_months)
    if found.bone_age_months is None or disputed:
        old = move(consensus, ConsensusStatus.ADJUDICATING, difference_months=found.difference_months)
    else:
        old = move(
            consensus,
            ConsensusStatus.AGREED,
            difference_months=found.difference_months,
            bone_age_months=found.bone_age_months,
            origin=_origin(consensus, by_one_reader if len(reads) == 1 else by_many),
        )
    _tell(None, "weigh", consensus, old)


def count_unreadable(*, consensus: Consensus) -> None:
    """Once so many readers said that the film cannot be read, or some did and no reader is left to be asked, nobody
    else is handed it: a reviewer decides.

    Whoever holds it at that moment keeps it. Their answer does not settle it, since it cannot be the last required one:
    the place of whoever could not read it stays free. It counts once the film was sent back.
    """
    said = len(unreadable_reads(consensus))
    if consensus.status != ConsensusStatus.OPEN or said == 0:
        return
    if said < consensus.unreadable_ends and may.somebody_may_read(consensus.radiograph):
        return
    _tell(None, "give_up", consensus, move(consensus, ConsensusStatus.UNREADABLE))


@transaction.atomic
def confirm_unreadable(*, person: Person, consensus: Consensus) -> Consensus:
    """A reviewer who gave no read on it says so too: the film has no bone age. Not while somebody still holds it."""
    if not person.has_role(RoleName.REVIEWER):
        raise NotAllowed("forbidden", "Only reviewers confirm that a film cannot be read.")
    _check_gave_no_read(person, consensus)
    held = may.held_reads(consensus.radiograph)
    for forgotten in held.filter(assigned_at__lt=timezone.now() - may.ASSIGNMENT_LASTS):
        with suppress(StaleState):  # answered, or taken back by somebody else, this very moment
            withdraw(read=forgotten)
    # Held to the end, so that whoever answers this moment is either seen here, or sees what was decided.
    consensus = Consensus.objects.select_for_update(of=("self",)).get(pk=consensus.pk)
    if held.exists():
        raise Conflict(
            "still_being_read", "A reader still has this film. Wait for the answer, at most a day, or send it back."
        )
    old = move(consensus, ConsensusStatus.NO_BONE_AGE, confirmed_by=person, confirmed_at=timezone.now())
    _tell(person, "confirm_unreadable", consensus, old)
    return consensus


def reweigh(*, consensus: Consensus) -> Consensus:
    """After a read was amended: while reads are missing it is weighed, else closed and followed by a fresh one."""
    if consensus.status in (ConsensusStatus.OPEN, ConsensusStatus.UNREADABLE):
        weigh(consensus=consensus)
        return consensus
    return _follow(None, consensus, reason="a read was amended", disputed=False)


@transaction.atomic
def settle(*, person: Person, consensus: Consensus, bone_age_months: float, reason: str) -> Consensus:
    """An adjudicator who gave no read decides a disagreement, with a reason."""
    if not person.has_role(RoleName.ADJUDICATOR):
        raise NotAllowed("forbidden", "Only adjudicators settle disagreements.")
    _check_gave_no_read(person, consensus)
    if not math.isfinite(bone_age_months) or not 0 <= bone_age_months <= LARGEST_BONE_AGE_MONTHS:
        raise Invalid("bad_bone_age", f"A bone age lies between 0 and {LARGEST_BONE_AGE_MONTHS:.0f} months.")
    if not reason.strip():
        raise Invalid("reason_missing", "Say why this is the bone age.")
    old = move(
        consensus,
        ConsensusStatus.SETTLED,
        bone_age_months=bone_age_months,
        origin=_origin(consensus, ConsensusOrigin.ADJUDICATED),
        reason=reason.strip(),
        settled_by=person,
        settled_at=timezone.now(),
    )
    _tell(person, "settle", consensus, old, reason.strip())
    return consensus


@transaction.atomic
def approve(*, person: Person, consensus: Consensus) -> Consensus:
    """A reviewer who gave no read on it makes the value truth."""
    if not person.has_role(RoleName.REVIEWER):
        raise NotAllowed("forbidden", "Only reviewers approve a consensus.")
    _check_gave_no_read(person, consensus)
    old = move(consensus, ConsensusStatus.APPROVED, approved_by=person, approved_at=timezone.now())
    _tell(person, "approve", consensus, old)
    announce(ConsensusApproved(consensus=consensus.pk, radiograph=consensus.radiograph_id))
    return consensus


def approve_many(*, person: Person, consensuses: Sequence[Consensus]) -> ManyChanged:
    """Approve each by itself: one refusal does not hold up the others."""
    return change_each(consensuses, lambda consensus: bool(approve(person=person, consensus=consensus)))


@transaction.atomic
def reopen(*, person: Person, consensus: Consensus, reason: str) -> Consensus:
    """A reviewer does not trust the value: this row is closed with the reason, and an adjudicator decides anew.

    Where reads are missing, since readers said that the film cannot be read, another reader is asked instead: what was
    answered stays, and one more who cannot read it brings it back to a reviewer.
    """
    if not person.has_role(RoleName.REVIEWER):
        raise NotAllowed("forbidden", "Only reviewers reopen a consensus.")
    _check_gave_no_read(person, consensus)
    if not reason.strip():
        raise Invalid("reason_missing", "Say why the consensus is reopened.")
    if consensus.status in _WITHOUT_READS and not may.somebody_may_read(consensus.radiograph):
        raise Conflict(
            "no_reader_left", "Every reader has answered or knows something of this film. Add a reader first."
        )
    return _follow(person, consensus, reason=reason.strip(), disputed=True)


def _follow(person: Person | None, consensus: Consensus, *, reason: str, disputed: bool) -> Consensus:
    old = move(consensus, ConsensusStatus.REOPENED, reopen_reason=reason)
    _tell(person, "reopen", consensus, old, reason)
    consensus.refresh_from_db(fields=["reads_claimed"])  # a place may have been freed before the row was held
    ends = consensus.unreadable_ends
    if old in _WITHOUT_READS:
        ends = max(ends, len(unreadable_reads(consensus)) + 1)
    successor = Consensus.objects.create(
        radiograph=consensus.radiograph,
        protocol=consensus.protocol,
        previous=consensus,
        readers_required=consensus.readers_required,
        tolerance_months=consensus.tolerance_months,
        reads_claimed=consensus.reads_claimed,
        unreadable_ends=ends,
        reread_case=consensus.reread_case,
    )
    weigh(consensus=successor, disputed=disputed)
    note_progress(successor.radiograph.study_id, changed=successor)
    announce(ConsensusReopened(consensus=successor.pk, radiograph=successor.radiograph_id))
    return successor


def _origin(consensus: Consensus, otherwise: ConsensusOrigin) -> ConsensusOrigin:
    """A value that comes of a re-reading round is marked as such, agreed or settled."""
    return ConsensusOrigin.REREAD if consensus.reread_case_id else otherwise


def follow_by_reread(*, case: RereadCase) -> Consensus:
    """The re-reads of a case are complete: the film's consensus is closed, and one that rests on them follows."""
    living = Consensus.objects.select_for_update(of=("self",)).filter(radiograph=case.radiograph_id)
    before = living.exclude(status=ConsensusStatus.REOPENED).first()
    reason = f"re-reading round {case.round.number}"
    if before is not None:
        _tell(None, "reopen", before, move(before, ConsensusStatus.REOPENED, reopen_reason=reason), reason)
    successor = Consensus.objects.create(
        radiograph=case.radiograph,
        protocol=before.protocol if before else case.reads.earliest("submitted_at").protocol,
        previous=before,
        reread_case=case,
        readers_required=case.round.readers_required,
        tolerance_months=case.round.tolerance_months,
        reads_claimed=case.reads_claimed,
    )
    weigh(consensus=successor)
    note_progress(successor.radiograph.study_id, changed=successor)
    announce(ConsensusReopened(consensus=successor.pk, radiograph=successor.radiograph_id))
    return successor


def _check_gave_no_read(person: Person, consensus: Consensus) -> None:
    if may.gave_a_read(person, consensus.radiograph):
        raise NotAllowed("gave_a_read", "You gave a read on this film: somebody who did not must decide.")


def _tell(person: Person | None, verb: str, consensus: Consensus, old: str, reason: str = "") -> None:
    record_event(
        who=person,
        verb=verb,
        row=consensus,
        study=consensus.radiograph.study,
        old=old,
        new=consensus.status,
        reason=reason,
    )
