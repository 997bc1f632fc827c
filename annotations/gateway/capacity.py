"""Whether there is room for another original: disk and length of the quarantine, with hysteresis.

A door that closes at a limit and opens again just below it would flicker, and senders with it. So it closes at the
limit and opens only once a good part of the room is back.
"""

import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from annotations.services import quarantine

OPENS_AT_SHARE_OF_WAITING = 0.8
OPENS_AT_TIMES_FREE = 1.25
LOOK_EVERY_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class CapacityLimits:
    """When nothing more is taken.

    Attributes:
        free_bytes: at least so much of the disk stays free.
        waiting: at most so many originals wait in quarantine.
    """

    free_bytes: int = 2 << 30
    waiting: int = 5_000


def capacity_limits() -> CapacityLimits:
    """When the doors answer that they are full."""
    return CapacityLimits(free_bytes=settings.QUARANTINE_FREE_BYTES, waiting=settings.QUARANTINE_LIMIT_FILMS)


class Capacity:
    """The state of one door's process; several threads may ask."""

    def __init__(
        self,
        limits: CapacityLimits,
        *,
        free_bytes: Callable[[], int] | None = None,
        waiting: Callable[[], int] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.limits = limits
        self._free_bytes = free_bytes or _free_bytes_of_quarantine
        self._waiting = waiting or (lambda: len(quarantine.arrivals_waiting()))
        self._clock = clock
        self._lock = threading.Lock()
        self._open = True
        self._looked_at = float("-inf")

    def has_room(self) -> bool:
        """Whether another original may be taken; looked up once a second at most."""
        with self._lock:
            now = self._clock()
            if now - self._looked_at >= LOOK_EVERY_SECONDS:
                self._looked_at = now
                self._open = self._look()
            return self._open

    def _look(self) -> bool:
        free, waiting = self._free_bytes(), self._waiting()
        if self._open:
            return free >= self.limits.free_bytes and waiting < self.limits.waiting
        return (
            free >= self.limits.free_bytes * OPENS_AT_TIMES_FREE
            and waiting <= self.limits.waiting * OPENS_AT_SHARE_OF_WAITING
        )


def _free_bytes_of_quarantine() -> int:
    folder: Path = quarantine.folder()
    return shutil.disk_usage(folder).free
