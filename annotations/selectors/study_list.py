"""The list of studies: filters, and the states that a row shows beside its own."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.db.models import CharField, Exists, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from annotations.models import BoxSet, Consensus, Read, Study
from annotations.selectors.prediction_hook import prediction_exists
from annotations.states import BoxSetStatus, BoxSource, ConsensusStatus, ReadStatus, Sex, StudyState

Has = Literal["labelled", "read", "approved", "predicted"]
TELLTALE: frozenset[str] = frozenset({"read", "approved", "predicted"})
"""Filtering by these would tell a blind reader what the list hides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyFilter:
    """What is asked for; None or empty means all."""

    state: StudyState | None = None
    text: str = ""
    sex: Sex | None = None
    cohort: UUID | None = None
    age_min_months: float | None = None
    age_max_months: float | None = None
    has: frozenset[str] = frozenset()

    @property
    def tells(self) -> bool:
        """Whether being in the filtered list gives away an age, a read or a result."""
        return self.age_min_months is not None or self.age_max_months is not None or bool(self.has & TELLTALE)


def filtered(studies: QuerySet[Study], wanted: StudyFilter) -> QuerySet[Study]:
    """The studies that fit. Hand in only studies that are not blinded when ``wanted.tells``."""
    if wanted.state:
        studies = studies.filter(state=wanted.state)
    if wanted.text:
        studies = studies.filter(patient__pseudonym__icontains=wanted.text)
    if wanted.sex:
        studies = studies.filter(sex=wanted.sex)
    if wanted.cohort:
        studies = studies.filter(cohort=wanted.cohort)
    if wanted.age_min_months is not None:
        studies = studies.filter(chronological_age_months__gte=wanted.age_min_months)
    if wanted.age_max_months is not None:
        studies = studies.filter(chronological_age_months__lt=wanted.age_max_months)
    return _having(studies, wanted.has)


def _having(studies: QuerySet[Study], has: frozenset[str]) -> QuerySet[Study]:
    if "labelled" in has:
        handed_in = [BoxSetStatus.SUBMITTED.value, BoxSetStatus.ACCEPTED.value, BoxSetStatus.SUPERSEDED.value]
        studies = studies.filter(Exists(BoxSet.objects.filter(radiograph__study=OuterRef("pk"), status__in=handed_in)))
    if "read" in has:
        reads = Read.objects.filter(radiograph__study=OuterRef("pk"), status=ReadStatus.SUBMITTED)
        studies = studies.filter(Exists(reads))
    if "approved" in has:
        approved = Consensus.objects.filter(radiograph__study=OuterRef("pk"), status=ConsensusStatus.APPROVED)
        studies = studies.filter(Exists(approved))
    if "predicted" in has:
        exists = prediction_exists()
        studies = studies.filter(exists) if exists is not None else studies.none()
    return studies


def with_progress(studies: QuerySet[Study]) -> QuerySet[Study]:
    """Each study with ``labelling`` and ``reading``: how far its radiograph for reading is."""
    box_sets = BoxSet.objects.filter(
        radiograph__study=OuterRef("pk"), radiograph__for_reading=True, source=BoxSource.PERSON
    )
    accepted = box_sets.filter(status=BoxSetStatus.ACCEPTED).values("status")[:1]
    newest = (
        box_sets.exclude(status=BoxSetStatus.SUPERSEDED)
        .exclude(is_fix=True, status=BoxSetStatus.DRAFT)
        .order_by("-version")
        .values("status")[:1]
    )
    consensus = (
        Consensus.objects.filter(radiograph__study=OuterRef("pk"), radiograph__for_reading=True)
        .exclude(status=ConsensusStatus.REOPENED)
        .values("status")[:1]
    )
    nothing = Value("none", output_field=CharField())
    return studies.select_related("patient", "cohort").annotate(
        labelling=Coalesce(Subquery(accepted), Subquery(newest), nothing),
        reading=Coalesce(Subquery(consensus), nothing),
    )
