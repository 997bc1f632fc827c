"""A folder that others put films into: each is taken in and then deleted there, or moved aside with the reason.

The folder is looked at again and again rather than listened to: network shares tell nobody of changes. A file counts
as whole once its size and time stayed the same for a while. It is deleted only after its end was recorded, so after a
kill at any moment it is either gone and taken in, or still there and will be recognised as a duplicate. What is refused
is moved to ``refused/<code>/`` below the folder under the name it had: it is the site's own folder, and whoever put the
film there has to find it again; neither log nor database hears of the name. Folders that become empty stay, since
another program may be about to write into them.
"""

import logging
import os
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from django.conf import settings

from annotations.gateway.beneath import Place, Sign, folder, opened, put_aside, still_is, whole_files
from annotations.gateway.capacity import Capacity
from annotations.gateway.film_files import films_in_open
from annotations.models import Cohort
from annotations.services.intake import IntakeOutcome, Reason, arrive, outcomes_of, receive, refuse_at_door
from annotations.services.take_in import GateUnavailableError
from annotations.states import Door, IntakeResult

logger = logging.getLogger(__name__)

REFUSED = "refused"
SEVERAL = "several_reasons"
MOST_ON_THEIR_WAY = 200
ASKED_AT_ONCE = 1000
"""An archive may hold more films than a database takes values in one question."""

_TAKEN = (IntakeResult.RECEIVED, IntakeResult.DUPLICATE, IntakeResult.BLOCKED)


@dataclass(slots=True)
class _Film:
    """One film of a file: the only one, or one of an archive. ``unrecorded``: refused at the door, not written down."""

    name: str
    unrecorded: Reason | None = None
    arrival: UUID | None = None
    outcome: IntakeOutcome | None = None


@dataclass(slots=True)
class _OnItsWay:
    """A file that was handed in: the state it was in, and its films."""

    sign: Sign
    films: list[_Film] = field(default_factory=list)


