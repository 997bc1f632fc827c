"""Two people at once: nothing is handed out twice, nothing is lost."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

import pytest
from django.db import connection

from annotations.base.errors import Conflict
from annotations.models import BoxOperation, Consensus, Event, Person, Read, RegionBox
from annotations.services import boxes, consensus, drafts, reads, review
from annotations.services.events import first_broken_link
from annotations.states import RoleName
from tests.factories.people import make_person
from tests.factories.studies import film_of, labelled, make_study, set_operation

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize("database", ["here", pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True),
]
T = TypeVar("T")


@pytest.fixture
def database(request: pytest.FixtureRequest) -> str:
    """The session's database; the second round only where it is PostgreSQL."""
    if request.param == "postgres" and connection.vendor != "postgresql":
        pytest.skip("this session's database is not PostgreSQL")
    return request.param


def at_once(*calls: Callable[[], T]) -> list[T | Exception]:
    """Run the calls at the same moment, each in a thread with a connection of its own."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], T]) -> T | Exception:
        try:
            barrier.wait()
            return call()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def people(count: int, *roles: RoleName) -> list[Person]:
    return [make_person(f"person{number}", *roles) for number in range(count)]


def test_labellers_get_different_films(database: str) -> None:
    for _ in range(4):
        make_study()
    crowd = people(4, RoleName.LABELLER)
    handed = at_once(*(lambda person=person: drafts.label_next(person=person) for person in crowd))
    films = [draft.radiograph_id for draft in handed]  # type: ignore[union-attr]
    assert len(set(films)) == 4


def test_the_last_film_goes_to_one_labeller(database: str) -> None:
    make_study()
    handed = at_once(
        *(lambda person=person: drafts.label_next(person=person) for person in people(3, RoleName.LABELLER))
    )
    assert sorted(draft is None for draft in handed) == [False, True, True]


def test_reviewers_get_different_box_sets(database: str) -> None:
    labeller = make_person("labeller", RoleName.LABELLER)
    for _ in range(2):
        labelled(labeller, make_study())
    crowd = people(2, RoleName.REVIEWER)
    handed = at_once(*(lambda person=person: review.review_next(person=person) for person in crowd))
    assert len({box_set.pk for box_set in handed}) == 2  # type: ignore[union-attr]


def test_a_film_that_needs_two_reads_gets_two_readers(database: str) -> None:
    make_study()
    handed = at_once(*(lambda person=person: reads.read_next(person=person) for person in people(4, RoleName.READER)))
    assert sum(isinstance(read, Read) for read in handed) == 2, handed
    assert Consensus.objects.get().reads_claimed == 2


def test_both_readers_lock_at_once_and_the_consensus_is_weighed_once(database: str) -> None:
    make_study()
    crowd = people(2, RoleName.READER)
    handed = [reads.read_next(person=person) for person in crowd]
    at_once(
        *(
            lambda read=read, person=person: reads.submit_read(
                person=person, read=read, bone_age_months=100, plate_months=None
            )
            for person, read in zip(crowd, handed, strict=True)
        )
    )
    consensus = Consensus.objects.get()
    assert (consensus.status, consensus.bone_age_months) == ("agreed", 100)
    assert first_broken_link(str(consensus.radiograph.study_id)) is None


def given_to(crowd: list[Person]) -> list[Read]:
    """All of these hold the same film, each with a place of their own."""
    study = make_study()
    handed = []
    for person in crowd:
        Consensus.objects.update(readers_required=len(crowd))
        read = reads.read_next(person=person)
        assert read is not None
        assert read.radiograph_id == film_of(study).pk
        handed.append(read)
    return handed


def test_two_readers_who_cannot_read_it_answer_at_once(database: str) -> None:
    crowd = people(2, RoleName.READER)
    handed = given_to(crowd)
    at_once(
        *(
            lambda read=read, person=person: reads.cannot_read(person=person, read=read, reason="motion")
            for person, read in zip(crowd, handed, strict=True)
        )
    )
    row = Consensus.objects.get()
    assert (row.status, row.reads_claimed) == ("unreadable", 0)
    assert Event.objects.filter(verb="give_up").count() == 1
    assert first_broken_link(str(row.radiograph.study_id)) is None


@pytest.mark.parametrize("answer", ["locks", "cannot read it"])
def test_a_held_film_is_answered_while_a_reviewer_sends_it_back(database: str, answer: str) -> None:
    crowd = people(5, RoleName.READER)
    reviewer = make_person("reviewer", RoleName.REVIEWER)
    held = given_to(crowd[:3])
    for number in (0, 1):
        reads.cannot_read(person=crowd[number], read=held[number], reason="motion")
    row = Consensus.objects.get()
    assert (row.status, row.reads_claimed) == ("unreadable", 1)

    def answers() -> object:
        if answer == "locks":
            return reads.submit_read(person=crowd[2], read=held[2], bone_age_months=100, plate_months=None)
        return reads.cannot_read(person=crowd[2], read=held[2], reason="cast")

    outcomes = at_once(answers, lambda: consensus.reopen(person=reviewer, consensus=row, reason="try again"))
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)], outcomes
    after = Consensus.objects.exclude(status="reopened").get()
    assert after.reads_claimed == (1 if answer == "locks" else 0), "the place is held, or free, and never lost"
    assert after.status in (("open",) if answer == "locks" else ("open", "unreadable"))
    if after.status == "open":
        assert reads.read_next(person=crowd[3]) is not None


def test_two_reviewers_decide_otherwise_at_once(database: str) -> None:
    crowd = people(3, RoleName.READER)
    reviewers = [make_person(name, RoleName.REVIEWER) for name in ("one", "other")]
    held = given_to(crowd[:2])
    for person, read in zip(crowd, held, strict=False):
        reads.cannot_read(person=person, read=read, reason="motion")
    rows = [Consensus.objects.get() for _ in reviewers]
    outcomes = at_once(
        lambda: consensus.confirm_unreadable(person=reviewers[0], consensus=rows[0]),
        lambda: consensus.reopen(person=reviewers[1], consensus=rows[1], reason="try again"),
    )
    refused = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert len(refused) == 1
    assert isinstance(refused[0], Conflict), refused
    living = Consensus.objects.exclude(status="reopened").get()
    assert living.status in ("no_bone_age", "open")
    assert first_broken_link(str(living.radiograph.study_id)) is None


def test_two_reviewers_decide_once(database: str) -> None:
    labeller = make_person("labeller", RoleName.LABELLER)
    box_set = labelled(labeller, make_study())
    crowd = people(2, RoleName.REVIEWER)
    fresh = [type(box_set).objects.get(pk=box_set.pk) for _ in crowd]
    outcomes = at_once(
        lambda: review.accept(person=crowd[0], box_set=fresh[0]),
        lambda: review.send_back(person=crowd[1], box_set=fresh[1], reason="ulna"),
    )
    assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == 1, outcomes


def test_two_tabs_of_one_person_on_one_region(database: str) -> None:
    person = make_person("labeller", RoleName.LABELLER)
    draft = drafts.open_draft(person=person, radiograph=film_of(make_study()))
    operations = [set_operation("mc2", shift=shift) for shift in range(4)]
    outcomes = at_once(
        *(
            lambda operation=operation: boxes.apply_operations(person=person, box_set=draft, operations=[operation])
            for operation in operations
        )
    )
    applied = [len(outcome.acknowledged) for outcome in outcomes]  # type: ignore[union-attr]
    assert sorted(applied) == [0, 0, 0, 1]
    kept = BoxOperation.objects.get(box_set=draft)
    assert RegionBox.objects.get(box_set=draft, region="mc2").x0 == kept.x0
