"""History as a file: every line with the hash that ties it to the one before."""

import csv
import io
import json
from collections.abc import Iterable
from typing import Any

from annotations.base.spreadsheet import plain_cell
from annotations.models import Event

COLUMNS = ("number", "at", "who", "verb", "noun", "object", "old", "new", "reason", "previous_hash", "hash")
CHAIN_COLUMNS = ("number", "previous_hash", "hash")
"""Left out where lines are hidden from the person: they would tell how many there are."""


def event_rows(events: Iterable[Event], *, with_chain: bool) -> list[dict[str, Any]]:
    """The lines as plain values; ``at`` in ISO 8601 to the microsecond, as the hash covers it."""
    columns = COLUMNS if with_chain else [name for name in COLUMNS if name not in CHAIN_COLUMNS]
    return [{name: _value(event, name) for name in columns} for event in events]


def _value(event: Event, name: str) -> Any:
    if name == "at":
        return event.at.isoformat()
    if name == "who":
        return {"id": str(event.who_id), "username": event.who.username} if event.who else None
    return event.object_id if name == "object" else getattr(event, name)


def as_json(rows: list[dict[str, Any]], *, chain: str, complete: bool) -> bytes:
    """One object: which chain, whether lines are left out, and the lines."""
    about = {"chain": chain, "complete": complete, "hash": HASH_RULE, "events": rows}
    return json.dumps(about, ensure_ascii=False, indent=1).encode()


HASH_RULE = (
    "SHA-256 over the JSON list [previous_hash, chain, number, at, who.id, verb, noun, object, old, new, reason] "
    "without spaces, UTF-8; the first line's previous_hash is empty"
)


def as_csv(rows: list[dict[str, Any]]) -> bytes:
    """UTF-8 with comma; a person is their id and name; a text that a spreadsheet takes for a formula is marked."""
    text = io.StringIO()
    columns = (
        [column for name in rows[0] for column in (("who_id", "who") if name == "who" else (name,))] if rows else []
    )
    writer = csv.writer(text)
    writer.writerow(columns)
    for row in rows:
        who = row["who"] or {"id": "", "username": ""}
        cells = {**row, "who_id": who["id"], "who": who["username"]}
        writer.writerow([_cell(cells[column]) for column in columns])
    return text.getvalue().encode("utf-8-sig")


def _cell(value: Any) -> Any:
    return plain_cell(value) if isinstance(value, str) else value
