"""Studies by the hundred thousand, written straight into the rows: what lists and queues are measured on.

    python -m tests.benchmarks.seed_studies --studies 100000 [--boxes 5000]

The rows are as the application would have left them (states, box sets, reads and consensus agree with each other and
with every constraint), but there are no films behind them: no pixels, no thumbnails, no history. It fills the database
that the settings name and adds to what is there; ``seed_studies`` does the same from a test or another benchmark.
"""

import argparse
import os
import random
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from uuid import UUID

import django
from django.apps import apps

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "boneage_web.settings.dev")
if not apps.ready:
    django.setup()

from django.db import connection, models, transaction

from annotations.models import (
    BoxSet,
    Cohort,
    Consensus,
    Patient,
    Person,
    Protocol,
    Radiograph,
    Read,
    RegionBox,
    Role,
    Study,
)
from annotations.services.progress import note_progress_of
from annotations.services.protocols import present_protocol
from annotations.states import (
    AgeSource,
    BoxOrigin,
    BoxSetStatus,
    ConsensusOrigin,
    ConsensusStatus,
    ReadStatus,
    RegionState,
    RoleName,
    Sex,
    SexSource,
    StudyState,
)
from inference.anatomy.regions import REGION_IDS

START = datetime(2025, 1, 1, tzinfo=UTC)
ROWS_AT_ONCE = 5000
BY_NAME_ONLY = True
Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixture:
    """Which share of the studies is how far. What is left over waits for a labeller, and for readers."""

    excluded: float = 0.04
    draft: float = 0.01
    submitted: float = 0.10
    returned: float = 0.02
    accepted: float = 0.50
    read_once: float = 0.10
    agreed: float = 0.05
    adjudicating: float = 0.03
    approved: float = 0.35
    without_sex: float = 0.02
    without_age: float = 0.05


@dataclass(frozen=True, slots=True)
class Seeded:
    """Whom and what the rows belong to."""

    labellers: tuple[Person, ...]
    reviewers: tuple[Person, ...]
    readers: tuple[Person, ...]
    cohorts: tuple[Cohort, ...]
    studies: tuple[UUID, ...] = field(repr=False)


def seed_studies(
    count: int, *, with_boxes: int = 0, mixture: Mixture | None = None, seed: int = 1, people: int = 4
) -> Seeded:
    """Add ``count`` studies, each with its radiograph for reading.

    Args:
        count: studies.
        with_boxes: so many of the box sets get their 17 regions as well (a row each; the lists need none).
        mixture: shares of the states.
        seed: of everything that is drawn; a second call with another seed adds other studies.
        people: labellers, reviewers and readers, each.
    """
    chance = random.Random(seed)  # a mixture of states, no secret
    shares = mixture or Mixture()
    labellers, reviewers, readers = (_people(f"seeded_{role}", people, role) for role in _ROLES)
    cohorts = tuple(Cohort.objects.get_or_create(name=f"seeded {number}")[0] for number in range(1, 6))
    protocol = present_protocol()
    ids: list[UUID] = []
    left = with_boxes
    for start in range(0, count, ROWS_AT_ONCE):
        numbers = range(start, min(start + ROWS_AT_ONCE, count))
        with transaction.atomic():
            films = _films(numbers, chance, shares, cohorts, seed)
            ids += [film.study_id for film in films]
            ready = [film for film in films if film.study.state == StudyState.READY]
            box_sets = _save(BoxSet, _box_sets(ready, chance, shares, labellers, reviewers))
            _save(RegionBox, _regions(box_sets[:left]))
            left = max(0, left - len(box_sets))
            consensuses = _save(Consensus, _consensuses(ready, chance, shares, protocol, reviewers))
            _save(Read, _reads(consensuses, chance, protocol, readers))
    note_progress_of(Study.objects.filter(study_uid__startswith=f"2.25.{seed}."))
    _look_again()
    return Seeded(labellers, reviewers, readers, cohorts, tuple(ids))


_ROLES = (RoleName.LABELLER, RoleName.REVIEWER, RoleName.READER)


def _save(model: type[Row], rows: Iterable[Row]) -> list[Row]:
    kept = list(rows)
    model._default_manager.bulk_create(kept, batch_size=1000)
    return kept


def _people(stem: str, count: int, role: RoleName) -> tuple[Person, ...]:
    people = []
    for number in range(1, count + 1):
        person, new = Person.objects.get_or_create(
            username=f"{stem}{number}", defaults={"display_name": f"{stem} {number}"}
        )
        if new:
            person.set_unusable_password()
            person.save(update_fields=["password"])
            Role.objects.create(person=person, name=role)
        people.append(person)
    return tuple(people)


def _films(
    numbers: Sequence[int], chance: random.Random, shares: Mixture, cohorts: Sequence[Cohort], seed: int
) -> list[Radiograph]:
    patients = _save(Patient, (Patient(pseudonym=f"P{seed:02d}{number:08d}") for number in numbers))
    studies = _save(
        Study, (_study(each, chance, shares, cohorts, seed) for each in zip(numbers, patients, strict=True))
    )
    return _save(
        Radiograph,
        (
            Radiograph(
                study=study,
                for_reading=True,
                content_hash=f"seeded-{seed}-{number}",
                sop_instance_uid=f"2.25.{seed}.{number}",
                rows=1200,
                columns=900,
                window_center=2048,
                window_width=4096,
                modality="DX",
                laterality="L",
                row_spacing_mm=0.15,
                column_spacing_mm=0.15,
                spacing_kind="imager",
                synthetic=True,
                quality=_quality(chance),
            )
            for number, study in zip(numbers, studies, strict=True)
        ),
    )


