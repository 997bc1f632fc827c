"""The rows of a site, whatever database they lie in: read, counted, hashed, copied.

A table's digest is the sum, modulo 2^256, of the SHA-256 of each row in one canonical form. It depends neither on the
order of the rows, which databases sort differently, nor on how a database writes a number, a time or JSON.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connections, models
from django.db.models import JSONField, Model

from boneage_web.vault.router import VAULT

NOT_OF_THE_SITE = {"sessions.session", "contenttypes.contenttype", "auth.permission"}
"""People sign in again; the other two are Django's own book-keeping, which each database makes for itself."""
BATCH = 1000
_MODULUS = 1 << 256


@dataclass(frozen=True, slots=True)
class Digest:
    """How many rows a table has, and what they say (hexadecimal)."""

    rows: int
    sum: str


class RowDigest:
    """A digest that grows row by row."""

    def __init__(self) -> None:
        self.rows, self._sum = 0, 0

    def add(self, row: Sequence[Any]) -> None:
        """Take one row in."""
        text = json.dumps([_canonical(value) for value in row], ensure_ascii=False, separators=(",", ":"))
        row_hash = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
        self._sum = (self._sum + int.from_bytes(row_hash)) % _MODULUS
        self.rows += 1

    def digest(self) -> Digest:
        """As it is now."""
        return Digest(self.rows, f"{self._sum:064x}")


def site_models(database: str) -> list[type[Model]]:
    """The models whose rows lie in this database (`default` or `vault`) and make up the site."""
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if (model._meta.app_label == VAULT) == (database == VAULT)
        and model._meta.managed
        and not model._meta.proxy
        and model._meta.label_lower not in NOT_OF_THE_SITE
    ]


def digests(database: str, *, alias: str = "") -> dict[str, Digest]:
    """Table -> digest. ``alias``: where to read, when that is not the site's own connection of this name."""
    found = {}
    for model in site_models(database):
        growing = RowDigest()
        for row in _rows(model, alias or database):
            growing.add(row)
        found[model._meta.db_table] = growing.digest()
    return found


def copy_rows(database: str, *, source: str, target: str) -> Iterator[tuple[str, Digest]]:
    """Copy table by table; yields (table, digest of what was read). Call it inside a transaction of the target, whose
    foreign keys are looked at when that ends."""
    for model in site_models(database):
        growing = RowDigest()
        rows = _rows(model, source)
        while batch := list(islice(rows, BATCH)):
            for row in batch:
                growing.add(row)
            _insert(model, target, batch)
        yield model._meta.db_table, growing.digest()
    connection = connections[target]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), site_models(database)):
            cursor.execute(statement)


def is_empty(database: str, *, alias: str = "") -> bool:
    """Whether no table of the site has a row."""
    return not any(model._base_manager.using(alias or database).exists() for model in site_models(database))


@contextmanager
def connected(settings: Mapping[str, Any], alias: str) -> Iterator[str]:
    """One more connection, under an alias, for as long as the block runs."""
    connections.settings[alias] = {**connections.settings["default"], "OPTIONS": {}, **settings}
    try:
        yield alias
    finally:
        connections[alias].close()
        del connections[alias]
        del connections.settings[alias]


def _fields(model: type[Model]) -> list[models.Field]:
    return [field for field in model._meta.local_concrete_fields if not field.generated]


def _rows(model: type[Model], alias: str) -> Iterator[Sequence[Any]]:
    names = [field.attname for field in _fields(model)]
    rows = model._base_manager.using(alias).order_by("pk").values_list(*names)
    return iter(rows.iterator(chunk_size=BATCH))


def _insert(model: type[Model], alias: str, rows: Sequence[Sequence[Any]]) -> None:
    connection, fields = connections[alias], _fields(model)
    quoted = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {connection.ops.quote_name(model._meta.db_table)} ({quoted}) VALUES ({marks})"  # noqa: S608
    prepared = [[_prepared(field, value, connection) for field, value in zip(fields, row, strict=True)] for row in rows]
    with connection.cursor() as cursor:
        cursor.executemany(statement, prepared)


def _prepared(field: models.Field, value: Any, connection: Any) -> Any:
    if isinstance(field, JSONField) and value is None and not field.null:
        return connection.ops.adapt_json_value(None, field.encoder)  # JSON's null, which is no missing value
    return field.get_db_prep_save(value, connection)


def _canonical(value: Any) -> Any:
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    if isinstance(value, Mapping):
        return {str(key): _canonical(value[key]) for key in sorted(value)}
    if isinstance(value, list | tuple):
        return [_canonical(each) for each in value]
    return str(value)  # UUID, date, time, Decimal


def _number(value: int | float) -> str:
    """PostgreSQL's jsonb writes 1e22 as a whole number and 1.0 as 1.0; SQLite keeps both as they came."""
    number = float(value) if abs(value) < 1e300 else value
    return str(value) if isinstance(value, int) and int(number) != value else repr(number)
