"""The list of studies: what is asked for, and the studies that fit."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from annotations.models import Assignment, BoxSet, Radiograph, Read, Study
from annotations.selectors.prediction_hook import prediction_exists
from annotations.states import (
    INCOMPLETE,
    PRIORITY_RANK,
    BoxSetStatus,
    BoxSource,
    Labelling,
    Priority,
    Reading,
    ReadStatus,
    Sex,
    StudyState,
    WorkKind,
)

TELLTALE: frozenset[str] = frozenset({"read", "approved", "predicted"})
"""Filtering by these would tell a blind reader what the list hides."""

_READ = (Reading.AGREED, Reading.ADJUDICATING, Reading.SETTLED, Reading.APPROVED)


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyFilter:
    """What is asked for; None or empty means all.

    ``quality`` is the code of a finding. ``assigned_to`` looks at labelling and reviewing, and at reading only where
    ``assigned_reading`` says so.
    """

    state: StudyState | None = None
    text: str = ""
    sex: Sex | None = None
    cohort: UUID | None = None
    age_min_months: float | None = None
    age_max_months: float | None = None
    has: frozenset[str] = frozenset()
    labelling: Labelling | None = None
    reading: Reading | None = None
    priority: Priority | None = None
    quality: str = ""
    labeller: UUID | None = None
    assigned_to: UUID | None = None
    assigned_reading: bool = False

    @property
    def tells(self) -> bool:
        """Whether being in the filtered list gives away an age, a read or a result."""
        ages = self.age_min_months is not None or self.age_max_months is not None
        return ages or self.reading is not None or bool(self.has & TELLTALE)


def filtered(studies: QuerySet[Study], wanted: StudyFilter) -> QuerySet[Study]:
    """The studies that fit. Hand in only studies that are not blinded when ``wanted.tells``."""
    equal = {
        "state": wanted.state,
        "sex": wanted.sex,
        "cohort": wanted.cohort,
        "labelling": wanted.labelling,
        "reading": wanted.reading,
        "priority": PRIORITY_RANK[wanted.priority] if wanted.priority else None,
        "chronological_age_months__gte": wanted.age_min_months,
        "chronological_age_months__lt": wanted.age_max_months,
        "patient__pseudonym__icontains": wanted.text or None,
    }
    studies = studies.filter(**{name: value for name, value in equal.items() if value is not None})
    if wanted.quality:
        found = Radiograph.objects.filter(for_reading=True, quality__icontains=f'"code": "{wanted.quality}"')
        studies = studies.filter(Exists(found.filter(study=OuterRef("pk"))))
    if wanted.labeller:
        drawn = BoxSet.objects.filter(author=wanted.labeller, source=BoxSource.PERSON, is_fix=False)
        studies = studies.filter(pk__in=drawn.values("radiograph__study"))
    if wanted.assigned_to:
        studies = studies.filter(pk__in=_assigned(wanted).values("radiograph__study"))
    return _having(studies, wanted.has)


def _assigned(wanted: StudyFilter) -> QuerySet[Assignment]:
    assignments = Assignment.objects.filter(person=wanted.assigned_to, released_at__isnull=True)
    return assignments if wanted.assigned_reading else assignments.exclude(kind=WorkKind.READ)


def _having(studies: QuerySet[Study], has: frozenset[str]) -> QuerySet[Study]:
    if "labelled" in has:
        # A redrawn film is a draft again, or came back: then its history says whether it was ever handed in.
        handed_in = [BoxSetStatus.SUBMITTED.value, BoxSetStatus.ACCEPTED.value, BoxSetStatus.SUPERSEDED.value]
        unclear = Q(labelling__in=[Labelling.DRAFT.value, Labelling.RETURNED.value])
        once = Exists(BoxSet.objects.filter(radiograph__study=OuterRef("pk"), status__in=handed_in))
        studies = studies.filter(
            Q(labelling__in=[Labelling.SUBMITTED.value, Labelling.ACCEPTED.value]) | unclear & Q(once)
        )
    if "read" in has:
        locked = Read.objects.filter(radiograph__study=OuterRef("pk"), status=ReadStatus.SUBMITTED)
        weighed = Q(reading__in=[state.value for state in _READ])
        gathering = Q(reading__in=[status.value for status in INCOMPLETE])
        studies = studies.filter(weighed | gathering & Q(Exists(locked)))
    if "approved" in has:
        studies = studies.filter(reading=Reading.APPROVED)
    if "predicted" in has:
        exists = prediction_exists()
        studies = studies.filter(exists) if exists is not None else studies.none()
    return studies
