"""Folders that are kept whole: trained models, frozen data sets, detectors and logs of runs; and files of features.

On one machine they lie in the data folder, where whoever made them left them. Where films lie in an S3-style store,
these go there too, so that a worker needs nothing but store, broker and database: `publish` sends a finished folder,
`fetch` brings it when it is not on this machine yet. Such a folder never changes; its manifest, which holds the hashes
of its files, goes last and so says that the rest is there. Whoever opens it verifies those hashes.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.core.files.storage import Storage, default_storage

from annotations.base.store import store_is_apart
from inference.written_aside import written_aside

MANIFEST = "manifest.json"
"""Of artifacts (`inference/artifact.py`) and of snapshots (`training/snapshot.py`)."""


def publish(folder: Path, *, last: str = MANIFEST) -> None:
    """Send a finished folder of the data folder to the store, once; where no store is apart nothing happens.

    ``last`` is the file that says that the rest is there.
    """
    name = _name(folder)
    if not store_is_apart() or default_storage.exists(f"{name}/{last}"):
        return
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path != folder / last)
    for path in (*paths, folder / last):
        publish_file(path)


def publish_file(path: Path) -> None:
    """Send one file of the data folder under its name there; what the store had under that name is replaced."""
    if store_is_apart():
        with path.open("rb") as file:
            default_storage.save(_name(path), File(file))


def fetch(folder: Path, *, last: str = MANIFEST) -> bool:
    """Whether the folder is on this machine; it is brought from the store when it is not. Whole or not at all."""
    if folder.is_dir():
        return True
    name = _name(folder)
    if not store_is_apart() or not default_storage.exists(f"{name}/{last}"):
        return False
    try:
        with written_aside(folder) as aside:
            for file_name in stored_names(name):
                _bring(file_name, aside / Path(file_name).relative_to(name))
    except OSError:
        if not folder.is_dir():  # another process of this machine was faster
            raise
    return True


def fetch_file(path: Path) -> bool:
    """Whether the file is on this machine; it is brought from the store when it is not. Whole or not at all."""
    if path.is_file():
        return True
    if not store_is_apart():
        return False
    try:
        with written_aside(path) as aside:
            _bring(_name(path), aside)
    except FileNotFoundError:
        return False
    return True


def stored_names(prefix: str = "", *, store: Storage = default_storage) -> Iterator[str]:
    """Every name of the store under a prefix, in no order that means anything."""
    try:
        folders, files = store.listdir(prefix)
    except FileNotFoundError:
        return
    stem = f"{prefix}/" if prefix else ""
    yield from (f"{stem}{name}" for name in files if name)
    for name in folders:
        yield from stored_names(f"{stem}{name}", store=store)


def _bring(name: str, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with default_storage.open(name) as source, path.open("wb") as target:
        shutil.copyfileobj(source, target)


def _name(path: Path) -> str:
    return path.relative_to(settings.DATA_DIR).as_posix()
