"""The only way from a radiograph back to a child. The outbound gateway imports this module, and nothing else may.

A look-up is written down before the entry is opened, in a log whose lines are chained; so is one that is refused or
fails. What was opened is then held against the film: the stand-ins made of it must be those that the film has. So an
entry that was exchanged, or sealed by somebody else with the public key, gives an error and never another child.
"""

import json
from collections.abc import Sequence
from uuid import UUID

from django.conf import settings
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox

from annotations.models import Radiograph
from boneage_web.vault.keys import name_of
from boneage_web.vault.lookup_log import record_lookup
from boneage_web.vault.models import LookupOutcome, Purpose, VaultEntry
from boneage_web.vault.sealing import entry_key
from inference.imaging.original_identity import OriginalIdentity, identity_header
from inference.imaging.pseudonyms import patient_pseudonym, stand_in_uid


class NotOpenedError(Exception):
    """There is no identity to be had; the message says why and what to do, and shows nothing of it.

    Attributes:
        code: ``refused``, ``not_found``, ``other_key``, ``damaged`` or ``other_film``.
    """

    def __init__(self, code: str) -> None:
        super().__init__(f"{code}: {_MESSAGES[code]}")
        self.code = code


_MESSAGES = {
    "refused": "Name who asks, and one of the purposes: " + ", ".join(Purpose) + ".",
    "not_found": "The vault has no entry for this film. It cannot be sent back: find the child at the source.",
    "other_key": "The entry is sealed for another key. Add that private key to the gateway's key file.",
    "damaged": "The entry was changed after it was sealed. Restore the vault's database from its backup.",
    "other_film": "The entry leads to another film or child than this one. Send nothing; find out who wrote it.",
}


def open_identity(radiograph: UUID, *, purpose: str, who: str, private_keys: Sequence[PrivateKey]) -> OriginalIdentity:
    """What the original header of this radiograph said.

    Args:
        radiograph: id of a radiograph that was taken in.
        purpose: one of :class:`Purpose`.
        who: the process or the person's id that asks; stands in the log.
        private_keys: of :func:`boneage_web.vault.keys.read_private_keys`.

    Raises:
        NotOpenedError: see there; the attempt is logged.
    """
    key = entry_key(radiograph, key=settings.DEIDENTIFICATION_KEY)
    if not who.strip() or purpose not in list(Purpose):
        record_lookup(who=who, purpose="", key=key, outcome=LookupOutcome.REFUSED)
        raise NotOpenedError("refused")
    found = VaultEntry.objects.filter(key=key).exists()
    outcome = LookupOutcome.FOUND if found else LookupOutcome.NOT_FOUND
    record_lookup(who=who, purpose=purpose, key=key, outcome=outcome)
    if not found:
        raise NotOpenedError("not_found")
    try:
        identity = _opened(VaultEntry.objects.get(key=key), private_keys)
        _check(identity, radiograph)
    except NotOpenedError:
        record_lookup(who=who, purpose=purpose, key=key, outcome=LookupOutcome.FAILED)
        raise
    return identity


def _opened(entry: VaultEntry, private_keys: Sequence[PrivateKey]) -> OriginalIdentity:
    private_key = next((each for each in private_keys if name_of(each.public_key) == entry.sealed_for), None)
    if private_key is None:
        raise NotOpenedError("other_key")
    try:
        return OriginalIdentity(**json.loads(SealedBox(private_key).decrypt(bytes(entry.sealed))))
    except (CryptoError, ValueError, TypeError):
        raise NotOpenedError("damaged") from None


def _check(identity: OriginalIdentity, radiograph: UUID) -> None:
    film = Radiograph.objects.select_related("study__patient").filter(pk=radiograph).first()
    key = settings.DEIDENTIFICATION_KEY
    if film is None:
        raise NotOpenedError("other_film")
    stand_ins = (
        patient_pseudonym(identity_header(identity), key=key),
        stand_in_uid(identity.study_instance_uid, key=key),
        stand_in_uid(identity.sop_instance_uid, key=key),
    )
    if stand_ins != (film.study.patient.pseudonym, film.study.study_uid, film.sop_instance_uid):
        raise NotOpenedError("other_film")
