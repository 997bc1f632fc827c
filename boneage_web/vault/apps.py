"""Django's entry for this app."""

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import register


class VaultConfig(AppConfig):
    """In clinical mode the intake hands identities to the keeper; in research mode there is none."""

    name = "boneage_web.vault"
    label = "vault"

    def ready(self) -> None:
        from annotations.services import identity_hook  # noqa: PLC0415  # models are loaded only now
        from boneage_web.vault import checks, keeper  # noqa: PLC0415

        register(checks.check_vault)
        if settings.MODE == "clinical":
            identity_hook.register_keeper(keeper.keep)
