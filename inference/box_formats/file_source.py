"""Folders, zip files and single files, read alike: the files in them, by name, one at a time."""

import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Self

from inference.box_formats.findings import BoxFileError

LARGEST_FILE_BYTES = 256_000_000
"""What a zip may unpack one of its files to; its listing is believed only so far."""


class FileSource:
    """The files of a folder (with its folders), of a zip, or one file, in sorted order; use as a context manager.

    Hidden files, and what macOS puts beside the others, are passed over. Nothing is unpacked to disk.

    Raises:
        BoxFileError: ``no_source``.
    """

    def __init__(self, path: Path, *, suffixes: tuple[str, ...]) -> None:
        self.path = Path(path)
        self._zip: zipfile.ZipFile | None = None
        found: Iterable[str]
        if self.path.is_dir():
            found = (p.relative_to(self.path).as_posix() for p in self.path.rglob("*") if p.is_file())
        elif self.path.is_file() and self.path.suffix.lower() in suffixes:
            self.path, found = self.path.parent, [self.path.name]
        elif zipfile.is_zipfile(self.path):
            self._zip = zipfile.ZipFile(self.path)
            found = (info.filename for info in self._zip.infolist() if not info.is_dir())
        else:
            raise BoxFileError("no_source")
        wanted = (name for name in found if PurePosixPath(name).suffix.lower() in suffixes)
        self.names: list[str] = sorted(name for name in wanted if not _is_hidden(name))

    def has(self, name: str) -> bool:
        """Whether there is such a file, of whatever kind: also beside the one file."""
        return (self.path / name).is_file() if self._zip is None else name in self._zip.NameToInfo

    def read(self, name: str) -> bytes:
        """One file. Raises BoxFileError (``unreadable_file``, ``too_many_bytes``)."""
        try:
            if self._zip is None:
                return (self.path / name).read_bytes()
            if self._zip.getinfo(name).file_size > LARGEST_FILE_BYTES:
                raise BoxFileError("too_many_bytes", limit=LARGEST_FILE_BYTES // 1_000_000)
            return self._zip.read(name)
        except (OSError, EOFError, KeyError, RuntimeError, NotImplementedError, zipfile.BadZipFile, zlib.error):
            # also: encrypted, damaged, or packed by a method that is not known here
            raise BoxFileError("unreadable_file") from None

    def stamp(self) -> str:
        """What the source is, cheaply: its name, its size and its newest change (for resuming, not for trust)."""
        stat = self.path.stat()
        return f"{self.path.name}:{len(self.names)}:{stat.st_size}:{stat.st_mtime_ns}"

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._zip:
            self._zip.close()


def stem_of(name: str) -> str:
    """`eval/expert/2300.xml` -> `2300`."""
    return PurePosixPath(name).stem


def _is_hidden(name: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in PurePosixPath(name).parts)
