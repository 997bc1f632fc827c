"""A de-identifier that does not read: for tests of everything but writing, without the seconds that networks take."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def sees_nothing(pixels: NDArray[np.float32], where: NDArray[np.bool_] | None = None) -> tuple[()]:
    """In place of the text check."""
    return ()


def erases_nothing(stored: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
    """In place of what draws over letters; what lies outside the hand is blanked all the same."""
    return stored, np.zeros(stored.shape, dtype=bool)


UNREAD: dict[str, Any] = {"check_text": sees_nothing, "erase_text": erases_nothing}
"""``deidentify(data, key=key, **UNREAD)``."""
