"""What may be handed out next: returned work goes back to whom it came from, the rest comes from a common pool."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from annotations.models import BoxSet, Consensus, Lease, Person, Radiograph, Read
from annotations.permissions.blinding import not_blinded
from annotations.states import BoxSetStatus, BoxSource, ConsensusStatus, LeasePurpose, ReadStatus, RoleName, StudyState

HELD_FOR_THE_SAME_PERSON = timedelta(days=3)
"""So long a returned box set waits for its labeller, and a redrawn one for its reviewer; then anybody may take it."""


def _leased_by_others(person: Person, purpose: LeasePurpose, now: datetime, radiograph: str) -> Exists:
    return Exists(
        Lease.objects.filter(radiograph=OuterRef(radiograph), purpose=purpose, expires_at__gt=now).exclude(
            person=person
        )
    )


def my_drafts(person: Person) -> QuerySet[BoxSet]:
    """Drafts of my own labelling (not of a fix), oldest first."""
    return BoxSet.objects.filter(
        author=person, status=BoxSetStatus.DRAFT, is_fix=False, radiograph__study__state=StudyState.READY
    ).order_by("created_at", "pk")


def returned_to(person: Person) -> QuerySet[BoxSet]:
    """Box sets sent back to this person that nobody has taken up again, oldest first."""
    return (
        BoxSet.objects.filter(
            author=person,
            status=BoxSetStatus.RETURNED,
            children__isnull=True,
            radiograph__study__state=StudyState.READY,
        )
        .select_related("radiograph__study")
        .order_by("decided_at", "pk")
    )


def to_label(person: Person, *, now: datetime) -> QuerySet[Radiograph]:
    """Films that nobody has labelled or is labelling, and returned ones whose labeller did not come back."""
    if not person.has_role(RoleName.LABELLER):
        return Radiograph.objects.none()
    by_people = BoxSet.objects.filter(radiograph=OuterRef("pk"), source=BoxSource.PERSON)
    taken = by_people.filter(
        Q(status__in=[BoxSetStatus.SUBMITTED.value, BoxSetStatus.ACCEPTED.value])
        | Q(status=BoxSetStatus.DRAFT.value, operation_count__gt=0)
        | Q(status=BoxSetStatus.DRAFT.value, parent__isnull=False)
        | Q(status=BoxSetStatus.DRAFT.value, author=person)
        | Q(
            # Whether it was taken up again needs no look: its successor is a box set of this film as well.
            status=BoxSetStatus.RETURNED.value,
            decided_at__gt=now - HELD_FOR_THE_SAME_PERSON,
            author__is_active=True,
        )
    )
    return (
        Radiograph.objects.filter(for_reading=True, study__state=StudyState.READY)
        .filter(~Exists(taken), ~_leased_by_others(person, LeasePurpose.LABEL, now, "pk"))
        .select_related("study")
        .order_by("study__received_at", "pk")
    )


def to_review(person: Person, *, now: datetime) -> QuerySet[BoxSet]:
    """Submitted box sets of others; what this reviewer sent back comes to them first."""
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
        BoxSet.objects.filter(status=BoxSetStatus.SUBMITTED, radiograph__study__state=StudyState.READY)
        .exclude(author=person)
        .exclude(promised)
        .filter(~Exists(others_fix), ~_leased_by_others(person, LeasePurpose.REVIEW, now, "radiograph_id"))
        .select_related("radiograph__study", "parent")
        .order_by("submitted_at", "pk")
    )


def _living(person: Person) -> QuerySet[Consensus]:
    gave = Read.objects.filter(radiograph=OuterRef("radiograph_id"), reader=person).exclude(status=ReadStatus.WITHDRAWN)
    return Consensus.objects.filter(~Exists(gave), Q(not_blinded(person, "radiograph__study")))


def to_settle(person: Person) -> QuerySet[Consensus]:
    """Disagreements that this adjudicator may settle, largest first."""
    if not person.has_role(RoleName.ADJUDICATOR):
        return Consensus.objects.none()
    return _living(person).filter(status=ConsensusStatus.ADJUDICATING).order_by("-difference_months", "pk")


def to_approve(person: Person) -> QuerySet[Consensus]:
    """What this reviewer may make truth."""
    if not person.has_role(RoleName.REVIEWER):
        return Consensus.objects.none()
    return _living(person).filter(status__in=[ConsensusStatus.AGREED.value, ConsensusStatus.SETTLED.value])
