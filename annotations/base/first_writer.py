"""A small file that several processes may want to make at the same moment, and that is never changed again."""

import os
import secrets
from pathlib import Path


def write_first(path: Path, text: str) -> None:
    """Make ``path`` with ``text``, whole and on the disk or not at all; of several writers the first one wins.

    Its owner alone may read it (mode 0600). What a process that died leaves beside it stands in nobody's way.
    """
    aside = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(aside, path)
    except FileExistsError:
        pass
    finally:
        aside.unlink()
