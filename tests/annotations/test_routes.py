"""Every route x every persona, and no route that the table does not know."""

import re

import pytest
from django.db import transaction
from django.test import Client

from annotations.api.urls import urlpatterns
from tests.annotations.route_table import ROUTES, RouteRow, filled, world
from tests.factories.people import make_personas


class _UndoneError(Exception):
    """Rolls one persona's call back, so that the next persona finds the same world."""


@pytest.mark.django_db
@pytest.mark.parametrize("row", ROUTES, ids=lambda row: f"{row.method} {row.path}")
def test_each_persona_gets_what_the_table_says(row: RouteRow) -> None:
    personas = make_personas()
    values = world(personas)
    given = {}
    for name, person in [("anonymous", None), *personas.items()]:
        client = Client()
        if person is not None:
            client.force_login(person, backend="boneage_web.site.signed_in.PersonBackend")
        try:
            with transaction.atomic():
                response = client.generic(
                    row.method,
                    f"/api/v1{filled(row.path, values)}",
                    data=_json(row, values),
                    content_type=_content_type(row),
                )
                given[name] = response.status_code
                if response.status_code >= 400:
                    assert set(response.json()["error"]) == {"code", "message", "details"}
                raise _UndoneError
        except _UndoneError:
            pass
    assert given == {name: row.expected(name) for name in given}


def _content_type(row: RouteRow) -> str:
    return "multipart/form-data; boundary=x" if row.path == "/uploads" else "application/json"


def _json(row: RouteRow, values: dict[str, str]) -> str | bytes:
    import json

    if row.path == "/uploads":
        return b"--x--\r\n"
    return json.dumps(filled(row.body or {}, values)) if row.method != "GET" else ""


def test_the_table_knows_every_route_and_method() -> None:
    there = set()
    for pattern in urlpatterns:
        shape = re.sub(r"<[^>]+>", "{}", f"/{pattern.pattern}")
        for method in pattern.callback.view_class.http_method_names:
            if method not in ("options", "head") and hasattr(pattern.callback.view_class, method):
                there.add((method.upper(), shape))
    table = {(row.method, re.sub(r"{[^}]+}", "{}", row.path.split("?")[0])) for row in ROUTES}
    assert table == there
