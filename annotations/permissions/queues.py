"""What may be handed out next: returned and assigned work goes to whom it belongs, the rest comes from a pool.

Everywhere the more urgent comes first, and among equals what came in first.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from annotations.base.prepared import prepared
from annotations.models import Assignment, BoxSet, Consensus, Lease, Person, Radiograph, Read
from annotations.permissions.assignments import given_to, given_to_others, pending
from annotations.permissions.blinding import not_blinded
from annotations.permissions.boxes import not_hidden_by_a_second_labelling
from annotations.states import (
    BoxSetStatus,
    BoxSource,
    ConsensusStatus,
    LeasePurpose,
    ReadStatus,
    RoleName,
    StudyState,
    WorkKind,
)

HELD_FOR_THE_SAME_PERSON = timedelta(days=3)
"""So long a returned box set waits for its labeller, and a redrawn one for its reviewer; then anybody may take it."""

_BY_URGENCY = ("study__priority", "study__received_at", "pk")


def _leased_by_others(person: Person, purpose: LeasePurpose, now: datetime, radiograph: str) -> Exists:
    return Exists(
        Lease.objects.filter(radiograph=OuterRef(radiograph), purpose=purpose, expires_at__gt=now).exclude(
            person=person
        )
    )


_BEGUN = Q(status=BoxSetStatus.DRAFT.value, is_fix=False)
_SENT_BACK = Q(status=BoxSetStatus.RETURNED.value, children__isnull=True)


def my_drafts(person: Person) -> QuerySet[BoxSet]:
    """Drafts of my own labelling (not of a fix)."""
    return (
        BoxSet.objects.filter(_BEGUN, author=person, radiograph__study__state=StudyState.READY)
        .select_related("radiograph__study__patient")
        .order_by("radiograph__study__priority", "created_at", "pk")
    )


def returned_to(person: Person) -> QuerySet[BoxSet]:
    """Box sets sent back to this person that nobody has taken up again."""
    return (
        BoxSet.objects.filter(_SENT_BACK, author=person, radiograph__study__state=StudyState.READY)
        .select_related("radiograph__study__patient", "decided_by")
        .order_by("radiograph__study__priority", "decided_at", "pk")
    )


def begun_or_returned_by(author: UUID) -> QuerySet[BoxSet]:
    """Among these is everything of :func:`mine_to_label`."""
    return BoxSet.objects.filter(author=author, status__in=(BoxSetStatus.DRAFT, BoxSetStatus.RETURNED))


def mine_to_label(person: Person) -> QuerySet[BoxSet]:
    """:func:`my_drafts`, then what was :func:`returned_to` this person, in one question."""
    return (
        BoxSet.objects.filter(_BEGUN | _SENT_BACK, author=person, radiograph__study__state=StudyState.READY)
        .select_related("radiograph__study__patient")
        .order_by(
            Case(When(status=BoxSetStatus.DRAFT, then=0), default=1),
            "radiograph__study__priority",
            Coalesce("decided_at", "created_at"),
            "pk",
        )
    )


def _to_label(person: Person, held_since: datetime) -> QuerySet[Radiograph]:
    """Films that nobody has labelled or is labelling, and returned ones whose labeller did not come back."""
    by_people = BoxSet.objects.filter(radiograph=OuterRef("pk"), source=BoxSource.PERSON, is_second=False)
    taken = by_people.filter(
        Q(status__in=[BoxSetStatus.SUBMITTED.value, BoxSetStatus.ACCEPTED.value])
        | Q(status=BoxSetStatus.DRAFT.value, operation_count__gt=0)
        | Q(status=BoxSetStatus.DRAFT.value, parent__isnull=False)
        | Q(status=BoxSetStatus.DRAFT.value, author=person)
        | Q(
            # Whether it was taken up again needs no look: its successor is a box set of this film as well.
            status=BoxSetStatus.RETURNED.value,
            decided_at__gt=held_since,
            author__is_active=True,
        )
    )
    # A bare True would be compiled to the column alone, for which SQLite looks into no index.
    return Radiograph.objects.filter(~Exists(taken), for_reading=True, study__may_need_boxes=Value(True))


def _to_label_a_second_time(person: Person) -> QuerySet[Radiograph]:
    """Films drawn to be labelled twice that one person has handed in, and this person knows no boxes of."""
    first = BoxSet.objects.filter(
        radiograph=OuterRef("pk"), source=BoxSource.PERSON, is_second=False, submitted_at__isnull=False
    )
    second = BoxSet.objects.filter(radiograph=OuterRef("pk"), is_second=True).exclude(
        status=BoxSetStatus.DRAFT, operation_count=0
    )
    known = BoxSet.objects.filter(radiograph=OuterRef("pk"), source=BoxSource.PERSON).filter(
        Q(author=person) | Q(decided_by=person)
    )
    return Radiograph.objects.filter(
        ~Exists(second),
        ~Exists(known),
        Exists(first),
        label_twice=True,
        for_reading=True,
        study__state=StudyState.READY,
    )


class LabelPool(StrEnum):
    """Where films to label come from, in the order of asking."""

    GIVEN = "given"
    ONCE = "once"
    TWICE = "twice"


class Circumstances(NamedTuple):
    """Of asking for a film to label; ``held_since``: what was sent back before this waits for nobody any more.

    Where nothing was given to a person, or nothing is labelled twice, a short look spares long ones.
    """

    now: datetime
    held_since: datetime
    some_are_given: bool
    some_are_labelled_twice: bool


def circumstances(now: datetime) -> Circumstances:
    """As they are."""
    return Circumstances(now, now - HELD_FOR_THE_SAME_PERSON, bool(_some_given()), bool(_some_labelled_twice()))


@prepared
def _some_given() -> QuerySet[Assignment, UUID]:
    return pending(WorkKind.LABEL).order_by().values_list("pk", flat=True)[:1]


@prepared
def _some_labelled_twice() -> QuerySet[Radiograph, UUID]:
    return Radiograph.objects.filter(label_twice=True).order_by().values_list("pk", flat=True)[:1]


def label_pool(person: Person, pool: LabelPool, found: Circumstances) -> QuerySet[Radiograph]:
    """One of the pools that :func:`to_label` tells of."""
    films = _to_label_a_second_time(person) if pool == LabelPool.TWICE else _to_label(person, found.held_since)
    films = films.filter(~_leased_by_others(person, LeasePurpose.LABEL, found.now, "pk"))
    mine = given_to(person, WorkKind.LABEL)
    if pool == LabelPool.GIVEN:
        films = films.filter(mine) if found.some_are_given else films.none()
    elif found.some_are_given:
        films = films.filter(~given_to_others(person, WorkKind.LABEL))
        films = films.filter(~mine) if pool == LabelPool.ONCE else films
    if pool == LabelPool.TWICE and not found.some_are_labelled_twice:
        films = films.none()
    return films.select_related("study__patient").order_by(*_BY_URGENCY)


def to_label(person: Person, *, now: datetime) -> tuple[QuerySet[Radiograph], ...]:
    """What this labeller may be handed, in the order of asking: given to them, and the pool.

    The pool is two querysets: films to label, and films that a second person labels; who takes from both takes the
    more urgent first. None overlaps another.
    """
    if not person.has_role(RoleName.LABELLER):
        return ()
    found = circumstances(now)
    return tuple(label_pool(person, pool, found) for pool in LabelPool)


def may_be_handed_to_label(person: Person, radiograph: Radiograph) -> bool:
    """Whether asking for the next film to label may give the person this one, sooner or later."""
    return mine_to_label(person).filter(radiograph=radiograph).exists() or any(
        pool.filter(pk=radiograph.pk).exists() for pool in to_label(person, now=timezone.now())
    )


def to_review(person: Person, *, now: datetime) -> QuerySet[BoxSet]:
    """Submitted box sets of others; what was sent back or given to another reviewer waits for them."""
    if not person.has_role(RoleName.REVIEWER):
        return BoxSet.objects.none()
    promised = Q(
        parent__status=BoxSetStatus.RETURNED.value,
        parent__decided_by__is_active=True,
        submitted_at__gt=now - HELD_FOR_THE_SAME_PERSON,
    ) & ~Q(parent__decided_by=person)
    others_fix = BoxSet.objects.filter(
        parent=OuterRef("pk"), is_fix=True, status=BoxSetStatus.DRAFT, operation_count__gt=0
    ).exclude(author=person)
    return (
        BoxSet.objects.filter(status=BoxSetStatus.SUBMITTED, is_second=False, radiograph__study__state=StudyState.READY)
        .exclude(author=person)
        .exclude(promised)
        .filter(
            not_hidden_by_a_second_labelling(person),
            ~Exists(others_fix),
            ~_leased_by_others(person, LeasePurpose.REVIEW, now, "radiograph_id"),
            ~given_to_others(person, WorkKind.REVIEW, "radiograph_id"),
        )
        .select_related("radiograph__study__patient", "author", "parent")
        .order_by("radiograph__study__priority", "submitted_at", "pk")
    )


def redrawn_for(person: Person, *, now: datetime) -> QuerySet[BoxSet]:
    """What this reviewer sent back and the labeller has handed in again."""
    return to_review(person, now=now).filter(parent__status=BoxSetStatus.RETURNED, parent__decided_by=person)


def given_to_review(person: Person, *, now: datetime) -> QuerySet[BoxSet]:
    """What was given to this reviewer and waits."""
    return to_review(person, now=now).filter(given_to(person, WorkKind.REVIEW, "radiograph_id"))


def _living(person: Person) -> QuerySet[Consensus]:
    gave = Read.objects.filter(radiograph=OuterRef("radiograph_id"), reader=person).exclude(status=ReadStatus.WITHDRAWN)
    return Consensus.objects.filter(~Exists(gave), Q(not_blinded(person, "radiograph__study")))


def to_settle(person: Person) -> QuerySet[Consensus]:
    """Disagreements that this adjudicator may settle: the more urgent first, then the largest."""
    if not person.has_role(RoleName.ADJUDICATOR):
        return Consensus.objects.none()
    return (
        _living(person)
        .filter(status=ConsensusStatus.ADJUDICATING)
        .order_by("radiograph__study__priority", "-difference_months", "pk")
    )


def to_approve(person: Person) -> QuerySet[Consensus]:
    """What this reviewer may make truth."""
    if not person.has_role(RoleName.REVIEWER):
        return Consensus.objects.none()
    return _living(person).filter(status__in=[ConsensusStatus.AGREED.value, ConsensusStatus.SETTLED.value])


def to_confirm(person: Person) -> QuerySet[Consensus]:
    """Films that so many readers could not read: this reviewer confirms it, or sends them to another reader."""
    if not person.has_role(RoleName.REVIEWER):
        return Consensus.objects.none()
    return _living(person).filter(status=ConsensusStatus.UNREADABLE)
