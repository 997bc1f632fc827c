"""History: the chain is verified on demand and exported; a study as it was; what changed between versions; comments
that are carried on."""

import csv
import io
import json
import random
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from annotations.base.chain import link_hash
from annotations.models import BoxOperation, BoxSet, Consensus, Event, Person, RegionBox, ReviewComment, Study
from annotations.selectors.study_at import regions_at, study_at
from annotations.services import boxes, consensus, drafts, reads, review
from annotations.services.review import NewComment
from annotations.states import AbsentReason, BoxOrigin, OperationKind, RoleName
from inference.anatomy.boxes import Box
from inference.anatomy.regions import REGION_IDS
from tests.factories.people import make_person
from tests.factories.studies import film_of, labelled, make_study, set_operation

pytestmark = pytest.mark.django_db(transaction=True)
Browser = Callable[[Person | None], Any]
FIELDS = (
    "region",
    "state",
    "x0",
    "y0",
    "x1",
    "y1",
    "absent_reason",
    "origin",
    "revision",
    "centre_not_visible",
    "occluded",
    "difficult",
)


@pytest.fixture
def labeller() -> Person:
    return make_person("anna", RoleName.LABELLER)


@pytest.fixture
def reviewer() -> Person:
    return make_person("rita", RoleName.REVIEWER)


def rows_now(box_set: BoxSet) -> list[tuple[Any, ...]]:
    by_region = {row.region: row for row in RegionBox.objects.filter(box_set=box_set)}
    return [tuple(getattr(by_region[region], name) for name in FIELDS) for region in REGION_IDS]


def rows_of(regions: tuple[RegionBox, ...]) -> list[tuple[Any, ...]]:
    return [tuple(getattr(row, name) for name in FIELDS) for row in regions]


def any_operation(chance: random.Random, row: RegionBox) -> boxes.NewOperation:
    kind = chance.choice([OperationKind.SET, OperationKind.SET, OperationKind.ABSENT, OperationKind.CLEAR])
    x, y = chance.uniform(-5, 150), chance.uniform(-5, 250)
    is_set = kind == OperationKind.SET
    attributes = {"occluded": chance.random() < 0.5, "difficult": chance.random() < 0.5}
    return boxes.NewOperation(
        id=set_operation(row.region).id,
        seq=1,
        kind=kind,
        region=row.region,
        base_revision=row.revision,
        made_at=timezone.now(),
        box=Box(x, y, x + chance.uniform(1, 40), y + chance.uniform(1, 40)) if is_set else None,
        attributes=chance.choice([None, attributes]) if is_set else None,
        absent_reason=chance.choice(list(AbsentReason)) if kind == OperationKind.ABSENT else None,
        origin=chance.choice([None, *BoxOrigin]) if is_set else None,
    )


@pytest.mark.parametrize("seed", range(5))
def test_replaying_the_operations_until_a_moment_gives_the_state_of_that_moment(
    seed: int, labeller: Person, reviewer: Person
) -> None:
    """Also in a version that continues another; and at now it is the present state."""
    chance, study = random.Random(seed), make_study()
    kept: list[tuple[BoxSet, datetime, list[tuple[Any, ...]]]] = []

    def draw(draft: BoxSet, person: Person) -> None:
        for _ in range(chance.randint(1, 6)):
            some = chance.sample(list(RegionBox.objects.filter(box_set=draft)), chance.randint(1, 5))
            boxes.apply_operations(
                person=person, box_set=draft, operations=[any_operation(chance, row) for row in some]
            )
            kept.append((draft, timezone.now(), rows_now(draft)))

    draft = drafts.open_draft(person=labeller, radiograph=film_of(study))
    kept.append((draft, timezone.now(), rows_now(draft)))
    draw(draft, labeller)
    finish(draft, labeller)
    review.send_back(person=reviewer, box_set=BoxSet.objects.get(pk=draft.pk), reason="again")
    again = drafts.open_draft(person=labeller, radiograph=film_of(study))
    kept.append((again, timezone.now(), rows_now(again)))
    draw(again, labeller)
    finish(again, labeller)
    fix = drafts.fix(person=reviewer, box_set=BoxSet.objects.get(pk=again.pk))
    draw(fix, reviewer)
    for box_set, moment, expected in kept:
        assert rows_of(regions_at(box_set, moment)) == expected
    for box_set in BoxSet.objects.all():
        assert rows_of(regions_at(box_set)) == rows_now(box_set) == rows_of(regions_at(box_set, timezone.now()))


