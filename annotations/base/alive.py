"""Signs of life of processes that answer on no port: a file that each touches, and whoever watches looks at its age."""

import socket
import time
from pathlib import Path

from django.conf import settings

GATE_FILM_SECONDS = 120
"""A film that takes longer hangs in a decoder: the gate process ends itself, is started again, and the attempt counts;
for so long at most it gives no sign of life."""


def beat(program: str) -> None:
    """This process of this machine lives. Call it more often than whoever watches looks."""
    path = _file(program)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch()


def silent_seconds(program: str) -> float | None:
    """For how long the program of this machine has given no sign of life; None when it never gave one."""
    try:
        return max(0.0, time.time() - _file(program).stat().st_mtime)
    except FileNotFoundError:
        return None


def _file(program: str) -> Path:
    return Path(settings.DATA_DIR) / "alive" / f"{program}@{socket.gethostname()}"
