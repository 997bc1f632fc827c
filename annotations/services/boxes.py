"""Boxes: operations, submission, and a model's proposals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from annotations.announce import BoxSetAccepted, BoxSetSubmitted, announce
from annotations.base.errors import Conflict, Invalid, NotAllowed, StaleState
from annotations.models import BoxOperation, BoxSet, Effort, Person, Radiograph, RegionBox
from annotations.models.box_set import ATTRIBUTES, finite
from annotations.permissions import boxes as may
from annotations.selectors.regions import regions_of
from annotations.services.assignments import done
from annotations.services.box_rows import count_up, held_count, held_with_study, operations_among
from annotations.services.drafts import latest_proposal
from annotations.services.events import record_event
from annotations.services.leases import give_up_lease, renew_lease
from annotations.services.moves import move
from annotations.states import (
    AbsentReason,
    BoxOrigin,
    BoxSetStatus,
    BoxSource,
    LeasePurpose,
    OperationKind,
    RegionState,
    WorkKind,
)
from inference.anatomy.boxes import Box, iou
from inference.anatomy.regions import REGION_IDS

_CHANGED_BY_OPERATIONS = ("state", "x0", "y0", "x1", "y1", "absent_reason", "origin", "revision", *ATTRIBUTES)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOperation:
    """One finished gesture as the browser sends it; see :class:`annotations.models.BoxOperation`."""

    id: UUID
    seq: int
    kind: OperationKind
    region: str
    base_revision: int
    made_at: datetime
    box: Box | None = None
    attributes: Mapping[str, bool] | None = None
    absent_reason: AbsentReason | None = None
    origin: BoxOrigin | None = None


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of a batch: (operation id, region, revision) of each that holds, and each that was based on a
    revision that is no longer the newest, beside the region as it is now."""

    acknowledged: tuple[tuple[UUID, str, int], ...]
    conflicts: tuple[tuple[UUID, RegionBox], ...]
    saved_at: datetime


@dataclass(slots=True)
class _Batch:
    acknowledged: list[tuple[UUID, str, int]] = field(default_factory=list)
    conflicts: list[tuple[UUID, RegionBox]] = field(default_factory=list)
    rows: list[BoxOperation] = field(default_factory=list)
    changed: dict[str, RegionBox] = field(default_factory=dict)


def apply_operations(*, person: Person, box_set: BoxSet, operations: Sequence[NewOperation]) -> Applied:
    """Apply each operation that was based on the newest revision of its region, in the order given.

    An operation id met before is acknowledged again and changes nothing, so a batch may be sent any number of times,
    even after the box set was submitted. Raises Invalid for an operation that makes no sense, NotAllowed for a
    stranger's draft, StaleState when the box set is no longer a draft.
    """
    if box_set.author_id != person.pk:
        raise NotAllowed("forbidden", "Only its author draws in a box set. Open a draft of your own.")
    for operation in operations:
        _check(operation)
    try:
        return _apply(person, box_set, operations)
    except IntegrityError:
        _known_operations(box_set, operations)  # says so where an id was used in another box set
        raise


@transaction.atomic
def _apply(person: Person, box_set: BoxSet, operations: Sequence[NewOperation]) -> Applied:
    # From here to the commit nobody else changes this draft.
    ((status, number),) = held_count(box_set.pk)
    known = _known_operations(box_set, operations) if number else {}  # the first of a box set cannot be known
    if status != BoxSetStatus.DRAFT and any(operation.id not in known for operation in operations):
        raise StaleState("box set", BoxSetStatus.DRAFT)
    batch = _gather(person, box_set, operations, known, number)
    _store(box_set, batch)
    if batch.rows:
        count_up(box_set.pk, number + len(batch.rows), timezone.now())
        renew_lease(
            person=person,
            radiograph=box_set.radiograph_id,
            purpose=LeasePurpose.REVIEW if box_set.is_fix else LeasePurpose.LABEL,
        )
    return Applied(tuple(batch.acknowledged), tuple(batch.conflicts), timezone.now())


def _known_operations(box_set: BoxSet, operations: Sequence[NewOperation]) -> dict[UUID, BoxOperation]:
    known = {row.pk: row for row in operations_among(tuple(dict.fromkeys(operation.id for operation in operations)))}
    if any(row.box_set_id != box_set.pk for row in known.values()):
        raise Invalid("operation_elsewhere", "An operation id was used before in another box set: make a new one.")
    return known


