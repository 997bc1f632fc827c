"""Films out of whatever somebody names: a file, a folder with all below it, or a zip."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from annotations.gateway.archives import ArchiveError, ArchiveLimits, FoundFile, films_of_archive, is_archive
from annotations.gateway.file_names import is_litter, path_as_text
from annotations.services.intake_outcome import Reason

_HEAD_BYTES = 132


def files_below(path: Path) -> Iterator[Path]:
    """The path itself, or every file below a folder, in the order of names; what systems leave there is passed over.

    Links to files are followed, links to folders are not: those may go round in circles.
    """
    if not path.is_dir():
        yield path
        return
    for folder, below, names in os.walk(path):
        below[:] = sorted(name for name in below if not is_litter(name))
        for name in sorted(names):
            if not is_litter(name):
                yield Path(folder) / name


def films_in(path: Path, *, limit_bytes: int) -> Iterator[FoundFile]:
    """What one file holds: itself, or each file of the zip that it is."""
    try:
        with path.open("rb") as file:
            yield from films_in_open(file, name=path_as_text(path), limit_bytes=limit_bytes)
    except OSError:
        yield FoundFile(path_as_text(path), reason=Reason.at_door("unreadable_file"))


def films_in_open(file: IO[bytes], *, name: str, limit_bytes: int) -> Iterator[FoundFile]:
    """The same of a file that is open."""
    head = file.read(_HEAD_BYTES)
    if is_archive(head):
        yield from _films_of_archive(file, name, limit_bytes)
    elif os.fstat(file.fileno()).st_size > limit_bytes:
        yield FoundFile(name, reason=Reason.too_large(limit_bytes))
    else:
        yield FoundFile(name, data=head + file.read(limit_bytes))


def _films_of_archive(file: IO[bytes], name: str, limit_bytes: int) -> Iterator[FoundFile]:
    is_empty = True
    try:
        for found in films_of_archive(file, limits=ArchiveLimits(member_bytes=limit_bytes)):
            is_empty = False
            yield FoundFile(f"{name}/{found.name}", found.data, found.reason)
    except ArchiveError as error:
        yield FoundFile(name, reason=error.reason)
        return
    if is_empty:
        yield FoundFile(name, reason=Reason.at_door("archive_empty"))
