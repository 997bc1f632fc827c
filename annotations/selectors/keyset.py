"""Pages that cost the same at the beginning and at the end of a long list.

A cursor is the sort key and the id of the last row shown; the next page begins after it. It says nothing that the
page itself did not show.
"""

import base64
import binascii
import json
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


def keyset_page(queryset: QuerySet[Row], *, key: str, descending: bool, cursor: str | None, limit: int) -> Page[Row]:
    """One page ordered by ``key`` (a field or annotation that is never NULL) and, among equals, by id."""
    if cursor:
        value, pk = _decode(cursor)
        step = "lt" if descending else "gt"
        queryset = queryset.filter(Q(**{f"{key}__{step}": value}) | Q(**{key: value, f"pk__{step}": pk}))
    sign = "-" if descending else ""
    rows = list(queryset.order_by(f"{sign}{key}", f"{sign}pk")[: limit + 1])
    if len(rows) <= limit:
        return Page(rows, None)
    last = rows[limit - 1]
    return Page(rows[:limit], _encode(getattr(last, key), last.pk))


def _encode(value: Any, pk: Any) -> str:
    plain = value.isoformat() if isinstance(value, datetime) else value
    return base64.urlsafe_b64encode(json.dumps([plain, str(pk)]).encode()).decode().rstrip("=")


def _decode(cursor: str) -> tuple[Any, str]:
    try:
        value, pk = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return (datetime.fromisoformat(value) if isinstance(value, str) else float(value)), str(pk)
    except (ValueError, TypeError, binascii.Error):
        raise Invalid("bad_cursor", "This page address is not one of ours: start the list again.") from None
