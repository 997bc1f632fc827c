"""How far reading is: per person and per cohort. Counts only; no value and no film."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from annotations.models import Consensus, Person, Read, Study
from annotations.states import INCOMPLETE, ConsensusStatus, ReadRound, ReadStatus, RoleName, StudyState

LATELY = timedelta(days=30)


def people_progress(viewer: Person, open_studies: QuerySet[Study], *, now: datetime) -> list[dict[str, Any]]:
    """Everybody who reads or has read, with ``locked``, ``lately``, ``unreadable``, ``amended`` and ``last_at``.

    All rounds together: a count of repeats alone would tell a reader that there was one. What others said is counted
    on ``open_studies`` alone, those that are not blinded for the viewer: where one film is left, a count is an answer.
    """
    told = Q(pk=viewer.pk) | Q(reads__radiograph__study__in=open_studies.values("pk"))
    asked_for = told & Q(reads__round__in=[ReadRound.INDEPENDENT.value, ReadRound.REPEAT.value, ReadRound.REREAD.value])
    locked = asked_for & Q(reads__version=1, reads__status=ReadStatus.SUBMITTED)
    has_read = Read.objects.filter(reader=OuterRef("pk")).exclude(round=ReadRound.CORRECTION)
    rows = (
        Person.objects.filter(Q(roles__name=RoleName.READER) | Q(Exists(has_read)))
        .annotate(
            locked=Count("reads", filter=locked, distinct=True),
            lately=Count("reads", filter=locked & Q(reads__submitted_at__gt=now - LATELY), distinct=True),
            unreadable=Count("reads", filter=told & Q(reads__status=ReadStatus.UNREADABLE), distinct=True),
            amended=Count("reads", filter=asked_for & Q(reads__version__gt=1, reads__is_current=True), distinct=True),
            last_at=Max("reads__submitted_at", filter=asked_for),
        )
        .order_by("username")
    )
    counts = ("locked", "lately", "unreadable", "amended", "last_at")
    return list(rows.values("id", "username", "display_name", "is_active", *counts))


def cohort_progress(open_studies: QuerySet[Study]) -> list[dict[str, Any]]:
    """Per cohort (None: films of no cohort): ready films, those with a read, read completely, approved, and those
    that a reviewer confirmed to have no bone age.

    What readers said is counted on ``open_studies`` alone, those that are not blinded for whoever looks: a cohort can
    be a single film.
    """
    ready = Study.objects.filter(state=StudyState.READY)
    shown = Q(pk__in=open_studies.values("pk"))
    consensus = Consensus.objects.filter(radiograph__study=OuterRef("pk"), radiograph__for_reading=True)
    begun = Read.objects.filter(radiograph__study=OuterRef("pk"), status=ReadStatus.SUBMITTED)
    incomplete = [*(status.value for status in INCOMPLETE), ConsensusStatus.REOPENED.value]
    complete = consensus.exclude(status__in=incomplete)
    rows = (
        ready.annotate(
            begun=Exists(begun),
            complete=Exists(complete),
            approved=Exists(consensus.filter(status=ConsensusStatus.APPROVED)),
            unreadable=Exists(consensus.filter(status=ConsensusStatus.NO_BONE_AGE)),
        )
        .order_by()
        .values("cohort", "cohort__name")
        .annotate(
            ready=Count("pk"),
            with_a_read=Count("pk", filter=shown & Q(begun=True)),
            read=Count("pk", filter=shown & Q(complete=True)),
            settled=Count("pk", filter=shown & Q(approved=True)),
            without=Count("pk", filter=shown & Q(unreadable=True)),
        )
    )
    return [
        {
            "cohort": str(row["cohort"]) if row["cohort"] else None,
            "name": row["cohort__name"],
            "ready": row["ready"],
            "begun": row["with_a_read"],
            "read": row["read"],
            "approved": row["settled"],
            "no_bone_age": row["without"],
        }
        for row in sorted(rows, key=lambda row: row["cohort__name"] or "")
    ]
