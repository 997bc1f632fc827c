"""An identity becomes bytes that only the holder of the private key opens (libsodium's sealed box).

The plain text is JSON, filled up to a multiple of 1024 bytes so that its length does not tell how long a name is.
"""

import hashlib
import hmac
import json
from dataclasses import asdict
from uuid import UUID

from nacl.public import PublicKey, SealedBox

from inference.imaging.original_identity import OriginalIdentity

BLOCK_BYTES = 1024


def entry_key(radiograph: UUID, *, key: bytes) -> str:
    """Name of a radiograph's entry: HMAC-SHA-256 (hex) of its id with the site's de-identification key.

    The id and not the SOP instance: one arrival, one entry. Two films that claim one SOP instance for different
    children never share an entry, and a film taken up again after a crash meets exactly its own.
    """
    return hmac.new(key, b"vault\0" + radiograph.bytes, hashlib.sha256).hexdigest()


def seal(identity: OriginalIdentity, *, public_key: PublicKey) -> bytes:
    """Seals; nobody without the private key can tell what, not even who sealed it."""
    plain = json.dumps(asdict(identity)).encode("ascii")
    return SealedBox(public_key).encrypt(plain.ljust(-(-len(plain) // BLOCK_BYTES) * BLOCK_BYTES))
