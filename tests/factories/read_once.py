"""Networks look for letters on each film that is taken in, for seconds. Tests of everything but letters take the same
few films in again and again: here they look at each picture once, since what they find follows from it alone."""

import hashlib
import pickle
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.imaging import burned_text, text_check
from inference.imaging.text_engine import TextEngine, text_engine
from inference.imaging.text_lines import WrittenLine, written_lines

_found: dict[bytes, list[WrittenLine]] = {}


def read_films_once(put: Callable[[Any, str, Any], None] = setattr) -> None:
    """From now on in this process; ``put`` sets an attribute, as ``monkeypatch.setattr`` does."""
    for module in (burned_text, text_check):
        put(module, "text_engine", _engine_when_needed)
        put(module, "written_lines", _written_lines_once)


def keep_what_was_read(path: Path) -> None:
    """For another process."""
    path.write_bytes(pickle.dumps(_found))


def recall_what_was_read(path: Path) -> None:
    """What a process before this one kept."""
    _found.update(pickle.loads(path.read_bytes()))


def _engine_when_needed(**how: Any) -> Callable[[], TextEngine]:
    return partial(text_engine, **how)


def _written_lines_once(engine: Callable[[], TextEngine], grey: NDArray[np.uint8], **how: Any) -> list[WrittenLine]:
    seen = hashlib.sha256(f"{grey.shape} {sorted(how.items())}\n".encode())
    seen.update(np.ascontiguousarray(grey))
    key = seen.digest()
    if key not in _found:
        _found[key] = written_lines(engine(), grey, **how)
    return list(_found[key])
