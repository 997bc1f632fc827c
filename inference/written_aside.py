"""A file or folder that is there whole or not at all: written aside, then renamed."""

import contextlib
import fcntl
import glob
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

_ENDING = ".part"
_LOCK = "lock"


@contextmanager
def written_aside(path: Path) -> Iterator[Path]:
    """Where to write the file or folder; it gets the name ``path`` when the block ends well, and is gone otherwise.

    A process that is killed leaves a hidden folder ``.NAME.*.part`` beside ``path``: whoever next writes to the same
    name removes it. A lock of the kernel's says who lives; on a disk without such locks, what was left stays.

    Raises:
        OSError: the disk's; also where ``path`` is a folder that is not empty.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    _remove_left(path)
    aside, lock = _own(path)
    try:
        yield aside / path.name
        os.replace(aside / path.name, path)
    finally:
        lock.close()  # before it goes: a network disk keeps the folder of an open file
        shutil.rmtree(aside, ignore_errors=True)


def _own(path: Path) -> tuple[Path, IO[bytes]]:
    """A new folder, locked. Who looks for leftovers may take it before the lock is held: then another is made."""
    while True:
        aside = Path(tempfile.mkdtemp(prefix=f".{path.name}.", suffix=_ENDING, dir=path.parent))
        lock = (aside / _LOCK).open("wb")
        with contextlib.suppress(OSError):
            fcntl.flock(lock, fcntl.LOCK_EX)
        if (aside / _LOCK).exists():
            return aside, lock
        lock.close()


def _remove_left(path: Path) -> None:
    for left in path.parent.glob(f".{glob.escape(path.name)}.*{_ENDING}"):
        try:
            with (left / _LOCK).open("r+b") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                (left / _LOCK).unlink()
        except OSError:  # somebody is writing it
            continue
        shutil.rmtree(left, ignore_errors=True)
