"""Blind reading: lock, amend, or say that a film cannot be read. What is handed out stands in ``handing_out.py``."""

import math

from django.db import transaction
from django.utils import timezone

from annotations.agreement import LARGEST_BONE_AGE_MONTHS
from annotations.announce import ReadSubmitted, announce
from annotations.base.errors import Conflict, Invalid, NotAllowed
from annotations.models import Consensus, Exposure, Person, Read, RereadCase
from annotations.permissions import reads as may
from annotations.services.consensus import count_unreadable, reweigh, weigh
from annotations.services.events import record_event
from annotations.services.handing_out import free_a_place, withheld
from annotations.services.handing_out import read_next as read_next
from annotations.services.moves import move
from annotations.services.rereads import give_up_case, weigh_case
from annotations.states import ConsensusStatus, ReadRound, ReadStatus, RoleName
from inference.standards.greulich_pyle import gp_standards_months


@transaction.atomic
def submit_read(*, person: Person, read: Read, bone_age_months: float, plate_months: int | None) -> Read:
    """Lock the bone age. From here on it is never edited, only amended. The last required one weighs the consensus."""
    _check_reader(person, read)
    _check_answer(read, bone_age_months, plate_months)
    now = timezone.now()
    old = move(
        read,
        ReadStatus.SUBMITTED,
        bone_age_months=bone_age_months,
        plate_months=plate_months,
        submitted_at=now,
        after_age_seen=_was_shown_something(read),
        **withheld(read, at=now),
    )
    consensus = _held(read)
    record_event(who=person, verb="submit", row=read, study=read.radiograph.study, old=old, new=read.status)
    if consensus is not None:
        weigh(consensus=consensus)
        count_unreadable(consensus=consensus)
    elif read.reread_case is not None:
        weigh_case(case=read.reread_case)
    announce(ReadSubmitted(read=read.pk, radiograph=read.radiograph_id))
    return read


@transaction.atomic
def cannot_read(*, person: Person, read: Read, reason: str) -> Read:
    """Say that the film gives no bone age, and why: that is an answer, and another reader is then asked; once so many
    said so, a reviewer."""
    _check_reader(person, read)
    if not reason.strip():
        raise Invalid("reason_missing", "Say why the film cannot be read.")
    old = move(read, ReadStatus.UNREADABLE, reason=reason.strip(), submitted_at=timezone.now())
    consensus = _held(read)
    free_a_place(read)
    record_event(
        who=person,
        verb="cannot_read",
        row=read,
        study=read.radiograph.study,
        old=old,
        new=read.status,
        reason=reason.strip(),
    )
    if read.reread_case is not None:
        give_up_case(case=read.reread_case)
    elif consensus is not None:
        count_unreadable(consensus=consensus)
    return read


@transaction.atomic
def amend_read(*, person: Person, read: Read, bone_age_months: float, plate_months: int | None, reason: str) -> Read:
    """A new version of a locked read, with a reason; it knows whether the chronological age was already seen.

    A consensus that rested on the old version is reopened and weighed again; once approved it must be reopened by a
    reviewer first (Conflict ``already_approved``).
    """
    _check_reader(person, read)
    _check_answer(read, bone_age_months, plate_months)
    if not reason.strip():
        raise Invalid("reason_missing", "Say why the reading is changed.")
    if may.is_closed_to_its_reader(read):
        raise Conflict("closed_for_now", "A reading of this protocol can be corrected only in the first days.")
    if not may.can_amend_read(person, read):
        raise Conflict("wrong_state", "Only a locked reading is amended. Reload and look again.", status=read.status)
    consensus = _living_consensus(read)
    if consensus is not None and consensus.status == ConsensusStatus.APPROVED:
        raise Conflict("already_approved", "The consensus is approved: ask a reviewer to reopen it first.")
    if consensus is not None and consensus.status == ConsensusStatus.NO_BONE_AGE:
        raise Conflict(
            "no_bone_age", "It is confirmed that this film cannot be read: ask a reviewer to reopen it first."
        )
    new = _new_version(person, read, bone_age_months, plate_months, reason.strip())
    if consensus is not None:
        reweigh(consensus=consensus)
    announce(ReadSubmitted(read=new.pk, radiograph=new.radiograph_id))
    return new


