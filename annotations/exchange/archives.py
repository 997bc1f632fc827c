"""Where exported files go: a zip, or a new folder that appears when it is complete."""

import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from annotations.base.errors import Conflict
from annotations.exchange.give_boxes import Entry
from inference.written_aside import written_aside

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""Time of every file in a zip: the same box sets give the same bytes, and no date goes out."""


def write_zip(file: IO[bytes], entries: Iterable[Entry]) -> None:
    """One zip; pictures are packed already and are stored as they are."""
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in entries:
            packed = zipfile.ZIP_STORED if name.endswith(".png") else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), content, compress_type=packed)


def write_out(path: Path, entries: Iterable[Entry]) -> None:
    """A zip if the path ends so, else a folder. Written aside, then renamed: never half there.

    Raises:
        Conflict: ``exists_already``.
    """
    if path.exists():
        raise Conflict("exists_already", f"{path.name} exists already: choose another name.")
    with written_aside(path) as aside:
        if path.suffix.lower() == ".zip":
            with aside.open("wb") as file:
                write_zip(file, entries)
        else:
            aside.mkdir()
            for name, content in entries:
                (aside / name).parent.mkdir(parents=True, exist_ok=True)
                (aside / name).write_bytes(content)
