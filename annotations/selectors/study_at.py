"""A study as it was at a moment: its state, everybody's boxes, verdicts, comments, reads and consensus of then.

Boxes are played again, operation by operation; states come from the history; reads and comments carry their times.
What a person may see of then is what they may see of it now: blinding looks at today, and the caller asks it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from annotations.models import BoxOperation, BoxSet, Consensus, Event, Person, Radiograph, Read, RegionBox, Study
from annotations.models.box_set import CommentMark, ReviewComment
from annotations.states import (
    INCOMPLETE,
    BoxSetStatus,
    ConsensusStatus,
    OperationKind,
    ReadRound,
    ReadStatus,
    StudyState,
)
from inference.anatomy.regions import REGION_IDS

_WITH_A_VALUE = (ConsensusStatus.AGREED, ConsensusStatus.SETTLED, ConsensusStatus.APPROVED)
_STATE_VERBS = ("receive", "deidentify", "ready", "exclude", "restore")


@dataclass(frozen=True, slots=True)
class CommentThen:
    """A comment that had been written, and whether it was called resolved by then."""

    comment: ReviewComment
    resolved: bool


@dataclass(frozen=True, slots=True)
class BoxSetThen:
    """One version as it stood: all 17 regions in order."""

    box_set: BoxSet
    status: BoxSetStatus
    regions: tuple[RegionBox, ...]
    comments: tuple[CommentThen, ...]


@dataclass(frozen=True, slots=True)
class StudyThen:
    """The study at the moment. Reads and consensus are empty for whom they are hidden today."""

    moment: datetime
    state: StudyState | None
    box_sets: tuple[BoxSetThen, ...]
    reads: tuple[Read, ...]
    consensus: Consensus | None
    consensus_status: ConsensusStatus | None


def study_at(
    study: Study, moment: datetime, *, box_sets: QuerySet[BoxSet], own_reads_of: Person | None, consensus: bool
) -> StudyThen:
    """The study as it was at ``moment`` (inclusive).

    Args:
        box_sets: those that may be seen.
        own_reads_of: whose own reads are shown; None shows no read at all.
        consensus: whether the consensus and others' reads may be seen as well.
    """
    last = _last_words(study, moment)
    state = next((StudyState(new) for (noun, _), new in last.items() if noun == "study"), None)
    film = Radiograph.objects.filter(study=study, for_reading=True).first()
    there = _box_sets_at(box_sets.filter(radiograph__study=study), moment, last)
    if film is None or own_reads_of is None:
        return StudyThen(moment, state, there, (), None, None)
    reads = _reads_at(film, moment, own_reads_of, others=consensus)
    living, status = _consensus_at(film, moment, last) if consensus else (None, None)
    return StudyThen(moment, state, there, reads, living, status)


def _last_words(study: Study, moment: datetime) -> Mapping[tuple[str, str], str]:
    """(noun, id) -> the state that the newest event until then left it in."""
    told = Event.objects.filter(study=study, at__lte=moment).exclude(new="").order_by("number")
    states = told.filter(Q(noun__in=["box_set", "consensus"]) | Q(noun="study", verb__in=_STATE_VERBS))
    return {(noun, pk): new for noun, pk, new in states.values_list("noun", "object_id", "new")}


def _box_sets_at(
    box_sets: QuerySet[BoxSet], moment: datetime, last: Mapping[tuple[str, str], str]
) -> tuple[BoxSetThen, ...]:
    there = box_sets.filter(created_at__lte=moment).select_related("author", "radiograph").order_by("version")
    return tuple(
        BoxSetThen(
            box_set,
            BoxSetStatus(last.get(("box_set", str(box_set.pk)), BoxSetStatus.DRAFT)),
            regions_at(box_set, moment),
            tuple(_comments_at(box_set, moment)),
        )
        for box_set in there
    )


def regions_at(box_set: BoxSet, moment: datetime | None = None) -> tuple[RegionBox, ...]:
    """The 17 regions after all operations until the moment (until now, without one), as rows that are not saved.

    A version starts from what the one it continues was when it was handed in, and that is never edited.
    """
    rows = {region: RegionBox(box_set=box_set, region=region) for region in REGION_IDS}
    if box_set.parent_id:
        for row in RegionBox.objects.filter(box_set=box_set.parent_id):
            row.pk, row.box_set, row.revision = None, box_set, 0
            rows[row.region] = row
    operations = BoxOperation.objects.filter(box_set=box_set).order_by("number")
    if moment is not None:
        operations = operations.filter(received_at__lte=moment)
    for operation in operations:
        rows[operation.region].take(
            OperationKind(operation.kind),
            box=operation.box,
            attributes=operation.attributes,
            absent_reason=operation.absent_reason,
            origin=operation.origin,
        )
    return tuple(rows[region] for region in REGION_IDS)


def _comments_at(box_set: BoxSet, moment: datetime) -> Iterable[CommentThen]:
    comments = ReviewComment.objects.filter(box_set=box_set, at__lte=moment).select_related("author")
    marks: dict[int, bool] = dict(
        CommentMark.objects.filter(comment__in=comments, at__lte=moment)
        .order_by("at", "pk")
        .values_list("comment", "resolved")
    )
    return (CommentThen(comment, marks.get(comment.pk, False)) for comment in comments)


def _reads_at(film: Radiograph, moment: datetime, person: Person, *, others: bool) -> tuple[Read, ...]:
    """Locked reads of then: the person's own, and others' independent ones.

    Others' are never shown while reads are still being gathered: one that stands alone would guide whoever comes after.
    """
    reads = Read.objects.filter(radiograph=film, status=ReadStatus.SUBMITTED, submitted_at__lte=moment)
    gathering = Consensus.objects.filter(radiograph=film, status__in=INCOMPLETE).exists()
    shown = Q(reader=person)
    if others and not gathering:
        shown |= Q(round=ReadRound.INDEPENDENT)
    newest: dict[str, Read] = {read.token: read for read in reads.filter(shown).order_by("version")}
    return _in_order(newest.values())


def _consensus_at(
    film: Radiograph, moment: datetime, last: Mapping[tuple[str, str], str]
) -> tuple[Consensus | None, ConsensusStatus | None]:
    """The consensus that lived then, and its status of then."""
    for consensus in Consensus.objects.filter(radiograph=film, created_at__lte=moment).order_by("-created_at"):
        status = ConsensusStatus(last.get(("consensus", str(consensus.pk)), ConsensusStatus.OPEN))
        if status != ConsensusStatus.REOPENED:
            return consensus, status
    return None, None


def _in_order(reads: Iterable[Read]) -> tuple[Read, ...]:
    """By id, which says nothing about who read first."""
    return tuple(sorted(reads, key=lambda read: read.pk))


def value_then(consensus: Consensus, status: ConsensusStatus) -> float | None:
    """The bone age in months that the consensus had in this state."""
    return consensus.bone_age_months if status in _WITH_A_VALUE else None


def radiographs_shown(then: StudyThen) -> set[UUID]:
    """Whose reads or consensus the answer shows."""
    return {read.radiograph_id for read in then.reads} | ({then.consensus.radiograph_id} if then.consensus else set())
