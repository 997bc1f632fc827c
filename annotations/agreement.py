"""When do readers agree, and on what: the arithmetic of a consensus, without any database."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")

LARGEST_BONE_AGE_MONTHS = 240.0
"""Above the last plate of either sex (228 months), so that a reader may say "beyond the atlas"."""
UNREADABLE_ENDS = 2
"""So many readers who say that a film cannot be read are enough: nobody else is asked."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """What a set of locked reads amounts to.

    Attributes:
        difference_months: largest minus smallest read.
        bone_age_months: the mean, if the difference is within the tolerance; else None.
    """

    difference_months: float
    bone_age_months: float | None


def agree(reads_months: Sequence[float], *, tolerance_months: float) -> Agreement:
    """The mean in months when all reads lie within the tolerance (inclusive); needs at least one read.

    Reads are averaged in months and never snapped to a plate: averaging takes the atlas's quantisation out again.
    """
    if not reads_months:
        raise ValueError("a consensus needs at least one read")
    difference = max(reads_months) - min(reads_months)
    mean = sum(reads_months) / len(reads_months)
    return Agreement(difference_months=difference, bone_age_months=mean if difference <= tolerance_months else None)


def shuffled(items: Sequence[T], *, seed: int) -> list[T]:
    """The items in an order that depends on the seed alone: who is A and who is B of one consensus."""
    order = list(items)
    random.Random(seed).shuffle(order)  # noqa: S311  # hides who read first; protects nothing
    return order
