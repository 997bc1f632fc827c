"""`manage.py serve` with real processes, that can be killed as a whole and started again."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import requests

from tests.services.ports import free_port

ROOT = Path(__file__).resolve().parents[2]


class Served:
    """An application under its supervisor."""

    def __init__(self, data_dir: Path, *flags: str, **variables: str) -> None:
        self.data_dir, self.port = data_dir, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = data_dir / "serve.log"
        environment = {
            k: v for k, v in os.environ.items() if k not in ("DJANGO_SETTINGS_MODULE", "BONEAGE_DATABASE_URL")
        }
        self.flags = flags
        environment |= {
            "BONEAGE_DATA_DIR": str(data_dir),
            "BONEAGE_PORT": str(self.port),
            "BONEAGE_WEB_PROCESSES": "1",
            "BONEAGE_SWEEP_SECONDS": "1",
            **variables,
        }
        self.environment = environment
        self.start()

    def start(self) -> None:
        """Start the supervisor; it need not be ready yet."""
        with self.log.open("ab") as sink:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve", *self.flags],
                cwd=ROOT,
                env=self.environment,
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

    def kill_all(self) -> None:
        """``kill -9`` of every process at once, as when the power goes."""
        self.process.kill()
        for pid in self.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        """End it as a person would; the supervisor's exit status."""
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
