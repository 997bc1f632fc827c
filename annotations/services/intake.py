"""The way in, as every door sees it: an original is handed over and becomes a study without identity, or a refusal.

``receive`` goes the whole way in this process; ``arrive`` makes the original durable and leaves the rest to a gate
process (:mod:`annotations.services.gate`). What happens to the film is in :mod:`annotations.services.take_in`.
"""

import hashlib
import hmac
import time
from collections.abc import Collection, Sequence
from uuid import UUID, uuid4

from django.conf import settings
from django.db import InterfaceError, OperationalError

from annotations.models import BlockedFilm, Cohort, IntakeRecord, Person, Radiograph
from annotations.services import quarantine
from annotations.services.intake_outcome import IntakeOutcome, Reason, outcome_of_record, waiting_outcome
from annotations.services.take_in import GateUnavailableError, take_in
from annotations.states import BlockedState, Door, IntakeResult

__all__ = ["IntakeOutcome", "Reason", "arrive", "content_hash", "hand_in", "known_contents", "outcome_of", "receive",
           "refuse_at_door", "wait_for"]  # fmt: skip

LOOK_EVERY_SECONDS = 0.05


def receive(
    *, data: bytes, filename: str, by: Person | None, cohort: Cohort | None = None, door: Door = Door.UPLOAD
) -> IntakeOutcome:
    """Take one DICOM film in, here and now. Never raises for a bad film: a refusal is an outcome.

    The same bytes, or the same DICOM instance in other bytes, answer ``duplicate`` with the study that is there.

    Raises:
        GateUnavailableError: database or disk cannot be used at present; nothing was kept, send the film again.
    """
    held = _held(data, by, cohort, door, attempts=1)
    with quarantine.hold(held):
        return take_in(held, content_hash(data), filename=filename)


def arrive(*, data: bytes, by: Person | None, cohort: Cohort | None = None, door: Door) -> UUID:
    """Make an original durable; a gate process takes it in. Returns the id of the arrival."""
    held = _held(data, by, cohort, door, attempts=0)
    quarantine.put(held)
    return held.arrival


def hand_in(
    *,
    data: bytes,
    filename: str,
    by: Person | None,
    cohort: Cohort | None,
    door: Door,
    timeout_seconds: float,
) -> IntakeOutcome:
    """Hand a film over and wait a while: its end, or ``waiting``. Without gate processes it is taken in right here."""
    if settings.GATE_PROCESSES == 0:
        return receive(data=data, filename=filename, by=by, cohort=cohort, door=door)
    arrival = arrive(data=data, by=by, cohort=cohort, door=door)
    return wait_for([arrival], timeout_seconds=timeout_seconds)[arrival].named(filename)


def refuse_at_door(*reasons: Reason, door: Door, by: Person | None = None, cohort: Cohort | None = None) -> None:
    """Write down files that were refused before they were arrivals: nobody looked into them, nothing of them is kept.

    Raises:
        GateUnavailableError: the database cannot be used at present; nothing was written.
    """
    records = [
        IntakeRecord(
            door=door,
            by=by,
            cohort=cohort,
            result=IntakeResult.REJECTED,
            reason_code=reason.code,
            reason_words=dict(reason.words),
        )
        for reason in reasons
    ]
    try:
        IntakeRecord.objects.bulk_create(records, batch_size=500)
    except (OperationalError, InterfaceError):
        raise GateUnavailableError from None


def outcome_of(arrival: UUID, *, filename: str = "") -> IntakeOutcome | None:
    """How an arrival stands; None when it was never heard of."""
    found = outcomes_of([arrival]).get(arrival)
    return found.named(filename) if found else None


def outcomes_of(arrivals: Collection[UUID]) -> dict[UUID, IntakeOutcome]:
    """How these arrivals stand; those never heard of are left out."""
    # the spool is looked at first: what leaves it in between has its record by then
    waiting = quarantine.arrivals_waiting()
    found = {pk: waiting_outcome(pk) for pk in arrivals if pk in waiting}
    for record in IntakeRecord.objects.filter(arrival__in=list(arrivals)).order_by("pk"):
        assert record.arrival is not None, "asked for by its arrival"
        found[record.arrival] = outcome_of_record(record)
    return found


def wait_for(arrivals: Sequence[UUID], *, timeout_seconds: float) -> dict[UUID, IntakeOutcome]:
    """Wait until every one of these has an end, or until the time is over: then some are ``waiting``."""
    deadline = time.monotonic() + timeout_seconds
    outcomes = outcomes_of(arrivals)
    while any(one.outcome is IntakeResult.WAITING for one in outcomes.values()) and time.monotonic() < deadline:
        time.sleep(LOOK_EVERY_SECONDS)
        outcomes |= outcomes_of([pk for pk, one in outcomes.items() if one.outcome is IntakeResult.WAITING])
    return outcomes


def known_contents(sha256: Collection[str]) -> dict[str, tuple[IntakeResult, UUID | None]]:
    """Which files are here already, by the SHA-256 of their bytes (hex): received with their study, or blocked."""
    by_hash = {_keyed(bytes.fromhex(digest)): digest for digest in sha256}
    found: dict[str, tuple[IntakeResult, UUID | None]] = {}
    blocked = BlockedFilm.objects.filter(content_hash__in=by_hash, state=BlockedState.WAITING)
    for hashed in blocked.values_list("content_hash", flat=True):
        found[by_hash[hashed]] = (IntakeResult.BLOCKED, None)
    taken = Radiograph.objects.filter(content_hash__in=by_hash).values_list("content_hash", "study")
    for hashed, study in taken:
        found[by_hash[hashed]] = (IntakeResult.RECEIVED, study)
    return found


def content_hash(data: bytes) -> str:
    """Keyed hash of a file: the same file is recognised, and without the key the hash says nothing."""
    return _keyed(hashlib.sha256(data).digest())


def _keyed(sha256: bytes) -> str:
    return hmac.new(settings.DEIDENTIFICATION_KEY, b"content\0" + sha256, hashlib.sha256).hexdigest()


def _held(data: bytes, by: Person | None, cohort: Cohort | None, door: Door, *, attempts: int) -> quarantine.Held:
    return quarantine.Held(
        data=data,
        arrival=uuid4(),
        by=by.pk if by else None,
        cohort=cohort.pk if cohort else None,
        door=door,
        attempts=attempts,
    )