def finish(draft: BoxSet, person: Person) -> None:
    """Box what is still missing and hand in."""
    missing = RegionBox.objects.filter(box_set=draft, state="missing")
    operations = [set_operation(row.region, base_revision=row.revision) for row in missing]
    boxes.apply_operations(person=person, box_set=draft, operations=operations)
    boxes.submit(person=person, box_set=draft, actions=1, seconds=1)


def test_at_every_line_of_history_the_verdicts_were_those_of_then(labeller: Person, reviewer: Person) -> None:
    study = make_study()
    box_set = labelled(labeller, study)
    review.send_back(
        person=reviewer, box_set=box_set, reason="ulna", comments=[NewComment("wider", "ulna"), NewComment("thumb?")]
    )
    again = drafts.open_draft(person=labeller, radiograph=film_of(study))
    boxes.submit(person=labeller, box_set=again, actions=1, seconds=1)
    review.accept(person=reviewer, box_set=BoxSet.objects.select_related("radiograph__study").get(pk=again.pk))
    told = []
    for event in study.events.order_by("number"):
        then = at(study, event.at)
        told.append((event.verb, [(row.box_set.version, str(row.status), len(row.comments)) for row in then.box_sets]))
    assert told == [
        ("open", [(1, "draft", 0)]),
        ("submit", [(1, "submitted", 0)]),
        ("send_back", [(1, "returned", 2)]),
        ("open", [(1, "returned", 2), (2, "draft", 0)]),
        ("submit", [(1, "returned", 2), (2, "submitted", 0)]),
        ("accept", [(1, "returned", 2), (2, "accepted", 0)]),
    ]


def at(study: Study, moment: datetime, *, reader: Person | None = None, consensus: bool = False) -> Any:
    return study_at(
        study, moment, box_sets=BoxSet.objects.filter(source="person"), own_reads_of=reader, consensus=consensus
    )


def two_reads(study: Study, first: float, second: float) -> list[Person]:
    people = [make_person(f"reader{number}", RoleName.READER) for number in (1, 2)]
    for person, months in zip(people, (first, second), strict=True):
        read = reads.read_next(person=person)
        assert read is not None
        assert read.radiograph.study_id == study.pk
        reads.submit_read(person=person, read=read, bone_age_months=months, plate_months=None)
    return people


def test_reads_and_consensus_as_they_were(api: Browser, reviewer: Person) -> None:
    study = make_study()
    two_reads(study, 100, 140)
    row = Consensus.objects.get()
    consensus.settle(
        person=make_person("ada", RoleName.ADJUDICATOR), consensus=row, bone_age_months=121, reason="capitate"
    )
    lines = list(study.events.order_by("number"))
    first = next(line for line in lines if line.verb == "submit")
    weighed = next(line for line in lines if line.verb == "weigh")
    look = api(reviewer)

    def then(line: Event) -> Any:
        return look.get(f"/studies/{study.pk}/at", moment=line.at.isoformat())

    assert [read["bone_age_months"] for read in then(first)["reads"]] == [100]
    assert then(first)["consensus"] == {"status": "open", "bone_age_months": None}
    assert sorted(read["bone_age_months"] for read in then(weighed)["reads"]) == [100, 140]
    assert then(weighed)["consensus"] == {"status": "adjudicating", "bone_age_months": None}
    assert then(lines[-1])["consensus"] == {"status": "settled", "bone_age_months": 121}
    kinds = set(reviewer.exposures.values_list("kind", flat=True))
    assert {"other_read", "consensus"} <= kinds, "looking at the past is an exposure as well"


def test_who_may_still_read_sees_no_read_of_the_past(api: Browser) -> None:
    study = make_study()
    both = make_person("both", RoleName.READER, RoleName.REVIEWER)
    two_reads(study, 117.19, 119.23)
    told = api(both).get(f"/studies/{study.pk}/at", moment=timezone.now().isoformat())
    assert (told["blinded"], told["reads"], told["consensus"]) == (True, [], None)
    assert "117.19" not in json.dumps(told)
    assert not both.exposures.exists()


def test_a_single_read_is_not_shown_to_others_while_another_is_awaited(api: Browser, reviewer: Person) -> None:
    study = make_study()
    reader = make_person("reader", RoleName.READER)
    read = reads.read_next(person=reader)
    assert read is not None
    reads.submit_read(person=reader, read=read, bone_age_months=117.19, plate_months=None)
    told = api(reviewer).get(f"/studies/{study.pk}/at", moment=timezone.now().isoformat())
    assert told["reads"] == []


