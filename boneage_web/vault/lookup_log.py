"""The log of look-ups: lines are added, numbered and chained; a changed or missing line is found."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from annotations.base.chain import link_hash
from boneage_web.vault.models import LookupOutcome, VaultLookup
from boneage_web.vault.router import VAULT

ATTEMPTS = 20
"""Two gateways that number a line at the same moment: one of them tries again."""


def record_lookup(*, who: str, purpose: str, key: str, outcome: LookupOutcome) -> VaultLookup:
    """Add a line; committed when this returns, unless the caller has opened a transaction of the vault."""
    for attempt in range(1, ATTEMPTS + 1):
        last = VaultLookup.objects.order_by("-number").values_list("number", "hash").first()
        number, previous_hash = (last[0] + 1, last[1]) if last else (1, "")
        line = VaultLookup(
            number=number,
            at=timezone.now(),
            who=who.strip()[:200],
            purpose=purpose,
            key=key,
            outcome=outcome,
            previous_hash=previous_hash,
        )
        line.hash = link_hash(previous_hash, _fields(line))
        try:
            with transaction.atomic(using=VAULT):
                line.save(force_insert=True)
        except IntegrityError:
            if attempt == ATTEMPTS:
                raise
        else:
            return line
    raise AssertionError("unreachable")


def first_broken_line() -> int | None:
    """Number of the first line whose place or hash is wrong; None when the log is whole.

    Lines cut off at the end leave no gap: write down the last line's hash elsewhere from time to time
    (`manage.py vault_audit` prints it) and compare.
    """
    previous_hash = ""
    for expected, line in enumerate(VaultLookup.objects.order_by("number"), start=1):
        whole = line.number == expected and line.previous_hash == previous_hash
        if not whole or line.hash != link_hash(previous_hash, _fields(line)):
            return line.number
        previous_hash = line.hash
    return None


def _fields(line: VaultLookup) -> list[str | int | None]:
    return [line.number, line.at.isoformat(), line.who, line.purpose, line.key, str(line.outcome)]
