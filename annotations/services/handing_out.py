"""Which film a reader is handed next: a fresh one, a hidden repeat of their own, or one of a re-reading round.

All three look the same: an opaque token and the same page. Where several kinds wait, a coin decides that falls by a key
and by how many readings the reader was handed before, so that asking twice gives the same film.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac

from annotations.base.errors import NotAllowed, StaleState
from annotations.models import Consensus, Person, Protocol, Radiograph, Read, RereadCase
from annotations.permissions import reads as may
from annotations.permissions import rereads as may_again
from annotations.services.events import record_event
from annotations.services.moves import move
from annotations.services.protocols import protocol_for
from annotations.states import ConsensusStatus, ReadRound, ReadStatus, RereadCaseStatus, RoleName

CANDIDATES = 20
SHARE_OF_RETURNING = 0.5
"""How often a film that comes back is handed out while fresh ones wait as well."""


def read_next(*, person: Person) -> Read | None:
    """The reading this reader began, or a new assignment; None when there is nothing for them."""
    if not person.has_role(RoleName.READER):
        raise NotAllowed("forbidden", "Only readers are handed films to read.")
    begun = may.own_readings(person).filter(status=ReadStatus.ASSIGNED).order_by("assigned_at", "pk").first()
    if begun is not None:
        return begun
    _take_back_forgotten()
    sources = [_fresh, _returning]
    handed = Read.objects.filter(reader=person, version=1).count()
    if keyed_share(f"{person.pk}:{handed}", "boneage.order") < SHARE_OF_RETURNING:
        sources.reverse()
    for source in sources:
        read = source(person)
        if read is not None:
            return read
    return None


def keyed_share(text: str, salt: str) -> float:
    """A number from 0 to below 1 that depends on the text and the site's secret key alone."""
    digest = salted_hmac(salt, text, algorithm="sha256").digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def _fresh(person: Person) -> Read | None:
    for radiograph in may.first_readable(person, CANDIDATES):
        read = _claim(person, radiograph)
        if read is not None:
            return read
    return None


def _returning(person: Person) -> Read | None:
    """Due repeats and films of re-reading rounds, in an order that says nothing."""
    now = timezone.now()
    waiting: list[tuple[str, Callable[[], Read | None]]] = []
    for earlier in may_again.repeats_due(person, now=now)[:CANDIDATES]:
        waiting.append((str(earlier.radiograph_id), lambda earlier=earlier: _repeat(person, earlier)))  # type: ignore[misc]
    for case in may_again.rereadable_by(person)[:CANDIDATES]:
        waiting.append((str(case.radiograph_id), lambda case=case: _claim_again(person, case)))  # type: ignore[misc]
    for _, take in sorted(waiting, key=lambda each: keyed_share(f"{person.pk}:{each[0]}", "boneage.order")):
        read = take()
        if read is not None:
            return read
    return None


def _claim(person: Person, radiograph: Radiograph) -> Read | None:
    """One place among the required readers, taken by a conditional UPDATE; None when others took the last one."""
    protocol = protocol_for(radiograph.study.cohort_id)
    try:
        with transaction.atomic():
            consensus = _open_consensus(radiograph, protocol)
            room = Consensus.objects.filter(
                pk=consensus.pk, status=ConsensusStatus.OPEN, reads_claimed__lt=F("readers_required")
            )
            if room.update(reads_claimed=F("reads_claimed") + 1) != 1:
                return None
            share = keyed_share(f"{person.pk}:{radiograph.pk}", "boneage.repeat")
            return _assign(person, radiograph, protocol, will_repeat=share < protocol.repeat_share)
    except IntegrityError:  # the same reader asked twice at once
        return None


def _repeat(person: Person, earlier: Read) -> Read | None:
    """The reader's own film once more."""
    try:
        with transaction.atomic():
            protocol = protocol_for(earlier.radiograph.study.cohort_id)
            return _assign(person, earlier.radiograph, protocol, round=ReadRound.REPEAT, repeats=earlier)
    except IntegrityError:
        return None


