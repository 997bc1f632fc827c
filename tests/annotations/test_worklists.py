"""Work that is given to somebody, urgency, work lists, holds, and films that are labelled twice."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from annotations.base.errors import Conflict, NotAllowed
from annotations.exchange.give_boxes import box_sets_to_export
from annotations.models import Assignment, BoxSet, Lease, Person, Study
from annotations.permissions.boxes import box_sets_visible_to
from annotations.services import assignments, boxes, drafts, reads, review
from annotations.services.protocols import change_protocol
from annotations.states import BoxSetStatus, Priority, RoleName, StudyState, WorkKind
from tests.factories.people import make_person
from tests.factories.studies import draw_all, film_of, labelled, make_study

pytestmark = pytest.mark.django_db(transaction=True)
Browser = Callable[[Person | None], Any]


@pytest.fixture
def chief() -> Person:
    return make_person("chief", RoleName.ADMINISTRATOR)


def labellers() -> tuple[Person, Person]:
    return make_person("anna", RoleName.LABELLER), make_person("bert", RoleName.LABELLER)


def next_film(person: Person) -> Study | None:
    draft = drafts.label_next(person=person)
    return draft.radiograph.study if draft else None


def test_urgent_films_are_handed_out_first_in_every_queue(chief: Person) -> None:
    first, urgent, low = make_study(), make_study(), make_study()
    assignments.set_priority(by=chief, studies=[urgent], priority=Priority.URGENT)
    assignments.set_priority(by=chief, studies=[low], priority=Priority.LOW)
    anna, bert = labellers()
    assert [next_film(person) for person in (anna, bert, make_person("c", RoleName.LABELLER))] == [urgent, first, low]
    for study in (first, low, urgent):
        labelled(make_person(f"drew {study.pk}"[:20], RoleName.LABELLER), study)
    reviewer = make_person("reviewer", RoleName.REVIEWER)
    handed = review.review_next(person=reviewer)
    assert handed is not None
    assert handed.radiograph.study_id == urgent.pk
    reader = make_person("reader", RoleName.READER)
    read = reads.read_next(person=reader)
    assert read is not None
    assert read.radiograph.study_id == urgent.pk


def test_what_is_given_to_one_is_handed_to_nobody_else_until_it_is_released(chief: Person) -> None:
    given, other = make_study(), make_study()
    anna, bert = labellers()
    outcome = assignments.assign(by=chief, kind=WorkKind.LABEL, person=anna, studies=[given])
    assert outcome.changed == (given.pk,)
    assert next_film(bert) == other
    assert next_film(make_person("c", RoleName.LABELLER)) is None
    assignments.release(by=chief, kind=WorkKind.LABEL, studies=[given])
    assert next_film(make_person("d", RoleName.LABELLER)) == given


def test_what_is_given_to_me_comes_before_older_and_more_urgent_films(chief: Person) -> None:
    older, given = make_study(), make_study()
    assignments.set_priority(by=chief, studies=[older], priority=Priority.URGENT)
    anna, _ = labellers()
    assignments.assign(by=chief, kind=WorkKind.LABEL, person=anna, studies=[given])
    assert next_film(anna) == given


def test_giving_labelling_to_another_takes_it_from_the_first(chief: Person) -> None:
    study = make_study()
    anna, bert = labellers()
    assignments.assign(by=chief, kind=WorkKind.LABEL, person=anna, studies=[study])
    assert assignments.assign(by=chief, kind=WorkKind.LABEL, person=anna, studies=[study]).changed == ()
    assignments.assign(by=chief, kind=WorkKind.LABEL, person=bert, studies=[study])
    assert [row.person for row in Assignment.objects.filter(released_at__isnull=True)] == [bert]
    assert next_film(anna) is None
    assert [(event.verb, event.old, event.new) for event in study.events.order_by("number")] == [
        ("assign_label", "", "anna"),
        ("release_label", "anna", ""),
        ("assign_label", "", "bert"),
    ]


def test_a_given_film_is_done_once_it_is_handed_in(chief: Person) -> None:
    study = make_study()
    anna, _ = labellers()
    assignments.assign(by=chief, kind=WorkKind.LABEL, person=anna, studies=[study])
    labelled(anna, study)
    assert not Assignment.objects.filter(released_at__isnull=True).exists()
    refused = assignments.assign(by=chief, kind=WorkKind.LABEL, person=anna, studies=[study]).refused
    assert [code for _, code, _ in refused] == ["already_labelled"]


def test_somebody_who_left_holds_nothing_up(chief: Person) -> None:
    study = make_study()
    anna, bert = labellers()
    assignments.assign(by=chief, kind=WorkKind.LABEL, person=anna, studies=[study])
    Person.objects.filter(pk=anna.pk).update(is_active=False)
    assert next_film(bert) == study


def test_who_may_give_and_who_can_be_given(chief: Person) -> None:
    study, excluded = make_study(), make_study(state=StudyState.EXCLUDED)
    anna, bert = labellers()
    with pytest.raises(NotAllowed):
        assignments.assign(by=anna, kind=WorkKind.LABEL, person=bert, studies=[study])
    with pytest.raises(Conflict, match="reviewer"):
        assignments.assign(by=chief, kind=WorkKind.REVIEW, person=bert, studies=[study])
    refused = assignments.assign(by=chief, kind=WorkKind.LABEL, person=bert, studies=[excluded, study])
    assert [code for _, code, _ in refused.refused] == ["not_ready"]
    assert refused.changed == (study.pk,)


def test_a_review_given_to_its_author_holds_up_nobody(chief: Person) -> None:
    both = make_person("both", RoleName.LABELLER, RoleName.REVIEWER)
    study = make_study()
    box_set = labelled(both, study)
    assignments.assign(by=chief, kind=WorkKind.REVIEW, person=both, studies=[study])
    assert review.review_next(person=both) is None
    assert review.review_next(person=make_person("other", RoleName.REVIEWER)) == box_set


def test_a_reading_that_is_given_waits_for_its_reader_and_then_for_the_others(chief: Person) -> None:
    given, other = make_study(), make_study()
    one, two = make_person("one", RoleName.READER), make_person("two", RoleName.READER)
    assignments.assign(by=chief, kind=WorkKind.READ, person=one, studies=[given])
    handed = reads.read_next(person=two)
    assert handed is not None
    assert handed.radiograph.study_id == other.pk
    mine = reads.read_next(person=one)
    assert mine is not None
    assert mine.radiograph.study_id == given.pk
    reads.submit_read(person=two, read=handed, bone_age_months=100, plate_months=None)
    after = reads.read_next(person=two)
    assert after is not None
    assert after.radiograph.study_id == given.pk


def test_giving_a_reading_tells_neither_that_it_was_read_nor_that_it_cannot_be(api: Browser, chief: Person) -> None:
    """The answer, the study's row and the list are the same whether the reader has read, may, or may not any more."""
    reader = make_person("reader", RoleName.READER)
    seen_by = make_person("seen", RoleName.READER, RoleName.RESEARCHER)
    read_it, fresh = make_study(), make_study()
    read = reads.read_next(person=reader)
    assert read is not None
    assert read.radiograph.study_id == read_it.pk
    reads.submit_read(person=reader, read=read, bone_age_months=100, plate_months=None)
    browser = api(chief)
    body = {"studies": [str(read_it.pk), str(fresh.pk)], "kind": "read", "person": str(reader.pk)}
    assert browser.post("/studies/assign", body) == {"changed": body["studies"], "refused": []}
    rows = {row["id"]: row["assigned"] for row in browser.get("/studies")["results"]}
    assert rows[str(read_it.pk)] == rows[str(fresh.pk)] != []
    handed = reads.read_next(person=reader)
    assert handed is not None
    assert handed.radiograph.study_id == fresh.pk
    assert {row["id"]: row["assigned"] for row in browser.get("/studies")["results"]} == rows
    blind = api(seen_by)
    assert all(row["assigned"] == [] for row in blind.get("/studies")["results"])
    assert blind.get(f"/studies?assigned_to={reader.pk}")["total"] == 0
    assert browser.get(f"/studies?assigned_to={reader.pk}")["total"] == 2
    assert "assign_read" not in str(blind.get(f"/studies/{fresh.pk}/events"))


