"""Facts, told after they are committed. Who listens is not this app's business: the roof maps facts to jobs.

A listener that fails is logged and stops nobody: the row is the truth, and what was missed is found again by a sweep.
"""

import logging
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class StudyReceived:
    """A new radiograph lies in the store, without identity."""

    study: UUID
    radiograph: UUID


@dataclass(frozen=True, slots=True)
class StudyReady:
    """The study's radiograph passed the quality gate (or somebody restored it) and may be worked on."""

    study: UUID
    radiograph: UUID


@dataclass(frozen=True, slots=True)
class StudyFactsStated:
    """Somebody stated the sex or the chronological age that the header lacked."""

    study: UUID


@dataclass(frozen=True, slots=True)
class BoxSetSubmitted:
    box_set: UUID
    radiograph: UUID


@dataclass(frozen=True, slots=True)
class BoxSetAccepted:
    box_set: UUID
    radiograph: UUID


@dataclass(frozen=True, slots=True)
class BoxSetReturned:
    box_set: UUID
    radiograph: UUID


@dataclass(frozen=True, slots=True)
class ReadSubmitted:
    read: UUID
    radiograph: UUID


@dataclass(frozen=True, slots=True)
class ConsensusApproved:
    consensus: UUID
    radiograph: UUID


@dataclass(frozen=True, slots=True)
class ConsensusReopened:
    consensus: UUID
    radiograph: UUID


Fact = (
    StudyReceived
    | StudyReady
    | StudyFactsStated
    | BoxSetSubmitted
    | BoxSetAccepted
    | BoxSetReturned
    | ReadSubmitted
    | ConsensusApproved
    | ConsensusReopened
)
Listener = Callable[[Any], None]

_listeners: dict[type, list[Listener]] = defaultdict(list)


def listen(fact_type: type, listener: Listener) -> None:
    """Call ``listener(fact)`` after the commit of every fact of this type; registering twice is registering once."""
    if listener not in _listeners[fact_type]:
        _listeners[fact_type].append(listener)


def stop_listening(fact_type: type, listener: Listener) -> None:
    """The opposite of :func:`listen`; does nothing when the listener is not registered."""
    if listener in _listeners[fact_type]:
        _listeners[fact_type].remove(listener)


def announce(fact: Fact) -> None:
    """Tell the fact to its listeners once the present transaction is committed; never, if it is rolled back."""
    transaction.on_commit(lambda: _tell(fact))


def _tell(fact: Fact) -> None:
    for listener in tuple(_listeners[type(fact)]):
        try:
            listener(fact)
        except Exception:
            logger.exception("a listener of %s failed", type(fact).__name__)
