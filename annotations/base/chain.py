"""The hash that ties a line of history to the one before it."""

import hashlib
import json
from collections.abc import Sequence


def link_hash(previous_hash: str, fields: Sequence[str | int | None]) -> str:
    """SHA-256 (hex) over the previous line's hash and the fields of this line, in a form without ambiguity."""
    text = json.dumps([previous_hash, *fields], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
