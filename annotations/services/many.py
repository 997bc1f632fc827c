"""The same change to many rows: each by itself, so that one refusal does not hold up the others."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import Model

from annotations.base.errors import Refusal

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class ManyChanged:
    """What became of many: those that were changed, and the refusals (id, code, message) of the others.

    What already was as asked for is neither.
    """

    changed: tuple[UUID, ...]
    refused: tuple[tuple[UUID, str, str], ...]


def change_each(rows: Iterable[Row], change: Callable[[Row], bool]) -> ManyChanged:
    """Apply ``change`` to each row in a transaction of its own; it says whether there was anything to change."""
    changed: list[UUID] = []
    refused: list[tuple[UUID, str, str]] = []
    for row in rows:
        try:
            with transaction.atomic():
                if change(row):
                    changed.append(row.pk)
        except Refusal as refusal:
            refused.append((row.pk, refusal.code, refusal.message))
    return ManyChanged(tuple(changed), tuple(refused))
