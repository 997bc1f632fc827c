"""A real site for long runs: a data folder, and the web server with the command of ``manage.py serve``."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from tests.prepared import put_databases
from tests.services.ports import free_port

PASSWORD = "a-long-sentence-9"
START_WITHIN_SECONDS = 60.0
LOG = "log of the server: "

_SET_UP = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
"""
_WEB_COMMAND = """
import django, json; django.setup()
from boneage_web.env import environment as e
from boneage_web.runs.programs import programs
every = programs(bind=f"{e.bind_address}:{e.port}", web_processes=e.web_processes, web_threads=e.web_threads,
                 worker_threads=1, gate_processes=0)
print(json.dumps(next(each.command for each in every if each.name == "web server")))
"""


class WebSite:
    """A data folder with a database, and a web server that can be killed and started again."""

    def __init__(self, folder: Path, *, database_url: str = "", settings: str = "boneage_web.settings.dev") -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("BONEAGE_")}
        self.environment = inherited | {
            "BONEAGE_DATA_DIR": str(folder),
            "BONEAGE_PORT": str(self.port),
            "DJANGO_SETTINGS_MODULE": settings,
        }
        if database_url:
            self.environment["BONEAGE_DATABASE_URL"] = database_url
            self.run(_SET_UP)
        else:
            put_databases(folder)
        self._command = json.loads(self.run(_WEB_COMMAND))
        self._server: subprocess.Popen[bytes] | None = None

    @property
    def database(self) -> Path:
        """The SQLite file, where the site has no other database."""
        return self.folder / "db.sqlite3"

    @property
    def server_pid(self) -> int:
        """Process id of the web server's master."""
        assert self._server is not None
        return self._server.pid

    def run(self, program: str, *arguments: str) -> str:
        """A Python program inside the site; returns what it printed. Raises RuntimeError with its last words."""
        command = [sys.executable, "-c", program, *arguments]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(done.stderr[-3000:])
        return done.stdout

    def start(self) -> None:
        """Start the web server and wait until it answers."""
        log = (self.folder / "web.log").open("ab")
        self._server = subprocess.Popen(
            self._command, env=self.environment, stdout=log, stderr=log, start_new_session=True
        )
        log.close()
        deadline = time.monotonic() + START_WITHIN_SECONDS
        while not self._answers():
            if self._server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the web server does not answer; see {self.folder / 'web.log'}")
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/api/v1/health", timeout=5):
                return True
        except OSError:
            return False

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
        """End the web server, if it runs, as a person would."""
        if self._server is None:
            return
        self._server.send_signal(signal.SIGTERM)
        try:
            self._server.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(self._server.pid, signal.SIGKILL)
            self._server.wait()
        self._server = None
