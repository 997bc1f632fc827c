"""Opening a draft: by asking for the next film, by asking for this one, by fixing another's box set."""

from collections.abc import Collection
from itertools import chain
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from annotations.base.errors import Conflict, NotAllowed
from annotations.base.lots import drawn_by_lot
from annotations.models import BoxSet, Person, Radiograph, RegionBox
from annotations.permissions import boxes as may
from annotations.permissions.queues import (
    HELD_FOR_THE_SAME_PERSON,
    my_drafts,
    returned_to,
    to_label,
)
from annotations.selectors.protocols import protocol_of_cohort
from annotations.services.events import record_event
from annotations.services.leases import give_up_lease, take_lease
from annotations.services.protocols import present_protocol
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
    begun = my_drafts(person).exclude(pk__in=skip).select_related("radiograph__study").first()
    if begun is not None:
        take_lease(person=person, radiograph=begun.radiograph, purpose=LeasePurpose.LABEL)
        return begun
    returned = returned_to(person).exclude(pk__in=skip).first()
    if returned is not None:
        return open_draft(person=person, radiograph=returned.radiograph)
    for _ in range(ATTEMPTS):
        candidates = _candidates(person)
        for pk, queue in candidates:
            draft = _draft_if_free(person, pk, queue)
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
    begun = my_drafts(person).exclude(pk__in=skip).select_related("radiograph").first()
    returned = begun or returned_to(person).exclude(pk__in=skip).first()
    if returned is not None:
        return returned.radiograph
    first = next(iter(_candidates(person)), None)
    return None if first is None else Radiograph.objects.get(pk=first[0])


def _candidates(person: Person) -> list[tuple[UUID, int]]:
    """The first few films for this labeller, given to them, then the pool's most urgent, each with its queue's place
    in :func:`to_label`. Ids alone: as a rule the first is free, and no other is looked at."""
    queues = [
        [(*row, number) for row in queue.values_list("study__priority", "study__received_at", "pk")[:CANDIDATES]]
        for number, queue in enumerate(to_label(person, now=timezone.now()))
    ]
    given, *pools = queues or [[]]
    pool = sorted(chain.from_iterable(pools), key=lambda row: row[:2])
    return [(pk, number) for _, _, pk, number in (*given, *pool[:CANDIDATES])]


def _draft_if_free(person: Person, pk: UUID, queue: int) -> BoxSet | None:
    """A draft of the film, unless somebody else was quicker.

    The hold is taken by itself and at once: were it part of the draft's transaction, all who ask at the same time
    would wait for each other's to end.
    """
    radiograph = Radiograph.objects.select_related("study__cohort").get(pk=pk)
    if not take_lease(person=person, radiograph=radiograph, purpose=LeasePurpose.LABEL):
        return None
    with transaction.atomic():
        # Looked at again under the lease: the list that this film came from may be older than another's submission.
        if to_label(person, now=timezone.now())[queue].filter(pk=pk).exists():
            return _draft_of(person, radiograph)
    give_up_lease(person=person, radiograph=radiograph, purpose=LeasePurpose.LABEL)
    return None


@transaction.atomic
def open_draft(*, person: Person, radiograph: Radiograph) -> BoxSet:
    """My draft of this radiograph: the open one, or a new one; after a return it starts from what was sent back."""
    if not may.can_label(person, radiograph.study):
        raise NotAllowed("forbidden", "Only labellers and reviewers draw boxes, and only on studies that are ready.")
    take_lease(person=person, radiograph=radiograph, purpose=LeasePurpose.LABEL)
    return _draft_of(person, radiograph)


def _draft_of(person: Person, radiograph: Radiograph) -> BoxSet:
    """The person's open draft, or a new one; one at a time for a film."""
    Radiograph.objects.select_for_update().filter(pk=radiograph.pk).values_list("pk").get()
    mine = BoxSet.objects.filter(radiograph=radiograph, author=person, status=BoxSetStatus.DRAFT).first()
    if mine is not None:
        return mine
    if _is_second(person, radiograph):
        return _new_draft(person, radiograph, parent=None, is_second=True)
    return _new_draft(person, radiograph, parent=_returned_parent(person, radiograph))


def _is_second(person: Person, radiograph: Radiograph) -> bool:
    """Whether what this person draws now is the independent second labelling; at the first draft of a film it is
    drawn by lot whether there will be one."""
    by_people = BoxSet.objects.filter(radiograph=radiograph, source=BoxSource.PERSON)
    if not by_people.exists():
        protocol = protocol_of_cohort(radiograph.study.cohort) or present_protocol()
        if drawn_by_lot(radiograph.pk, protocol.label_twice_share):
            Radiograph.objects.filter(pk=radiograph.pk).update(label_twice=True)
        return False
    if not person.has_role(RoleName.LABELLER):  # whoever does not label sees everybody's boxes: not independent
        return False
    if not Radiograph.objects.filter(pk=radiograph.pk, label_twice=True).exists():
        return False
    known = by_people.filter(Q(author=person) | Q(decided_by=person) | Q(is_second=True, operation_count__gt=0))
    return by_people.filter(is_second=False, submitted_at__isnull=False).exists() and not known.exists()


def _returned_parent(person: Person, radiograph: Radiograph) -> BoxSet | None:
    """The returned box set that a new draft continues: one's own, or another's who did not come back for it."""
    returned = (
        BoxSet.objects.filter(radiograph=radiograph, status=BoxSetStatus.RETURNED, children__isnull=True)
        .order_by("-version")
        .first()
    )
    if returned is None or returned.decided_at is None:
        return None
    abandoned = returned.decided_at < timezone.now() - HELD_FOR_THE_SAME_PERSON
    return returned if returned.author_id == person.pk or abandoned else None


@transaction.atomic
def fix(*, person: Person, box_set: BoxSet) -> BoxSet:
    """A reviewer's own draft, copied from the box set; submitting it accepts it. The same call finds it again."""
    Radiograph.objects.select_for_update().filter(pk=box_set.radiograph_id).values_list("pk").get()
    mine = BoxSet.objects.filter(
        radiograph=box_set.radiograph_id, author=person, status=BoxSetStatus.DRAFT, parent=box_set, is_fix=True
    ).first()
    if mine is not None:
        return mine
    if not may.can_fix(person, box_set):
        raise NotAllowed("forbidden", "Only a reviewer other than the author fixes a submitted box set.")
    if BoxSet.objects.filter(radiograph=box_set.radiograph_id, author=person, status=BoxSetStatus.DRAFT).exists():
        raise Conflict("draft_open", "You have a draft of your own on this film: finish it first.")
    take_lease(person=person, radiograph=box_set.radiograph, purpose=LeasePurpose.REVIEW)
    return _new_draft(person, box_set.radiograph, parent=box_set, is_fix=True)


def _new_draft(
    person: Person, radiograph: Radiograph, *, parent: BoxSet | None, is_fix: bool = False, is_second: bool = False
) -> BoxSet:
    people = BoxSet.objects.filter(radiograph=radiograph, source=BoxSource.PERSON)
    version = (people.aggregate(last=Max("version"))["last"] or 0) + 1
    draft = BoxSet.objects.create(
        radiograph=radiograph,
        author=person,
        version=version,
        parent=parent,
        is_fix=is_fix,
        is_second=is_second,
        proposal=latest_proposal(radiograph),
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


def latest_proposal(radiograph: Radiograph) -> BoxSet | None:
    """The newest boxes that a model proposed for this radiograph."""
    return BoxSet.objects.filter(radiograph=radiograph, source=BoxSource.MODEL).order_by("-created_at", "-pk").first()
