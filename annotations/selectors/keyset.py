"""Pages that cost the same at the beginning and at the end of a long list.

A cursor is the sort keys and the id of the last row shown; the next page begins after it. It says nothing that the
page itself did not show.
"""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet

from annotations.base.errors import Invalid

Row = TypeVar("Row", bound=Model)


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
        queryset = queryset.filter(_after(order, _decode(cursor, len(order))))
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


def _decode(cursor: str, length: int) -> list[Any]:
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(values, list) or len(values) != length:
            raise ValueError(cursor)
        return [*(_key(value) for value in values[:-1]), str(values[-1])]
    except (ValueError, TypeError, binascii.Error):
        raise Invalid("bad_cursor", "This page address is not one of ours: start the list again.") from None


def _key(value: Any) -> Any:
    return datetime.fromisoformat(value) if isinstance(value, str) else float(value)