def test_a_reader_who_may_not_read_blind_holds_up_nobody(api: Browser, chief: Person) -> None:
    study = make_study(stored=True)
    exposed = make_person("exposed", RoleName.RESEARCHER)
    api(exposed).get(f"/studies/{study.pk}")
    exposed.roles.create(name=RoleName.READER)
    exposed.forget_roles()
    assignments.assign(by=chief, kind=WorkKind.READ, person=exposed, studies=[study])
    assert reads.read_next(person=exposed) is None
    handed = reads.read_next(person=make_person("fresh", RoleName.READER))
    assert handed is not None


def test_a_reader_s_work_list_is_numbers_alone(api: Browser, chief: Person) -> None:
    reader = make_person("reader", RoleName.READER)
    studies = [make_study() for _ in range(3)]
    assignments.assign(by=chief, kind=WorkKind.READ, person=reader, studies=studies[:1])
    reads.read_next(person=reader)
    told = api(reader).get("/worklists")
    assert told == {"read": {"begun": 1, "count": 3, "answered": 0}}


def test_a_labeller_s_and_a_reviewer_s_work_list(api: Browser, chief: Person) -> None:
    anna, bert = labellers()
    returned, begun, given, _pool = (make_study() for _ in range(4))
    reviewer = make_person("reviewer", RoleName.REVIEWER)
    box_set = labelled(anna, returned)
    review.send_back(person=reviewer, box_set=box_set, reason="ulna")
    drafts.open_draft(person=anna, radiograph=film_of(begun))
    assignments.assign(by=chief, kind=WorkKind.LABEL, person=anna, studies=[given])
    mine = api(anna).get("/worklists")["label"]
    assert [item["study"] for item in mine["returned"]] == [str(returned.pk)]
    assert mine["returned"][0]["reason"] == "ulna"
    assert [item["study"] for item in mine["drafts"]] == [str(begun.pk)]
    assert [item["study"] for item in mine["assigned"]] == [str(given.pk)]
    assert (mine["assigned_count"], mine["pool"]) == (1, 1)
    again = drafts.open_draft(person=anna, radiograph=film_of(returned))
    boxes.submit(person=anna, box_set=again, actions=1, seconds=1)
    other = labelled(bert, begun)
    assignments.assign(by=chief, kind=WorkKind.REVIEW, person=reviewer, studies=[begun])
    todo = api(reviewer).get("/worklists")["review"]
    assert [item["box_set"] for item in todo["redrawn"]] == [str(again.pk)]
    assert [item["box_set"] for item in todo["assigned"]] == [str(other.pk)]
    assert (todo["waiting"], todo["count"]) == ([], 2)


