"""Workers die, the power goes, people cancel: four moments of `python -m tests.soak.deaths`, with real processes."""

from collections.abc import Iterator

import pytest

from tests.soak.death_blows import BLOWS
from tests.soak.death_exports import EXPORTS, Sent, faults_of_download
from tests.soak.death_jobs import JOBS
from tests.soak.deaths import World, live_through, live_through_export, world

pytestmark = [pytest.mark.once, pytest.mark.timeout(300)]  # half a minute alone; a served site on a busy machine


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("deaths"), films=20, seed=5) as site:
        yield site


@pytest.mark.parametrize(
    ("job", "stage", "blow"),
    [("infer", "infer", "kill the worker"), ("freeze", "pictures", "cancel"), ("infer", "", "kill everything")],
)
def test_nothing_is_stuck_twice_or_half_written(site: World, job: str, stage: str, blow: str) -> None:
    wanted = next(one for one in JOBS if one.name == job)
    end = live_through(site, wanted, next(one for one in BLOWS if one.name == blow), stage=stage)
    assert end.faults == []


def test_half_a_download_never_passes_for_a_whole_one(site: World) -> None:
    download = next(one for one in EXPORTS if one.name == "download")
    assert live_through_export(site, download).faults == []


def test_a_half_download_that_passed_for_a_whole_one_would_be_seen() -> None:
    path, file = "/exports/studies?format=csv", b"study,sex\r\n1,F\r\n"
    whole = Sent(file, len(file), whole=True)
    assert faults_of_download(path, Sent(file[:7], len(file), whole=False), whole) == []
    assert faults_of_download(path, whole, whole) == []
    assert len(faults_of_download(path, Sent(file[:7], 7, whole=True), whole)) == 1
    assert len(faults_of_download(path, Sent(b"other", len(file)), whole)) == 1
    assert len(faults_of_download(path, whole, Sent(file[:7], len(file)))) >= 1
    boxes = "/exports/boxes?format=voc"
    assert len(faults_of_download(boxes, Sent(), Sent(b"no zip", 6, whole=True))) == 1


def test_a_run_that_ends_wrongly_would_be_seen() -> None:
    kill = next(one for one in BLOWS if one.name == "kill the web")
    assert kill.faults({"status": "succeeded", "attempt": 1, "error": None}) == []
    assert len(kill.faults({"status": "succeeded", "attempt": 2, "error": None})) == 1
    assert len(kill.faults({"status": "cancelled", "attempt": 1, "error": None})) == 1
