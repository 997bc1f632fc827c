"""Verdicts on box sets: accepted, sent back and round again, fixed by the reviewer; never one's own, never twice."""

from datetime import timedelta

import pytest
from django.utils import timezone

from annotations.base.errors import Conflict, NotAllowed, StaleState
from annotations.models import BoxSet, Event, Lease, Person
from annotations.services import boxes, drafts, review
from annotations.states import BoxSetStatus, RoleName
from tests.factories.people import make_person
from tests.factories.studies import box_for, labelled, make_study, set_operation

pytestmark = pytest.mark.django_db


def test_a_reviewer_never_judges_their_own(reviewer: Person) -> None:
    reviewer.roles.create(name=RoleName.LABELLER)
    reviewer.forget_roles()
    box_set = labelled(reviewer, make_study())
    assert review.review_next(person=reviewer) is None
    with pytest.raises(NotAllowed):
        review.accept(person=reviewer, box_set=box_set)


def test_accepting_supersedes_what_was_accepted_before(labeller: Person, reviewer: Person) -> None:
    study = make_study()
    first = review.accept(person=reviewer, box_set=labelled(labeller, study))
    second = review.accept(person=reviewer, box_set=labelled(labeller, study))
    first.refresh_from_db()
    assert (first.status, second.status) == (BoxSetStatus.SUPERSEDED, BoxSetStatus.ACCEPTED)


def test_accepting_what_was_accepted_is_refused(labeller: Person, reviewer: Person) -> None:
    box_set = labelled(labeller, make_study())
    stale = BoxSet.objects.get(pk=box_set.pk)
    review.accept(person=reviewer, box_set=box_set)
    with pytest.raises(StaleState):
        review.accept(person=reviewer, box_set=stale)
    with pytest.raises(Conflict):
        review.accept(person=make_person("late", RoleName.REVIEWER), box_set=BoxSet.objects.get(pk=box_set.pk))


def test_sent_back_to_the_same_labeller_then_to_the_same_reviewer(labeller: Person, reviewer: Person) -> None:
    study = make_study()
    other_labeller = make_person("other_labeller", RoleName.LABELLER)
    other_reviewer = make_person("other_reviewer", RoleName.REVIEWER)
    box_set = labelled(labeller, study)
    comments = [review.NewComment(text="too wide", region="ulna"), review.NewComment(text="see the manual")]
    review.send_back(person=reviewer, box_set=box_set, reason="ulna too wide", comments=comments)
    assert drafts.label_next(person=other_labeller) is None
    draft = drafts.label_next(person=labeller)
    assert draft is not None
    assert draft.parent == box_set
    assert draft.version == box_set.version + 1
    assert draft.regions.get(region="ulna").box == box_for("ulna")
    assert [comment.region for comment in box_set.comments.all()] == ["ulna", None]
    boxes.submit(person=labeller, box_set=draft, actions=1, seconds=1)
    assert review.review_next(person=other_reviewer) is None
    assert review.review_next(person=reviewer) == draft


def test_a_returned_film_goes_to_another_when_its_labeller_does_not_come_back(
    labeller: Person, reviewer: Person
) -> None:
    box_set = labelled(labeller, make_study())
    review.send_back(person=reviewer, box_set=box_set, reason="wrong hand")
    BoxSet.objects.filter(pk=box_set.pk).update(decided_at=timezone.now() - timedelta(days=4))
    other = make_person("other", RoleName.LABELLER)
    Lease.objects.all().delete()
    draft = drafts.label_next(person=other)
    assert draft is not None
    assert draft.parent == box_set


def test_a_fix_is_a_copy_of_ones_own_that_is_accepted_when_handed_in(labeller: Person, reviewer: Person) -> None:
    box_set = labelled(labeller, make_study())
    draft = drafts.fix(person=reviewer, box_set=box_set)
    assert drafts.fix(person=reviewer, box_set=box_set) == draft
    assert draft.parent == box_set
    boxes.apply_operations(person=reviewer, box_set=draft, operations=[set_operation("ulna", shift=3)])
    done = boxes.submit(person=reviewer, box_set=draft, actions=1, seconds=4)
    box_set.refresh_from_db()
    assert (done.status, done.decided_by, box_set.status) == (
        BoxSetStatus.ACCEPTED,
        reviewer,
        BoxSetStatus.SUPERSEDED,
    )
    assert box_set.regions.get(region="ulna").box == box_for("ulna")
    assert review.review_next(person=make_person("other", RoleName.REVIEWER)) is None


def test_two_reviewers_never_get_the_same_box_set(labeller: Person, reviewer: Person) -> None:
    labelled(labeller, make_study())
    assert review.review_next(person=reviewer) is not None
    assert review.review_next(person=make_person("other", RoleName.REVIEWER)) is None


def test_a_verdict_whose_answer_was_lost_is_answered_again(reviewer: Person) -> None:
    labeller, other = make_person("one more", RoleName.LABELLER), make_person("another", RoleName.REVIEWER)
    accepted = labelled(labeller, make_study())
    returned = labelled(labeller, make_study())
    comments = [review.NewComment("too low", "radius")]
    for _ in range(2):  # each with the row as it then is, as a second request finds it
        accepted = review.accept(person=reviewer, box_set=BoxSet.objects.get(pk=accepted.pk))
        returned = review.send_back(
            person=reviewer, box_set=BoxSet.objects.get(pk=returned.pk), reason="look again", comments=comments
        )
    assert (accepted.status, returned.status) == ("accepted", "returned")
    assert Event.objects.filter(verb__in=("accept", "send_back")).count() == 2, "said once each"
    assert returned.comments.count() == 1
    for act in (
        lambda: review.accept(person=other, box_set=accepted),
        lambda: review.accept(person=reviewer, box_set=returned),
        lambda: review.send_back(person=reviewer, box_set=returned, reason="another reason"),
        lambda: review.send_back(person=other, box_set=returned, reason="look again"),
    ):
        with pytest.raises(Conflict):
            act()
