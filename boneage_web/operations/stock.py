"""Every file that a site keeps, by name, wherever it lies: films, pictures, case tables, models, data sets, logs.

The names are those of an S3-style store, where everything lies in one place; on one machine the object store and the
folders of models, data sets and runs lie side by side in the data folder, and have the same names here. So what was
backed up on one kind of site can be restored to the other. Not kept: quarantine, keys, caches, work folders of runs
and the region features of trainings, which are found anew.
"""

import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage

from annotations.base.store import PART, store_is_apart
from boneage_web.folders import artifacts_dir, runs_dir, snapshots_dir
from boneage_web.stored_folders import stored_names

_BESIDE_THE_STORE = ("artifacts/", "snapshots/", "runs/")
CHUNK_BYTES = 1 << 20


def stock_names() -> Iterator[str]:
    """The name of every file. What is written aside and not whole yet is left out."""
    yield from (name for name in stored_names() if _is_kept(name))
    if store_is_apart():
        return
    data_dir = Path(settings.DATA_DIR)
    for folder in (artifacts_dir(), snapshots_dir()):
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(data_dir)
            if path.is_file() and not any(part.startswith(".") for part in name.parts):
                yield name.as_posix()
    yield from (path.relative_to(data_dir).as_posix() for path in sorted(runs_dir().glob("*/log")))


def _is_kept(name: str) -> bool:
    """Of runs their logs alone: a store that is apart has detectors and features of trainings beside them."""
    if name.startswith("runs/"):
        return name.endswith("/log")
    return not name.endswith(PART) and not name.startswith("features/")


def open_stock(name: str) -> AbstractContextManager[IO[bytes]]:
    """Read a file. Raises FileNotFoundError."""
    path = _beside(name)
    return path.open("rb") if path is not None else default_storage.open(name)


def sign_of(name: str) -> str:
    """Size and time of a file as one text: as long as it stays the same, so does the file, which nobody edits."""
    path = _beside(name)
    if path is None and not store_is_apart():
        path = Path(default_storage.path(name))
    if path is not None:
        found = path.stat()
        return f"{found.st_size} {found.st_mtime_ns}"
    return f"{default_storage.size(name)} {default_storage.get_modified_time(name).timestamp()}"


def hash_of(name: str) -> str | None:
    """SHA-256 of a file; None when it is not there."""
    try:
        with open_stock(name) as file:
            return sha256_of(file)
    except FileNotFoundError:
        return None


def put_stock(name: str, source: Path) -> None:
    """Write a file, whole or not at all, over what is there under its name."""
    path = _beside(name)
    if path is None and store_is_apart():
        with source.open("rb") as file:
            default_storage.save(name, File(file))
        return
    copy_whole(source, path or Path(default_storage.path(name)))


def copy_whole(source: Path, target: Path) -> None:
    """Copy aside, flush to the disk, rename."""
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = target.with_name(f"{target.name}.{secrets.token_hex(4)}{PART}")
    try:
        with source.open("rb") as read, aside.open("wb") as write:
            shutil.copyfileobj(read, write, CHUNK_BYTES)
            write.flush()
            os.fsync(write.fileno())
        os.replace(aside, target)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise


def sha256_of(file: IO[Any]) -> str:
    """SHA-256 (hexadecimal) of what is left of an open file."""
    growing = hashlib.sha256()
    while chunk := file.read(CHUNK_BYTES):
        growing.update(chunk)
    return growing.hexdigest()


def _beside(name: str) -> Path | None:
    if name.startswith(_BESIDE_THE_STORE) and not store_is_apart():
        return Path(settings.DATA_DIR) / name
    return None
