"""Drawing lots that anybody can draw again: the same film under the same share is always drawn, or never."""

import hashlib
from uuid import UUID


def drawn_by_lot(film: UUID, share: float) -> bool:
    """Whether the film is among the share (0 to 1) of all films; a larger share keeps all films of a smaller one."""
    number = int.from_bytes(hashlib.sha256(b"label twice" + film.bytes).digest()[:8], "big")
    return number < share * 2**64
