"""`manage.py serve` with real processes: it starts, survives the death of a worker, and leaves nothing behind."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from boneage_web.runs import bell
from boneage_web.runs.kinds import RunKind
from boneage_web.runs.models import Worker
from boneage_web.runs.services import lease as leases
from boneage_web.runs.services.ledger import create_run
from boneage_web.runs.supervisor import SILENT_SECONDS, Program, Supervisor
from tests.factories.http import Caller
from tests.prepared import put_databases
from tests.soak.served import ROOT, Served, until

LEARNING_LIBRARIES = ("tensorflow", "xgboost", "keras", "sklearn")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """From an empty folder; a death is noticed sooner than on a site."""
    one = Served(tmp_path, "--demonstration", BONEAGE_LEASE_SECONDS="6")
    yield one
    if one.process.poll() is None:
        one.process.kill()
    for pid in one.processes():
        os.kill(pid, signal.SIGKILL)


@pytest.mark.timeout(240)  # about 25 s alone; six Python processes start in it, so a loaded machine takes longer
def test_it_serves_survives_a_dead_worker_and_ends_without_a_trace(served: Served) -> None:
    served.wait_until_alive()
    researcher = Caller(served.url, "researcher")

    def run() -> dict[str, Any]:
        return dict(researcher.get("/runs", kind="demonstration")["results"][0])

    until(lambda: run()["done"] >= 1, 60, served.log)
    before = run()
    assert (before["status"], before["attempt"]) == ("running", 1)

    web = [pid for pid, line in served.processes().items() if "gunicorn" in line]
    for pid in web:
        mapped = Path(f"/proc/{pid}/maps").read_text()
        assert not [name for name in LEARNING_LIBRARIES if f"/{name}/" in mapped]

    worker = next(pid for pid, line in served.processes().items() if "--queues cpu" in line)
    os.kill(worker, signal.SIGKILL)
    again = until(lambda: (row := run())["attempt"] == 2 and row["status"] == "running" and row, 60, served.log)
    assert again["id"] == before["id"]
    assert worker not in served.processes()

    cancelled = researcher.post(f"/runs/{again['id']}/cancel")
    assert cancelled["cancel_requested"] is True
    assert researcher.finished_run(again["id"])["status"] == "cancelled"

    second = subprocess.run(
        [sys.executable, "manage.py", "serve"],
        cwd=ROOT,
        env=served.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert second.returncode != 0
    assert "Another `serve`" in second.stderr

    assert served.stop() == 0
    assert served.processes() == {}
    assert served.url in served.log.read_text()
    assert "boneage-demo" in served.log.read_text()


@pytest.mark.redis
@pytest.mark.timeout(240)
def test_jobs_ring_through_redis(tmp_path: Path) -> None:
    put_databases(tmp_path)
    served = Served(tmp_path, "--demonstration", BONEAGE_REDIS_URL=os.environ["BONEAGE_REDIS_URL"])
    try:
        served.wait_until_alive()
        researcher = Caller(served.url, "researcher")
        runs = until(lambda: researcher.get("/runs", kind="demonstration")["results"], 30, served.log)
        until(lambda: researcher.get(f"/runs/{runs[0]['id']}")["done"] >= 1, 60, served.log)
        assert not list((tmp_path / "celery" / "messages").glob("*")), "nothing went through files"
        assert researcher.post(f"/runs/{runs[0]['id']}/cancel")["cancel_requested"] is True
        assert researcher.finished_run(runs[0]["id"])["status"] == "cancelled"
        assert served.stop() == 0
    finally:
        for pid in served.processes():
            os.kill(pid, signal.SIGKILL)


@pytest.mark.timeout(120)
def test_a_killed_supervisor_takes_its_children_with_it(tmp_path: Path) -> None:
    put_databases(tmp_path)
    served = Served(tmp_path)
    try:
        served.wait_until_alive()
        served.process.kill()
        served.process.wait()
        until(lambda: not served.processes(), 40, served.log)
    finally:
        for pid in served.processes():
            os.kill(pid, signal.SIGKILL)


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_lives_and_stands_still_is_ended_and_its_run_taken_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bell.application, "send_task", lambda *args, **how: None)
    supervisor = Supervisor((Program("worker", ("sleep", "60"), is_worker=True),), say=lambda line: None)
    child = supervisor.children[0]
    supervisor._tend(child)
    assert child.process is not None
    name, run, now = (
        f"{socket.gethostname()}:{child.process.pid}",
        create_run(kind=RunKind.INFER, parameters={}, requested_by=None),
        timezone.now(),
    )
    leases.claim(run_id=run.pk, worker=name)
    try:
        Worker.objects.create(name=name, queues="cpu", started_at=now, seen_at=now)
        child.listen_not_before = 0.0
        supervisor._tend(child)
        assert child.process.poll() is None, "it was heard of just now"
        Worker.objects.update(seen_at=now - timedelta(seconds=SILENT_SECONDS + 1))
        child.listen_not_before = 0.0
        supervisor._tend(child)
        assert child.process.poll() is None, "the machine may have slept"
        child.listen_not_before = 0.0
        supervisor._tend(child)
        assert child.process.wait(timeout=10) == -signal.SIGKILL
        supervisor._tend(child)
    finally:
        child.send(signal.SIGKILL)
    run.refresh_from_db()
    assert (run.status, run.attempt) == ("queued", 1)


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        environment = {**os.environ, "BONEAGE_DATA_DIR": str(tmp_path), "BONEAGE_PORT": str(port)}
        environment.pop("DJANGO_SETTINGS_MODULE", None)
        command = [sys.executable, "manage.py", "serve"]
        refused = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert refused.returncode != 0
    assert f"Port {port} cannot be used" in refused.stderr


def test_a_web_process_loads_no_learning_library(tmp_path: Path) -> None:
    """After every address was resolved and health and schema were answered, none of them is among the modules."""
    program = f"""
import sys
import boneage_web.wsgi
from django.test import Client
from django.conf import settings
settings.ALLOWED_HOSTS = ["testserver"]
for path in ("/api/v1/health", "/api/v1/session", "/api/v1/schema", "/api/v1/runs", "/"):
    Client().get(path)
loaded = [name for name in {LEARNING_LIBRARIES!r} if name in sys.modules]
print("loaded:", loaded)
"""
    put_databases(tmp_path)
    environment = {**os.environ, "BONEAGE_DATA_DIR": str(tmp_path)}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    environment.pop("BONEAGE_DATABASE_URL", None)
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.stdout.strip().endswith("loaded: []"), done.stdout + done.stderr
