"""Files below a folder that others may write into, reached so that no link leads out of it.

Every step is taken from the open folder before it and refuses links, so what was looked at is what is opened, deleted
or moved, whatever somebody swaps in between.
"""

import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from annotations.gateway.file_names import is_litter, is_unfinished

DEEPEST = 32
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW

Place = tuple[str, ...]
"""Where a file lies below the folder: names of folders, then its own."""


@dataclass(frozen=True, slots=True)
class Sign:
    """What tells one state of a file from another without reading it."""

    inode: int
    size: int
    modified_ns: int

    @classmethod
    def of(cls, found: os.stat_result) -> "Sign":
        """From what stat says."""
        return cls(found.st_ino, found.st_size, found.st_mtime_ns)


def whole_files(root: Path, *, but: frozenset[str]) -> dict[Place, Sign]:
    """Ordinary files below a folder, but not those hidden, named as unfinished, or below the folders ``but``."""
    found: dict[Place, Sign] = {}
    for path, below, names, descriptor in os.fwalk(root, follow_symlinks=False):
        place = Path(path).relative_to(root).parts
        below[:] = [name for name in below if not is_litter(name) and (place or name not in but)]
        if len(place) >= DEEPEST:
            below.clear()
        for name in names:
            if is_litter(name) or is_unfinished(name):
                continue
            try:
                seen = os.stat(name, dir_fd=descriptor, follow_symlinks=False)
            except FileNotFoundError:
                continue
            if stat.S_ISREG(seen.st_mode):
                found[(*place, name)] = Sign.of(seen)
    return found


@contextmanager
def folder(root: Path, names: Place, *, make: bool = False) -> Iterator[int]:
    """An open folder below the root, made where there is none if asked. Raises OSError where it is gone or a link."""
    descriptor = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for name in names:
            if make:
                with suppress(FileExistsError):
                    os.mkdir(name, dir_fd=descriptor)
            below = os.open(name, _FOLDER, dir_fd=descriptor)
            os.close(descriptor)
            descriptor = below
        yield descriptor
    finally:
        os.close(descriptor)


def opened(root: Path, place: Place) -> int:
    """A file, open for reading. Raises OSError; BlockingIOError while somebody has it locked."""
    with folder(root, place[:-1]) as around:
        descriptor = os.open(place[-1], os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=around)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise
    except OSError:
        pass  # a share without locks
    return descriptor


def still_is(around: int, name: str, sign: Sign) -> bool:
    """Whether a file of an open folder is the one that was looked at."""
    try:
        return Sign.of(os.stat(name, dir_fd=around, follow_symlinks=False)) == sign
    except FileNotFoundError:
        return False


def put_aside(source: int, name: str, aim: int, *, why: str) -> None:
    """Move a file from one open folder to another under its own name, or with a number; a text beside it says why.

    The text is written first: a file that was moved is never without its reason. Raises OSError.
    """
    stem, suffix = os.path.splitext(name)
    free, number = name, 1
    while _is_there(aim, free):
        number += 1
        free = f"{stem}.{number}{suffix}"
    reason = f"{free}.reason.txt"
    with suppress(FileNotFoundError):
        os.unlink(reason, dir_fd=aim)
    descriptor = os.open(reason, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644, dir_fd=aim)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(why)
    os.rename(name, free, src_dir_fd=source, dst_dir_fd=aim)


def _is_there(around: int, name: str) -> bool:
    try:
        os.stat(name, dir_fd=around, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True
