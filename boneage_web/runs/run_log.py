"""What a run wrote down: a file in its folder, and a copy in the store where workers may run on other machines."""

import logging
import time
import uuid
from pathlib import Path

from django.core.files.storage import default_storage

from annotations.base.store import store_is_apart
from boneage_web.folders import runs_dir
from boneage_web.stored_folders import publish_file

logger = logging.getLogger(__name__)


def log_path(run_id: uuid.UUID) -> Path:
    """The run's log on this machine."""
    return runs_dir() / str(run_id) / "log"


def append_to_log(path: Path, line: str) -> None:
    """One line with the time, UTC."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{time.strftime('%Y-%m-%d %H:%M:%S', time.gmtime())} {line}\n")


def fetch_log(path: Path) -> None:
    """What earlier attempts wrote on other machines stands above what is written here from now on."""
    if not store_is_apart():
        return
    try:
        with default_storage.open(f"runs/{path.parent.name}/{path.name}") as stored:
            written = stored.read()
    except FileNotFoundError:
        return
    except Exception as error:  # as below: it stops no job
        logger.warning("a log could not be fetched: %s", type(error).__name__)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(written)


def publish_log(path: Path) -> None:
    """Let the web server see the log as it is now. A store that is away for a while stops no job."""
    try:
        publish_file(path)
    except Exception as error:  # the libraries of stores raise what they like
        logger.warning("a log could not be stored: %s", type(error).__name__)


def log_tail(run_id: uuid.UUID, size_bytes: int) -> bytes:
    """The end of the log; empty when there is none."""
    path = log_path(run_id)
    try:
        if store_is_apart():
            with default_storage.open(f"runs/{run_id}/log") as stored:
                return bytes(stored.read())[-size_bytes:]
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - size_bytes))
            return file.read()
    except FileNotFoundError:
        return b""
