"""A film that several readers cannot read: who is asked no more, who decides, and what stays hidden from whom."""

from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.utils import timezone

from annotations.base.errors import Conflict, Invalid, NotAllowed
from annotations.models import Consensus, Event, Exposure, Person, Read, Study
from annotations.permissions import queues
from annotations.permissions.blinding import study_is_blinded_for
from annotations.selectors.standing_truth import standing_truth
from annotations.services import consensus as services
from annotations.services import protocols, reads
from annotations.services.events import first_broken_link
from annotations.states import ConsensusStatus, ExposureKind, ReadStatus, RoleName
from tests.factories.people import make_person
from tests.factories.studies import film_of, make_study

pytestmark = pytest.mark.django_db
Browser = Callable[[Person | None], Any]


@pytest.fixture
def readers() -> list[Person]:
    return [make_person(f"reader{number}", RoleName.READER) for number in range(1, 6)]


def handed(person: Person) -> Read:
    read = reads.read_next(person=person)
    assert read is not None
    return read


def give_up(person: Person, reason: str = "motion") -> Read:
    return reads.cannot_read(person=person, read=handed(person), reason=reason)


def lock(person: Person, months: float) -> Read:
    return reads.submit_read(person=person, read=handed(person), bone_age_months=months, plate_months=None)


def living(study: Study) -> Consensus:
    return Consensus.objects.exclude(status=ConsensusStatus.REOPENED).get(radiograph__study=study)


def living_or_none(study: Study) -> str | None:
    row = Consensus.objects.exclude(status=ConsensusStatus.REOPENED).filter(radiograph__study=study).first()
    return row.status if row else None


def given_up(readers: list[Person]) -> Study:
    study = make_study()
    for person in readers[:2]:
        give_up(person)
    return study


def test_after_two_who_cannot_read_it_a_reviewer_is_asked(readers: list[Person], reviewer: Person) -> None:
    study = make_study()
    give_up(readers[0])
    assert living(study).status == ConsensusStatus.OPEN
    assert not queues.to_confirm(reviewer).exists()
    give_up(readers[1])
    assert living(study).status == ConsensusStatus.UNREADABLE
    assert reads.read_next(person=readers[2]) is None
    assert list(queues.to_confirm(reviewer)) == [living(study)]
    assert not queues.to_approve(reviewer).exists()
    study.refresh_from_db()
    assert study.reading == "unreadable"
    line = Event.objects.get(study=study, verb="give_up")
    assert (line.old, line.new, line.who) == ("open", "unreadable", None)


def test_a_read_that_was_locked_is_no_hindrance(readers: list[Person]) -> None:
    study = make_study()
    lock(readers[0], 100)
    give_up(readers[1])
    give_up(readers[2])
    assert (living(study).status, living(study).reads_claimed) == ("unreadable", 1)


def test_confirmed_it_has_no_bone_age(readers: list[Person], reviewer: Person) -> None:
    study = given_up(readers)
    with pytest.raises(NotAllowed):
        services.confirm_unreadable(person=make_person("a", RoleName.ADJUDICATOR), consensus=living(study))
    readers[0].roles.create(name=RoleName.REVIEWER)
    readers[0].forget_roles()
    with pytest.raises(NotAllowed) as refusal:
        services.confirm_unreadable(person=readers[0], consensus=living(study))
    assert refusal.value.code == "gave_a_read"
    assert not queues.to_confirm(readers[0]).exists()
    before = timezone.now()
    row = services.confirm_unreadable(person=reviewer, consensus=living(study))
    assert (row.status, row.confirmed_by, row.bone_age_months) == ("no_bone_age", reviewer, None)
    assert row.confirmed_at is not None
    assert row.confirmed_at >= before
    line = Event.objects.get(study=study, verb="confirm_unreadable")
    assert (line.who, line.old, line.new) == (reviewer, "unreadable", "no_bone_age")
    assert first_broken_link(str(study.pk)) is None
    assert standing_truth(film_of(study)) is None
    assert reads.read_next(person=readers[2]) is None
    for again in (services.confirm_unreadable, services.approve):
        with pytest.raises(Conflict):
            again(person=reviewer, consensus=living(study))


def test_sent_back_another_reader_is_asked_and_what_was_answered_stays(readers: list[Person], reviewer: Person) -> None:
    study = given_up(readers)
    with pytest.raises(Invalid):
        services.reopen(person=reviewer, consensus=living(study), reason=" ")
    row = services.reopen(person=reviewer, consensus=living(study), reason="the wrist is clear enough")
    assert (row.status, row.unreadable_ends, row.reads_claimed) == ("open", 3, 0)
    assert Read.objects.filter(status=ReadStatus.UNREADABLE, is_current=True).count() == 2
    assert reads.read_next(person=readers[0]) is None, "they have answered"
    lock(readers[2], 100)
    lock(readers[3], 104)
    assert (living(study).status, living(study).bone_age_months) == ("agreed", 102)


