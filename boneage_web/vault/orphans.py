"""Entries whose film was never kept: a crash between the two, a film met twice at once, a blocked film refused."""

from datetime import timedelta
from itertools import chain

from django.conf import settings
from django.utils import timezone

from annotations.models import BlockedFilm, Radiograph
from annotations.services import quarantine
from annotations.states import BlockedState
from boneage_web.vault.models import VaultEntry
from boneage_web.vault.sealing import entry_key

OLD_ENOUGH = timedelta(days=1)
"""A film that is just being taken in has an entry and no row yet."""


def orphans() -> set[str]:
    """Keys of entries that belong to no radiograph, no film that waits for a person, and no file in quarantine."""
    old = set(VaultEntry.objects.filter(created_at__lt=timezone.now() - OLD_ENOUGH).values_list("key", flat=True))
    films = chain(  # in the order in which a film moves on, so that none is missed between two looks
        quarantine.arrivals_waiting(),
        BlockedFilm.objects.filter(state=BlockedState.WAITING).values_list("pk", flat=True).iterator(),
        Radiograph.objects.values_list("pk", flat=True).iterator(),
    )
    return old - {entry_key(pk, key=settings.DEIDENTIFICATION_KEY) for pk in films}


def remove_orphans() -> int:
    """Delete them; returns how many. Their films are not here, so nobody may keep whose they were."""
    keys = sorted(orphans())
    for start in range(0, len(keys), 500):
        VaultEntry.objects.filter(key__in=keys[start : start + 500]).delete()
    return len(keys)
