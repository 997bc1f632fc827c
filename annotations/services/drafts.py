"""Opening a draft: by asking for the next film, by asking for this one, by fixing another's box set."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from itertools import chain
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from annotations.base.errors import Conflict, NotAllowed
from annotations.base.lots import drawn_by_lot
from annotations.base.prepared import prepared
from annotations.models import BoxSet, Person, Radiograph, RegionBox
from annotations.permissions import boxes as may
from annotations.permissions.queues import (
    HELD_FOR_THE_SAME_PERSON,
    Circumstances,
    LabelPool,
    begun_or_returned_by,
    circumstances,
    label_pool,
    mine_to_label,
)
from annotations.services.events import record_event
from annotations.services.leases import give_up_lease, take_lease
from annotations.services.protocols import protocol_for
from annotations.states import BoxSetStatus, BoxSource, LeasePurpose, RoleName
from inference.anatomy.regions import REGION_IDS

CANDIDATES = 20
ATTEMPTS = 3
"""So many films are tried, and the list is asked for so often, before saying that others have taken all of them."""


def label_next(*, person: Person, skip: Collection[UUID] = ()) -> BoxSet | None:
    """The next draft for this labeller: what they began, what came back to them, what was given to them, then the
    pool; None when all are empty.

    ``skip``: box sets that the person has put aside for now.
    """
    mine = _first_of_mine(person, skip)
    if mine is not None and mine.status == BoxSetStatus.DRAFT:
        take_lease(person=person, radiograph=mine.radiograph_id, purpose=LeasePurpose.LABEL)
        return mine
    if mine is not None:
        return open_draft(person=person, radiograph=mine.radiograph)
    for _ in range(ATTEMPTS):
        candidates = _candidates(person)
        for pk, found in candidates:
            draft = _draft_if_free(person, pk, found)
            if draft is not None:
                return draft
        if not candidates:
            return None
    return None


def label_upcoming(*, person: Person, skip: Collection[UUID] = ()) -> Radiograph | None:
    """The film that :func:`label_next` would most likely hand out, for fetching its picture ahead.

    Nothing is promised: no draft is made and no hold taken, so the film stays in everybody's pool, and by the time it
    is asked for somebody else may have it.
    """
    mine = _first_of_mine(person, skip)
    if mine is not None:
        return mine.radiograph
    first = next(iter(_candidates(person)), None)
    return None if first is None else Radiograph.objects.get(pk=first[0])


def _first_of_mine(person: Person, skip: Collection[UUID]) -> BoxSet | None:
    """As a rule nothing is, and PostgreSQL would need longer to plan the whole question than for this one."""
    return _mine.first(person, tuple(dict.fromkeys(skip))) if _may_have_some(person.pk) else None


@prepared
def _may_have_some(author: UUID) -> QuerySet[BoxSet, UUID]:
    return begun_or_returned_by(author).values_list("pk", flat=True)[:1]


@prepared
def _mine(person: Person, skip: tuple[UUID, ...]) -> QuerySet[BoxSet]:
    return mine_to_label(person).exclude(pk__in=skip)[:1]


_Found = tuple[LabelPool, Circumstances]
"""In which pool a film was found, and when."""


def _candidates(person: Person) -> list[tuple[UUID, _Found]]:
    """The first few films for this labeller, given to them, then the most urgent of the others, each with where it
    was found. Ids alone: as a rule the first is free, and no other is looked at."""
    if not person.has_role(RoleName.LABELLER):
        return []
    now = circumstances(timezone.now())
    given, *others = [[(*row, (pool, now)) for row in _first_in(person, pool, now)] for pool in LabelPool]
    pool = sorted(chain.from_iterable(others), key=lambda row: row[:2])
    return [(pk, found) for _, _, pk, found in (*given, *pool[:CANDIDATES])]


@prepared
def _first_in(
    person: Person, pool: LabelPool, found: Circumstances
) -> QuerySet[Radiograph, tuple[int, datetime, UUID]]:
    films = label_pool(person, pool, found)
    return films.values_list("study__priority", "study__received_at", "pk")[:CANDIDATES]


@prepared
def _still_in(person: Person, pool: LabelPool, found: Circumstances, film: UUID) -> QuerySet[Radiograph]:
    return _locked(label_pool(person, pool, found).filter(pk=film))[:1]


def _draft_if_free(person: Person, pk: UUID, found: _Found) -> BoxSet | None:
    """A draft of the film, unless somebody else was quicker.

    The hold is taken by itself and at once: were it part of the draft's transaction, all who ask at the same time
    would wait for each other's to end.
    """
    if not take_lease(person=person, radiograph=pk, purpose=LeasePurpose.LABEL):
        return None
    with transaction.atomic():
        # Looked at again under the lease: the list that this film came from may be older than another's submission.
        radiograph = _still_in.first(person, *found, pk)
        if radiograph is not None:
            return _draft_of(person, radiograph)
    give_up_lease(person=person, radiograph=pk, purpose=LeasePurpose.LABEL)
    return None


@transaction.atomic
def open_draft(*, person: Person, radiograph: Radiograph) -> BoxSet:
    """My draft of this radiograph: the open one, or a new one; after a return it starts from what was sent back."""
    if not may.can_label(person, radiograph.study):
        raise NotAllowed("forbidden", "Only labellers and reviewers draw boxes, and only on studies that are ready.")
    take_lease(person=person, radiograph=radiograph.pk, purpose=LeasePurpose.LABEL)
    return _draft_of(person, _locked(Radiograph.objects.filter(pk=radiograph.pk)).get())


def _locked(films: QuerySet[Radiograph]) -> QuerySet[Radiograph]:
    """With their study, held to the end of the transaction: one draft at a time is made for a film."""
    return films.select_for_update(of=("self",)).select_related("study__patient", "study__cohort")


def _draft_of(person: Person, radiograph: Radiograph) -> BoxSet:
    """The person's open draft, or a new one. The film is :func:`_locked`."""
    known = _box_sets_of(radiograph)
    mine = next((each for each in known if each.author_id == person.pk and each.status == BoxSetStatus.DRAFT), None)
    if mine is not None:
        return mine
    if _is_second(person, radiograph, known):
        return _new_draft(person, radiograph, known, parent=None, is_second=True)
    return _new_draft(person, radiograph, known, parent=_returned_parent(person, known))