def test_an_open_page_holds_the_film_until_it_falls_silent(api: Browser) -> None:
    study = make_study()
    anna, bert = labellers()
    draft = drafts.open_draft(person=anna, radiograph=film_of(study))
    Lease.objects.all().delete()
    told = api(anna).post(f"/box-sets/{draft.pk}/hold")
    assert (told["mine"], told["holder"]["username"]) == (True, "anna")
    assert next_film(bert) is None
    Lease.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert next_film(bert) == study
    told = api(anna).post(f"/box-sets/{draft.pk}/hold")
    assert (told["mine"], told["holder"]["username"]) == (False, "bert"), "it is told, and it refuses nothing"


def twice(chief: Person) -> None:
    change_protocol(person=chief, changes={"label_twice_share": 1.0})


def test_a_film_that_is_labelled_twice_goes_to_another_who_sees_no_boxes(api: Browser, chief: Person) -> None:
    twice(chief)
    study = make_study(stored=True)
    anna, bert = labellers()
    first = labelled(anna, study)
    assert drafts.label_next(person=anna) is None, "nobody is their own second"
    second = drafts.label_next(person=bert)
    assert second is not None
    assert second.is_second
    assert {row.state for row in second.regions.all()} == {"missing"}, "it starts from nothing"
    api(bert).get(f"/box-sets/{first.pk}", expect=404)
    assert list(box_sets_visible_to(bert)) == [second]
    draw_all(bert, second)
    api(anna).get(f"/box-sets/{second.pk}", expect=404)
    boxes.submit(person=bert, box_set=second, actions=1, seconds=1)
    assert api(bert).get(f"/box-sets/{first.pk}")["version"] == 1
    assert list(box_sets_to_export(BoxSet.objects.all(), status=BoxSetStatus.SUBMITTED)) == [first]
    reviewer = make_person("reviewer", RoleName.REVIEWER)
    assert review.review_next(person=reviewer) == first
    with pytest.raises(NotAllowed, match="compared"):
        review.accept(person=reviewer, box_set=BoxSet.objects.get(pk=second.pk))
    review.accept(person=reviewer, box_set=first)
    study.refresh_from_db()
    assert study.labelling == "accepted"
    assert drafts.label_next(person=make_person("third", RoleName.LABELLER)) is None
    assert BoxSet.objects.get(pk=second.pk).status == BoxSetStatus.SUBMITTED


