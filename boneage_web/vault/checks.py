"""What must hold before a process of a clinical site starts. Every command of a site runs these first (`SITE`)."""

from typing import Any

from django.conf import settings
from django.core.checks import Error

from annotations.services.site_mode import CLINICAL, OtherModeError, check_mode
from boneage_web.vault.keys import VaultKeyError, read_public_key


def check_vault(**ignored: Any) -> list[Error]:
    """The mode is that of the films, the public key is there, and the private one is not.

    The outbound gateway, which alone has the private key, leaves these checks out and makes its own.
    """
    errors = []
    try:
        check_mode()
    except OtherModeError as error:
        errors.append(Error(str(error), id="vault.E001"))
    if settings.VAULT_PRIVATE_KEY_FILE is not None:
        errors.append(
            Error(
                "BONEAGE_VAULT_PRIVATE_KEY_FILE is set for this process. Set it for the outbound gateway alone: "
                "nothing else may be able to open an identity.",
                id="vault.E002",
            )
        )
    if settings.MODE == CLINICAL:
        try:
            read_public_key(settings.VAULT_PUBLIC_KEY_FILE)
        except VaultKeyError as error:
            errors.append(Error(str(error), id="vault.E003"))
    return errors