def _new_version(person: Person, read: Read, bone_age_months: float, plate_months: int | None, reason: str) -> Read:
    if Read.objects.filter(pk=read.pk, is_current=True).update(is_current=False) != 1:
        raise Conflict("stale_state", "This reading was amended meanwhile. Reload and look again.")
    new = Read.objects.create(
        token=read.token,
        radiograph=read.radiograph,
        reader=person,
        protocol=read.protocol,
        method=read.method,
        edition=read.edition,
        round=read.round,
        will_repeat=read.will_repeat,
        closed_from=read.closed_from,
        withheld_until=read.withheld_until,
        repeats=read.repeats,
        reread_case=read.reread_case,
        status=ReadStatus.SUBMITTED,
        version=read.version + 1,
        amends=read,
        bone_age_months=bone_age_months,
        plate_months=plate_months,
        reason=reason,
        after_age_seen=_was_shown_something(read),
        submitted_at=timezone.now(),
    )
    record_event(
        who=person,
        verb="amend",
        row=new,
        study=read.radiograph.study,
        old=f"version {read.version}",
        new=f"version {new.version}",
        reason=reason,
    )
    return new


def _check_reader(person: Person, read: Read) -> None:
    if read.reader_id != person.pk or not person.has_role(RoleName.READER):
        raise NotAllowed("forbidden", "Only the reader it was handed to answers a reading.")


def _check_answer(read: Read, bone_age_months: float, plate_months: int | None) -> None:
    if not math.isfinite(bone_age_months) or not 0 <= bone_age_months <= LARGEST_BONE_AGE_MONTHS:
        raise Invalid(
            "bad_bone_age",
            f"A bone age lies between 0 and {LARGEST_BONE_AGE_MONTHS:.0f} months.",
            field="bone_age_months",
        )
    if plate_months is not None and plate_months not in plates_of(read):
        raise Invalid("no_such_plate", "The atlas has no plate of that age for this sex.", field="plate_months")


def plates_of(read: Read) -> tuple[int, ...]:
    """Ages in months of the atlas plates of the child's sex."""
    sex = read.radiograph.study.sex
    if sex not in ("M", "F"):
        raise Conflict("sex_missing", "The sex of this child is not known: have it stated on the study's page first.")
    return tuple(gp_standards_months("M" if sex == "M" else "F"))


def _held(read: Read) -> Consensus | None:
    """Holds what this read counts in, before its line of history holds the study's row: whoever frees a place, settles,
    confirms or reopens takes them in this order too, so nobody waits for each other. Returns the living consensus."""
    if read.reread_case_id is not None:
        RereadCase.objects.select_for_update().filter(pk=read.reread_case_id).values_list("pk").first()
    return _living_consensus(read)


def _living_consensus(read: Read) -> Consensus | None:
    """The living consensus that this read counts in: none for a repeat, a re-reading's own for a re-reading."""
    if read.round == ReadRound.REPEAT:
        return None
    living = (
        Consensus.objects.select_for_update(of=("self",))
        .filter(radiograph=read.radiograph_id, reread_case=read.reread_case_id)
        .exclude(status=ConsensusStatus.REOPENED)
    )
    # Twice: one that was sent back while its row was waited for is gone, and the one that follows it not yet in sight.
    return living.first() or living.first()


def _was_shown_something(read: Read) -> bool:
    """The age, or a value that says as much: what is given after it is not given blind."""
    return Exposure.objects.filter(person=read.reader_id, radiograph=read.radiograph_id).exists()
