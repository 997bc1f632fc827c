"""Where the object store lies, and how a file gets into it."""

import os
import secrets
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage

PART = ".part"
"""How the name ends of what is being written aside."""


def store_is_apart() -> bool:
    """Whether it lies outside the data folder (S3): other machines see it, and a write is whole or not at all."""
    return not isinstance(default_storage, FileSystemStorage)


def write_whole(name: str, content: bytes) -> None:
    """Write a file under its name, over what is there: whole or not at all, and on the disk when this returns."""
    if store_is_apart():
        default_storage.save(name, ContentFile(content))
        return
    path = Path(default_storage.path(name))
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f"{path.name}.{secrets.token_hex(4)}{PART}")
    with aside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(aside, path)
