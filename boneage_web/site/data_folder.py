"""One supervisor, restore or move at a time works on a data folder."""

import fcntl
from io import TextIOWrapper

from boneage_web.env import environment


class InUseError(Exception):
    """Somebody works on this data folder; the message says so."""


def hold_data_folder() -> TextIOWrapper:
    """The open lock; it is let go when it is closed or its process ends. Raises InUseError."""
    lock = (environment.data_dir / "serve.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise InUseError(f"Another `serve` works on {environment.data_dir}. Stop it first.") from None
    return lock