def _gather(
    person: Person,
    box_set: BoxSet,
    operations: Sequence[NewOperation],
    known: dict[UUID, BoxOperation],
    number: int,
) -> _Batch:
    regions = {row.region: row for row in regions_of(box_set.pk)}
    batch = _Batch()
    for operation in operations:
        before = known.get(operation.id)
        if before is not None:
            batch.acknowledged.append((before.pk, before.region, before.revision))
            continue
        row = regions[operation.region]
        if row.revision != operation.base_revision:
            batch.conflicts.append((operation.id, row))
            continue
        row.take(
            operation.kind,
            box=operation.box,
            attributes=operation.attributes,
            absent_reason=operation.absent_reason,
            origin=operation.origin,
        )
        number += 1
        known[operation.id] = _as_row(person, box_set, operation, row, number)
        batch.rows.append(known[operation.id])
        batch.changed[row.region] = row
        batch.acknowledged.append((operation.id, row.region, row.revision))
    return batch


def _check(operation: NewOperation) -> None:
    """Refuse what the database would refuse, with a sentence."""
    if operation.region not in REGION_IDS:
        raise Invalid("unknown_region", f"There is no region {operation.region!r}.")
    is_set, is_absent = operation.kind == OperationKind.SET, operation.kind == OperationKind.ABSENT
    if is_set and (operation.box is None or not finite(operation.box)):
        raise Invalid("bad_box", "A box needs four finite edges with x0 < x1 and y0 < y1.", region=operation.region)
    if not is_set and operation.box is not None:
        raise Invalid("bad_box", "Only a 'set' operation carries a box.", region=operation.region)
    if is_absent != (operation.absent_reason is not None):
        raise Invalid("absent_reason", "An 'absent' operation, and no other, says why.", region=operation.region)
    unknown = set(operation.attributes or ()) - set(ATTRIBUTES)
    if unknown:
        raise Invalid("unknown_attribute", f"Unknown attribute {sorted(unknown)[0]!r}.", region=operation.region)


def _as_row(person: Person, box_set: BoxSet, operation: NewOperation, row: RegionBox, number: int) -> BoxOperation:
    return BoxOperation(
        id=operation.id,
        box_set=box_set,
        number=number,
        seq=operation.seq,
        person=person,
        kind=operation.kind,
        region=operation.region,
        base_revision=operation.base_revision,
        revision=row.revision,
        x0=row.x0,
        y0=row.y0,
        x1=row.x1,
        y1=row.y1,
        attributes=dict(operation.attributes or {}),
        absent_reason=operation.absent_reason,
        origin=row.origin,
        made_at=operation.made_at,
    )


def _store(box_set: BoxSet, batch: _Batch) -> None:
    if not batch.rows:
        return
    BoxOperation.objects.bulk_create(batch.rows)
    # All 17 rows are there; one upsert costs a tenth of an UPDATE with a CASE for each column and row.
    RegionBox.objects.bulk_create(
        batch.changed.values(), update_conflicts=True, unique_fields=["pk"], update_fields=_CHANGED_BY_OPERATIONS
    )


@transaction.atomic
def submit(
    *, person: Person, box_set: BoxSet, actions: int, seconds: float, seen: Mapping[str, int] | None = None
) -> BoxSet:
    """Hand the draft in: all 17 regions boxed or absent. A reviewer's fix is accepted at once.

    ``seen``: the revision of each region that the person had before them; what another of their windows has changed
    since is not handed in unseen.

    Submitting again what oneself has already submitted answers with it as it is. Raises Conflict
    (``changed_elsewhere``, ``regions_missing``), NotAllowed, StaleState.
    """
    if box_set.author_id != person.pk:
        raise NotAllowed("forbidden", "Only its author hands a box set in.")
    (box_set,) = held_with_study(box_set.pk)
    if box_set.submitted_at is not None:
        return box_set
    if not may.can_submit(person, box_set):
        raise NotAllowed("forbidden", "Only a labeller or reviewer hands in a draft.")
    regions = regions_of(box_set.pk)
    unseen = [row.region for row in regions if seen is not None and row.revision != seen.get(row.region, 0)]
    if unseen:
        message = "These regions were changed in another window. Look at them, then hand in again."
        raise Conflict("changed_elsewhere", message, regions=unseen)
    missing = [region for region in REGION_IDS if _state_of(regions, region) == RegionState.MISSING]
    if missing:
        raise Conflict("regions_missing", "Each region must be boxed or marked absent first.", regions=missing)
    if box_set.is_fix:
        _accept_fix(person, box_set)
    else:
        old = move(box_set, BoxSetStatus.SUBMITTED, submitted_at=timezone.now())
        record_event(
            who=person, verb="submit", row=box_set, study=box_set.radiograph.study, old=old, new=box_set.status
        )
        give_up_lease(person=person, radiograph=box_set.radiograph_id, purpose=LeasePurpose.LABEL)
        done(radiograph=box_set.radiograph, kind=WorkKind.LABEL)
        announce(BoxSetSubmitted(box_set=box_set.pk, radiograph=box_set.radiograph_id))
    _log_effort(box_set, regions, actions, seconds)
    return box_set


