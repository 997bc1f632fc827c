"""Labelling and review over real HTTP."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import numpy as np
import pytest

from annotations.models import BoxSet, Lease, Person
from annotations.services import boxes
from annotations.states import RoleName
from inference.anatomy.boxes import Box
from inference.anatomy.regions import REGION_IDS
from tests.factories.people import make_person
from tests.factories.studies import box_for, film_of, make_study

pytestmark = pytest.mark.django_db(transaction=True)
Browser = Callable[[Person | None], Any]
EFFORT = {"effort": {"actions": 17, "seconds": 31.5}}


def operation(region: str, *, base_revision: int = 0, **changes: Any) -> dict[str, Any]:
    box = box_for(region)
    return {
        "id": str(uuid4()),
        "seq": 1,
        "kind": "set",
        "region": region,
        "base_revision": base_revision,
        "box": box._asdict(),
        "attributes": None,
        "absent_reason": None,
        "origin": "drawn",
        "made_at": "2026-01-01T10:00:00Z",
    } | changes


def test_from_next_to_accepted(api: Browser) -> None:
    study = make_study(stored=True)
    labeller = api(make_person("labeller", RoleName.LABELLER))
    reviewer = api(make_person("reviewer", RoleName.REVIEWER))
    handed = labeller.post("/label/next")
    assert handed["study"] == str(study.pk)
    address = f"/box-sets/{handed['box_set']}"
    draft = labeller.get(address)
    assert handed["contents"] == draft, "what is handed out is what its address answers"
    assert [row["region"] for row in draft["regions"]] == list(REGION_IDS)
    assert (draft["status"], draft["can"], draft["study"]["labelling"]) == ("draft", ["edit", "submit"], "draft")

    some = [operation(region) for region in REGION_IDS[:-1]]
    saved = labeller.post(f"{address}/operations", {"operations": some})
    assert [each["revision"] for each in saved["acknowledged"]] == [1] * 16
    refusal = labeller.post(f"{address}/submit", EFFORT, expect=409)["error"]
    assert (refusal["code"], refusal["details"]["regions"]) == ("regions_missing", ["dp5"])
    absent = operation("dp5", kind="absent", box=None, origin=None, absent_reason="cut_off")
    labeller.post(f"{address}/operations", {"operations": [absent, *some[:2]]})
    assert labeller.post(f"{address}/submit", EFFORT)["status"] == "submitted"
    assert labeller.call("POST", "/label/next", json={}).status_code == 204

    task = reviewer.post("/review/next")
    assert task["box_set"] == handed["box_set"]
    back = reviewer.post(
        f"{address}/return", {"reason": "ulna", "comments": [{"region": "ulna", "text": "too narrow"}]}
    )
    assert (back["status"], back["return_reason"]) == ("returned", "ulna")
    home = labeller.get("/home")
    assert home["label"]["returned"] == [{"box_set": handed["box_set"], "study": str(study.pk), "reason": "ulna"}]

    again = labeller.post("/label/next")
    redrawn = labeller.get(f"/box-sets/{again['box_set']}")
    assert (redrawn["parent"], redrawn["version"], redrawn["return_reason"]) == (handed["box_set"], 2, "ulna")
    assert [comment["text"] for comment in redrawn["comments"]] == ["too narrow"]
    assert labeller.post(f"/box-sets/{again['box_set']}/submit", EFFORT)["status"] == "submitted"
    assert reviewer.post("/review/next")["box_set"] == again["box_set"]
    assert reviewer.post(f"/box-sets/{again['box_set']}/accept")["status"] == "accepted"
    assert reviewer.get("/home")["funnel"]["reviewed"] == 1
    row = reviewer.get("/studies", has="labelled")["results"][0]
    assert row["labelling"] == "accepted"
    verbs = [event["verb"] for event in reviewer.get(f"/studies/{study.pk}/events")]
    assert verbs == ["open", "submit", "send_back", "open", "submit", "accept"]


def test_fix_and_accept(api: Browser) -> None:
    study = make_study()
    labeller = api(make_person("labeller", RoleName.LABELLER))
    reviewer = api(make_person("reviewer", RoleName.REVIEWER))
    draft = labeller.post(f"/radiographs/{film_of(study).pk}/box-sets", expect=201)
    assert labeller.post(f"/radiographs/{film_of(study).pk}/box-sets")["id"] == draft["id"]
    labeller.post(f"/box-sets/{draft['id']}/operations", {"operations": [operation(each) for each in REGION_IDS]})
    labeller.post(f"/box-sets/{draft['id']}/submit", EFFORT)
    fix = reviewer.post(f"/box-sets/{draft['id']}/fix", expect=201)
    assert (fix["parent"], fix["is_fix"], fix["can"]) == (draft["id"], True, ["edit", "submit"])
    reviewer.post(
        f"/box-sets/{fix['id']}/operations", {"operations": [operation("mc2", attributes={"occluded": True})]}
    )
    done = reviewer.post(f"/box-sets/{fix['id']}/submit", EFFORT)
    assert done == {"id": fix["id"], "status": "accepted"}
    fixed = reviewer.get(f"/box-sets/{fix['id']}")
    assert next(row for row in fixed["regions"] if row["region"] == "mc2")["attributes"]["occluded"]
    assert labeller.get(f"/box-sets/{draft['id']}")["status"] == "superseded"


def test_a_conflict_shows_the_region_as_it_is(api: Browser) -> None:
    make_study()
    labeller = api(make_person("labeller", RoleName.LABELLER))
    address = f"/box-sets/{labeller.post('/label/next')['box_set']}/operations"
    first, second = operation("mc4"), operation("mc4", box={"x0": 1, "y0": 2, "x1": 3.5, "y1": 4})
    labeller.post(address, {"operations": [first]})
    saved = labeller.post(address, {"operations": [second]})
    (conflict,) = saved["conflicts"]
    assert (conflict["id"], conflict["current"]["x0"], conflict["current"]["revision"]) == (
        second["id"],
        first["box"]["x0"],
        1,
    )


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"region": "mc1"}, "region"),
        ({"kind": "move"}, "kind"),
        ({"colour": "red"}, "colour"),
        ({"box": {"x0": 1, "y0": 1, "x1": 2}}, "box"),
        ({"base_revision": -1}, "base_revision"),
        ({"made_at": "yesterday"}, "made_at"),
        ({"absent_reason": "lost"}, "absent_reason"),
    ],
)
def test_what_the_contract_does_not_know_is_refused(api: Browser, change: dict[str, Any], where: str) -> None:
    make_study()
    labeller = api(make_person("labeller", RoleName.LABELLER))
    address = f"/box-sets/{labeller.post('/label/next')['box_set']}/operations"
    error = labeller.post(address, {"operations": [operation("mc2") | change]}, expect=400)["error"]
    assert error["code"] == "invalid"
    assert list(error["details"]["fields"]["operations"]["0"]) == [where]


def test_a_flat_box_is_refused_with_its_region(api: Browser) -> None:
    make_study()
    labeller = api(make_person("labeller", RoleName.LABELLER))
    address = f"/box-sets/{labeller.post('/label/next')['box_set']}/operations"
    flat = operation("mc2", box={"x0": 5, "y0": 5, "x1": 5, "y1": 9})
    error = labeller.post(address, {"operations": [flat]}, expect=400)["error"]
    assert (error["code"], error["details"]["region"]) == ("bad_box", "mc2")


def test_proposals_come_with_the_film_and_hide_from_who_may_read_it(api: Browser) -> None:
    study = make_study()
    boxes.propose_boxes(
        radiograph=film_of(study), boxes={"radius": (box_for("radius"), 0.75)}, model_version_label="light"
    )
    labeller = api(make_person("labeller", RoleName.LABELLER))
    both = api(make_person("both", RoleName.REVIEWER, RoleName.READER))
    draft = labeller.post("/label/next")
    (proposal,) = labeller.get(f"/box-sets/{draft['box_set']}")["proposals"]
    assert (proposal["region"], proposal["score"]) == ("radius", 0.75)
    seen = both.get(f"/box-sets/{draft['box_set']}")
    assert (seen["proposals"], seen["study"]["blinded"], seen["study"]["chronological_age_months"]) == ([], True, None)


def test_warnings_name_overlapping_and_outlying_boxes(api: Browser) -> None:
    make_study()
    labeller = api(make_person("labeller", RoleName.LABELLER))
    address = f"/box-sets/{labeller.post('/label/next')['box_set']}"
    far = operation("dp1", box={"x0": 900, "y0": 900, "x1": 950, "y1": 950})
    over = operation("ulna", box=operation("radius")["box"])
    labeller.post(f"{address}/operations", {"operations": [operation("radius"), over, far]})
    warnings = {warning["code"]: warning["regions"] for warning in labeller.get(address)["warnings"]}
    assert set(warnings["overlap"]) == {"radius", "ulna"}
    assert warnings["outside_film"] == ["dp1"]


def test_pixels_are_the_stored_values(api: Browser) -> None:
    film = film_of(make_study(stored=True, rows=30, columns=20))
    labeller = api(make_person("labeller", RoleName.LABELLER))
    response = labeller.call("GET", f"/radiographs/{film.pk}/pixels")
    assert response.headers["Content-Encoding"] == "gzip"
    assert "immutable" in response.headers["Cache-Control"]
    assert np.array_equal(np.frombuffer(response.content, "<u2"), np.arange(600))
    assert labeller.call("GET", f"/radiographs/{film.pk}/thumbnail").headers["Content-Type"] == "image/jpeg"


def test_a_write_without_the_csrf_token_is_refused(api: Browser) -> None:
    make_study()
    labeller = api(make_person("labeller", RoleName.LABELLER))
    del labeller.http.headers["X-CSRFToken"]
    assert labeller.post("/label/next", expect=403)["error"]["code"] == "csrf_failed"
    assert not BoxSet.objects.exists()


def test_the_next_picture_can_be_fetched_ahead_without_taking_it_from_anybody(api: Browser) -> None:
    first, second = make_study(stored=True), make_study(stored=True)
    labeller, other = api(make_person("labeller", RoleName.LABELLER)), api(make_person("other", RoleName.LABELLER))
    in_hand = labeller.post("/label/next")
    assert in_hand["study"] == str(first.pk)
    upcoming = labeller.get(f"/label/upcoming?skip={in_hand['box_set']}")
    assert upcoming["pixels_url"] == f"/api/v1/radiographs/{film_of(second).pk}/pixels"
    assert set(upcoming) == {"rows", "columns", "pixels_url"}
    assert (BoxSet.objects.count(), Lease.objects.count()) == (1, 1), "nothing was handed out or held"
    assert other.post("/label/next")["study"] == str(second.pk)
    assert labeller.call("GET", f"/label/upcoming?skip={in_hand['box_set']}").status_code == 204
    # What came back to the labeller comes before the pool, as it does when it is handed out.
    make_study(stored=True)
    assert labeller.get("/label/upcoming")["pixels_url"].count(str(film_of(first).pk)) == 1


def test_what_a_box_set_cost_is_for_planners_and_its_author(api: Browser) -> None:
    study = make_study(stored=True)
    labeller, nosy = make_person("labeller", RoleName.LABELLER), make_person("nosy", RoleName.LABELLER)
    mine = BoxSet.objects.get(pk=api(labeller).post("/label/next")["box_set"])
    boxes.propose_boxes(radiograph=film_of(study), boxes={"radius": (Box(1, 1, 11, 11), 0.9)}, model_version_label="m")
    half = operation("radius", box={"x0": 1, "y0": 1, "x1": 11, "y1": 21})
    taken = [operation(region, origin="template") for region in REGION_IDS[1:-1]]
    absent = operation("dp5", kind="absent", box=None, origin=None, absent_reason="cut_off")
    api(labeller).post(f"/box-sets/{mine.pk}/operations", {"operations": [half, *taken, absent]})
    api(labeller).post(f"/box-sets/{mine.pk}/submit", {"effort": {"actions": 21, "seconds": 63.5}})
    address = f"/studies/{study.pk}/effort"
    (row,) = api(labeller).get(address)
    assert (row["actions"], row["seconds"], row["absent"], row["version"]) == (21, 63.5, 1, 1)
    assert row["origins"] == {"drawn": 1, "proposal": 0, "template": 15, "imported": 0}
    assert row["mean_iou_with_proposal"] == pytest.approx(0.5)
    assert row["iou_with_proposal"] == {"radius": pytest.approx(0.5)}
    assert api(nosy).get(address) == []
    for role in (RoleName.REVIEWER, RoleName.RESEARCHER, RoleName.ADMINISTRATOR):
        assert [each["actions"] for each in api(make_person(role.value, role)).get(address)] == [21]
    # A model's boxes are a model's result: who may still read blind is not told how far they were off.
    blind = api(make_person("both", RoleName.REVIEWER, RoleName.READER)).get(address)
    assert [(each["actions"], each["mean_iou_with_proposal"], each["iou_with_proposal"]) for each in blind] == [
        (21, None, {})
    ]
