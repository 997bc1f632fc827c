"""CHECK constraints made from the enums of ``states.py``, so that the database has the last word."""

from collections.abc import Iterable
from enum import StrEnum

from django.db.models import CheckConstraint, Q


def choices(values: Iterable[str]) -> list[tuple[str, str]]:
    """Django choices of an enum or of a list of names."""
    return [(str(value), str(value)) for value in values]


def one_of(field: str, values: Iterable[str], *, name: str, nullable: bool = False) -> CheckConstraint:
    """The field holds one of the values (or NULL, where that is allowed)."""
    condition = Q(**{f"{field}__in": [str(value) for value in values]})
    if nullable:
        condition |= Q(**{f"{field}__isnull": True})
    return CheckConstraint(condition=condition, name=name)


def implies(premise: Q, conclusion: Q, *, name: str) -> CheckConstraint:
    """Wherever the premise holds, the conclusion holds."""
    return CheckConstraint(condition=~premise | conclusion, name=name)


def longest(enum: type[StrEnum]) -> int:
    """Room for every value of the enum, with some to grow."""
    return max(32, max(len(value) for value in enum))
