"""Blind reading and consensus over real HTTP."""

from collections.abc import Callable
from typing import Any

import pytest

from annotations.models import Consensus, Exposure, Person, Read, Study
from annotations.permissions.queues import to_settle
from annotations.services.protocols import present_protocol
from annotations.states import PRIORITY_RANK, ExposureKind, Priority, RoleName
from inference.standards.greulich_pyle import gp_standards_months
from tests.factories.people import make_person
from tests.factories.studies import film_of, make_study

pytestmark = pytest.mark.django_db(transaction=True)
Browser = Callable[[Person | None], Any]


def test_from_two_reads_to_truth(api: Browser) -> None:
    study = make_study(stored=True, sex="F", chronological_age_months=131.5)
    people = {name: make_person(name, RoleName.READER) for name in ("reader1", "reader2")}
    readers = {name: api(person) for name, person in people.items()}
    reviewer = api(make_person("reviewer", RoleName.REVIEWER))
    adjudicator = api(make_person("adjudicator", RoleName.ADJUDICATOR))

    for name, months, plate in (("reader1", 94, 94), ("reader2", 120.5, None)):
        browser = readers[name]
        token = browser.post("/read/next")["token"]
        room = browser.get(f"/reading/{token}")
        assert room["standards_months"] == list(gp_standards_months("F"))
        assert (room["sex"], room["read"], room["revealed"], room["status"]) == ("F", None, None, "assigned")
        assert str(study.pk) not in str(room)
        assert str(film_of(study).pk) not in str(room)
        assert browser.call("GET", f"/reading/{token}/pixels").status_code == 200
        locked = browser.post(f"/reading/{token}/submit", {"bone_age_months": months, "plate_months": plate})
        assert locked["read"]["bone_age_months"] == months
        assert locked["revealed"] == {"chronological_age_months": 131.5, "earlier": []}
        assert browser.post(f"/reading/{token}/submit", {"bone_age_months": 1}, expect=409)
        assert browser.call("POST", "/read/next", json={}).status_code == 204
    assert Exposure.objects.filter(person=people["reader1"], kind=ExposureKind.CHRONOLOGICAL_AGE).count() == 1

    (row,) = adjudicator.get("/consensus", status="adjudicating")["results"]
    assert (row["difference_months"], row["bone_age_months"], row["can"]) == (26.5, None, ["settle"])
    assert {read["bone_age_months"] for read in row["reads"]} == {94, 120.5}
    assert [read["label"] for read in row["reads"]] == ["A", "B"]
    assert "reader" not in str(row["reads"])
    address = f"/consensus/{row['id']}"
    adjudicator.post(f"{address}/settle", {"bone_age_months": 110}, expect=400)
    settled = adjudicator.post(f"{address}/settle", {"bone_age_months": 110, "reason": "capitate"})
    assert settled["status"] == "settled"
    assert settled["radiograph_detail"]["rows"] == 300
    assert reviewer.get("/home")["approve"]["left"] == 1
    assert reviewer.post(f"{address}/approve")["status"] == "approved"
    again = reviewer.post("/consensus/approve", {"ids": [row["id"], str(study.pk)]})
    assert again["approved"] == []
    assert [each["code"] for each in again["refused"]] == ["wrong_state", "not_found"]
    assert reviewer.get("/home")["funnel"]["approved"] == 1


def test_an_amendment_after_the_age_was_seen_says_so(api: Browser) -> None:
    make_study()
    reader = api(make_person("reader1", RoleName.READER))
    token = reader.post("/read/next")["token"]
    reader.post(f"/reading/{token}/submit", {"bone_age_months": 36, "plate_months": 36})
    body = {"bone_age_months": 156, "plate_months": 156, "reason": "3 y for 13 y"}
    amended = reader.post(f"/reading/{token}/amend", body)
    assert amended["read"] | {"submitted_at": ""} == {
        "bone_age_months": 156,
        "plate_months": 156,
        "version": 2,
        "submitted_at": "",
        "after_age_seen": True,
    }
    assert reader.get(f"/reading/{token}")["read"]["version"] == 2


def test_cannot_be_read(api: Browser) -> None:
    make_study()
    reader = api(make_person("reader1", RoleName.READER))
    token = reader.post("/read/next")["token"]
    reader.post(f"/reading/{token}/unreadable", {"reason": ""}, expect=400)
    room = reader.post(f"/reading/{token}/unreadable", {"reason": "motion"})
    assert (room["status"], room["read"], room["revealed"]) == ("unreadable", None, None)


def test_a_plate_of_the_other_sex_is_refused(api: Browser) -> None:
    make_study(sex="F")
    reader = api(make_person("reader1", RoleName.READER))
    token = reader.post("/read/next")["token"]
    body = {"bone_age_months": 32, "plate_months": 32}
    assert reader.post(f"/reading/{token}/submit", body, expect=400)["error"]["code"] == "no_such_plate"


