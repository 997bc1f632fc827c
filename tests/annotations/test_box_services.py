"""Boxes as operations: revisions, conflicts, idempotence, 17 or absent, proposals, and films handed out to label."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotations.announce import BoxSetAccepted, BoxSetSubmitted, listen, stop_listening
from annotations.base.errors import Conflict, Invalid, NotAllowed, StaleState
from annotations.models import BoxOperation, BoxSet, Effort, Event, Lease, Person, RegionBox
from annotations.models.append_only import AppendOnlyError
from annotations.services import boxes, drafts, review
from annotations.states import AbsentReason, BoxSetStatus, OperationKind, RegionState, RoleName, StudyState
from inference.anatomy.boxes import Box
from inference.anatomy.regions import REGION_IDS
from tests.factories.people import make_person
from tests.factories.studies import START, box_for, draw_all, film_of, labelled, make_study, set_operation

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(labeller: Person) -> BoxSet:
    return drafts.open_draft(person=labeller, radiograph=film_of(make_study()))


def region(box_set: BoxSet, name: str) -> RegionBox:
    return RegionBox.objects.get(box_set=box_set, region=name)


def test_a_draft_has_seventeen_missing_regions_from_the_start(draft: BoxSet) -> None:
    rows = draft.regions.all()
    assert {row.region for row in rows} == set(REGION_IDS)
    assert {row.state for row in rows} == {RegionState.MISSING}


def test_an_operation_raises_the_revision_of_its_region_alone(labeller: Person, draft: BoxSet) -> None:
    applied = boxes.apply_operations(person=labeller, box_set=draft, operations=[set_operation("mc3")])
    assert [(name, revision) for _, name, revision in applied.acknowledged] == [("mc3", 1)]
    assert region(draft, "mc3").box == box_for("mc3")
    assert region(draft, "mc2").revision == 0
    draft.refresh_from_db()
    assert draft.operation_count == 1


def test_sending_twice_is_applying_once(labeller: Person, draft: BoxSet) -> None:
    operation = set_operation("mc3")
    first = boxes.apply_operations(person=labeller, box_set=draft, operations=[operation])
    second = boxes.apply_operations(person=labeller, box_set=draft, operations=[operation, operation])
    assert second.acknowledged == first.acknowledged * 2
    assert BoxOperation.objects.filter(box_set=draft).count() == 1


@pytest.mark.parametrize("drawn_before", [[], [set_operation("mc5")]], ids=["the first of its box set", "a later one"])
def test_an_id_that_another_box_set_has_is_refused(
    labeller: Person, draft: BoxSet, drawn_before: list[boxes.NewOperation]
) -> None:
    operation = set_operation("mc3")
    boxes.apply_operations(person=labeller, box_set=draft, operations=[operation])
    other = drafts.open_draft(person=labeller, radiograph=film_of(make_study()))
    boxes.apply_operations(person=labeller, box_set=other, operations=drawn_before)
    with pytest.raises(Invalid) as refused:
        boxes.apply_operations(person=labeller, box_set=other, operations=[set_operation("mc4"), operation])
    assert refused.value.code == "operation_elsewhere"
    assert BoxOperation.objects.filter(box_set=other).count() == len(drawn_before)
    assert region(other, "mc4").state == RegionState.MISSING


def test_a_stale_base_is_answered_with_the_region_as_it_is(labeller: Person, draft: BoxSet) -> None:
    boxes.apply_operations(person=labeller, box_set=draft, operations=[set_operation("mc3")])
    late = set_operation("mc3", shift=5)
    applied = boxes.apply_operations(person=labeller, box_set=draft, operations=[late, set_operation("mc4")])
    assert [(pk, row.region, row.revision) for pk, row in applied.conflicts] == [(late.id, "mc3", 1)]
    assert [name for _, name, _ in applied.acknowledged] == ["mc4"]
    assert region(draft, "mc3").box == box_for("mc3")


def test_operations_on_one_region_follow_each_other_within_a_batch(labeller: Person, draft: BoxSet) -> None:
    batch = [set_operation("ulna", base_revision=revision, shift=revision) for revision in range(3)]
    boxes.apply_operations(person=labeller, box_set=draft, operations=batch)
    assert region(draft, "ulna").box == box_for("ulna", 2)
    assert list(BoxOperation.objects.filter(box_set=draft).values_list("number", flat=True)) == [1, 2, 3]


def test_absent_needs_a_reason_and_clearing_brings_missing_back(labeller: Person, draft: BoxSet) -> None:
    absent = replace(set_operation("dp1"), kind=OperationKind.ABSENT, box=None, origin=None)
    with pytest.raises(Invalid, match="says why"):
        boxes.apply_operations(person=labeller, box_set=draft, operations=[absent])
    why = replace(absent, absent_reason=AbsentReason.AMPUTATED)
    boxes.apply_operations(person=labeller, box_set=draft, operations=[why])
    assert region(draft, "dp1").state == RegionState.ABSENT
    clear = replace(absent, id=uuid4(), kind=OperationKind.CLEAR, base_revision=1)
    boxes.apply_operations(person=labeller, box_set=draft, operations=[clear])
    row = region(draft, "dp1")
    assert (row.state, row.absent_reason, row.revision) == (RegionState.MISSING, None, 2)


@pytest.mark.parametrize(
    "box",
    [
        Box(5, 5, 5, 9),
        Box(5, 9, 8, 9),
        Box(9, 5, 5, 9),
        Box(float("nan"), 0, 1, 1),
        Box(0, 0, float("inf"), 1),
        Box(0, 0, 1e9, 1),
        None,
    ],
)
def test_what_is_no_box_is_refused(labeller: Person, draft: BoxSet, box: Box | None) -> None:
    with pytest.raises(Invalid, match="four finite edges"):
        boxes.apply_operations(person=labeller, box_set=draft, operations=[replace(set_operation("mc2"), box=box)])


def test_attributes_stay_until_they_are_changed(labeller: Person, draft: BoxSet) -> None:
    first = replace(set_operation("pp1"), attributes={"centre_not_visible": True})
    second = set_operation("pp1", base_revision=1, shift=1)
    boxes.apply_operations(person=labeller, box_set=draft, operations=[first, second])
    assert region(draft, "pp1").centre_not_visible


def test_nobody_draws_in_anothers_draft(draft: BoxSet) -> None:
    stranger = make_person("stranger", RoleName.LABELLER)
    with pytest.raises(NotAllowed):
        boxes.apply_operations(person=stranger, box_set=draft, operations=[set_operation("mc2")])


def test_an_operation_id_is_good_for_one_box_set(labeller: Person, draft: BoxSet) -> None:
    operation = set_operation("mc2")
    boxes.apply_operations(person=labeller, box_set=draft, operations=[operation])
    other = drafts.open_draft(person=labeller, radiograph=film_of(make_study()))
    with pytest.raises(Invalid, match="before in another"):
        boxes.apply_operations(person=labeller, box_set=other, operations=[operation])


def test_submitting_names_what_is_missing(labeller: Person, draft: BoxSet) -> None:
    boxes.apply_operations(person=labeller, box_set=draft, operations=[set_operation("radius")])
    with pytest.raises(Conflict) as refusal:
        boxes.submit(person=labeller, box_set=draft, actions=1, seconds=1)
    assert refusal.value.code == "regions_missing"
    assert refusal.value.details["regions"] == [name for name in REGION_IDS if name != "radius"]


def test_a_submitted_box_set_is_never_edited_but_old_operations_are_acknowledged(
    labeller: Person, draft: BoxSet
) -> None:
    operation = set_operation("radius")
    boxes.apply_operations(person=labeller, box_set=draft, operations=[operation])
    draw = [set_operation(name) for name in REGION_IDS if name != "radius"]
    boxes.apply_operations(person=labeller, box_set=draft, operations=draw)
    boxes.submit(person=labeller, box_set=draft, actions=17, seconds=20)
    again = boxes.apply_operations(person=labeller, box_set=draft, operations=[operation])
    assert len(again.acknowledged) == 1
    with pytest.raises(StaleState):
        boxes.apply_operations(person=labeller, box_set=draft, operations=[set_operation("radius", base_revision=1)])


def test_what_another_window_has_changed_is_not_handed_in_unseen(labeller: Person, draft: BoxSet) -> None:
    boxes.apply_operations(person=labeller, box_set=draft, operations=[set_operation(region) for region in REGION_IDS])
    seen = dict.fromkeys(REGION_IDS, 1)
    other_window = [set_operation("ulna", base_revision=1), set_operation("dp1", base_revision=1)]
    boxes.apply_operations(person=labeller, box_set=draft, operations=other_window)
    with pytest.raises(Conflict) as refused:
        boxes.submit(person=labeller, box_set=draft, actions=1, seconds=1, seen=seen)
    assert refused.value.code == "changed_elsewhere"
    assert sorted(refused.value.details["regions"]) == ["dp1", "ulna"]
    draft.refresh_from_db()
    assert draft.status == BoxSetStatus.DRAFT
    done = boxes.submit(person=labeller, box_set=draft, actions=1, seconds=1, seen=seen | {"ulna": 2, "dp1": 2})
    assert done.status == BoxSetStatus.SUBMITTED


def test_submitting_twice_is_submitting_once_and_the_effort_is_logged(labeller: Person) -> None:
    study = make_study()
    proposed = {name: (box_for(name, 2.0), 0.9) for name in REGION_IDS}
    boxes.propose_boxes(radiograph=film_of(study), boxes=proposed, model_version_label="light 1")
    box_set = labelled(labeller, study)
    assert boxes.submit(person=labeller, box_set=box_set, actions=5, seconds=5).status == BoxSetStatus.SUBMITTED
    effort = Effort.objects.get(box_set=box_set)
    assert (effort.actions, effort.seconds) == (18, 30.0)
    assert effort.mean_iou_with_proposal == pytest.approx(18 / 22)
    assert set(effort.iou_with_proposal) == set(REGION_IDS)


def test_proposing_again_under_the_same_label_changes_nothing() -> None:
    radiograph = film_of(make_study())
    first = boxes.propose_boxes(
        radiograph=radiograph, boxes={"ulna": (box_for("ulna"), 0.5)}, model_version_label="light 1"
    )
    assert boxes.propose_boxes(radiograph=radiograph, boxes={}, model_version_label="light 1") == first
    assert first.regions.get().score == 0.5
    with pytest.raises(Invalid):
        boxes.propose_boxes(radiograph=radiograph, boxes={"mc1": (Box(0, 0, 1, 1), 1)}, model_version_label="2")


def test_the_same_film_gives_the_same_draft(labeller: Person, draft: BoxSet) -> None:
    assert drafts.open_draft(person=labeller, radiograph=draft.radiograph) == draft


def test_next_hands_out_the_pool_oldest_first_and_only_ready_films(labeller: Person) -> None:
    make_study(state=StudyState.EXCLUDED)
    films = [film_of(make_study()) for _ in range(3)]
    handed = []
    while (draft := drafts.label_next(person=labeller)) is not None:
        draw_all(labeller, draft)
        boxes.submit(person=labeller, box_set=draft, actions=1, seconds=1)
        handed.append(draft.radiograph_id)
    assert handed == [film.pk for film in films]


def test_what_was_begun_comes_first_and_can_be_put_aside(labeller: Person) -> None:
    make_study()
    make_study()
    first = drafts.label_next(person=labeller)
    assert first is not None
    assert drafts.label_next(person=labeller) == first
    second = drafts.label_next(person=labeller, skip=[first.pk])
    assert second is not None
    assert second.radiograph_id != first.radiograph_id
    assert drafts.label_next(person=labeller, skip=[first.pk, second.pk]) is None


def test_a_film_that_is_leased_or_begun_goes_to_nobody_else(labeller: Person) -> None:
    make_study()
    other = make_person("other", RoleName.LABELLER)
    begun = drafts.label_next(person=labeller)
    assert begun is not None
    assert drafts.label_next(person=other) is None
    Lease.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    taken_over = drafts.label_next(person=other)
    assert taken_over is not None, "an untouched draft whose lease ran out holds nobody up"
    boxes.apply_operations(person=other, box_set=taken_over, operations=[set_operation("mc2")])
    Lease.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    third = make_person("third", RoleName.LABELLER)
    assert drafts.label_next(person=third) is None, "a draft with work in it is somebody's"


@pytest.mark.django_db(transaction=True)
def test_facts_are_told_after_the_commit_and_never_after_a_rollback(labeller: Person, reviewer: Person) -> None:
    told: list[object] = []
    listen(BoxSetSubmitted, told.append)
    listen(BoxSetAccepted, told.append)
    try:
        box_set = labelled(labeller, make_study())
        assert told == [BoxSetSubmitted(box_set=box_set.pk, radiograph=box_set.radiograph_id)]
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            review.accept(person=reviewer, box_set=box_set).version / 0
        assert len(told) == 1
    finally:
        stop_listening(BoxSetSubmitted, told.append)
        stop_listening(BoxSetAccepted, told.append)


def test_history_is_written_and_cannot_be_changed(labeller: Person, reviewer: Person) -> None:
    box_set = labelled(labeller, make_study())
    review.accept(person=reviewer, box_set=box_set)
    verbs = list(Event.objects.filter(study=box_set.radiograph.study).order_by("number").values_list("verb", flat=True))
    assert verbs == ["open", "submit", "accept"]
    event = Event.objects.latest("number")
    with pytest.raises(AppendOnlyError):
        event.save()
    with pytest.raises(AppendOnlyError):
        Event.objects.filter(pk=event.pk).update(verb="forged")
    with pytest.raises(AppendOnlyError):
        BoxOperation.objects.all().delete()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE annotations_event SET verb = 'forged'")


EDGES = st.floats(min_value=-50, max_value=350, allow_nan=False)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    gestures=st.lists(
        st.tuples(st.sampled_from(REGION_IDS[:4]), st.sampled_from(list(OperationKind)), EDGES, EDGES, st.booleans()),
        max_size=12,
    )
)
def test_replaying_the_operations_gives_the_boxes(gestures: list, labeller: Person) -> None:
    """Whatever is sent in whatever batches, the kept operations alone rebuild every region."""
    draft = drafts.open_draft(person=labeller, radiograph=film_of(make_study()))
    for seq, (name, kind, x0, y0, is_stale) in enumerate(gestures):
        base = region(draft, name).revision + is_stale
        operation = boxes.NewOperation(
            id=uuid4(),
            seq=seq,
            kind=kind,
            region=name,
            base_revision=base,
            made_at=START,
            box=Box(x0, y0, x0 + 10, y0 + 7) if kind == OperationKind.SET else None,
            absent_reason=AbsentReason.CUT_OFF if kind == OperationKind.ABSENT else None,
        )
        applied = boxes.apply_operations(person=labeller, box_set=draft, operations=[operation])
        assert bool(applied.conflicts) == is_stale
    last = {row.region: row for row in BoxOperation.objects.filter(box_set=draft).order_by("number")}
    for row in draft.regions.all():
        kept = last.get(row.region)
        assert row.revision == (kept.revision if kept else 0)
        assert (row.x0, row.y1) == ((kept.x0, kept.y1) if kept else (None, None))
