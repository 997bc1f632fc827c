"""The commands of docker/compose.yml on a real PostgreSQL and Redis, from the first start to the last signal."""

import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.production.behind_proxy import ProxiedCaller
from tests.production.compose_files import DOCKER
from tests.production.native import Running, Site, is_confinable
from tests.services.ports import free_port
from tests.services.postgres import postgres
from training.phantom.cohort import DemoFilm, demo_cohort

PROGRAMS = ("web", "gate", "dicom-node", "worker-cpu", "worker-training")
PASSWORD = "a-long-sentence-9"
HOST = "boneage.hospital.example"
ASK_AGAIN_SECONDS = 2.0
"""Each question is a process of its own; asked without a pause, five of them keep from starting what they ask for."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    with postgres() as database_url:
        one = Site(
            folder,
            database_url=database_url,
            redis_port=free_port(),
            ports={"web": free_port(), "dicom": free_port()},
        )
        (folder / "make-secrets.sh").write_bytes((DOCKER / "make-secrets.sh").read_bytes())
        subprocess.run(["sh", folder / "make-secrets.sh"], check=True, capture_output=True)
        (one.secrets / "admin_password").write_text(f"{PASSWORD}\n")
        one.secrets.chmod(0o755)
        redis = one.start("redis")
        try:
            until(redis.is_healthy, 20, redis.log)
            yield one
            redis.stop()
            assert redis.ended_within(20) == 0
        finally:
            redis.kill()


def until(condition: Callable[[], Any], seconds: float, log: Path, every_seconds: float = 0.2) -> Any:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if value := condition():
            return value
        time.sleep(every_seconds)
    raise TimeoutError(log.read_text()[-3000:])


def rows(site: Site, statement: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(site.changes["postgresql://boneage@postgres:5432/boneage"]) as connection:
        return connection.execute(statement).fetchall()


def test_a_program_that_does_not_run_is_not_healthy(site: Site) -> None:
    for name in ("web", "worker-cpu", "dicom-node"):
        asked = site.run(name, ["python", "manage.py", "healthy", name])
        assert asked.returncode != 0, name
        assert "Error" in asked.stderr


@pytest.mark.timeout(400)  # about 40 s alone; ten Python processes start in it, so a loaded machine takes longer
def test_from_the_first_start_to_the_last_signal(site: Site) -> None:
    # two that prepare at once, as two machines might: one does, the other waits and finds it done
    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(lambda _: site.run("prepare"), range(2)))
    for done in both:
        assert done.returncode == 0, done.stdout + done.stderr
    assert sum("Bringing the database up to date" in done.stdout for done in both) == 1
    assert len(rows(site, "SELECT 1 FROM registry_modelversion WHERE status = 'active'")) == 1
    added = site.run(
        "web",
        ["python", "manage.py", "add_administrator", "chief", "--password-file", "/run/secrets/admin_password"],
    )
    assert added.returncode == 0, added.stderr

    running = [site.start(name) for name in PROGRAMS]
    try:
        with ThreadPoolExecutor(len(running)) as pool:
            list(pool.map(lambda one: until(one.is_healthy, 90, one.log, ASK_AGAIN_SECONDS), running))
        work(site, running)
    finally:
        for one in running:
            one.kill()


def work(site: Site, running: list[Running]) -> None:
    films = [film for film in demo_cohort(11, 8, size=(480, 360)) if film.sex_in_header][:6]
    url = f"http://127.0.0.1:{site.ports['web']}"
    chief = ProxiedCaller(url, HOST, "chief", PASSWORD)
    chief.post("/people", {
        "username": "mei", "display_name": "Mei", "password": PASSWORD, "roles": ["labeller", "researcher"],
    })  # fmt: skip
    mei = ProxiedCaller(url, HOST, "mei", PASSWORD)
    mei.post("/session/password", {"old": PASSWORD, "new": f"{PASSWORD}-own"})
    outcome = mei.upload(films[0].filename, films[0].data)
    assert outcome["outcome"] == "received", outcome
    worker = next(one for one in running if one.service == "worker-cpu")
    until(lambda: rows(site, "SELECT 1 FROM runs_run WHERE kind = 'infer' AND status = 'succeeded'"), 120, worker.log)
    assert rows(site, "SELECT count(*) FROM results_prediction") == [(1,)]

    # more films than can be worked off, then the signal: whatever was acknowledged is kept
    def hand_in(film: DemoFilm) -> str:
        return str(mei.call("POST", "/uploads", files={"file": (film.filename, film.data)}).json()["id"])

    with ThreadPoolExecutor(5) as pool:
        acknowledged = set(pool.map(hand_in, films[1:]))
    started = time.monotonic()
    for one in running:
        one.stop()
    statuses = {one.service: one.ended_within(45) for one in running}
    assert statuses == dict.fromkeys(PROGRAMS, 0), f"after {time.monotonic() - started:.0f} s"
    assert rows(site, "SELECT count(*) FROM runs_run WHERE status IN ('running', 'failed')") == [(0,)]

    assert site.run("gate", ["python", "manage.py", "gate", "--once"]).returncode == 0
    assert not list((site.data / "quarantine").glob("*.held"))
    recorded = {str(one) for (one,) in rows(site, "SELECT arrival FROM annotations_intakerecord")}
    assert acknowledged <= recorded
    for name, one in {one.service: one for one in running}.items():
        assert "Traceback" not in one.log.read_text(), f"{name}: {one.log.read_text()[-3000:]}"


def test_nothing_is_written_but_data_and_temporary_files(site: Site) -> None:
    if not is_confinable():
        pytest.skip("this machine does not let a test take rights away")
    refused = site.run("web", ["python", "-c", "open('written', 'w')"])
    assert "Read-only file system" in refused.stderr
    writes = "import os; print(os.geteuid(), open(os.environ['TMPDIR'] + '/x', 'w').name)"
    who = site.run("web", ["python", "-c", writes])
    assert who.stdout.split()[0] == "10001", who.stderr