def _box_sets_of(radiograph: Radiograph) -> list[BoxSet]:
    """People's and models', oldest version first; asked once, since a new draft has many questions about them."""
    found = _drawn_on(radiograph.pk)
    for each in found:
        each.radiograph = radiograph
    return found


@prepared
def _drawn_on(radiograph: UUID) -> QuerySet[BoxSet]:
    return BoxSet.objects.filter(radiograph=radiograph).order_by("version", "created_at", "pk")


def _is_second(person: Person, radiograph: Radiograph, known: Sequence[BoxSet]) -> bool:
    """Whether what this person draws now is the independent second labelling; at the first draft of a film it is
    drawn by lot whether there will be one."""
    by_people = [each for each in known if each.source == BoxSource.PERSON]
    if not by_people:
        if drawn_by_lot(radiograph.pk, protocol_for(radiograph.study.cohort_id).label_twice_share):
            Radiograph.objects.filter(pk=radiograph.pk).update(label_twice=True)
        return False
    if not person.has_role(RoleName.LABELLER):  # whoever does not label sees everybody's boxes: not independent
        return False
    if not radiograph.label_twice:
        return False
    knows = any(
        person.pk in (each.author_id, each.decided_by_id) or (each.is_second and each.operation_count > 0)
        for each in by_people
    )
    return not knows and any(not each.is_second and each.submitted_at is not None for each in by_people)


def _returned_parent(person: Person, known: Sequence[BoxSet]) -> BoxSet | None:
    """The returned box set that a new draft continues: one's own, or another's who did not come back for it."""
    continued = {each.parent_id for each in known}
    waiting = [each for each in known if each.status == BoxSetStatus.RETURNED and each.pk not in continued]
    returned = waiting[-1] if waiting else None
    if returned is None or returned.decided_at is None:
        return None
    abandoned = returned.decided_at < timezone.now() - HELD_FOR_THE_SAME_PERSON
    return returned if returned.author_id == person.pk or abandoned else None


@transaction.atomic
def fix(*, person: Person, box_set: BoxSet) -> BoxSet:
    """A reviewer's own draft, copied from the box set; submitting it accepts it. The same call finds it again."""
    radiograph = _locked(Radiograph.objects.filter(pk=box_set.radiograph_id)).get()
    known = _box_sets_of(radiograph)
    drafts = [each for each in known if each.author_id == person.pk and each.status == BoxSetStatus.DRAFT]
    mine = next((each for each in drafts if each.parent_id == box_set.pk and each.is_fix), None)
    if mine is not None:
        return mine
    if not may.can_fix(person, box_set):
        raise NotAllowed("forbidden", "Only a reviewer other than the author fixes a submitted box set.")
    if drafts:
        raise Conflict("draft_open", "You have a draft of your own on this film: finish it first.")
    take_lease(person=person, radiograph=radiograph.pk, purpose=LeasePurpose.REVIEW)
    return _new_draft(person, radiograph, known, parent=box_set, is_fix=True)


def _new_draft(
    person: Person,
    radiograph: Radiograph,
    known: Sequence[BoxSet],
    *,
    parent: BoxSet | None,
    is_fix: bool = False,
    is_second: bool = False,
) -> BoxSet:
    draft = BoxSet.objects.create(
        radiograph=radiograph,
        author=person,
        version=1 + max((each.version for each in known if each.source == BoxSource.PERSON), default=0),
        parent=parent,
        is_fix=is_fix,
        is_second=is_second,
        proposal=newest_proposal(known),
    )
    _copy_regions(parent, draft)
    record_event(who=person, verb="open", row=draft, study=radiograph.study, new=BoxSetStatus.DRAFT)
    return draft


def _copy_regions(parent: BoxSet | None, draft: BoxSet) -> None:
    """Seventeen rows from the first moment on: those of the parent, or all missing."""
    copies = {row.region: row for row in parent.regions.all()} if parent else {}
    rows = []
    for region in REGION_IDS:
        row = copies.get(region) or RegionBox(region=region)
        row.pk, row.box_set, row.revision, row._state.adding = None, draft, 0, True
        rows.append(row)
    RegionBox.objects.bulk_create(rows)


def newest_proposal(known: Iterable[BoxSet]) -> BoxSet | None:
    """The newest boxes that a model proposed, among box sets of one film."""
    proposals = [each for each in known if each.source == BoxSource.MODEL]
    return max(proposals, key=lambda each: (each.created_at, each.pk), default=None)


def latest_proposal(radiograph: Radiograph) -> BoxSet | None:
    """The newest boxes that a model proposed for this radiograph."""
    return newest_proposal(_proposals(radiograph.pk))


@prepared
def _proposals(radiograph: UUID) -> QuerySet[BoxSet]:
    return BoxSet.objects.filter(radiograph=radiograph, source=BoxSource.MODEL)
