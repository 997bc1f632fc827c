"""What comes back to a reader, and who may steer re-reading rounds."""

from datetime import datetime, timedelta

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from annotations.agreement import UNREADABLE_ENDS
from annotations.models import Consensus, Exposure, Person, Protocol, Read, RereadCase, RereadRound
from annotations.permissions.blinding import ANSWERED, not_blinded
from annotations.states import (
    VALUES_SHOWN,
    ExposureKind,
    ReadRound,
    ReadStatus,
    RereadCaseStatus,
    RoleName,
    StudyState,
)

_STEERERS = (RoleName.RESEARCHER, RoleName.REVIEWER)
LAST_DAYS = timedelta(days=2)
"""A repeat is not handed out so shortly before its film opens again: an assignment lasts a day."""


def can_steer_rereads(person: Person) -> bool:
    """Choose, start, stop a round and look at its figures."""
    return person.has_role(*_STEERERS)


def reread_rounds_visible_to(person: Person) -> QuerySet[RereadRound]:
    """All rounds, newest first, for those who steer them."""
    if not can_steer_rereads(person):
        return RereadRound.objects.none()
    return RereadRound.objects.select_related("cohort", "started_by").order_by("-number")


def reread_truths_visible_to(person: Person) -> QuerySet[Consensus]:
    """What a round that this person starts may choose from: nothing that they may still read blind."""
    if not can_steer_rereads(person):
        return Consensus.objects.none()
    return Consensus.objects.filter(Q(not_blinded(person, "radiograph__study")))


def reread_cases_visible_to(person: Person) -> QuerySet[RereadCase]:
    """Cases that may enter figures shown to this person."""
    if not can_steer_rereads(person):
        return RereadCase.objects.none()
    return RereadCase.objects.filter(Q(not_blinded(person, "radiograph__study")))


def repeats_due(person: Person, *, now: datetime) -> QuerySet[Read]:
    """The reader's own reads that were drawn for repeating, whose gap of days and of other reads is over, which were
    not repeated yet, and of whose films this person was shown nothing.

    Under a protocol whose method, edition or sight of the age is another by now, a repeat would give itself away.
    """
    if not person.has_role(RoleName.READER):
        return Read.objects.none()
    repeated = Read.objects.filter(radiograph=OuterRef("radiograph_id"), reader=person, round=ReadRound.REPEAT).exclude(
        status=ReadStatus.WITHDRAWN
    )
    seen = Exposure.objects.filter(radiograph=OuterRef("radiograph_id"), person=person)
    since = (
        Read.objects.filter(reader=person, version=1, status__in=ANSWERED, submitted_at__gt=OuterRef("submitted_at"))
        .exclude(round=ReadRound.CORRECTION)
        .order_by()
        .values("reader")
        .annotate(count=Count("pk"))
        .values("count")
    )
    active = Protocol.objects.filter(is_active=True)
    own = active.filter(cohort=OuterRef("radiograph__study__cohort")).values("pk")[:1]
    general = active.filter(cohort__isnull=True).values("pk")[:1]
    alike = Protocol.objects.filter(
        pk=OuterRef("protocol_now"),
        method=OuterRef("method"),
        edition=OuterRef("edition"),
        show_chronological_age=False,
    )
    return (
        Read.objects.annotate(protocol_now=Coalesce(Subquery(own), Subquery(general)))
        .filter(
            Exists(alike),
            reader=person,
            is_current=True,
            round=ReadRound.INDEPENDENT,
            status=ReadStatus.SUBMITTED,
            will_repeat=True,
            closed_from__lte=now,
            withheld_until__gt=now + LAST_DAYS,
            radiograph__study__state=StudyState.READY,
        )
        .filter(~Exists(repeated), ~Exists(seen))
        .annotate(reads_since=Coalesce(Subquery(since, output_field=IntegerField()), Value(0)))
        .filter(reads_since__gte=F("protocol__repeat_after_reads"))
        .select_related("radiograph__study__cohort", "protocol")
        .order_by("submitted_at", "pk")
    )


def rereadable_by(person: Person) -> QuerySet[RereadCase]:
    """Open cases that need this reader: not answered by them, and nothing of the film's values shown to them.

    The chronological age counts as shown too, unless the round allows readers who saw it after their own first lock.
    """
    if not person.has_role(RoleName.READER):
        return RereadCase.objects.none()
    mine = Read.objects.filter(reread_case=OuterRef("pk"), reader=person).exclude(status=ReadStatus.WITHDRAWN)
    exposures = Exposure.objects.filter(radiograph=OuterRef("radiograph_id"), person=person)
    age_seen = exposures.filter(kind=ExposureKind.CHRONOLOGICAL_AGE)
    given_up = Read.objects.filter(reread_case=OuterRef("pk"), is_current=True, status=ReadStatus.UNREADABLE)
    return (
        RereadCase.objects.filter(
            status=RereadCaseStatus.OPEN,
            reads_claimed__lt=F("round__readers_required"),
            radiograph__study__state=StudyState.READY,
            radiograph__study__sex__isnull=False,
        )
        .filter(
            ~Exists(mine),
            ~Exists(exposures.filter(kind__in=VALUES_SHOWN)),
            ~Exists(given_up[UNREADABLE_ENDS - 1 : UNREADABLE_ENDS]),
        )
        .exclude(Exists(age_seen), round__age_seen_allowed=False)
        .select_related("round", "radiograph__study__cohort")
        .order_by("round__number", "pk")
    )
