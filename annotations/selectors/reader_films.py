"""The numbers a study of readers rests on: each film's blind first readings, its repeats and its consensus."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from annotations.models import Consensus, Read
from annotations.states import ConsensusStatus, ReadRound, ReadStatus, Sex


@dataclass(frozen=True, slots=True)
class Reading:
    """One person's reading as it was given blind: the newest version from before the age was seen; where the protocol
    shows the age from the start, the newest."""

    reader: UUID
    months: float
    at: datetime


@dataclass(slots=True)
class ReaderFilm:
    """One film with what readers said of it; no identity.

    Attributes:
        sex: of the child.
        chronological_age_months: None where unknown.
        consensus_months: approved bone age, if there is one.
        readings: independent ones, one a reader.
        synthetic: whether the film is drawn.
        repeats: reader -> the same person's hidden repeat.
    """

    sex: Sex
    chronological_age_months: float | None
    synthetic: bool
    consensus_months: float | None = None
    readings: list[Reading] = field(default_factory=list)
    repeats: dict[UUID, Reading] = field(default_factory=dict)

    def of(self, reader: UUID) -> Reading | None:
        """What this person said, None where they said nothing."""
        return next((reading for reading in self.readings if reading.reader == reader), None)

    def others_mean(self, reader: UUID) -> float | None:
        """Mean of what the others said; None where nobody else read the film."""
        said = [reading.months for reading in self.readings if reading.reader != reader]
        return sum(said) / len(said) if said else None


def films_read(reads: QuerySet[Read], truths: QuerySet[Consensus]) -> list[ReaderFilm]:
    """The films of these reads, in the order of their first reading.

    Args:
        reads: what the viewer may know of, all versions; only locked ones count.
        truths: consensus rows the viewer may know of; only approved ones count.
    """
    films: dict[UUID, ReaderFilm] = {}
    for token_versions in _by_reading(
        reads.filter(status=ReadStatus.SUBMITTED, round__in=[ReadRound.INDEPENDENT.value, ReadRound.REPEAT.value])
        .select_related("radiograph__study")
        .order_by("submitted_at", "pk")
    ):
        given = _given_blind(token_versions)
        if given.bone_age_months is None or given.submitted_at is None:
            continue
        study = given.radiograph.study
        if study.sex is None:
            continue
        film = films.setdefault(
            given.radiograph_id, ReaderFilm(Sex(study.sex), study.chronological_age_months, study.synthetic)
        )
        reading = Reading(given.reader_id, given.bone_age_months, given.submitted_at)
        if given.round == ReadRound.REPEAT:
            film.repeats[given.reader_id] = reading
        else:
            film.readings.append(reading)
    for radiograph, months in truths.filter(status=ConsensusStatus.APPROVED).values_list(
        "radiograph_id", "bone_age_months"
    ):
        if radiograph in films:
            films[radiograph].consensus_months = months
    return list(films.values())


def _by_reading(reads: Iterable[Read]) -> list[list[Read]]:
    versions: dict[str, list[Read]] = defaultdict(list)
    for read in reads:
        versions[read.token].append(read)
    return list(versions.values())


def _given_blind(versions: list[Read]) -> Read:
    """The newest version from before the age was seen; where the protocol shows the age from the start, the newest."""
    blind = [read for read in versions if not read.after_age_seen]
    return max(blind or versions, key=lambda read: read.version)
