"""The one place that asks the vault who a film belongs to (import contract in pyproject.toml)."""

from uuid import UUID

from django.conf import settings

from boneage_web.vault.keys import VaultKeyError, read_private_keys
from boneage_web.vault.models import Purpose
from boneage_web.vault.opening import NotOpenedError, open_identity
from inference.imaging.original_identity import OriginalIdentity

__all__ = ["NoIdentityError", "original_of"]


class NoIdentityError(Exception):
    """The film leads back to nobody; ``code`` and ``message`` say why and show nothing of the child."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


def original_of(radiograph: UUID, *, who: str) -> OriginalIdentity:
    """What the original header said, to file a result under it; the look-up is logged. Raises NoIdentityError."""
    try:
        keys = read_private_keys(settings.VAULT_PRIVATE_KEY_FILE)
        return open_identity(radiograph, purpose=Purpose.SEND_RESULT, who=who, private_keys=keys)
    except NotOpenedError as error:
        raise NoIdentityError(f"identity_{error.code}", str(error)) from None
    except VaultKeyError as error:
        raise NoIdentityError("no_private_key", str(error)) from None
