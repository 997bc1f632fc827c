"""The key pair of the vault (X25519): the public half seals, the private half opens. Each is one line of a file.

A private file may hold several lines: after a rotation the new key stands beside the old ones, whose entries stay.
"""

import base64
import binascii
import hashlib
import os
import stat
from pathlib import Path

from nacl.public import PrivateKey, PublicKey

PUBLIC, PRIVATE = "boneage-vault-public", "boneage-vault-private"
PUBLIC_FILE, PRIVATE_FILE = "vault_public_key", "vault_private_key"


class VaultKeyError(Exception):
    """A key file cannot be used; the message names the file and says what to do, never what stands in it."""


def make_pair(folder: Path) -> tuple[Path, Path]:
    """Write a new pair into the folder; returns (public, private). Never overwrites. Raises VaultKeyError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    public, private = folder / PUBLIC_FILE, folder / PRIVATE_FILE
    for path in (public, private):
        if path.exists():
            raise VaultKeyError(
                f"{path} exists. A key that is overwritten is lost with all that it seals: choose another folder."
            )
    key = PrivateKey.generate()
    _write(private, PRIVATE, key.encode(), mode=0o600)
    _write(public, PUBLIC, key.public_key.encode(), mode=0o644)
    return public, private


def read_public_key(path: Path | None) -> PublicKey:
    """Raises VaultKeyError."""
    if path is None:
        raise VaultKeyError(
            "Clinical mode needs BONEAGE_VAULT_PUBLIC_KEY_FILE. Make the pair: manage.py vault_keys --out FOLDER."
        )
    keys = _read(path, PUBLIC)
    if len(keys) != 1:
        raise VaultKeyError(f"{path} holds {len(keys)} public keys; one is needed.")
    return PublicKey(keys[0])


def read_private_keys(path: Path | None) -> tuple[PrivateKey, ...]:
    """Present and past keys, in the order of the file. Raises VaultKeyError, also when others may read the file."""
    if path is None:
        raise VaultKeyError("The outbound gateway needs BONEAGE_VAULT_PRIVATE_KEY_FILE.")
    keys = _read(path, PRIVATE)
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise VaultKeyError(f"Others than its owner may read {path}: chmod 600, and ask who read it.")
    return tuple(PrivateKey(key) for key in keys)


def name_of(key: PublicKey) -> str:
    """Short name of a pair: 16 hexadecimal digits."""
    return hashlib.sha256(key.encode()).hexdigest()[:16]


def _write(path: Path, kind: str, key: bytes, *, mode: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(f"{kind} {base64.b64encode(key).decode()}\n")
        file.flush()
        os.fsync(file.fileno())


def _read(path: Path, kind: str) -> list[bytes]:
    try:
        lines = [line.split() for line in path.read_text(encoding="ascii").splitlines() if line.strip()]
        keys = [base64.b64decode(line[1], validate=True) for line in lines if line[0] == kind]
    except OSError:
        raise VaultKeyError(f"{path} cannot be read. Give its path and the right to read it.") from None
    except (IndexError, ValueError, binascii.Error):
        raise VaultKeyError(f"{path} is damaged. Restore it from its backup.") from None
    if not keys or len(keys) != len(lines) or any(len(key) != PublicKey.SIZE for key in keys):
        raise VaultKeyError(f"{path} holds no {kind} key, or something else beside it. Were the two files exchanged?")
    return keys
