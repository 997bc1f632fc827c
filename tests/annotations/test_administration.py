"""People, cohorts and protocols, administered in the application."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from annotations.base.errors import Conflict
from annotations.models import Person, Protocol
from annotations.services import people, protocols
from annotations.services.protocols import present_protocol
from annotations.states import RoleName
from tests.factories.people import make_person

pytestmark = pytest.mark.django_db(transaction=True)
Browser = Callable[[Person | None], Any]
OWN = "a-sentence-of-my-own"


@pytest.fixture
def chief() -> Person:
    return make_person("chief", RoleName.ADMINISTRATOR)


def signed_in(username: str, password: str) -> Client:
    client = Client()
    answer = client.post("/api/v1/session", {"username": username, "password": password}, "application/json")
    assert answer.status_code == 200, answer.content
    return client


def test_a_one_time_password_opens_nothing_but_the_choice_of_an_own_one(api: Browser, chief: Person) -> None:
    anna = make_person("anna", RoleName.LABELLER)
    password = api(chief).post(f"/people/{anna.pk}/reset-password")["password"]
    client = signed_in("anna", password)
    assert client.get("/api/v1/session").json()["user"]["must_change_password"] is True
    refused = client.get("/api/v1/studies")
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "must_change_password")
    wrong = client.post("/api/v1/session/password", {"old": "guess", "new": OWN}, "application/json")
    assert wrong.json()["error"]["code"] == "wrong_password"
    weak = client.post("/api/v1/session/password", {"old": password, "new": "short"}, "application/json")
    assert weak.json()["error"]["code"] == "weak_password"
    chosen = client.post("/api/v1/session/password", {"old": password, "new": OWN}, "application/json")
    assert chosen.json()["user"]["must_change_password"] is False
    assert client.get("/api/v1/studies").status_code == 200, "this session goes on"
    assert signed_in("anna", OWN).get("/api/v1/studies").status_code == 200


def test_a_reset_ends_all_sessions_and_stands_in_the_history(api: Browser, chief: Person) -> None:
    anna = make_person("anna", RoleName.LABELLER)
    people.change_person(by=chief, person=anna, password=OWN)
    Person.objects.filter(pk=anna.pk).update(must_change_password=False)
    before = signed_in("anna", OWN)
    assert before.get("/api/v1/studies").status_code == 200
    told = api(chief).post(f"/people/{anna.pk}/reset-password")
    assert before.get("/api/v1/studies").status_code == 401
    history = api(chief).get(f"/people/{anna.pk}/events")
    assert [line["verb"] for line in history] == ["reset_password", "change"]
    assert told["password"] not in str(history)


def test_nobody_locks_the_last_administrator_out(chief: Person) -> None:
    other = make_person("other", RoleName.ADMINISTRATOR)
    people.change_person(by=chief, person=other, roles=[RoleName.REVIEWER])
    other.forget_roles()
    second = make_person("second", RoleName.ADMINISTRATOR)
    people.change_person(by=second, person=chief, is_active=False)
    with pytest.raises(Conflict, match="last administrator"):
        # Two who demote each other at once: the one that comes second finds nobody left.
        people.change_person(by=chief, person=second, roles=[])
    with pytest.raises(Conflict, match="yourself"):
        people.change_person(by=second, person=second, is_active=False)


def test_when_somebody_was_last_seen(api: Browser, chief: Person) -> None:
    anna = make_person("anna", RoleName.LABELLER)
    assert {row["username"]: row["last_seen_at"] for row in api(chief).get("/people")["results"]}["anna"] is None
    api(anna).get("/studies")
    seen = {row["username"]: row["last_seen_at"] for row in api(chief).get("/people")["results"]}
    assert seen["anna"] is not None


def test_a_cohort_is_renamed_and_two_never_have_one_name(api: Browser, chief: Person) -> None:
    browser = api(chief)
    spring = browser.post("/cohorts", {"name": "spring"}, expect=201)["id"]
    browser.post("/cohorts", {"name": "autumn"}, expect=201)
    assert browser.patch(f"/cohorts/{spring}", {"name": "spring 2026"})["name"] == "spring 2026"
    told = browser.patch(f"/cohorts/{spring}", {"name": "autumn"}, expect=409)
    assert told["error"]["code"] == "name_taken"
    assert [line["verb"] for line in browser.get("/events")] == ["rename", "add", "add"]


def test_a_cohort_s_own_protocol_and_every_version_there_was(api: Browser, chief: Person) -> None:
    browser = api(chief)
    present_protocol()
    cohort = browser.post("/cohorts", {"name": "spring"}, expect=201)["id"]
    browser.patch("/protocol", {"tolerance_months": 9})
    assert browser.get(f"/cohorts/{cohort}/protocol")["cohort"] is None
    own = browser.patch(f"/cohorts/{cohort}/protocol", {"label_twice_share": 0.25, "reason": "agreement"})
    assert (own["tolerance_months"], own["label_twice_share"], own["cohort"]["name"]) == (9, 0.25, "spring")
    browser.patch("/protocol", {"tolerance_months": 6})
    assert browser.get(f"/cohorts/{cohort}/protocol")["tolerance_months"] == 9, "its own stays as it was"
    versions = browser.get("/protocol/versions")
    assert [(row["cohort"] and row["cohort"]["name"], row["version"], row["is_active"]) for row in versions] == [
        (None, 3, True),
        ("spring", 1, True),
        (None, 2, False),
        (None, 1, False),
    ]
    assert versions[0]["created_by"]["username"] == "chief"
    ended = browser.call("DELETE", f"/cohorts/{cohort}/protocol", json={"reason": "done"}).json()
    assert (ended["cohort"], ended["tolerance_months"]) == (None, 6)
    assert browser.call("DELETE", f"/cohorts/{cohort}/protocol", json={}).status_code == 409
    again = browser.patch(f"/cohorts/{cohort}/protocol", {"tolerance_months": 3})
    assert again["version"] == 2
    assert Protocol.objects.filter(is_active=True).count() == 2
    reasons = [line["reason"] for line in browser.get("/events") if line["verb"] == "change_protocol"]
    assert any("agreement" in reason for reason in reasons)


@pytest.mark.parametrize("of_cohort", [False, True])
def test_two_administrators_at_once_change_a_protocol_once(
    api: Browser, chief: Person, monkeypatch: pytest.MonkeyPatch, of_cohort: bool
) -> None:
    browser = api(chief)
    stale = present_protocol()
    cohort = browser.post("/cohorts", {"name": "Ward"}, expect=201)["id"]
    address = f"/cohorts/{cohort}/protocol" if of_cohort else "/protocol"
    browser.patch(address, {"tolerance_months": 9})
    # The second looked before the first had written.
    monkeypatch.setattr(protocols, "protocol_of_cohort", lambda _: None)
    monkeypatch.setattr(protocols, "present_protocol", lambda: stale)
    refused = browser.call("PATCH", address, json={"tolerance_months": 3})
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "protocol_meanwhile")
    monkeypatch.undo()
    assert browser.get(address)["tolerance_months"] == 9
