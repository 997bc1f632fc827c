"""Every route x every persona, and no address of the site that no table knows."""

import json
import re
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from boneage_web.runs import bell
from tests.annotations.route_table import ROUTES as ANNOTATIONS_ROUTES
from tests.annotations.route_table import RouteRow, filled
from tests.boneage_web.route_table import PUBLIC, ROUTES, world
from tests.factories.people import make_personas


@pytest.mark.django_db
@pytest.mark.parametrize("row", ROUTES, ids=lambda row: f"{row.method} {row.path}")
def test_each_persona_gets_what_the_table_says(row: RouteRow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bell.application, "send_task", lambda *args, **kwargs: None)
    personas, values = make_personas(), dict(world())
    given = {}
    for name, person in [("anonymous", None), *personas.items()]:
        client = Client()
        if person is not None:
            client.force_login(person, backend="boneage_web.site.signed_in.PersonBackend")
        with transaction.atomic():
            response = client.generic(
                row.method,
                f"/api/v1{filled(row.path, values)}",
                data=json.dumps(filled(row.body or {}, values)) if row.method != "GET" else "",
                content_type="application/json",
            )
            transaction.set_rollback(True)  # the next persona finds the same world
        given[name] = response.status_code
        if response.status_code >= 400:
            assert set(response.json()["error"]) == {"code", "message", "details"}
    assert given == {name: _expected(row, name) for name in given}


def _expected(row: RouteRow, persona: str) -> int:
    is_public = row.path in PUBLIC and row.method in ("GET", "POST")
    return row.ok if persona == "anonymous" and is_public else row.expected(persona)


def _addresses(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _addresses(pattern.url_patterns, before + str(pattern.pattern))
        else:
            yield before + str(pattern.pattern), pattern


def test_the_tables_know_every_address_and_method_of_the_site() -> None:
    there, others = set(), []
    for address, pattern in _addresses(get_resolver().url_patterns):
        view = getattr(pattern.callback, "view_class", None)
        if view is None:
            others.append(pattern.callback.__name__)
            continue
        shape = re.sub(r"<[^>]+>", "{}", "/" + address.removeprefix("api/v1/"))
        for method in view.http_method_names:
            if method not in ("options", "head", "trace") and hasattr(view, method):
                there.add((method.upper(), shape))
    table = {(row.method, re.sub(r"{[^}]+}", "{}", row.path.split("?")[0])) for row in (*ROUTES, *ANNOTATIONS_ROUTES)}
    assert there == table
    assert others == ["api_not_found", "front_end"]
