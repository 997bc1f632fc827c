"""Where the object store lies."""

from django.core.files.storage import FileSystemStorage, default_storage


def store_is_apart() -> bool:
    """Whether it lies outside the data folder (S3): other machines see it, and a write is whole or not at all."""
    return not isinstance(default_storage, FileSystemStorage)