def _study(
    each: tuple[int, Patient], chance: random.Random, shares: Mixture, cohorts: Sequence[Cohort], seed: int
) -> Study:
    number, patient = each
    excluded = chance.random() < shares.excluded
    sex = None if chance.random() < shares.without_sex else chance.choice([Sex.MALE, Sex.FEMALE])
    months = None if chance.random() < shares.without_age else round(chance.uniform(6, 216), 1)
    return Study(
        patient=patient,
        cohort=chance.choice([None, *cohorts]),
        study_uid=f"2.25.{seed}.{number}.1",
        state=StudyState.EXCLUDED if excluded else StudyState.READY,
        reason_code="hand_cut_off" if excluded else "",
        sex=sex,
        sex_source=SexSource.HEADER if sex else None,
        chronological_age_months=months,
        age_source=AgeSource.DATES if months is not None else None,
        synthetic=True,
        received_at=START + timedelta(minutes=number),
    )


def _quality(chance: random.Random) -> list[dict[str, object]]:
    if chance.random() > 0.1:
        return []
    finding = {"code": chance.choice(["blurred", "turned", "metal"]), "severity": "warning", "value": 1.0}
    return [finding | {"threshold": 0.5, "message_en": "Look at it.", "message_zh": "请查看。"}]


def _box_sets(
    films: Sequence[Radiograph],
    chance: random.Random,
    shares: Mixture,
    labellers: Sequence[Person],
    reviewers: Sequence[Person],
) -> Iterator[BoxSet]:
    statuses = [BoxSetStatus.DRAFT, BoxSetStatus.SUBMITTED, BoxSetStatus.RETURNED, BoxSetStatus.ACCEPTED]
    weights = [shares.draft, shares.submitted, shares.returned, shares.accepted]
    for film in films:
        (status,) = chance.choices([*statuses, None], [*weights, max(0.0, 1 - sum(weights))])
        if status is None:
            continue
        decided = status in (BoxSetStatus.RETURNED, BoxSetStatus.ACCEPTED)
        yield BoxSet(
            radiograph=film,
            author=chance.choice(labellers),
            status=status,
            version=1,
            operation_count=17,
            submitted_at=None if status == BoxSetStatus.DRAFT else film.study.received_at + timedelta(days=1),
            decided_at=film.study.received_at + timedelta(days=2) if decided else None,
            decided_by=chance.choice(reviewers) if decided else None,
            return_reason="The ulna is too narrow." if status == BoxSetStatus.RETURNED else "",
        )


def _regions(box_sets: Sequence[BoxSet]) -> Iterator[RegionBox]:
    for box_set in box_sets:
        for index, region in enumerate(REGION_IDS):
            x0, y0 = 60.0 + 140 * (index % 6), 90.0 + 300 * (index // 6)
            yield RegionBox(
                box_set=box_set,
                region=region,
                state=RegionState.BOXED,
                origin=BoxOrigin.DRAWN,
                x0=x0,
                y0=y0,
                x1=x0 + 100,
                y1=y0 + 180,
                revision=1,
            )


def _consensuses(
    films: Sequence[Radiograph], chance: random.Random, shares: Mixture, protocol: Protocol, reviewers: Sequence[Person]
) -> Iterator[Consensus]:
    statuses = [ConsensusStatus.OPEN, ConsensusStatus.AGREED, ConsensusStatus.ADJUDICATING, ConsensusStatus.APPROVED]
    weights = [shares.read_once, shares.agreed, shares.adjudicating, shares.approved]
    for film in films:
        (status,) = chance.choices([*statuses, None], [*weights, max(0.0, 1 - sum(weights))])
        if status is None or film.study.sex is None:
            continue
        valued = status in (ConsensusStatus.AGREED, ConsensusStatus.APPROVED)
        approved = status == ConsensusStatus.APPROVED
        yield Consensus(
            radiograph=film,
            protocol=protocol,
            status=status,
            readers_required=2,
            tolerance_months=12.0,
            reads_claimed=1 if status == ConsensusStatus.OPEN else 2,
            difference_months=None if status == ConsensusStatus.OPEN else (4.0 if valued else 30.0),
            bone_age_months=122.0 if valued else None,
            origin=ConsensusOrigin.MEAN_OF_READS if valued else None,
            approved_by=chance.choice(reviewers) if approved else None,
            approved_at=film.study.received_at + timedelta(days=9) if approved else None,
        )


def _reads(
    consensuses: Sequence[Consensus], chance: random.Random, protocol: Protocol, readers: Sequence[Person]
) -> Iterator[Read]:
    for consensus in consensuses:
        apart = 30.0 if consensus.status == ConsensusStatus.ADJUDICATING else 4.0
        for number, reader in enumerate(chance.sample(list(readers), consensus.reads_claimed)):
            yield Read(
                radiograph=consensus.radiograph,
                reader=reader,
                protocol=protocol,
                method=protocol.method,
                edition=protocol.edition,
                status=ReadStatus.SUBMITTED,
                bone_age_months=120.0 + number * apart,
                submitted_at=consensus.radiograph.study.received_at + timedelta(days=3),
            )


def _look_again() -> None:
    """Let the database count what it holds, as it would by itself after a while."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def main(arguments: list[str]) -> None:
    """Fill the database of the settings."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--studies", type=int, default=10_000)
    parser.add_argument("--boxes", type=int, default=0, help="so many box sets get their 17 regions")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(arguments)
    begun = time.perf_counter()
    seed_studies(chosen.studies, with_boxes=chosen.boxes, seed=chosen.seed)
    print(f"{chosen.studies} studies in {time.perf_counter() - begun:.1f} s, {connection.vendor}")


if __name__ == "__main__":
    main(sys.argv[1:])
