"""Where an original waits while it is cleaned: one file, random name, mode 0600, locked by whoever works on it.

The lock dies with its process, so what is left unlocked after a crash is work to finish; a file that is locked is
somebody's work. A file is a line of JSON (who handed it in, for which cohort, under which id its copies will lie)
followed by the bytes. It is written under a ``.part`` name first: half a file is never taken for a whole one.
"""

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings

HELD, PARTIAL = ".held", ".part"


@dataclass(frozen=True, slots=True)
class Held:
    """An original in quarantine.

    Attributes:
        data: its bytes.
        radiograph: id under which its cleaned copies are stored.
        by: who handed it in, or None for the command line.
        cohort: where it belongs, or None.
    """

    data: bytes
    radiograph: UUID
    by: UUID | None
    cohort: UUID | None


def folder() -> Path:
    """The quarantine; made when it is not there, closed to everybody else."""
    path = Path(settings.DATA_DIR) / "quarantine"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


@contextmanager
def hold(held: Held) -> Iterator[None]:
    """Keep the original for as long as the block runs; it is deleted however the block ends, short of a crash."""
    name = secrets.token_hex(16)
    partial, path = folder() / (name + PARTIAL), folder() / (name + HELD)
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        with os.fdopen(os.dup(descriptor), "wb") as file:
            file.write(_first_line(held) + held.data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, path)
        yield
    finally:
        partial.unlink(missing_ok=True)
        path.unlink(missing_ok=True)
        os.close(descriptor)


@contextmanager
def take(path: Path) -> Iterator[Held | None]:
    """A file that a crash left behind, or None when it is somebody's; deleted at the end if it was taken."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        yield None
        return
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
            return
        if not path.exists():  # its owner finished between the opening and the lock
            yield None
            return
        yield _parse(path.read_bytes()) if path.suffix == HELD else None
        path.unlink(missing_ok=True)
    finally:
        os.close(descriptor)


def leftovers() -> list[Path]:
    """Every file in quarantine, whoever's, oldest first."""
    paths = [path for path in folder().iterdir() if path.suffix in (HELD, PARTIAL)]
    return sorted(paths, key=lambda path: path.name)


def radiographs_held() -> set[UUID]:
    """Ids under which copies may just be written."""
    ids = set()
    for path in leftovers():
        try:
            with path.open("rb") as file:
                ids.add(UUID(json.loads(file.readline())["radiograph"]))
        except (FileNotFoundError, ValueError, KeyError):
            continue
    return ids


def _first_line(held: Held) -> bytes:
    header = {
        "radiograph": str(held.radiograph),
        "by": str(held.by) if held.by else None,
        "cohort": str(held.cohort) if held.cohort else None,
    }
    return json.dumps(header).encode() + b"\n"


def _parse(content: bytes) -> Held:
    line, _, data = content.partition(b"\n")
    header = json.loads(line)
    return Held(
        data=data,
        radiograph=UUID(header["radiograph"]),
        by=UUID(header["by"]) if header["by"] else None,
        cohort=UUID(header["cohort"]) if header["cohort"] else None,
    )
