"""One original out of quarantine: cleaned, looked at, and then received, blocked, refused, or here already.

Files are written before the rows that speak of them are committed, so a crash leaves at worst files without a row,
which :func:`annotations.services.gate.sweep` removes. Nothing that identifies is kept or logged.
"""

import errno
import logging
import sys
import traceback

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection

from annotations.models import BlockedFilm, Cohort, IntakeRecord, Person, Radiograph
from annotations.services import blocking
from annotations.services.admit import Arrival, NotTakenError, admit, duplicate_of
from annotations.services.identity_hook import IdentityNotKeptError, keep_identity
from annotations.services.intake_outcome import IntakeOutcome, Reason, outcome_of_record
from annotations.services.quarantine import Held
from annotations.states import BlockedState, IntakeResult
from inference.imaging.deidentify import deidentify
from inference.imaging.errors import FilmError
from inference.imaging.film_check import examine

logger = logging.getLogger(__name__)

MAXIMUM_ATTEMPTS = 4
"""A file that was taken up more often than this without an end killed its process each time."""

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EMFILE, errno.ENFILE})


class GateUnavailableError(Exception):
    """Database, disk or vault cannot be used at present: no word about the film, which waits or is to be sent again."""


def take_in(held: Held, content_hash: str, *, filename: str = "") -> IntakeOutcome:
    """Give an original its end. Taking the same arrival in twice answers as the first time.

    Raises:
        GateUnavailableError: try again later; nothing was decided.
    """
    try:
        _survive_power_cuts()
        return _end(held, content_hash).named(filename)
    except (OperationalError, InterfaceError):
        raise GateUnavailableError from None
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise GateUnavailableError from None
        raise


def _survive_power_cuts() -> None:
    """Have each commit flushed: an original is deleted right after it, and of its film nothing would be left.

    SQLite's usual setting here may lose the last commits to a power cut; PostgreSQL flushes each one anyway.
    """
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=FULL")


def _end(held: Held, content_hash: str) -> IntakeOutcome:
    ended = IntakeRecord.objects.filter(arrival=held.arrival).order_by("pk").last()
    if ended is not None:  # the process died between this record and the deletion of the original
        return outcome_of_record(ended)
    arrival = Arrival(
        pk=held.arrival,
        content_hash=content_hash,
        door=held.door,
        by=Person.objects.filter(pk=held.by).first() if held.by else None,
        cohort=Cohort.objects.filter(pk=held.cohort).first() if held.cohort else None,
    )
    try:
        if held.attempts > MAXIMUM_ATTEMPTS:
            raise NotTakenError("reader_crashed")
        return _cleaned(held.data, arrival)
    except FilmError as error:
        reason = Reason.of(error.code, **error.words)
    except NotTakenError as refusal:
        reason = Reason.of(refusal.code)
    except (OperationalError, InterfaceError, GateUnavailableError):
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno in _NO_ROOM:
            raise
        # Neither message nor traceback is logged: both may quote the header. The place in our code is enough.
        frame = traceback.extract_tb(sys.exc_info()[2])[-1]
        logger.error("intake failed: %s at %s:%s", type(error).__name__, frame.name, frame.lineno)
        reason = Reason.of("internal_error")
    arrival.record(IntakeResult.REJECTED, reason_code=reason.code, reason_words=dict(reason.words))
    return IntakeOutcome(file="", outcome=IntakeResult.REJECTED, reason=reason, arrival=arrival.pk)


def _cleaned(data: bytes, arrival: Arrival) -> IntakeOutcome:
    present = Radiograph.objects.filter(content_hash=arrival.content_hash).first()
    if present is not None:
        return duplicate_of(present, arrival)
    decided = BlockedFilm.objects.filter(content_hash=arrival.content_hash).first()
    if decided is None:
        if not data:
            raise FilmError("empty_file")
        clean = deidentify(data, key=settings.DEIDENTIFICATION_KEY, examine=examine)
        present = Radiograph.objects.filter(sop_instance_uid=clean.sop_instance_uid).first()
        if present is not None:
            return duplicate_of(present, arrival)
        decided = BlockedFilm.objects.filter(sop_instance_uid=clean.sop_instance_uid).first()
    if decided is not None:  # never released: then its radiograph would be here
        return _again(decided, arrival)
    code = clean.report["blocking"]
    if code not in (None, "text_found"):  # its pixels may still show a name, and nobody could tell what to keep of them
        raise FilmError(code)
    _keep_identity(data, arrival)
    return admit(clean, arrival) if code is None else blocking.block(clean, arrival)


def _keep_identity(data: bytes, arrival: Arrival) -> None:
    try:
        keep_identity(data, radiograph=arrival.pk)
    except IdentityNotKeptError as error:
        if error.code == "vault_unavailable":  # nothing is wrong with the film: it waits until the vault can be used
            raise GateUnavailableError from None
        raise NotTakenError(error.code) from None


def _again(film: BlockedFilm, arrival: Arrival) -> IntakeOutcome:
    """A film that a person has to decide about, or has decided about, was sent once more."""
    if film.state == BlockedState.REFUSED:
        raise NotTakenError("refused_by_person")
    arrival.record(IntakeResult.BLOCKED, reason_code="text_found")
    return IntakeOutcome(file="", outcome=IntakeResult.BLOCKED, reason=Reason.of("text_found"), arrival=arrival.pk)
