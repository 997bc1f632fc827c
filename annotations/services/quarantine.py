"""The spool in which an original waits to be cleaned: one file per arrival, mode 0600, locked by whoever works on it.

A file is a line of JSON (who handed it in, through which door, for which cohort) followed by the bytes, named by its
arrival id and by how often it was taken up. It is written under a ``.part`` name first and flushed to the disk, so
that half a file is never taken for a whole one and what was acknowledged survives a power cut. The lock dies with its
process: what is unlocked is work to do, what is locked is somebody's work. Why a spool and no queue of messages:
docs/decisions/0040.
"""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

from django.conf import settings

from annotations.states import Door

HELD, PARTIAL = ".held", ".part"
STRAY_AFTER_SECONDS = 3600.0
"""No upload of a single film takes longer."""


@dataclass(frozen=True, slots=True)
class Held:
    """An original in quarantine.

    Attributes:
        data: its bytes.
        arrival: its id here, and that of the radiograph it may become.
        by: who handed it in, or None for the command line and for devices.
        cohort: where it belongs, or None.
        door: how it came.
        attempts: how often it was taken up, this time included.
    """

    data: bytes
    arrival: UUID
    by: UUID | None
    cohort: UUID | None
    door: Door
    attempts: int = 1


class Claim:
    """A file that this process works on. It is deleted at the end of the work, unless it is to be kept."""

    def __init__(self, held: Held, path: Path) -> None:
        self.held, self.path, self.kept = held, path, False

    def keep(self) -> None:
        """Leave it for later, without counting this attempt: what stood in the way lies outside the film."""
        self.kept = True


def folder() -> Path:
    """The quarantine; made when it is not there, closed to everybody else."""
    path = Path(settings.DATA_DIR) / "quarantine"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def put(held: Held) -> None:
    """Make an original durable for whoever takes it up; returns when it is on the disk."""
    os.close(_written(held))


@contextmanager
def hold(held: Held) -> Iterator[None]:
    """Keep the original for as long as the block runs; it is deleted however the block ends, short of a crash."""
    descriptor = _written(held)
    try:
        yield
    finally:
        _path(held).unlink(missing_ok=True)
        os.close(descriptor)


@contextmanager
def take(path: Path) -> Iterator[Claim | None]:
    """Claim a waiting file, or None when it is somebody's. An exception leaves it where it is, the attempt counted."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        yield None
        return
    try:
        if not _locked(descriptor) or not path.exists():  # its owner may have finished between opening and lock
            yield None
            return
        if path.suffix == PARTIAL:  # nobody was told that it had arrived
            path.unlink(missing_ok=True)
            yield None
            return
        claim = _claimed(path)
        yield claim
        if claim.kept:
            os.replace(claim.path, path)
        else:
            claim.path.unlink(missing_ok=True)
    finally:
        os.close(descriptor)


def waiting() -> list[Path]:
    """Every file in quarantine, whoever's: those taken up least often first, then the oldest."""
    found = [(path, _age_key(path)) for path in folder().iterdir() if path.suffix in (HELD, PARTIAL)]
    return [path for path, _ in sorted(found, key=lambda pair: (_attempts(pair[0]), pair[1], pair[0].name))]


def is_waiting(arrival: UUID) -> bool:
    """Whether the file of this arrival is in quarantine."""
    return any(folder().glob(f"{arrival}.*{HELD}"))


def arrivals_waiting() -> set[UUID]:
    """Arrivals in quarantine: ids under which copies may just be written."""
    return {UUID(path.name.split(".")[0]) for path in folder().glob(f"*{HELD}")}


def oldest_waiting_seconds() -> float | None:
    """For how long the file has waited that waits longest; None when none does."""
    times = [_age_key(path) for path in folder().glob(f"*{HELD}")]
    return max(0.0, time.time() - min(times) / 1e9) if times else None


def remove_strays() -> None:
    """Delete what a broken-off upload left: the web server puts bodies that outgrow its memory into this folder."""
    for path in folder().glob("*.upload*"):
        if time.time() - path.stat().st_mtime > STRAY_AFTER_SECONDS:
            path.unlink(missing_ok=True)


def _age_key(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:  # finished this moment
        return time.time_ns()


def _attempts(path: Path) -> int:
    parts = path.name.split(".")
    return int(parts[1]) if len(parts) == 3 and parts[1].isdigit() else 0


def _path(held: Held) -> Path:
    return folder() / f"{held.arrival}.{held.attempts}{HELD}"


def _new_and_locked(path: Path) -> int:
    """A new empty file, locked. Who looks for leftovers may take it before the lock is there: then another is made."""
    while True:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if os.fstat(descriptor).st_nlink:
            return descriptor
        os.close(descriptor)


def _written(held: Held) -> int:
    """Writes the file whole, locked by the descriptor that comes back."""
    path = _path(held)
    partial = path.with_suffix(PARTIAL)
    descriptor = _new_and_locked(partial)
    try:
        with os.fdopen(os.dup(descriptor), "wb") as file:
            file.write(_first_line(held))
            file.write(held.data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, path)
        _sync_folder()
    except BaseException:
        partial.unlink(missing_ok=True)
        os.close(descriptor)
        raise
    return descriptor


def _sync_folder() -> None:
    """The name of a new file is durable only once its folder is."""
    descriptor = os.open(folder(), os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _claimed(path: Path) -> Claim:
    """Counts the attempt in the name before anything is done with the bytes: they may be what kills the process."""
    attempts = _attempts(path)
    named = path.with_name(f"{path.name.split('.')[0]}.{attempts + 1}{HELD}")
    os.replace(path, named)
    line, _, data = named.read_bytes().partition(b"\n")
    header = json.loads(line)
    held = Held(
        data=data,
        arrival=UUID(header["arrival"]),
        by=UUID(header["by"]) if header["by"] else None,
        cohort=UUID(header["cohort"]) if header["cohort"] else None,
        door=Door(header["door"]),
    )
    return Claim(replace(held, attempts=attempts + 1), named)


def _first_line(held: Held) -> bytes:
    header = {
        "arrival": str(held.arrival),
        "by": str(held.by) if held.by else None,
        "cohort": str(held.cohort) if held.cohort else None,
        "door": str(held.door),
    }
    return json.dumps(header).encode() + b"\n"