def test_one_more_who_cannot_read_it_brings_it_back_at_once(readers: list[Person], reviewer: Person) -> None:
    study = given_up(readers)
    services.reopen(person=reviewer, consensus=living(study), reason="try again")
    give_up(readers[2])
    assert living(study).status == ConsensusStatus.UNREADABLE
    services.reopen(person=reviewer, consensus=living(study), reason="and again")
    assert living(study).unreadable_ends == 4


def test_a_confirmed_film_is_reopened_to_another_reader(readers: list[Person], reviewer: Person) -> None:
    study = given_up(readers)
    services.confirm_unreadable(person=reviewer, consensus=living(study))
    row = services.reopen(person=reviewer, consensus=living(study), reason="a colleague sees more")
    assert row.status == ConsensusStatus.OPEN
    assert row.previous is not None
    assert row.previous.confirmed_by == reviewer, "who confirmed it stays in the history"
    assert handed(readers[2]).radiograph == film_of(study)


def test_it_is_not_sent_back_where_nobody_is_left_to_read(readers: list[Person], reviewer: Person) -> None:
    study = given_up(readers)
    readers[2].is_active = False
    readers[2].save()
    record = Exposure.objects.create
    record(person=readers[3], radiograph=film_of(study), kind=ExposureKind.CHRONOLOGICAL_AGE, place="test")
    readers[4].roles.all().delete()
    with pytest.raises(Conflict) as refusal:
        services.reopen(person=reviewer, consensus=living(study), reason="try again")
    assert refusal.value.code == "no_reader_left"
    assert living(study).status == ConsensusStatus.UNREADABLE


@pytest.mark.parametrize("first_locks", [True, False])
def test_where_two_read_and_one_cannot_a_reviewer_is_asked_too(
    readers: list[Person], reviewer: Person, first_locks: bool
) -> None:
    Person.objects.filter(pk__in=[person.pk for person in readers[2:]]).update(is_active=False)
    study = make_study()
    for locks in (first_locks, not first_locks):
        assert living_or_none(study) != ConsensusStatus.UNREADABLE, "somebody may still be asked"
        person = readers[0] if locks else readers[1]
        lock(person, 100) if locks else give_up(person)
    assert living(study).status == ConsensusStatus.UNREADABLE
    with pytest.raises(Conflict):
        services.reopen(person=reviewer, consensus=living(study), reason="see the ulna")
    added = make_person("added", RoleName.READER)
    services.reopen(person=reviewer, consensus=living(study), reason="see the ulna")
    lock(added, 104)
    assert living(study).bone_age_months == 102


def held_by_a_third(readers: list[Person]) -> tuple[Study, Read]:
    """Two cannot read it, and at that moment a third reader holds it."""
    study = make_study()
    first, second = handed(readers[0]), handed(readers[1])
    reads.cannot_read(person=readers[0], read=first, reason="motion")
    third = handed(readers[2])
    reads.cannot_read(person=readers[1], read=second, reason="cast")
    return study, third


def test_whoever_holds_it_keeps_it_and_nobody_confirms_before_they_answered(
    readers: list[Person], reviewer: Person
) -> None:
    study, third = held_by_a_third(readers)
    assert living(study).status == ConsensusStatus.UNREADABLE
    with pytest.raises(Conflict) as refusal:
        services.confirm_unreadable(person=reviewer, consensus=living(study))
    assert refusal.value.code == "still_being_read"
    reads.submit_read(person=readers[2], read=third, bone_age_months=100, plate_months=None)
    assert (living(study).status, living(study).reads_claimed) == ("unreadable", 1)
    services.reopen(person=reviewer, consensus=living(study), reason="one could")
    lock(readers[3], 106)
    assert (living(study).status, living(study).bone_age_months) == ("agreed", 103)


def test_what_the_holder_answers_after_it_was_sent_back_counts(readers: list[Person], reviewer: Person) -> None:
    study, third = held_by_a_third(readers)
    assert services.reopen(person=reviewer, consensus=living(study), reason="wait").reads_claimed == 1
    reads.cannot_read(person=readers[2], read=third, reason="cast")
    assert (living(study).status, living(study).reads_claimed) == ("unreadable", 0)


def test_a_forgotten_reading_holds_nothing_up(readers: list[Person], reviewer: Person) -> None:
    study, third = held_by_a_third(readers)
    Read.objects.filter(pk=third.pk).update(assigned_at=timezone.now() - timedelta(hours=25))
    row = services.confirm_unreadable(person=reviewer, consensus=living(study))
    third.refresh_from_db()
    assert (row.status, third.status) == ("no_bone_age", "withdrawn")


