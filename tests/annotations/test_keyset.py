"""Addresses of pages that somebody wrote by hand: a clear refusal, whatever stands in them."""

import base64
import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from annotations.base.errors import Invalid
from annotations.models import Event, Person, Study
from annotations.selectors.keyset import keyset_page
from annotations.states import RoleName
from tests.factories.people import make_person
from tests.factories.studies import make_study

pytestmark = pytest.mark.django_db(transaction=True)
Browser = Callable[[Person | None], Any]
PK = "3f0c8a52-6f0e-4d6f-8a5e-0c6f1f1f1f1f"
NOW = "2026-01-01T00:00:00+00:00"


def written(*values: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


@pytest.mark.parametrize("address", ["/studies", "/consensus", "/openings", "/intake/records", "/blocked", "/runs"])
@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "\u00e4",
        written(),
        written("yesterday", PK),
        written("2026-01-01T00:00:00", PK),
        written("0001-01-01T00:00:00+23:59", PK),
        written(NOW, "no id"),
        written(NOW, 5.5),
        written(True, PK),
        written([1], {}),
        written(10**400, PK),
        written(10**30, 10**30),
        base64.urlsafe_b64encode(b"[NaN, NaN]").decode(),
        base64.urlsafe_b64encode(b"[" * 3000).decode(),
    ],
)
def test_a_forged_address_is_refused_in_a_sentence(api: Browser, address: str, cursor: str) -> None:
    everybody = make_person("all", *(role for role in RoleName if role != RoleName.READER))
    answer = api(everybody).call("GET", address, params={"cursor": cursor})
    assert answer.status_code == 400, answer.text
    assert answer.json()["error"]["code"] == "bad_cursor"


@example(values=[1, NOW, PK])
@given(values=st.lists(st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just(PK), max_size=4))
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_whatever_is_written_there_is_a_page_or_a_refusal(values: list[object]) -> None:
    for rows, keys in ((Study.objects.all(), ("priority", "received_at")), (Event.objects.all(), ("-number",))):
        with suppress(Invalid):
            keyset_page(rows, keys=keys, cursor=written(*values), limit=3)


def test_true_addresses_lead_through_all_rows_once(api: Browser) -> None:
    for _ in range(7):
        make_study()
    browser, seen, cursor = api(make_person("all", RoleName.RESEARCHER)), [], {}
    while True:
        page = browser.get("/studies", order="priority", limit=3, **cursor)
        seen += [row["id"] for row in page["results"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert len(seen) == len(set(seen)) == 7
