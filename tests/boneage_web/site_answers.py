"""Every answer that a person can get from the site, by address, in a form that two worlds can be compared in."""

import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from drf_spectacular.generators import SchemaGenerator

from annotations.models import Person
from annotations.services.people import note_seen
from tests.annotations.route_table import ROUTES as ANNOTATIONS_ROUTES
from tests.annotations.route_table import RouteRow, filled
from tests.boneage_web.route_table import ROUTES as ROOF_ROUTES

ROUTES: tuple[RouteRow, ...] = (*ROOF_ROUTES, *ANNOTATIONS_ROUTES)
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?")
_TOKEN = re.compile(r'("(?:token|password)": ?")[^"]+')
_NOT_PINNED = {"Set-Cookie", "Date", "Last-Modified"}

AROUND_THE_SECRETS = (60.0, 110.0, 120.0, 132.5)
"""A filter by a number is tried at these: they lie between the values of the two worlds."""


def shape(path: str) -> str:
    """The address with its parts in braces emptied: what a pattern and a row of a table have in common."""
    return re.sub(r"(<[^>]+>|{[^}]*})", "{}", path.partition("?")[0])


def addresses(patterns: list[URLPattern | URLResolver] | None = None, before: str = "") -> Iterator[str]:
    """Every address below /api/v1/ that the URL resolver knows, as a shape."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, before + str(pattern.pattern))
        elif (before + str(pattern.pattern)).startswith("api/v1/"):
            yield shape("/" + (before + str(pattern.pattern)).removeprefix("api/v1/"))


@cache
def queries() -> dict[str, list[str]]:
    """For each address with filters or orders, one query for each value of each of them, from the API's own schema."""
    schema = SchemaGenerator().get_schema(request=None, public=True)
    found: dict[str, list[str]] = {}
    for path, methods in schema["paths"].items():
        for parameter in methods.get("get", {}).get("parameters", ()):
            if parameter["in"] == "query":
                values = list(_values(parameter))
                found.setdefault(shape(path.removeprefix("/api/v1")), []).extend(
                    f"{parameter['name']}={value}" for value in values
                )
    return found


def _values(parameter: Mapping[str, Any]) -> Iterator[object]:
    kind = parameter["schema"]
    if "enum" in kind:
        yield from kind["enum"]
    elif kind.get("type") == "boolean":
        yield from ("true", "false")
    elif parameter["name"] == "limit":
        yield 1
    elif kind.get("type") in ("number", "integer"):
        yield from AROUND_THE_SECRETS
    elif parameter["name"] == "has":
        yield from ("labelled", "read", "approved", "predicted")


@contextmanager
def undone() -> Iterator[None]:
    """What is written inside is gone afterwards, and so are the numbers that PostgreSQL gave out for its rows: a
    rollback does not take them back, and two worlds would differ by them."""
    numbers = _numbers_given()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    if numbers:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT setval(name::regclass, coalesce(last, 1), last IS NOT NULL)"
                " FROM unnest(%s::text[], %s::bigint[]) AS given(name, last)",
                [list(numbers), list(numbers.values())],
            )


def _numbers_given() -> dict[str, int | None]:
    """Each sequence's last number; on the embedded database a rollback takes numbers back."""
    if connection.vendor != "postgresql":
        return {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT format('%I.%I', schemaname, sequencename), last_value FROM pg_sequences")
        return dict(cursor.fetchall())


def everything(person: Person, values: Mapping[str, str], *, about: str = "") -> dict[str, str]:
    """What the site answers to this person: method, address and query -> status, headers, body. Nothing is kept.

    ``about``: only the addresses that name this value, such as ``{study}``.
    """
    note_seen(person)  # else each call, which is undone, would write that down anew
    client = Client(raise_request_exception=False)
    client.force_login(person, backend="boneage_web.site.signed_in.PersonBackend")
    signed_in = client.cookies.output()
    known = queries()
    told = {}
    for row in ROUTES:
        if about not in row.path:
            continue
        asked = [""] if row.method != "GET" else ["", *known.get(shape(row.path), ())]
        for query in asked:
            with undone():  # the next call finds the world as it was
                response = client.generic(
                    row.method,
                    f"/api/v1{filled(row.path, values)}{_joint(row.path, query)}{query}",
                    data=json.dumps(filled(row.body or {}, values)) if row.method != "GET" else "",
                    content_type="application/json",
                )
                told[f"{row.method} {row.path} {query}".strip()] = _pinned(response)
            client.cookies.load(signed_in.replace("Set-Cookie: ", ""))  # signing out is undone, too
    return told


def _joint(path: str, query: str) -> str:
    return "" if not query else "&" if "?" in path else "?"


def _pinned(response: HttpResponse) -> str:
    """The answer without what differs between any two calls: times, ids made in the call, cookies."""
    body = response.getvalue()
    text = _unpacked(body) if body[:2] == b"PK" else body.decode("utf-8", "backslashreplace")
    headers = {name: value for name, value in response.items() if name not in _NOT_PINNED}
    names: dict[str, str] = {}

    def number(match: re.Match[str]) -> str:
        return names.setdefault(match.group(0), f"<id {len(names) + 1}>")

    whole = f"{response.status_code}\n{headers}\n{text}"
    return _UUID.sub(number, _TOKEN.sub(r"\1<token>", _TIME.sub("<time>", whole)))


def _unpacked(body: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return "\n".join(f"{name}\n{archive.read(name).decode('utf-8', 'replace')}" for name in archive.namelist())
