"""Pages that cost the same at the beginning and at the end of a long list.

A cursor is the sort keys and the id of the last row shown; the next page begins after it. It says nothing that the
page itself did not show.
"""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar, cast
from uuid import UUID

from django.db.models import DateTimeField, Field, FloatField, Model, Q, QuerySet, UUIDField

from annotations.base.errors import Invalid

Row = TypeVar("Row", bound=Model)
LARGEST_INTEGER = 2**63 - 1
"""Of the databases."""


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Rows, and the cursor of the page after them (None at the end)."""

    rows: list[Row]
    next_cursor: str | None


def keyset_page(queryset: QuerySet[Row], *, keys: Sequence[str], cursor: str | None, limit: int) -> Page[Row]:
    """One page ordered by ``keys`` (fields or annotations that are never NULL, "-" before one that descends) and,
    among equals, by id in the direction of the last key."""
    order = [*keys, "-pk" if keys[-1].startswith("-") else "pk"]
    if cursor:
        queryset = queryset.filter(_after(order, _decode(cursor, _fields(queryset, order))))
    rows = list(queryset.order_by(*order)[: limit + 1])
    if len(rows) <= limit:
        return Page(rows, None)
    last = rows[limit - 1]
    return Page(rows[:limit], _encode([getattr(last, key.removeprefix("-")) for key in order]))


def _after(order: Sequence[str], values: Sequence[Any]) -> Q:
    """Rows behind the one with these values, in this order."""
    name, step = order[0].removeprefix("-"), "lt" if order[0].startswith("-") else "gt"
    beyond = Q(**{f"{name}__{step}": values[0]})
    return beyond if len(order) == 1 else beyond | Q(**{name: values[0]}) & _after(order[1:], values[1:])


def _encode(values: Sequence[Any]) -> str:
    plain = [
        value.isoformat() if isinstance(value, datetime) else value if isinstance(value, int | float) else str(value)
        for value in values
    ]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def _decode(cursor: str, fields: Sequence[Field]) -> list[Any]:
    """The values, each of the kind that its column holds: whatever else stands there is none of our addresses."""
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(values, list):
            raise TypeError(cursor)
        return [_value(field, value) for field, value in zip(fields, values, strict=True)]
    except (ValueError, TypeError, OverflowError, RecursionError, AttributeError, binascii.Error):
        raise Invalid("bad_cursor", "This page address is not one of ours: start the list again.") from None


def _value(field: Field, value: Any) -> Any:
    if isinstance(field, DateTimeField):
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError(value)
        return moment.astimezone(UTC)
    if isinstance(field, UUIDField):
        return UUID(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= LARGEST_INTEGER:
        raise ValueError(value)
    if isinstance(field, FloatField):
        return float(value)
    if value != int(value):
        raise ValueError(value)
    return int(value)


def _fields(queryset: QuerySet, order: Sequence[str]) -> list[Field]:
    """What the columns of an order hold."""
    meta, computed = queryset.model._meta, queryset.query.annotations
    found = []
    for name in (key.removeprefix("-") for key in order):
        if name in computed:
            found.append(computed[name].output_field)
        else:
            found.append(cast("Field", meta.pk if name == "pk" else meta.get_field(name)))
    return found
