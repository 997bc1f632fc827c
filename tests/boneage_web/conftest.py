"""What the tests of the roof share: drawn films taken in, labelled, read and approved through the true services."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from annotations.models import BoxSet, Consensus, Person, RegionBox, Study
from annotations.services.intake import receive
from annotations.services.protocols import present_protocol
from annotations.states import BoxOrigin, BoxSetStatus, ConsensusOrigin, ConsensusStatus, RegionState, RoleName
from inference.anatomy.regions import REGION_IDS
from tests.factories.people import make_person
from tests.factories.read_once import read_films_once
from training.phantom.cohort import DemoFilm, demo_cohort


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> Path:
    """Runs, snapshots, artifacts and films of a test lie in a folder of its own."""
    settings.DATA_DIR = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path / "objects"}},
    }
    (tmp_path / "quarantine").mkdir()
    return tmp_path


@pytest.fixture(autouse=True)
def films_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests take the same films in again and again; letters on them are looked for in ``tests/inference``."""
    read_films_once(monkeypatch.setattr)


@pytest.fixture
def client_of() -> Callable[[Person], Client]:
    """A signed-in browser."""

    def sign_in(person: Person) -> Client:
        client = Client()
        client.force_login(person, backend="boneage_web.site.signed_in.PersonBackend")
        return client

    return sign_in


@pytest.fixture(scope="session")
def drawn_films() -> list[DemoFilm]:
    """Small drawn films, all with a sex in the header; on smaller ones the name lies across fingertips."""
    return [film for film in demo_cohort(7, 10, size=(480, 360)) if film.sex_in_header]


def take_in(film: DemoFilm) -> Study:
    """The study that the intake made of a drawn film."""
    outcome = receive(data=film.data, filename=film.filename, by=None)
    assert outcome.study is not None, outcome
    return Study.objects.get(pk=outcome.study)


def accept_boxes(study: Study, film: DemoFilm, *, author: Person, reviewer: Person) -> BoxSet:
    """The film's exact boxes as an accepted box set."""
    radiograph = study.radiographs.get(for_reading=True)
    now = timezone.now()
    box_set = BoxSet.objects.create(
        radiograph=radiograph,
        author=author,
        status=BoxSetStatus.ACCEPTED,
        version=1,
        submitted_at=now,
        decided_at=now,
        decided_by=reviewer,
    )
    RegionBox.objects.bulk_create(
        RegionBox(
            box_set=box_set,
            region=region,
            state=RegionState.BOXED,
            origin=BoxOrigin.DRAWN,
            **dict(zip(("x0", "y0", "x1", "y1"), film.boxes[region], strict=True)),
        )
        for region in REGION_IDS
        if region in film.boxes
    )
    return box_set


def approve_age(study: Study, months: float, *, reviewer: Person) -> Consensus:
    """An approved bone age."""
    return Consensus.objects.create(
        radiograph=study.radiographs.get(for_reading=True),
        protocol=present_protocol(),
        status=ConsensusStatus.APPROVED,
        readers_required=2,
        tolerance_months=12,
        reads_claimed=2,
        difference_months=0,
        bone_age_months=months,
        origin=ConsensusOrigin.MEAN_OF_READS,
        approved_by=reviewer,
        approved_at=timezone.now(),
    )


@pytest.fixture
def researcher(db: None) -> Person:
    return make_person(f"researcher-{uuid4().hex[:6]}", RoleName.RESEARCHER)


@pytest.fixture
def reviewer(db: None) -> Person:
    return make_person("reviewer", RoleName.REVIEWER)
