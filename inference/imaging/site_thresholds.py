"""A site's own limits of the quality gate, from a file."""

import json
from dataclasses import asdict, replace
from functools import lru_cache
from pathlib import Path

from inference.imaging.quality_thresholds import DEFAULT_THRESHOLDS, Thresholds


class ThresholdsError(Exception):
    """The file cannot be used; the message says what to correct."""


@lru_cache(maxsize=4)
def site_thresholds(path: Path | None) -> Thresholds:
    """The defaults, with what the file says put in their place; read once a process.

    Args:
        path: a JSON object, name of a threshold -> number. None: the defaults.

    Raises:
        ThresholdsError: not such an object, a name that is none, or a value that is no number.
    """
    if path is None:
        return DEFAULT_THRESHOLDS
    try:
        given = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError):
        raise ThresholdsError(f"{path} cannot be read as JSON in UTF-8.") from None
    if not isinstance(given, dict):
        raise ThresholdsError(f"{path} has to hold one object: name of a threshold, number.")
    known = asdict(DEFAULT_THRESHOLDS)
    if unknown := sorted(set(given) - set(known)):
        raise ThresholdsError(f"{path} names {', '.join(unknown)}; there are {', '.join(known)}.")
    for name, value in given.items():
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ThresholdsError(f"{path}: {name} is no number.")
    return replace(DEFAULT_THRESHOLDS, **given)