def test_a_moment_before_the_study_came_is_refused(api: Browser, reviewer: Person) -> None:
    study = make_study()
    told = api(reviewer).get(f"/studies/{study.pk}/at", moment="2020-01-01T00:00:00Z", expect=400)
    assert told["error"]["code"] == "before_it_came"


def broken_by(sql: str, *values: object) -> None:
    """Change a row behind the application's back, as somebody with the database's password could."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE annotations_event DISABLE TRIGGER annotations_event_written_once")
        else:
            cursor.execute("DROP TRIGGER annotations_event_written_once")
        cursor.execute(sql, values)
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE annotations_event ENABLE TRIGGER annotations_event_written_once")
        else:
            cursor.execute(
                "CREATE TRIGGER annotations_event_written_once BEFORE UPDATE ON annotations_event "
                "BEGIN SELECT RAISE(ABORT, 'rows of annotations_event are written once'); END"
            )


@pytest.mark.parametrize(
    ("sql", "line"),
    [
        ("UPDATE annotations_event SET reason = 'radius' WHERE chain = %s AND number = 3", 3),
        ("UPDATE annotations_event SET at = '2020-01-01 00:00:00+00:00' WHERE chain = %s AND number = 1", 1),
        ("DELETE FROM annotations_event WHERE chain = %s AND number = 2", 3),
    ],
)
def test_the_chain_says_where_it_is_broken(
    api: Browser, labeller: Person, reviewer: Person, sql: str, line: int
) -> None:
    study = make_study()
    review.send_back(person=reviewer, box_set=labelled(labeller, study), reason="ulna")
    browser = api(reviewer)
    assert browser.get(f"/studies/{study.pk}/events/chain") == {"broken_at": None, "lines": 3}
    broken_by(sql, str(study.pk))
    assert browser.get(f"/studies/{study.pk}/events/chain")["broken_at"] == line


def test_an_export_can_be_verified_without_the_application(api: Browser, labeller: Person, reviewer: Person) -> None:
    study = make_study()
    review.send_back(person=reviewer, box_set=labelled(labeller, study), reason="=ulna")
    browser = api(make_person("res", RoleName.RESEARCHER))
    told = browser.call("GET", f"/studies/{study.pk}/events/export?format=json").json()
    previous = ""
    for line in told["events"]:
        fields = [told["chain"], line["number"], line["at"], line["who"]["id"] if line["who"] else None]
        fields += [line[name] for name in ("verb", "noun", "object", "old", "new", "reason")]
        assert line["previous_hash"] == previous
        assert line["hash"] == link_hash(previous, fields)
        previous = line["hash"]
    assert told["complete"] is True
    text = browser.call("GET", f"/studies/{study.pk}/events/export?format=csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["verb"] for row in rows] == ["open", "submit", "send_back"]
    assert rows[-1]["reason"] == "'=ulna", "a spreadsheet must not take it for a formula"
    assert rows[-1]["who"] == "rita"


def test_an_export_leaves_out_what_is_hidden_and_what_would_count_it(api: Browser) -> None:
    study = make_study()
    both = make_person("both", RoleName.READER, RoleName.RESEARCHER)
    two_reads(study, 100, 104)
    browser = api(both)
    told = browser.call("GET", f"/studies/{study.pk}/events/export?format=json").json()
    assert told["complete"] is False
    assert told["events"] == []
    assert browser.get(f"/studies/{study.pk}/events/chain") == {"broken_at": None, "lines": None}


def test_the_site_s_history(api: Browser) -> None:
    chief = make_person("chief", RoleName.ADMINISTRATOR)
    browser = api(chief)
    browser.post("/cohorts", {"name": "spring"}, expect=201)
    assert [line["verb"] for line in browser.get("/events")] == ["add"]
    assert browser.get("/events/chain") == {"broken_at": None, "lines": 1}
    assert browser.call("GET", "/events/export?format=json").json()["events"][0]["new"] == "spring"


def test_differences_between_versions(api: Browser, labeller: Person, reviewer: Person) -> None:
    study = make_study()
    first = labelled(labeller, study)
    review.send_back(person=reviewer, box_set=first, reason="again")
    again = drafts.open_draft(person=labeller, radiograph=film_of(study))
    old = {row.region: row for row in first.regions.all()}
    operations = [set_operation("ulna", shift=3), set_operation("pp1")]
    radius = old["radius"]
    larger = Box(radius.x0 - 2, radius.y0, radius.x1 + 2, radius.y1 + 4)  # type: ignore[operator]
    operations.append(boxes.NewOperation(**{**as_dict(set_operation("radius")), "box": larger}))
    absent = as_dict(set_operation("dp5")) | {
        "kind": OperationKind.ABSENT,
        "box": None,
        "origin": None,
        "absent_reason": AbsentReason.CUT_OFF,
    }
    operations.append(boxes.NewOperation(**absent))
    operations.append(boxes.NewOperation(**{**as_dict(set_operation("mc2")), "attributes": {"occluded": True}}))
    boxes.apply_operations(person=labeller, box_set=again, operations=operations)
    told = api(reviewer).get(f"/box-sets/{again.pk}/differences")
    found = {row["region"]: row for row in told["regions"] if row["change"] != "same"}
    assert {region: row["change"] for region, row in found.items()} == {
        "radius": "resized",
        "ulna": "moved",
        "dp5": "absent",
        "mc2": "marked",
    }
    assert told["changed"] == 4
    assert (found["ulna"]["dx_px"], found["ulna"]["dy_px"], found["ulna"]["shift_px"]) == (3, 0, 3)
    assert found["ulna"]["shift_mm"] == pytest.approx(0.45)
    assert (found["radius"]["width_px"], found["radius"]["height_px"]) == (4, 4)
    back = api(reviewer).get(f"/box-sets/{first.pk}/differences", against=str(again.pk))
    assert {row["region"]: row["change"] for row in back["regions"] if row["change"] != "same"}["dp5"] == "added"
    api(reviewer).get(f"/box-sets/{first.pk}/differences", expect=404)


def as_dict(operation: boxes.NewOperation) -> dict[str, Any]:
    return {name: getattr(operation, name) for name in operation.__dataclass_fields__}


def test_comments_are_carried_on_until_they_are_resolved(api: Browser, labeller: Person, reviewer: Person) -> None:
    study = make_study(stored=True)
    first = labelled(labeller, study)
    comments = [NewComment("wider", "ulna"), NewComment("look at the thumb")]
    review.send_back(person=reviewer, box_set=first, reason="two things", comments=comments)
    again = drafts.open_draft(person=labeller, radiograph=film_of(study))
    ulna, thumb = ReviewComment.objects.order_by("pk")
    drawing, judging = api(labeller), api(reviewer)
    drawing.post(f"/comments/{ulna.pk}/mark", {"box_set": str(again.pk), "resolved": True}, expect=204)
    boxes.submit(person=labeller, box_set=again, actions=1, seconds=1)
    shown = judging.get(f"/box-sets/{again.pk}")["comments"]
    assert [(each["text"], each["version"], each["resolved"]) for each in shown] == [
        ("wider", 1, True),
        ("look at the thumb", 1, False),
    ]
    assert shown[0]["resolved_by"]["username"] == "anna"
    judging.post(f"/comments/{ulna.pk}/mark", {"box_set": str(again.pk), "resolved": False}, expect=204)
    review.send_back(person=reviewer, box_set=BoxSet.objects.get(pk=again.pk), reason="no better")
    third = drafts.open_draft(person=labeller, radiograph=film_of(study))
    carried = drawing.get(f"/box-sets/{third.pk}")["comments"]
    assert [(each["id"], each["resolved"]) for each in carried] == [(ulna.pk, False), (thumb.pk, False)]
    drawing.post(f"/comments/{ulna.pk}/mark", {"box_set": str(again.pk), "resolved": True}, expect=403)


def test_it_goes_back_to_the_same_labeller_and_then_to_the_same_reviewer(labeller: Person, reviewer: Person) -> None:
    study, other = make_study(), make_study()
    first = labelled(labeller, study)
    review.send_back(person=reviewer, box_set=first, reason="ulna")
    assert drafts.label_next(person=make_person("bert", RoleName.LABELLER)).radiograph.study == other  # type: ignore[union-attr]
    again = drafts.label_next(person=labeller)
    assert again is not None
    assert (again.radiograph.study, again.parent) == (study, first)
    boxes.submit(person=labeller, box_set=again, actions=1, seconds=1)
    assert review.review_next(person=make_person("rolf", RoleName.REVIEWER)) is None
    assert review.review_next(person=reviewer) == again


def test_every_gesture_is_one_row_and_none_is_lost(labeller: Person) -> None:
    draft = drafts.open_draft(person=labeller, radiograph=film_of(make_study()))
    for revision in range(3):
        boxes.apply_operations(
            person=labeller, box_set=draft, operations=[set_operation("ulna", base_revision=revision, shift=revision)]
        )
    assert list(BoxOperation.objects.filter(box_set=draft).values_list("revision", flat=True)) == [1, 2, 3]
