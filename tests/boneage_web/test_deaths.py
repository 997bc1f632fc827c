"""Workers die, the power goes, people cancel: three moments of `python -m tests.soak.deaths`, with real processes."""

from collections.abc import Iterator

import pytest

from tests.soak.death_blows import BLOWS
from tests.soak.death_jobs import JOBS
from tests.soak.deaths import World, live_through, world

pytestmark = [pytest.mark.once, pytest.mark.timeout(300)]  # half a minute alone; a served site on a busy machine


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("deaths"), films=20, seed=5) as site:
        yield site


@pytest.mark.parametrize(
    ("job", "stage", "blow"),
    [("infer", "infer", "kill the worker"), ("export", "pictures", "cancel"), ("infer", "", "kill everything")],
)
def test_nothing_is_stuck_twice_or_half_written(site: World, job: str, stage: str, blow: str) -> None:
    wanted = next(one for one in JOBS if one.name == job)
    end = live_through(site, wanted, next(one for one in BLOWS if one.name == blow), stage=stage)
    assert end.faults == []


def test_a_run_that_ends_wrongly_would_be_seen() -> None:
    kill = next(one for one in BLOWS if one.name == "kill the web")
    assert kill.faults({"status": "succeeded", "attempt": 1, "error": None}) == []
    assert len(kill.faults({"status": "succeeded", "attempt": 2, "error": None})) == 1
    assert len(kill.faults({"status": "cancelled", "attempt": 1, "error": None})) == 1
