"""A real site for long runs: a data folder, and the web server with the command of ``manage.py serve``."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import requests

from boneage_web.env import read_environment
from boneage_web.runs.programs import Program, programs
from tests.prepared import put_databases, put_demonstration
from tests.services.ports import free_port

PASSWORD = "a-long-sentence-9"
START_WITHIN_SECONDS = 60.0
STOP_WITHIN_SECONDS = 20.0
LOG = "log of the server: "

_SET_UP = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
"""


class WebSite:
    """A data folder with a database, and a web server that can be killed and started again.

    ``beside`` names what else of ``manage.py serve`` runs beside it (`boneage_web/runs/programs.py`); in
    ``demonstration`` the accounts of one are there, and the shipped model.
    """

    def __init__(
        self, folder: Path, *, database_url: str = "", beside: Sequence[str] = (), demonstration: bool = False
    ) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("BONEAGE_")}
        self.environment = inherited | {
            "BONEAGE_DATA_DIR": str(folder),
            "BONEAGE_PORT": str(self.port),
            "DJANGO_SETTINGS_MODULE": "boneage_web.settings.dev",
        }
        if database_url:
            self.environment["BONEAGE_DATABASE_URL"] = database_url
            self.run(_SET_UP)
        elif demonstration:
            self.environment["BONEAGE_DEMONSTRATION"] = "1"
            put_demonstration(folder)
        else:
            put_databases(folder)
        known = self._programs()
        self._web = known["web server"]
        self._beside = [known[name] for name in beside]
        self._server: subprocess.Popen[bytes] | None = None
        self._others: list[subprocess.Popen[bytes]] = []

    def _programs(self) -> dict[str, Program]:
        """What ``manage.py serve`` would start here, by name."""
        environment = read_environment({k: v for k, v in self.environment.items() if k.startswith("BONEAGE_")})
        every = programs(
            bind=f"{environment.bind_address}:{environment.port}",
            web_processes=environment.web_processes,
            web_threads=environment.web_threads,
            worker_threads=environment.worker_threads,
            gate_processes=environment.gate_processes,
        )
        return {program.name: program for program in every}

    @property
    def database(self) -> Path:
        """The SQLite file, where the site has no other database."""
        return self.folder / "db.sqlite3"

    def run(self, program: str, *arguments: str) -> str:
        """A Python program inside the site; returns what it printed. Raises RuntimeError with its last words."""
        command = [sys.executable, "-c", program, *arguments]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(done.stderr[-3000:])
        return done.stdout

    def start(self) -> None:
        """Start the web server, and what is beside it, and wait until it answers and its worker lives."""
        self._others = self._others or [self._begin(program) for program in self._beside]
        self._server = self._begin(self._web)
        worker = any(program.is_worker for program in self._beside)
        deadline = time.monotonic() + START_WITHIN_SECONDS
        while not self._answers(worker=worker):
            ended = any(each.poll() is not None for each in (self._server, *self._others))
            if ended or time.monotonic() > deadline:
                raise RuntimeError("\n".join(["the site does not answer", *self.last_words()]))
            time.sleep(0.05)

    def _begin(self, program: Program) -> subprocess.Popen[bytes]:
        with (self.folder / "web.log").open("ab") as log:
            return subprocess.Popen(
                program.command, env={**self.environment, **program.environment}, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip

    def _answers(self, *, worker: bool) -> bool:
        try:
            answer = requests.get(f"{self.url}/api/v1/health", timeout=5)
        except requests.RequestException:  # not there yet, or busy with its first request
            return False
        return answer.ok and (answer.json()["worker"]["alive"] or not worker)

    def last_words(self) -> list[str]:
        """The end of the server's log."""
        lines = (self.folder / "web.log").read_text(errors="replace").splitlines()
        return [f"{LOG}{line}" for line in lines[-12:]]

    def kill(self) -> None:
        """``kill -9`` of the web server, master and workers at once."""
        assert self._server is not None
        os.killpg(self._server.pid, signal.SIGKILL)
        self._server.wait()
        self._server = None

    def stop(self) -> None:
        """End what runs, as a person would."""
        running = [each for each in (self._server, *self._others) if each is not None]
        for each in running:
            each.send_signal(signal.SIGTERM)
        for each in running:
            try:
                each.wait(timeout=STOP_WITHIN_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(each.pid, signal.SIGKILL)
                each.wait()
        self._server, self._others = None, []