def test_a_read_of_a_confirmed_film_is_amended_only_once_it_is_reopened(
    readers: list[Person], reviewer: Person
) -> None:
    study = make_study()
    read = lock(readers[0], 100)
    give_up(readers[1])
    give_up(readers[2])
    amended = reads.amend_read(person=readers[0], read=read, bone_age_months=90, plate_months=None, reason="slip")
    assert living(study).status == ConsensusStatus.UNREADABLE
    services.confirm_unreadable(person=reviewer, consensus=living(study))
    with pytest.raises(Conflict) as refusal:
        reads.amend_read(person=readers[0], read=amended, bone_age_months=91, plate_months=None, reason="slip")
    assert refusal.value.code == "no_bone_age"


def test_under_a_protocol_of_one_reader_two_are_needed_all_the_same(readers: list[Person]) -> None:
    protocols.change_protocol(person=make_person("boss", RoleName.ADMINISTRATOR), changes={"readers_required": 1})
    study = make_study()
    give_up(readers[0])
    assert living(study).status == ConsensusStatus.OPEN
    give_up(readers[1])
    assert living(study).status == ConsensusStatus.UNREADABLE


def test_whoever_was_never_asked_stays_blind_also_when_it_is_confirmed(readers: list[Person], reviewer: Person) -> None:
    study = given_up(readers)
    everything = make_person("everything", *RoleName)
    blind = (readers[2], everything)
    assert all(study_is_blinded_for(person, study) for person in blind)
    services.confirm_unreadable(person=reviewer, consensus=living(study))
    assert all(study_is_blinded_for(person, study) for person in blind), "it may be reopened, and they be asked"
    assert not study_is_blinded_for(readers[0], study)
    assert not queues.to_confirm(everything).exists()


def test_films_that_stood_open_before_are_found_by_the_migration(readers: list[Person]) -> None:
    study, other = given_up(readers), make_study()
    give_up(readers[2])
    Consensus.objects.update(status=ConsensusStatus.OPEN)
    Study.objects.update(reading="open")
    import_module("annotations.migrations.0017_end_unreadable_readings").let_reviewers_decide(apps, None)
    assert (living(study).status, living(other).status) == ("unreadable", "open")
    assert [Study.objects.get(pk=each.pk).reading for each in (study, other)] == ["unreadable", "open"]


@pytest.mark.django_db(transaction=True)
def test_what_a_reviewer_sees_and_does(readers: list[Person], reviewer: Person, api: Browser) -> None:
    study = make_study(stored=True)
    lock(readers[0], 117.19)
    give_up(readers[1], "the wrist is cut off")
    give_up(readers[2], "motion")
    browser = api(reviewer)
    assert browser.get("/home")["confirm"] == {"left": 1}
    assert browser.get("/worklists")["decide"] == {"approve": 0, "confirm": 1}
    (row,) = browser.get("/consensus", status="unreadable")["results"]
    assert [answer["label"] for answer in row["unreadable"]] == ["A", "B", "C"]
    reasons = [answer["reason"] for answer in row["unreadable"]]
    assert sorted(reasons, key=str) == [None, "motion", "the wrist is cut off"]
    assert (row["reads"], row["bone_age_months"], row["being_read"]) == ([], None, False)
    assert (row["status"], row["can"]) == ("unreadable", ["confirm_unreadable", "reopen"])
    address = f"/consensus/{row['id']}"
    shown = str(browser.get(address)) + str(browser.get(f"/studies/{study.pk}/at", moment=timezone.now().isoformat()))
    assert "117.19" not in shown, "a read that stands alone would guide whoever comes after"
    assert "reader" not in str(browser.get(address)["unreadable"])
    assert Exposure.objects.filter(person=reviewer, kind=ExposureKind.OTHER_READ).count() == 1
    for steering in (RoleName.RESEARCHER, RoleName.ADJUDICATOR):
        looking = api(make_person(str(steering), steering))
        assert looking.get(address)["can"] == []
        looking.post(f"{address}/confirm-unreadable", expect=403)
    confirmed = browser.post(f"{address}/confirm-unreadable")
    assert (confirmed["status"], confirmed["confirmed_by"]["username"]) == ("no_bone_age", "reviewer")
    assert confirmed["can"] == ["reopen"]
    assert browser.post(f"{address}/confirm-unreadable", expect=409)["error"]["code"] == "wrong_state"
    assert browser.get("/home")["confirm"] == {"left": 0}
    funnel = browser.get("/home")["funnel"]
    assert (funnel["no_bone_age"], funnel["read"], funnel["approved"]) == (1, 0, 0)
    (cohort,) = browser.get("/readers/progress")["cohorts"]
    assert (cohort["begun"], cohort["read"], cohort["no_bone_age"]) == (1, 0, 1)
    assert api(readers[3]).get("/worklists")["read"]["count"] == 0
    again = browser.post(f"{address}/reopen", {"reason": "see the ulna"})
    assert (again["status"], again["unreadable"]) == ("open", [])
    (step,) = again["history"]
    assert (step["unreadable"], step["confirmed_by"]["username"]) == (True, "reviewer")
    assert step["reopen_reason"] == "see the ulna"
    assert api(readers[3]).get("/worklists")["read"]["count"] == 1
