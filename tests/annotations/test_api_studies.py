"""Uploads, facts, exclusion, accounts, cohorts and protocol over real HTTP."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from annotations.models import Cohort, Person, Study
from annotations.states import RoleName
from tests.factories.films import film
from tests.factories.people import make_person
from tests.factories.studies import make_study

pytestmark = pytest.mark.django_db(transaction=True)
Browser = Callable[[Person | None], Any]


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, settings: Any) -> None:
    settings.DATA_DIR = tmp_path


def test_an_upload_is_received_then_a_duplicate_and_a_text_is_refused(api: Browser) -> None:
    browser = api(make_person("labeller", RoleName.LABELLER))
    cohort = Cohort.objects.create(name="spring")
    first = browser.upload("一号.dcm", film(11), cohort=str(cohort.pk))
    assert first.status_code == 201
    told = first.json()
    assert (told["file"], told["outcome"], told["reason"]) == ("一号.dcm", "received", None)
    study = browser.get(f"/studies/{first.json()['study']}")
    assert (study["state"], study["cohort"]["name"], study["synthetic"]) == ("ready", "spring", True)
    assert study["can"] == ["set_facts", "label", "predict"]
    (radiograph,) = study["radiographs"]
    pixels = browser.call("GET", radiograph["pixels_url"]).content
    assert len(pixels) == 2 * radiograph["rows"] * radiograph["columns"]
    again = browser.upload("other name.dcm", film(11)).json()
    assert (again["outcome"], again["study"]) == ("duplicate", first.json()["study"])
    refused = browser.upload("a.txt", b"text " * 100)
    assert refused.status_code == 201
    assert refused.json()["outcome"] == "rejected"
    assert refused.json()["reason"]["code"] == "unknown_format"
    assert refused.json()["reason"]["message_zh"]
    assert browser.upload("empty.dcm", b"").json()["reason"]["code"] == "empty_file"


def test_an_upload_that_cannot_be_taken(api: Browser, settings: Any) -> None:
    browser = api(make_person("labeller", RoleName.LABELLER))
    no_such_cohort = browser.upload("a.dcm", b"x", cohort="00000000-0000-4000-8000-000000000000")
    assert no_such_cohort.status_code == 404
    assert browser.upload("a.dcm", b"x", colour="red").json()["error"]["details"]["fields"] == {
        "colour": ["Unknown field."]
    }
    settings.UPLOAD_LIMIT_BYTES = 10
    too_large = browser.upload("a.dcm", b"x" * 11)
    assert (too_large.status_code, too_large.json()["error"]["code"]) == (413, "too_large")


def test_facts_are_stated_under_a_name_and_never_against_the_header(api: Browser) -> None:
    study = make_study(sex=None, chronological_age_months=None)
    browser = api(make_person("labeller", RoleName.LABELLER))
    address = f"/studies/{study.pk}/facts"
    stated = browser.post(address, {"sex": "F", "chronological_age_months": 99.5})
    assert (stated["sex"], stated["sex_source"], stated["chronological_age_months"]) == ("F", "stated", 99.5)
    assert browser.post(address, {"sex": "M"})["sex"] == "M", "nobody has read it yet: a slip can be put right"
    assert browser.post(address, {}, expect=400)["error"]["code"] == "nothing_stated"
    assert "sex" in browser.post(address, {"sex": "X"}, expect=400)["error"]["details"]["fields"]
    (event, _) = browser.get(f"/studies/{study.pk}/events")
    assert (event["verb"], event["who"]["username"], event["new"]) == (
        "state_facts",
        "labeller",
        "sex and chronological_age",
    )
    known = make_study(sex="M", chronological_age_months=120)
    address = f"/studies/{known.pk}/facts"
    assert browser.post(address, {"sex": "F"}, expect=409)["error"]["code"] == "contradictory_sex"
    assert browser.post(address, {"chronological_age_months": 90}, expect=409)["error"]["code"] == "contradictory_age"


def test_a_sex_is_not_changed_under_a_reader(api: Browser) -> None:
    study = make_study(sex=None)
    labeller = api(make_person("labeller", RoleName.LABELLER))
    reader = api(make_person("reader1", RoleName.READER))
    assert reader.call("POST", "/read/next", json={}).status_code == 204
    labeller.post(f"/studies/{study.pk}/facts", {"sex": "F"})
    assert reader.post("/read/next")["token"]
    error = labeller.post(f"/studies/{study.pk}/facts", {"sex": "M"}, expect=409)["error"]
    assert error["code"] == "already_read"


def test_what_is_left_out_is_in_no_queue_until_it_is_taken_back(api: Browser) -> None:
    study = make_study()
    reviewer = api(make_person("reviewer", RoleName.REVIEWER, RoleName.LABELLER))
    address = f"/studies/{study.pk}"
    left_out = reviewer.post(f"{address}/exclude", {"reason": "right hand"})
    assert (left_out["state"], left_out["reason"]) == (
        "excluded",
        {"code": "excluded_by_person", "message": "right hand", "message_zh": "right hand"},
    )
    assert "restore" in left_out["can"]
    assert reviewer.call("POST", "/label/next", json={}).status_code == 204
    assert reviewer.post(f"{address}/exclude", {"reason": "again"}, expect=409)["error"]["code"] == "wrong_state"
    assert reviewer.post(f"{address}/restore")["state"] == "ready"
    assert reviewer.post("/label/next")["study"] == str(study.pk)


def test_what_the_quality_gate_left_out_says_why_in_both_languages(api: Browser) -> None:
    finding = {"code": "cut", "severity": "blocking", "value": 1.0, "threshold": 0.0}
    study = make_study(quality=[finding | {"message_en": "Cut off.", "message_zh": "手部被截断。"}])
    Study.objects.filter(pk=study.pk).update(state="excluded", reason_code="cut", reason="Cut off.")
    shown = api(make_person("labeller", RoleName.LABELLER)).get(f"/studies/{study.pk}")
    assert shown["reason"] == {"code": "cut", "message": "Cut off.", "message_zh": "手部被截断。"}


def test_an_administrator_manages_accounts(api: Browser) -> None:
    boss = make_person("boss", RoleName.ADMINISTRATOR)
    browser = api(boss)
    new = {
        "username": "wang",
        "display_name": "王医生",
        "password": "a-long-sentence-9",
        "roles": ["reader", "labeller"],
    }
    account = browser.post("/people", new, expect=201)
    assert (account["roles"], account["is_active"], account["display_name"]) == (["labeller", "reader"], True, "王医生")
    assert browser.post("/people", new, expect=409)["error"]["code"] == "username_taken"
    weak = browser.post("/people", new | {"username": "li", "password": "12345"}, expect=400)["error"]
    assert weak["code"] == "weak_password"
    browser.post("/people", new | {"username": "li", "roles": ["king"]}, expect=400)
    changed = browser.patch(f"/people/{account['id']}", {"roles": ["adjudicator"], "is_active": False})
    assert (changed["roles"], changed["is_active"]) == (["adjudicator"], False)
    person = Person.objects.get(username="wang")
    assert person.check_password("a-long-sentence-9")
    api(person).get("/home", expect=401)
    own = browser.patch(f"/people/{boss.pk}", {"roles": []}, expect=409)["error"]
    assert own["code"] == "own_account"
    assert [each["username"] for each in browser.get("/people")["results"]] == ["boss", "wang"]


def test_cohorts_and_protocol(api: Browser) -> None:
    boss = api(make_person("boss", RoleName.ADMINISTRATOR))
    cohort = boss.post("/cohorts", {"name": "spring"}, expect=201)
    assert boss.post("/cohorts", {"name": "spring"}, expect=409)["error"]["code"] == "name_taken"
    make_study(cohort=Cohort.objects.get())
    assert boss.get("/cohorts")["results"] == [cohort | {"studies": 1}]
    before = boss.get("/protocol")
    assert (before["readers_required"], before["tolerance_months"], before["show_chronological_age"]) == (
        2,
        12.0,
        False,
    )
    assert boss.patch("/protocol", {"tolerance_months": 6})["version"] == before["version"] + 1
    boss.patch("/protocol", {"readers_required": 0}, expect=400)
    boss.patch("/protocol", {"method": "TW3"}, expect=400)


def test_a_person_without_a_session_is_told_to_sign_in(api: Browser) -> None:
    make_study()
    error = api(None).get("/studies", expect=401)["error"]
    assert error == {"code": "not_signed_in", "message": "Sign in first.", "details": {}}
    assert Study.objects.count() == 1
