"""Boxes of a file become a box set of a stated author: a draft, or handed in when it is complete and that is wanted.

The same boxes again change nothing. A draft that came from files alone is brought to what the newer file says; one in
which somebody drew by hand is never touched.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone

from annotations.base.errors import NotAllowed
from annotations.models import BoxOperation, BoxSet, Person, Radiograph, RegionBox
from annotations.services import boxes, drafts
from annotations.services.leases import give_up_lease
from annotations.states import (
    AbsentReason,
    BoxOrigin,
    BoxSetStatus,
    BoxSource,
    LeasePurpose,
    OperationKind,
    RegionState,
)
from inference.anatomy.boxes import Box
from inference.anatomy.regions import REGION_IDS
from inference.box_formats.class_maps import ClassMap
from inference.box_formats.findings import BoxFinding
from inference.box_formats.interpret import interpret
from inference.box_formats.picture_boxes import FLAGS, PictureBoxes

_ID_VERSION = 5
"""Operations of an import have ids made from names (UUID version 5); browsers draw theirs at random (version 4)."""


class TakenAs(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Taken:
    """How the boxes of one picture ended."""

    outcome: TakenAs
    findings: tuple[BoxFinding, ...]
    radiograph: UUID | None = None
    box_set: UUID | None = None
    regions: int = 0


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a region shall be: boxed with flags, or absent."""

    box: Box | None
    absent_reason: AbsentReason | None
    flags: frozenset[str]


def take_boxes(
    *,
    author: Person,
    radiograph: Radiograph,
    picture: PictureBoxes,
    class_map: ClassMap,
    scale: bool = False,
    submit: bool = False,
) -> Taken:
    """Store what a file says of a film, under the author's name.

    Args:
        scale: boxes of a picture of another size are scaled to the film, each axis apart, instead of refused.
        submit: hand the box set in if all 17 regions are boxed or absent.
    """
    found = interpret(picture, class_map)
    findings = list(found.findings)
    sizes = (picture.columns, picture.rows), (radiograph.columns, radiograph.rows)
    if sizes[0] != sizes[1]:
        words = {"value": f"{sizes[0][0]} x {sizes[0][1]}", "expected": f"{sizes[1][0]} x {sizes[1][1]}"}
        findings.append(BoxFinding("scaled" if scale else "other_picture_size", words=words))
        if not scale:
            return Taken(TakenAs.REFUSED, tuple(findings), radiograph.pk)
    across, down = radiograph.columns / picture.columns, radiograph.rows / picture.rows
    wanted = {
        region: _Wanted(Box(b.x0 * across, b.y0 * down, b.x1 * across, b.y1 * down), None, found.flags[region])
        for region, b in found.boxes.items()
    } | _absent(found.absent, findings)
    if not wanted:
        return Taken(TakenAs.REFUSED, (*findings, BoxFinding("nothing_usable")), radiograph.pk)
    return _stored(author, radiograph, wanted, findings, submit=submit)


def _absent(absent: Mapping[str, str], findings: list[BoxFinding]) -> dict[str, _Wanted]:
    marks = {}
    for region, reason in absent.items():
        try:
            marks[region] = _Wanted(None, AbsentReason(reason), frozenset())
        except ValueError:
            findings.append(BoxFinding("unknown_reason", words={"name": region}))
    return marks


@transaction.atomic
def _stored(
    author: Person, radiograph: Radiograph, wanted: Mapping[str, _Wanted], findings: list[BoxFinding], *, submit: bool
) -> Taken:
    mine = BoxSet.objects.filter(radiograph=radiograph, author=author, source=BoxSource.PERSON)
    newest = mine.order_by("-version").first()
    if newest is not None and not _differing(newest, wanted):
        box_set, outcome = newest, TakenAs.UNCHANGED
    else:
        try:
            box_set, outcome = drafts.open_draft(person=author, radiograph=radiograph), TakenAs.DRAFT
        except NotAllowed:
            return Taken(TakenAs.REFUSED, (*findings, BoxFinding("study_not_ready")), radiograph.pk)
        if _was_drawn_in(box_set):
            return Taken(TakenAs.REFUSED, (*findings, BoxFinding("draft_open")), radiograph.pk, box_set.pk)
        boxes.apply_operations(person=author, box_set=box_set, operations=_operations(box_set, wanted))
        give_up_lease(person=author, radiograph=radiograph.pk, purpose=LeasePurpose.LABEL)
    if submit and box_set.status == BoxSetStatus.DRAFT:
        missing = len(REGION_IDS) - len(wanted)
        if missing:
            findings.append(BoxFinding("not_submitted", words={"value": missing}))
        else:
            boxes.submit(person=author, box_set=box_set, actions=0, seconds=0.0)
            outcome = TakenAs.SUBMITTED
    return Taken(outcome, tuple(findings), radiograph.pk, box_set.pk, len(wanted))


def _was_drawn_in(draft: BoxSet) -> bool:
    """Whether a gesture of the draft is somebody's own. What it continues stays in the history and may be replaced."""
    ids = BoxOperation.objects.filter(box_set=draft).values_list("pk", flat=True)
    return any(pk.version != _ID_VERSION for pk in ids)


def _differing(box_set: BoxSet, wanted: Mapping[str, _Wanted]) -> list[RegionBox]:
    """The regions that are not as wanted; what is not wanted at all shall be missing."""
    return [row for row in box_set.regions.all() if _state_of(row) != wanted.get(row.region)]


def _state_of(row: RegionBox) -> _Wanted | None:
    if row.state == RegionState.MISSING:
        return None
    reason = AbsentReason(row.absent_reason) if row.absent_reason else None
    return _Wanted(row.box, reason, frozenset(flag for flag in FLAGS if getattr(row, flag)))


def _operations(draft: BoxSet, wanted: Mapping[str, _Wanted]) -> list[boxes.NewOperation]:
    now = timezone.now()
    operations = []
    for seq, row in enumerate(_differing(draft, wanted), start=draft.operation_count + 1):
        state = wanted.get(row.region)
        kind = OperationKind.CLEAR if state is None else OperationKind.SET if state.box else OperationKind.ABSENT
        operations.append(
            boxes.NewOperation(
                id=uuid5(draft.pk, f"import {row.region} {row.revision}"),
                seq=seq,
                kind=kind,
                region=row.region,
                base_revision=row.revision,
                made_at=now,
                box=state.box if state else None,
                attributes={flag: flag in state.flags for flag in FLAGS} if state and state.box else None,
                absent_reason=state.absent_reason if state else None,
                origin=BoxOrigin.IMPORTED if kind is OperationKind.SET else None,
            )
        )
    return operations
