"""What the intake calls in clinical mode. It can write and cannot read what it wrote."""

from uuid import UUID

from django.conf import settings

from boneage_web.vault.keys import name_of, read_public_key
from boneage_web.vault.models import VaultEntry
from boneage_web.vault.sealing import entry_key, seal
from inference.imaging.original_identity import OriginalIdentity


def keep(identity: OriginalIdentity, radiograph: UUID) -> None:
    """Seal and insert, once. Durable on return: the vault's database is in no transaction of the films' database.

    The insert asks for no right but INSERT (ON CONFLICT DO NOTHING), so an account of the web may have no other.
    """
    public_key = read_public_key(settings.VAULT_PUBLIC_KEY_FILE)
    entry = VaultEntry(
        key=entry_key(radiograph, key=settings.DEIDENTIFICATION_KEY),
        sealed_for=name_of(public_key),
        sealed=seal(identity, public_key=public_key),
    )
    VaultEntry.objects.bulk_create([entry], ignore_conflicts=True)
