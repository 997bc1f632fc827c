"""Arguments of prepared questions: what belongs to the shape, what is a value, and where it stands in the SQL."""

import secrets
from collections.abc import Callable, Hashable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from typing import Any
from uuid import UUID, uuid4

from django.db import connections


class StandIn:
    """Base of objects that a question knows by their key and by their shape."""

    pk: Any

    def shape(self) -> Hashable:
        """Everything but the key that a question may depend on."""
        raise NotImplementedError

    def stand_in(self, pk: UUID) -> Any:
        """One of the same shape with this key; asking it for anything else is an error."""
        raise NotImplementedError


class NoShape(Exception):
    """An argument is neither a value nor one of few."""


_VALUES = frozenset({UUID, datetime, str, int, float})


def shape_of(value: Any) -> Hashable:
    """What the text of a question may depend on; raises NoShape."""
    kind = type(value)
    if kind in _VALUES:
        return (kind,)
    if isinstance(value, tuple):
        return kind, *map(shape_of, value)
    if value is None or isinstance(value, bool | Enum):
        return kind, value
    if isinstance(value, StandIn):
        return value.__class__, value.shape()
    raise NoShape


def keys_of(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """All values in a row: tuples one after another, objects by their keys."""
    found: list[Any] = []
    for value in values:
        if isinstance(value, tuple):
            found.extend(keys_of(value))
        else:
            found.append(value.pk if isinstance(value, StandIn) else value)
    return tuple(found)


def probe_for(value: Any) -> Any:
    """Another of the same shape, which nothing else is equal to."""
    if isinstance(value, tuple):
        parts = map(probe_for, value)
        return type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)
    if isinstance(value, StandIn):
        return value.stand_in(uuid4())
    if isinstance(value, UUID):
        return uuid4()
    if isinstance(value, datetime):
        return datetime(1990, 1, 1, tzinfo=UTC) + timedelta(microseconds=secrets.randbits(48))
    if type(value) is str:
        return uuid4().hex
    if type(value) in (int, float):
        return type(value)(10_000 + secrets.randbelow(20_000))
    return value


def value_at(
    one: Any, other: Any, first: tuple[Any, ...], second: tuple[Any, ...], *, using: str
) -> tuple[int, Callable[[Any], Any]] | None:
    """Which value stands at a place of both texts, and in what form."""
    for number, (probe, another) in enumerate(zip(keys_of(first), keys_of(second), strict=True)):
        for form in _forms(probe, using) if type(probe) in _VALUES else ():
            if type(one) is type(form(probe)) and (one, other) == (form(probe), form(another)):
                return number, form
    return None


def is_a_moment(parameter: Any) -> bool:
    """A date or time, also as the text that SQLite is given: read from a clock, unless it is a value's."""
    if isinstance(parameter, str):
        with suppress(ValueError):
            return bool(datetime.fromisoformat(parameter))
    return isinstance(parameter, date)


def _forms(value: Any, using: str) -> tuple[Callable[[Any], Any], ...]:
    if isinstance(value, UUID):
        return _as_it_is, _hexadecimal
    if isinstance(value, datetime):
        return _as_it_is, connections[using].ops.adapt_datetimefield_value
    return (_as_it_is,)


def _as_it_is(value: Any) -> Any:
    return value


def _hexadecimal(value: UUID) -> str:
    return value.hex
