"""Which films a re-reading round could hold."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from annotations.models import Consensus, Exposure, Person, RereadCase
from annotations.selectors.prediction_hook import predictions_of
from annotations.states import VALUES_SHOWN, ConsensusStatus, ExposureKind, RereadCaseStatus, RoleName, StudyState

_AT_ONCE = 900  # SQLite allows a thousand values in one query


@dataclass(frozen=True, slots=True)
class Choice:
    """How films are chosen: beyond a difference, or the largest ones; exactly one of the two is given.

    Attributes:
        cohort: of one cohort; None for all films.
        threshold_months: at least so far from the model.
        largest: so many, those farthest off.
        age_seen_allowed: whether readers who saw the chronological age after their own first lock may be asked.
    """

    cohort: UUID | None
    threshold_months: float | None
    largest: int | None
    age_seen_allowed: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """A film with its truth, the model's word, and how many readers may still read it blind."""

    radiograph: UUID
    truth_months: float
    model_months: float
    model: str
    readers: int

    @property
    def distance_months(self) -> float:
        return abs(self.model_months - self.truth_months)


def candidates_for(choice: Choice, *, visible: QuerySet[Consensus]) -> list[Candidate]:
    """Films with an approved bone age among the ``visible`` and one of the active model, that are in no round now."""
    in_a_round = RereadCase.objects.filter(radiograph=OuterRef("radiograph"), status=RereadCaseStatus.OPEN)
    approved = visible.filter(
        ~Exists(in_a_round),
        status=ConsensusStatus.APPROVED,
        radiograph__for_reading=True,
        radiograph__study__state=StudyState.READY,
        radiograph__study__sex__isnull=False,
    )
    if choice.cohort is not None:
        approved = approved.filter(radiograph__study__cohort=choice.cohort)
    truths: dict[UUID, float] = {
        radiograph: months
        for radiograph, months in approved.order_by("radiograph_id").values_list("radiograph_id", "bone_age_months")
        if months is not None
    }
    films = list(truths)
    readers = Person.objects.filter(is_active=True, roles__name=RoleName.READER).count()
    knowing = _readers_who_know(films, choice)
    found = []
    for start in range(0, len(films), _AT_ONCE):
        said = predictions_of(films[start : start + _AT_ONCE])
        for film in films[start : start + _AT_ONCE]:
            months = said.get(film, {}).get("bone_age_months")
            if months is not None:
                found.append(Candidate(film, truths[film], months, said[film]["model"], readers - knowing[film]))
    return found


def chosen_of(candidates: Sequence[Candidate], choice: Choice) -> list[Candidate]:
    """The over- and under-estimated ones, farthest first."""
    ordered = sorted(candidates, key=lambda each: (-each.distance_months, str(each.radiograph)))
    if choice.threshold_months is not None:
        return [each for each in ordered if each.distance_months >= choice.threshold_months]
    return ordered[: choice.largest]


def _readers_who_know(films: Sequence[UUID], choice: Choice) -> Counter[UUID]:
    """Film -> active readers who were shown something of it and are not asked again."""
    kinds = [*VALUES_SHOWN, *([] if choice.age_seen_allowed else [ExposureKind.CHRONOLOGICAL_AGE.value])]
    count: Counter[UUID] = Counter()
    for start in range(0, len(films), _AT_ONCE):
        pairs = (
            Exposure.objects.filter(
                radiograph__in=films[start : start + _AT_ONCE],
                kind__in=kinds,
                person__is_active=True,
                person__roles__name=RoleName.READER,
            )
            .values_list("radiograph_id", "person_id")
            .distinct()
        )
        count.update(radiograph for radiograph, _ in pairs)
    return count