class WatchedFolder:
    """One folder. ``counts`` tells films by outcome and files by what became of them.

    Args:
        root: the folder; it must be there.
        cohort: where its films belong.
        settle_seconds: how long a file must stay the same before it counts as whole.
        capacity: while there is no room, nothing more is handed in.
        stopping: asked between two films.
    """

    def __init__(
        self,
        root: Path,
        *,
        cohort: Cohort | None,
        settle_seconds: float,
        capacity: Capacity,
        stopping: Callable[[], bool] = lambda: False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.root, self.cohort, self.settle_seconds = root, cohort, settle_seconds
        self.counts: Counter[str] = Counter()
        self._capacity, self._stopping, self._clock = capacity, stopping, clock
        self._seen: dict[Place, tuple[Sign, float]] = {}
        self._on_their_way: dict[Place, _OnItsWay] = {}
        self._left_alone: dict[Place, Sign] = {}  # could not be opened, deleted or moved; until they change

    def look(self) -> bool:
        """One round. Returns whether anything is left to wait for. Raises OSError when the folder cannot be read."""
        there = whole_files(self.root, but=frozenset({REFUSED}))
        now = self._clock()
        self._seen = {
            place: self._seen[place] if place in self._seen and self._seen[place][0] == sign else (sign, now)
            for place, sign in there.items()
        }
        self._left_alone = {place: sign for place, sign in self._left_alone.items() if there.get(place) == sign}
        for place, (sign, since) in self._seen.items():
            if self._stopping() or len(self._on_their_way) >= MOST_ON_THEIR_WAY or not self._capacity.has_room():
                break
            settled = now - since >= self.settle_seconds
            if settled and place not in self._on_their_way and place not in self._left_alone:
                self._hand_in(place, sign)
        self._finish_those_that_ended()
        return bool(self._on_their_way) or len(self._seen) > len(self._left_alone)

    def _hand_in(self, place: Place, sign: Sign) -> None:
        try:
            descriptor = opened(self.root, place)
        except BlockingIOError:
            return
        except OSError as error:
            self._leave_alone(place, sign, error)
            return
        on_its_way = _OnItsWay(sign)
        with os.fdopen(descriptor, "rb") as file:
            try:
                for found in films_in_open(file, name="", limit_bytes=settings.UPLOAD_LIMIT_BYTES):
                    film = _Film(found.name.removeprefix("/"))
                    if found.data is None:
                        film.outcome = IntakeOutcome("", IntakeResult.REJECTED, found.reason)
                        film.unrecorded = found.reason
                    elif not self._give(film, found.data):
                        return  # the whole file once more later: what was taken is then a duplicate
                    on_its_way.films.append(film)
            except OSError as error:
                self._leave_alone(place, sign, error)
                return
            if Sign.of(os.fstat(file.fileno())) != sign:
                return  # somebody went on writing after all; it will settle again
        self._on_their_way[place] = on_its_way

    def _give(self, film: _Film, data: bytes) -> bool:
        """Hand one film over; False when that cannot be done now."""
        while not self._capacity.has_room():  # in the middle of a large archive
            if self._stopping():
                return False
            time.sleep(1.0)
        try:
            if settings.GATE_PROCESSES == 0:
                film.outcome = receive(data=data, filename="", by=None, cohort=self.cohort, door=Door.FOLDER)
            else:
                film.arrival = arrive(data=data, by=None, cohort=self.cohort, door=Door.FOLDER)
        except GateUnavailableError:
            return False
        return True

    def _finish_those_that_ended(self) -> None:
        waiting = {
            film.arrival: film
            for on_its_way in self._on_their_way.values()
            for film in on_its_way.films
            if film.outcome is None and film.arrival is not None
        }
        arrivals = list(waiting)
        for start in range(0, len(arrivals), ASKED_AT_ONCE):
            for arrival, outcome in outcomes_of(arrivals[start : start + ASKED_AT_ONCE]).items():
                if outcome.outcome is not IntakeResult.WAITING:
                    waiting[arrival].outcome = outcome
        for place, on_its_way in list(self._on_their_way.items()):
            if all(film.outcome is not None for film in on_its_way.films) and self._recorded(on_its_way):
                del self._on_their_way[place]
                self._finish(place, on_its_way)

    def _recorded(self, on_its_way: _OnItsWay) -> bool:
        """Write down what was refused at the door, before its file is moved; False when that cannot be done now."""
        reasons = [film.unrecorded for film in on_its_way.films if film.unrecorded is not None]
        try:
            refuse_at_door(*reasons, door=Door.FOLDER, cohort=self.cohort)
        except GateUnavailableError:
            return False
        for film in on_its_way.films:
            film.unrecorded = None
        return True

    def _finish(self, place: Place, on_its_way: _OnItsWay) -> None:
        outcomes = [film.outcome for film in on_its_way.films if film.outcome is not None]
        self.counts.update(outcome.outcome for outcome in outcomes)
        reasons = [one.reason for one in outcomes if one.outcome not in _TAKEN and one.reason is not None]
        try:
            with folder(self.root, place[:-1]) as around:
                if not still_is(around, place[-1], on_its_way.sign):
                    return  # another file lies there now, and gets its own turn
                if reasons:
                    self._put_aside(around, place[-1], on_its_way, {reason.code: reason for reason in reasons})
                else:
                    os.unlink(place[-1], dir_fd=around)
        except FileNotFoundError:
            return
        except OSError as error:
            self._leave_alone(place, on_its_way.sign, error)

    def _put_aside(self, around: int, name: str, on_its_way: _OnItsWay, reasons: Mapping[str, Reason]) -> None:
        """Move a refused file, an archive whole if any of its films was refused."""
        lines = [f"{code}\n{reason.message}\n{reason.message_zh}" for code, reason in reasons.items()]
        if len(on_its_way.films) > 1:
            lines.append("\n".join(f"{_said(film)}\t{film.name}" for film in on_its_way.films))
        code = next(iter(reasons)) if len(reasons) == 1 else SEVERAL
        with folder(self.root, (REFUSED, code), make=True) as aim:
            put_aside(around, name, aim, why="\n\n".join(lines) + "\n")

    def _leave_alone(self, place: Place, sign: Sign, error: OSError) -> None:
        """Not to be tried again and again; the error's text would hold the name of the file."""
        if self._left_alone.get(place) != sign:
            self._left_alone[place] = sign
            logger.error("a file of the watched folder cannot be opened, moved or deleted: error %s", error.errno)


def _said(film: _Film) -> str:
    outcome = film.outcome
    if outcome is None:
        return ""
    return outcome.reason.code if outcome.outcome is IntakeResult.REJECTED and outcome.reason else str(outcome.outcome)


def unreadable(path: Path) -> Reason | None:
    """Why a folder cannot be watched, or None."""
    usable = path.is_dir() and os.access(path, os.R_OK | os.W_OK | os.X_OK)
    return None if usable else Reason.at_door("folder_unusable")
