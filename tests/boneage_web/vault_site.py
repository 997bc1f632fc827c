"""A clinical site for tests: mode, keys, keeper; and what the original headers of its films say."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import pydicom
from nacl.public import PrivateKey

from annotations.services import identity_hook
from boneage_web.vault import keeper
from boneage_web.vault.keys import make_pair, read_private_keys
from inference.imaging.original_identity import OriginalIdentity, original_identity


@contextmanager
def clinical_site(settings: Any, folder: Path) -> Iterator[tuple[PrivateKey, ...]]:
    """Clinical mode with a new key pair; yields what the outbound gateway would read."""
    public, private = make_pair(folder / "vault_keys")
    settings.MODE = "clinical"
    settings.VAULT_PUBLIC_KEY_FILE = public
    before = list(identity_hook._keepers)
    identity_hook.register_keeper(keeper.keep)
    try:
        yield read_private_keys(private)
    finally:
        identity_hook._keepers[:] = before


def said_by(data: bytes) -> OriginalIdentity:
    """The identity in the header of a film."""
    return original_identity(pydicom.dcmread(BytesIO(data), stop_before_pixels=True))