def _claim_again(person: Person, case: RereadCase) -> Read | None:
    """One place among the readers that a case of a re-reading round still needs."""
    try:
        with transaction.atomic():
            room = RereadCase.objects.filter(
                pk=case.pk, status=RereadCaseStatus.OPEN, reads_claimed__lt=case.round.readers_required
            )
            if room.update(reads_claimed=F("reads_claimed") + 1) != 1:
                return None
            protocol = protocol_for(case.radiograph.study.cohort_id)
            return _assign(person, case.radiograph, protocol, round=ReadRound.REREAD, reread_case=case)
    except IntegrityError:
        return None


def _assign(person: Person, radiograph: Radiograph, protocol: Protocol, **kind: object) -> Read:
    read = Read.objects.create(
        radiograph=radiograph,
        reader=person,
        protocol=protocol,
        method=protocol.method,
        edition=protocol.edition,
        **kind,
    )
    record_event(who=person, verb="assign", row=read, study=radiograph.study, new=ReadStatus.ASSIGNED)
    return read


def _open_consensus(radiograph: Radiograph, protocol: Protocol) -> Consensus:
    """The living consensus of the radiograph; made by the first reader, and found by those who came as quickly."""
    living = Consensus.objects.filter(radiograph=radiograph).exclude(status=ConsensusStatus.REOPENED)
    present = living.first()
    if present is not None:
        return present
    try:
        with transaction.atomic():
            return Consensus.objects.create(
                radiograph=radiograph,
                protocol=protocol,
                readers_required=protocol.readers_required,
                tolerance_months=protocol.tolerance_months,
            )
    except IntegrityError:
        return living.get()


def _take_back_forgotten() -> None:
    forgotten = Read.objects.filter(status=ReadStatus.ASSIGNED, assigned_at__lt=timezone.now() - may.ASSIGNMENT_LASTS)
    for read in forgotten.select_related("radiograph__study")[:CANDIDATES]:
        with suppress(StaleState):  # answered, or taken back by somebody else, this very moment
            withdraw(read=read)


@transaction.atomic
def withdraw(*, read: Read, reason: str = "") -> None:
    """Take an assignment back and give its place to somebody else."""
    old = move(read, ReadStatus.WITHDRAWN)
    free_a_place(read)
    study = read.radiograph.study
    record_event(who=None, verb="withdraw", row=read, study=study, old=old, new=read.status, reason=reason)


def free_a_place(read: Read) -> None:
    """The reading will not count: somebody else may be asked. A repeat held no place."""
    claimed: models.QuerySet | None = None
    if read.round == ReadRound.INDEPENDENT:
        gathering = (ConsensusStatus.OPEN.value, ConsensusStatus.UNREADABLE.value)
        claimed = Consensus.objects.filter(radiograph=read.radiograph_id, status__in=gathering)
    elif read.round == ReadRound.REREAD:
        claimed = RereadCase.objects.filter(reads=read, status=RereadCaseStatus.OPEN)
    if claimed is not None:
        held = claimed.filter(reads_claimed__gt=0)
        for _ in range(2):  # one that was sent back while it was waited for is gone: its successor holds the place
            if held.update(reads_claimed=F("reads_claimed") - 1):
                break


def withheld(read: Read, *, at: datetime) -> dict[str, Any]:
    """From when to when a reading locked ``at`` is closed to its reader; never, under a protocol without repeats.

    It follows from the time of the lock alone, whether or not this film comes back.
    """
    protocol = read.protocol
    if protocol.repeat_share == 0:
        return {"closed_from": None, "withheld_until": None}
    return {
        "closed_from": at + timedelta(days=protocol.repeat_after_days),
        "withheld_until": at + timedelta(days=protocol.repeat_within_days),
    }
