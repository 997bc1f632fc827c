"""The vault's tables lie in the database `vault`, and nothing else does. In research mode there is no such database."""

from typing import Any

VAULT = "vault"
"""Both the label of the app and the alias of its database."""


class VaultRouter:
    """Django's router for the two."""

    def db_for_read(self, model: Any, **hints: Any) -> str | None:
        return VAULT if model._meta.app_label == VAULT else None

    def db_for_write(self, model: Any, **hints: Any) -> str | None:
        return VAULT if model._meta.app_label == VAULT else None

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool | None:
        labels = {one._meta.app_label, other._meta.app_label}
        return None if VAULT not in labels else labels == {VAULT}

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return (db == VAULT) == (app_label == VAULT)
