"""Django's entry for this app."""

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import register

from annotations.base.site_command import SITE


class VaultConfig(AppConfig):
    """In clinical mode the intake hands identities to the keeper; in research mode there is none."""

    name = "boneage_web.vault"
    label = "vault"

    def ready(self) -> None:
        from boneage_web.vault.checks import check_vault  # noqa: PLC0415  # models are loaded only now

        register(check_vault, SITE)
        if settings.MODE == "clinical":
            from annotations.services import identity_hook  # noqa: PLC0415  # brings the whole intake
            from boneage_web.vault import keeper  # noqa: PLC0415

            identity_hook.register_keeper(keeper.keep)