def test_who_labels_and_reviews_judges_the_first_only_after_the_second_is_in(chief: Person) -> None:
    twice(chief)
    study = make_study()
    anna, bert = labellers()
    both = make_person("both", RoleName.LABELLER, RoleName.REVIEWER)
    first = labelled(anna, study)
    assert review.review_next(person=both) is None
    labelled(bert, study)
    assert review.review_next(person=both) == first


def test_a_reviewer_who_sees_the_first_boxes_draws_no_independent_second(chief: Person) -> None:
    twice(chief)
    study = make_study()
    anna, bert = labellers()
    labelled(anna, study)
    reviewer = make_person("reviewer", RoleName.REVIEWER)
    assert not drafts.open_draft(person=reviewer, radiograph=film_of(study)).is_second
    assert drafts.open_draft(person=bert, radiograph=film_of(study)).is_second


def test_a_share_of_none_draws_nobody_twice() -> None:
    study = make_study()
    anna, bert = labellers()
    labelled(anna, study)
    assert drafts.label_next(person=bert) is None


def test_bulk_actions_by_http(api: Browser, chief: Person) -> None:
    studies = [make_study() for _ in range(3)]
    ids = [str(study.pk) for study in studies]
    browser = api(chief)
    cohort = browser.post("/cohorts", {"name": "spring"}, expect=201)["id"]
    assert browser.post("/studies/cohort", {"studies": ids[:2], "cohort": cohort})["changed"] == ids[:2]
    assert browser.get(f"/studies?cohort={cohort}")["total"] == 2
    assert browser.post("/studies/cohort", {"studies": ids[:1], "cohort": None})["changed"] == ids[:1]
    assert browser.post("/studies/priority", {"studies": ids[2:], "priority": "urgent"})["changed"] == ids[2:]
    assert [row["id"] for row in browser.get("/studies?order=priority")["results"]] == [ids[2], ids[0], ids[1]]
    assert browser.get("/studies?priority=urgent")["total"] == 1
    unknown = "00000000-0000-4000-8000-000000000000"
    told = browser.post("/studies/exclude", {"studies": [ids[0], unknown], "reason": "wrong hand"})
    assert told["changed"] == [ids[0]]
    assert [each["code"] for each in told["refused"]] == ["not_found"]
    browser.post("/studies/assign", {"studies": ids, "kind": "label", "person": unknown}, expect=404)
