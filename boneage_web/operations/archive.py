"""A folder that holds any number of backups of one site.

    objects/ab/abcd...        every file that ever was, once, named by its SHA-256
    backups/20261126T093000Z/ manifest.json, objects.jsonl.gz (name -> hash), one dump per database

A backup is there once its folder has its name: it is written aside and renamed last. What is in `objects/` already is
not written again, so a second backup of a large site takes as long as its news.
"""

import fcntl
import gzip
import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from annotations.base.store import PART
from boneage_web.operations.stock import CHUNK_BYTES, sha256_of

FORMAT = "boneage-backup-1"
MANIFEST, OBJECTS = "manifest.json", "objects.jsonl.gz"


class ArchiveError(Exception):
    """A backup is not there or is damaged; the message names the file."""


@dataclass(frozen=True, slots=True)
class Stored:
    """One file of a backup: its hash, its size, and the sign by which the next backup knows that it is unchanged."""

    sha256: str
    size_bytes: int
    sign: str


@dataclass(frozen=True)
class Backup:
    """An opened backup."""

    folder: Path
    manifest: Mapping[str, Any]

    def objects(self) -> Iterator[tuple[str, Stored]]:
        """(name, file), in the order in which they were kept. Raises ArchiveError."""
        path = self.folder / OBJECTS
        if _hash(path) != self.manifest["objects_sha256"]:
            raise ArchiveError(f"{path} is not the file that was backed up.")
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                one = json.loads(line)
                yield one["name"], Stored(one["sha256"], one["size"], one["sign"])

    def dump(self, database: str) -> Path:
        """The dump of a database. Raises ArchiveError when it is not what was written."""
        kept = self.manifest["databases"][database]
        path = self.folder / str(kept["file"])
        if _hash(path) != kept["sha256"]:
            raise ArchiveError(f"{path} is not the file that was backed up.")
        return path


class Archive:
    """The folder. One backup at a time is written to it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def held(self) -> Iterator[None]:
        """Nobody else writes to the folder. Raises ArchiveError."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self.folder / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise ArchiveError(f"Another backup is being written to {self.folder}.") from None
            yield

    def names(self) -> list[str]:
        """Of all backups, oldest first."""
        return sorted(path.parent.name for path in (self.folder / "backups").glob(f"*/{MANIFEST}") if path.name)

    def open(self, name: str = "") -> Backup:
        """A backup, the newest when no name is given. Raises ArchiveError."""
        names = [each for each in self.names() if not each.endswith(PART)]
        if not names:
            raise ArchiveError(f"There is no backup in {self.folder}.")
        folder = self.folder / "backups" / (name or names[-1])
        if folder.name not in names:
            raise ArchiveError(f"There is no backup {name} in {self.folder}; there are: {', '.join(names)}.")
        try:
            manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        except ValueError as error:
            raise ArchiveError(f"{folder / MANIFEST} cannot be read ({error}).") from None
        if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
            raise ArchiveError(f"{folder} is no backup of the format {FORMAT}.")
        if manifest.pop("sha256", None) != _manifest_hash(manifest):
            raise ArchiveError(f"{folder / MANIFEST} was changed after it was written.")
        return Backup(folder, manifest)

    def path_of(self, sha256: str) -> Path:
        """Where a file of this hash lies."""
        return self.folder / "objects" / sha256[:2] / sha256

    def keep(self, file: IO[bytes]) -> tuple[str, int]:
        """Take a file in; returns its hash and size. Written aside, flushed, renamed; once for each content."""
        aside = self.folder / "objects" / f"{secrets.token_hex(8)}{PART}"
        aside.parent.mkdir(parents=True, exist_ok=True)
        growing, size = hashlib.sha256(), 0
        try:
            with aside.open("wb") as target:
                while chunk := file.read(CHUNK_BYTES):
                    growing.update(chunk)
                    target.write(chunk)
                    size += len(chunk)
                target.flush()
                os.fsync(target.fileno())
            path = self.path_of(growing.hexdigest())
            path.parent.mkdir(exist_ok=True)
            os.replace(aside, path)
        finally:
            aside.unlink(missing_ok=True)
        return growing.hexdigest(), size

    @contextmanager
    def new(self, name: str) -> Iterator[Path]:
        """A folder to fill; it gets its name when the block ends well, and is gone otherwise."""
        folder = self.folder / "backups" / name
        if folder.exists():
            raise ArchiveError(f"There is a backup {name} already.")
        aside = folder.with_name(f"{name}{PART}")
        shutil.rmtree(aside, ignore_errors=True)  # of one that was killed within the same second
        aside.mkdir(parents=True)
        try:
            yield aside
            os.rename(aside, folder)
        except BaseException:
            shutil.rmtree(aside, ignore_errors=True)
            raise

    def prune(self, keep: int) -> tuple[int, int]:
        """Remove all but the newest ``keep`` backups, and files that none names. Returns how many of each went."""
        gone = self.names()[:-keep]
        for name in gone:
            shutil.rmtree(self.folder / "backups" / name)
        for half in (*(self.folder / "backups").glob(f"*{PART}"), *(self.folder / "objects").glob(f"*{PART}")):
            shutil.rmtree(half) if half.is_dir() else half.unlink()
        used = {stored.sha256 for name in self.names() for _, stored in self.open(name).objects()}
        unused = [path for path in (self.folder / "objects").glob("??/*") if path.name not in used]
        for path in unused:
            path.unlink()
        return len(gone), len(unused)


def write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """The last file of a backup; it says what it says itself, too."""
    signed = {**manifest, "sha256": _manifest_hash(manifest)}
    with (folder / MANIFEST).open("w", encoding="utf-8") as file:
        json.dump(signed, file, indent=1, sort_keys=True)
        file.flush()
        os.fsync(file.fileno())


def _manifest_hash(manifest: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(manifest, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _hash(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return sha256_of(file)
    except FileNotFoundError:
        raise ArchiveError(f"{path} is gone.") from None
