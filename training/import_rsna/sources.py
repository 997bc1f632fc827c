"""Folders and zip files, read alike: the files in them, by name, one at a time."""

import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Self

from training.snapshot import SnapshotError


class FileSource:
    """The files of a folder (with its folders) or of a zip, in sorted order; use as a context manager."""

    def __init__(self, path: Path, *, suffixes: tuple[str, ...]) -> None:
        self.path = Path(path)
        self._zip: zipfile.ZipFile | None = None
        if self.path.is_dir():
            found = (p.relative_to(self.path).as_posix() for p in self.path.rglob("*") if p.is_file())
        elif zipfile.is_zipfile(self.path):
            self._zip = zipfile.ZipFile(self.path)
            found = (info.filename for info in self._zip.infolist() if not info.is_dir())
        else:
            raise SnapshotError(f"{self.path} is neither a folder nor a zip file.")
        self.names: list[str] = sorted(name for name in found if PurePosixPath(name).suffix.lower() in suffixes)

    def read(self, name: str) -> bytes:
        return self._zip.read(name) if self._zip else (self.path / name).read_bytes()

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