def test_the_age_is_in_sight_from_the_start_only_if_the_protocol_says_so(api: Browser) -> None:
    make_study(chronological_age_months=99.0)
    admin = api(make_person("boss", RoleName.ADMINISTRATOR))
    admin.patch("/protocol", {"show_chronological_age": True, "readers_required": 1})
    reader = api(make_person("reader1", RoleName.READER))
    token = reader.post("/read/next")["token"]
    assert reader.get(f"/reading/{token}")["revealed"] == {"chronological_age_months": 99.0, "earlier": []}
    locked = reader.post(f"/reading/{token}/submit", {"bone_age_months": 100, "plate_months": None})
    assert locked["read"]["after_age_seen"]


def test_reopening_answers_with_what_follows(api: Browser) -> None:
    make_study()
    admin = api(make_person("boss", RoleName.ADMINISTRATOR))
    admin.patch("/protocol", {"readers_required": 1})
    reader = api(make_person("reader1", RoleName.READER))
    token = reader.post("/read/next")["token"]
    reader.post(f"/reading/{token}/submit", {"bone_age_months": 100, "plate_months": None})
    reviewer = api(make_person("reviewer", RoleName.REVIEWER))
    (row,) = reviewer.get("/consensus")["results"]
    assert (row["status"], row["origin"], row["can"]) == ("agreed", "single_read", ["approve", "reopen"])
    after = reviewer.post(f"/consensus/{row['id']}/reopen", {"reason": "wrong hand"})
    assert (after["status"], after["id"] != row["id"], len(after["reads"])) == ("adjudicating", True, 1)
    reviewer.get(f"/consensus/{row['id']}", expect=404)


def test_earlier_examinations_appear_after_the_lock_and_only_those_that_may_be_seen(api: Browser) -> None:
    """Two younger visits of the same child: one approved, one that this reader may still read blind."""
    admin = api(make_person("boss", RoleName.ADMINISTRATOR))
    admin.patch("/protocol", {"readers_required": 1})
    approved = make_study(chronological_age_months=96.0)
    first = api(make_person("reader1", RoleName.READER))
    token = first.post("/read/next")["token"]
    first.post(f"/reading/{token}/submit", {"bone_age_months": 90})
    (row,) = api(make_person("reviewer", RoleName.REVIEWER)).get("/consensus")["results"]
    api(make_person("reviewer2", RoleName.REVIEWER)).post(f"/consensus/{row['id']}/approve")
    now, still_blind, older = make_study(chronological_age_months=120.0), make_study(), make_study()
    for study, months in ((now, 120.0), (still_blind, 84.0), (older, 132.0)):
        Study.objects.filter(pk=study.pk).update(patient=approved.patient, chronological_age_months=months)
    second = make_person("reader2", RoleName.READER)
    browser = api(second)
    token = browser.post("/read/next")["token"]
    assert Read.objects.get(token=token).radiograph.study == now
    locked = browser.post(f"/reading/{token}/submit", {"bone_age_months": 118})
    assert locked["revealed"] == {
        "chronological_age_months": 120.0,
        "earlier": [{"chronological_age_months": 96.0, "bone_age_months": 90.0}],
    }
    shown = Exposure.objects.filter(person=second, radiograph=film_of(approved)).values_list("kind", flat=True)
    assert set(shown) == {"chronological_age", "consensus"}
    assert not Exposure.objects.filter(person=second, radiograph=film_of(still_blind)).exists()


def test_disagreements_are_listed_as_they_are_handed_out_the_more_urgent_first(api: Browser) -> None:
    differences = {"plain and wide": 40.0, "plain": 30.0, "urgent": 20.0, "urgent and wide": 25.0, "later": 50.0}
    ranks = {"urgent": Priority.URGENT, "urgent and wide": Priority.URGENT, "later": Priority.LOW}
    rows = {}
    for name, months in differences.items():
        study = make_study()
        Study.objects.filter(pk=study.pk).update(priority=PRIORITY_RANK[ranks.get(name, Priority.NORMAL)])
        consensus = Consensus.objects.create(
            radiograph=film_of(study),
            protocol=present_protocol(),
            status="adjudicating",
            readers_required=2,
            tolerance_months=6,
            difference_months=months,
        )
        rows[str(consensus.pk)] = name
    adjudicator = make_person("adjudicator", RoleName.ADJUDICATOR)
    listed, cursor = [], {}
    while True:
        page = api(adjudicator).get("/consensus", status="adjudicating", limit=2, **cursor)
        listed += page["results"]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    expected = ["urgent and wide", "urgent", "plain and wide", "plain", "later"]
    assert [rows[row["id"]] for row in listed] == expected
    assert [row["priority"] for row in listed] == ["urgent", "urgent", "normal", "normal", "low"]
    assert [rows[str(each.pk)] for each in to_settle(adjudicator)] == expected, "the queue hands them out so"