def _state_of(regions: Sequence[RegionBox], region: str) -> RegionState:
    return next((RegionState(row.state) for row in regions if row.region == region), RegionState.MISSING)


def _accept_fix(person: Person, box_set: BoxSet) -> None:
    parent = BoxSet.objects.filter(children=box_set).get()
    if parent.status not in (BoxSetStatus.SUBMITTED, BoxSetStatus.ACCEPTED):
        raise StaleState("box set", BoxSetStatus.SUBMITTED)
    now = timezone.now()
    if parent.status == BoxSetStatus.SUBMITTED:
        supersede(person=person, box_set=parent)
    supersede_accepted(person=person, radiograph=box_set.radiograph)
    old = move(box_set, BoxSetStatus.ACCEPTED, submitted_at=now, decided_at=now, decided_by=person)
    record_event(
        who=person, verb="fix_and_accept", row=box_set, study=box_set.radiograph.study, old=old, new=box_set.status
    )
    give_up_lease(person=person, radiograph=box_set.radiograph_id, purpose=LeasePurpose.REVIEW)
    done(radiograph=box_set.radiograph, kind=WorkKind.REVIEW)
    announce(BoxSetAccepted(box_set=box_set.pk, radiograph=box_set.radiograph_id))


def supersede(*, person: Person, box_set: BoxSet) -> None:
    """A newer version takes the place of this one. Call inside the transaction that accepts the newer one."""
    old = move(box_set, BoxSetStatus.SUPERSEDED)
    record_event(who=person, verb="supersede", row=box_set, study=box_set.radiograph.study, old=old, new=box_set.status)


def supersede_accepted(*, person: Person, radiograph: Radiograph) -> None:
    """Make room for a newly accepted box set: at most one is accepted per radiograph."""
    for accepted in BoxSet.objects.filter(radiograph=radiograph, status=BoxSetStatus.ACCEPTED):
        supersede(person=person, box_set=accepted)


def _log_effort(box_set: BoxSet, regions: Sequence[RegionBox], actions: int, seconds: float) -> None:
    proposal = box_set.proposal or latest_proposal(box_set.radiograph)
    proposed = {row.region: row.box for row in regions_of(proposal.pk)} if proposal else {}
    overlaps: dict[str, float] = {}
    for row in regions:
        kept, suggested = row.box, proposed.get(row.region)
        if kept is not None and suggested is not None:
            overlaps[row.region] = iou(kept, suggested)
    Effort.objects.create(
        box_set=box_set,
        actions=actions,
        seconds=seconds,
        iou_with_proposal=overlaps,
        mean_iou_with_proposal=sum(overlaps.values()) / len(overlaps) if overlaps else None,
    )


@transaction.atomic
def propose_boxes(
    *, radiograph: Radiograph, boxes: Mapping[str, tuple[Box, float]], model_version_label: str
) -> BoxSet:
    """Keep a model's boxes (region -> box in film pixels, score 0..1) as a proposal; never edited afterwards.

    Proposing again under the same label answers with what is there. Raises Invalid for an unknown region or a box
    that is none.
    """
    Radiograph.objects.select_for_update().filter(pk=radiograph.pk).values_list("pk").get()
    models = BoxSet.objects.filter(radiograph=radiograph, source=BoxSource.MODEL)
    present = models.filter(model_label=model_version_label).first()
    if present is not None:
        return present
    for region, (box, _) in boxes.items():
        if region not in REGION_IDS or not finite(Box(*box)):
            raise Invalid("bad_box", f"The proposal for region {region!r} is no box of a known region.", region=region)
    proposal = BoxSet.objects.create(
        radiograph=radiograph,
        source=BoxSource.MODEL,
        status=BoxSetStatus.PROPOSED,
        model_label=model_version_label,
        version=models.count() + 1,
    )
    RegionBox.objects.bulk_create(
        RegionBox(
            box_set=proposal,
            region=region,
            state=RegionState.BOXED,
            origin=BoxOrigin.PROPOSAL,
            x0=float(box[0]),
            y0=float(box[1]),
            x1=float(box[2]),
            y1=float(box[3]),
            score=float(score),
        )
        for region, (box, score) in boxes.items()
    )
    record_event(who=None, verb="propose", row=proposal, study=radiograph.study, new=BoxSetStatus.PROPOSED)
    return proposal
