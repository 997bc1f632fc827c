"""Batches of things that can be computed together, such as pictures of one shape."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")


def batches_alike(items: Iterable[T], *, alike: Callable[[T], Hashable], size: int) -> Iterator[list[T]]:
    """At most ``size`` items at a time of which ``alike`` says the same; full batches first, the rest at last."""
    waiting: dict[Hashable, list[T]] = {}
    for item in items:
        key = alike(item)
        group = waiting.setdefault(key, [])
        group.append(item)
        if len(group) == size:
            yield waiting.pop(key)
    yield from waiting.values()
