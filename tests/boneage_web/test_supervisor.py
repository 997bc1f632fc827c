"""`manage.py serve` with real processes: it starts, survives the death of a worker, and leaves nothing behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.factories.http import Caller
from tests.services.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
LEARNING_LIBRARIES = ("tensorflow", "xgboost", "keras", "sklearn")


class Served:
    """An application under its supervisor."""

    def __init__(self, data_dir: Path, *flags: str, **variables: str) -> None:
        self.data_dir, self.port = data_dir, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = data_dir / "serve.log"
        environment = {
            k: v for k, v in os.environ.items() if k not in ("DJANGO_SETTINGS_MODULE", "BONEAGE_DATABASE_URL")
        }
        environment |= {
            "BONEAGE_DATA_DIR": str(data_dir),
            "BONEAGE_PORT": str(self.port),
            "BONEAGE_WEB_PROCESSES": "1",
            "BONEAGE_SWEEP_SECONDS": "1",
            **variables,
        }
        self.environment = environment
        with self.log.open("ab") as sink:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve", *flags],
                cwd=ROOT,
                env=environment,
                stdout=sink,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def health(self) -> dict[str, Any]:
        try:
            return dict(requests.get(f"{self.url}/api/v1/health", timeout=5).json())
        except requests.RequestException:
            return {}

    def wait_until_alive(self, seconds: float = 100) -> None:
        until(lambda: self.health().get("worker", {}).get("alive"), seconds, self.log)

    def processes(self) -> dict[int, str]:
        """Every process that works on this data folder: pid -> command line."""
        found = {}
        for folder in Path("/proc").iterdir():
            if not folder.name.isdigit():
                continue
            try:
                if f"BONEAGE_DATA_DIR={self.data_dir}\0".encode() in (folder / "environ").read_bytes() + b"\0":
                    found[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
        return {pid: line for pid, line in found.items() if line}

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=40)


def until(condition: Callable[[], Any], seconds: float, log: Path) -> Any:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(0.2)
    raise TimeoutError(log.read_text()[-3000:])


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    one = Served(tmp_path, "--demonstration")
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
    served = Served(tmp_path, "--demonstration", BONEAGE_REDIS_URL=os.environ["BONEAGE_REDIS_URL"])
    try:
        served.wait_until_alive()
        researcher = Caller(served.url, "researcher")
        runs = until(lambda: researcher.get("/runs", kind="demonstration")["results"], 30, served.log)
        until(lambda: researcher.get(f"/runs/{runs[0]['id']}")["done"] >= 1, 60, served.log)
        assert not list((tmp_path / "celery" / "messages").iterdir()), "nothing went through files"
        assert researcher.post(f"/runs/{runs[0]['id']}/cancel")["cancel_requested"] is True
        assert researcher.finished_run(runs[0]["id"])["status"] == "cancelled"
        assert served.stop() == 0
    finally:
        for pid in served.processes():
            os.kill(pid, signal.SIGKILL)


@pytest.mark.timeout(120)
def test_a_killed_supervisor_takes_its_children_with_it(tmp_path: Path) -> None:
    served = Served(tmp_path)
    try:
        served.wait_until_alive()
        served.process.kill()
        served.process.wait()
        until(lambda: not served.processes(), 40, served.log)
    finally:
        for pid in served.processes():
            os.kill(pid, signal.SIGKILL)


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
import django
from django.core.management import call_command
import boneage_web.wsgi
from django.test import Client
from django.conf import settings
settings.ALLOWED_HOSTS = ["testserver"]
call_command("migrate", verbosity=0)
for path in ("/api/v1/health", "/api/v1/session", "/api/v1/schema", "/api/v1/runs", "/"):
    Client().get(path)
loaded = [name for name in {LEARNING_LIBRARIES!r} if name in sys.modules]
print("loaded:", loaded)
"""
    environment = {**os.environ, "BONEAGE_DATA_DIR": str(tmp_path)}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    environment.pop("BONEAGE_DATABASE_URL", None)
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.stdout.strip().endswith("loaded: []"), done.stdout + done.stderr
