"""What a study's row says of its progress is what its box sets and its consensus say, after any walk."""

import contextlib
import random

import pytest

from annotations.base.errors import Refusal
from annotations.models import BoxSet, Consensus, Person, Read, Study
from annotations.permissions.blinding import is_blinded, open_studies
from annotations.selectors.progress import labelling_now, reading_now
from annotations.services import boxes, consensus, drafts, reads, review
from annotations.services.progress import note_progress_of
from annotations.states import RoleName
from tests.factories.people import make_person
from tests.factories.studies import draw_all, film_of, make_study


class Walk:
    """One film, two people of every role, and a random choice of who does what next."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.study = make_study()
        self.people = [make_person(f"p{number}", *RoleName) for number in range(4)]

    def step(self) -> None:
        person = self.chance.choice(self.people)
        steps = [
            self.draw,
            self.submit,
            self.accept,
            self.send_back,
            self.fix,
            self.read,
            self.give_up,
            self.amend,
            self.decide,
        ]
        with contextlib.suppress(Refusal):  # what is not possible now
            self.chance.choice(steps)(person)

    def draw(self, person: Person) -> None:
        draft = drafts.open_draft(person=person, radiograph=film_of(self.study))
        if not draft.operation_count:
            draw_all(person, draft)

    def submit(self, person: Person) -> None:
        for draft in BoxSet.objects.filter(author=person, status="draft"):
            boxes.submit(person=person, box_set=draft, actions=1, seconds=1)

    def accept(self, person: Person) -> None:
        for box_set in BoxSet.objects.filter(status="submitted").select_related("radiograph__study")[:1]:
            review.accept(person=person, box_set=box_set)

    def send_back(self, person: Person) -> None:
        for box_set in BoxSet.objects.filter(status="submitted").select_related("radiograph__study")[:1]:
            review.send_back(person=person, box_set=box_set, reason="ulna")

    def fix(self, person: Person) -> None:
        for box_set in BoxSet.objects.filter(status__in=["submitted", "accepted"])[:1]:
            drafts.fix(person=person, box_set=box_set)

    def read(self, person: Person) -> None:
        read = reads.read_next(person=person)
        if read:
            reads.submit_read(
                person=person, read=read, bone_age_months=self.chance.choice([90, 120]), plate_months=None
            )

    def give_up(self, person: Person) -> None:
        read = reads.read_next(person=person)
        if read:
            reads.cannot_read(person=person, read=read, reason="motion")

    def amend(self, person: Person) -> None:
        for read in Read.objects.filter(reader=person, status="submitted", is_current=True):
            reads.amend_read(person=person, read=read, bone_age_months=100, plate_months=None, reason="slip")

    def decide(self, person: Person) -> None:
        for row in Consensus.objects.exclude(status="reopened").select_related("radiograph__study"):
            if row.status == "adjudicating":
                consensus.settle(person=person, consensus=row, bone_age_months=100, reason="capitate")
            elif row.status == "unreadable":
                consensus.confirm_unreadable(person=person, consensus=row)
            elif row.status in ("approved", "no_bone_age"):
                consensus.reopen(person=person, consensus=row, reason="too low")
            else:
                consensus.approve(person=person, consensus=row)


def worked_out() -> list[tuple[object, ...]]:
    rows = Study.objects.annotate(labelling_true=labelling_now(), reading_true=reading_now())
    return [
        (row.pk, row.labelling, row.reading)
        for row in rows
        if (row.labelling, row.reading) != (row.labelling_true, row.reading_true)
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(6))
def test_the_row_is_true_after_every_step(seed: int) -> None:
    walk = Walk(random.Random(seed))
    for number in range(14):
        walk.step()
        assert worked_out() == [], f"after step {number}"
        assert_blinding_is_one_rule(walk.people)


def assert_blinding_is_one_rule(people: list[Person]) -> None:
    """Asked study by study and asked of all at once, blinding gives the same answer."""
    for person in people:
        one_by_one = set(Study.objects.annotate(hidden=is_blinded(person)).filter(hidden=False).values_list("pk"))
        assert set(open_studies(person).values_list("pk")) == one_by_one


@pytest.mark.django_db
def test_a_row_that_is_wrong_is_found_and_put_right() -> None:
    study = make_study()
    Study.objects.filter(pk=study.pk).update(labelling="accepted", reading="approved")
    assert worked_out() == [(study.pk, "accepted", "approved")]
    note_progress_of(Study.objects.all())
    assert worked_out() == []
