"""C-STORE from four associations at once, while somebody uses the web pages: how both fare.

The whole application is started as `make run` starts it (web server, gate, workers, DICOM node), on a data folder of
its own; dcmtk's ``storescu`` sends drawn films of 1500 x 1000 pixels at 16 bit, each another child's, from four
associations in parallel. All the while two addresses are asked again and again: the list of studies, signed in, and
the health.

    python -m tests.benchmarks dicom_store_load                            the short form, half a minute
    python -m tests.benchmarks.dicom_store_load --films 400 --until-empty  until the last film was taken in
    python -m tests.benchmarks.dicom_store_load --films 40 --repeats 20    a longer storm; a film sent again is known
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import requests

from tests.factories.http import Caller
from tests.services.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
ASSOCIATIONS = 4
DIFFERENT_PICTURES = 4
ASK_EVERY_SECONDS = 0.05
STARTS_WITHIN_SECONDS = 120.0
GOAL_P95_SECONDS = 0.5
"""Of both addresses under load: a page that answers later feels stuck. Our own goal; the issue says responsive."""

ADDRESSES = {"studies": "/studies", "health": "/health"}


def main(arguments: list[str]) -> None:
    """Print one JSON object."""
    parser = argparse.ArgumentParser(prog="dicom_store_load", description=__doc__)
    parser.add_argument("--films", type=int, default=48)
    parser.add_argument("--repeats", type=int, default=1, help="how often each film is sent; again, it is a duplicate")
    parser.add_argument("--idle-seconds", type=float, default=4.0)
    parser.add_argument(
        "--drain-seconds", type=float, default=8.0, help="how long to go on asking after the last store"
    )
    parser.add_argument("--until-empty", action="store_true", help="go on until no film waits")
    parser.add_argument("--rows", type=int, default=1500)
    parser.add_argument("--columns", type=int, default=1000)
    given = parser.parse_args(arguments)
    print(json.dumps(measure(**vars(given)), indent=1), flush=True)


def measure(
    *,
    films: int = 48,
    repeats: int = 1,
    rows: int = 1500,
    columns: int = 1000,
    idle_seconds: float = 4.0,
    drain_seconds: float = 8.0,
    until_empty: bool = False,
) -> dict[str, Any]:
    """Send films and ask the web server meanwhile.

    Returns:
        films, sent, associations, accepted (answered with Success), films_a_second accepted; p95_seconds_under_load
        of all web answers, beside its goal; web: for each address and phase (idle, storing, cleaning) the number of
        answers, how many were no success, and p50, p95 and longest in seconds; node_mb before and after; waiting and
        taken_in at the end; minutes_until_empty, or None.
    """
    folder = Path(tempfile.mkdtemp(prefix="boneage-load-"))
    try:
        batches = _written(folder / "films", films, rows, columns)
        with _served(folder / "data") as application:
            asked = _Asking(application.url)
            with asked:
                time.sleep(idle_seconds)
                node_mb = application.resident_mb("dicom_node")
                seconds, accepted = asked.during("storing", lambda: _stored(application.dicom_port, batches, repeats))
                began = time.monotonic()
                asked.during("cleaning", lambda: _drained(application, None if until_empty else drain_seconds))
                minutes = (time.monotonic() - began + seconds) / 60
            intake = application.administrator.get("/intake")
            return {
                "films": films,
                "sent": films * repeats,
                "rows": rows,
                "columns": columns,
                "associations": ASSOCIATIONS,
                "accepted": accepted,
                "films_a_second": round(accepted / seconds, 1),
                "p95_seconds_under_load": asked.p95_seconds("storing", "cleaning"),
                "goal_p95_seconds": GOAL_P95_SECONDS,
                "web": asked.summary(),
                "node_mb": [node_mb, application.resident_mb("dicom_node")],
                "waiting": intake["waiting"],
                "taken_in": {f"{one['result']}": one["count"] for one in intake["counts"]},
                "minutes_until_empty": round(minutes, 2) if intake["waiting"] == 0 else None,
                "load_average": round(os.getloadavg()[0], 1),
            }
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class _Asking(threading.Thread):
    """Somebody who asks both addresses in turn, and notes how long each answer took, and in which phase."""

    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        self.caller = Caller(url, "researcher")
        self.phase, self.ended = "idle", threading.Event()
        self.answers: list[tuple[str, str, float, bool]] = []

    def __enter__(self) -> None:
        self.start()

    def __exit__(self, *error: object) -> None:
        self.ended.set()
        self.join(60)

    def run(self) -> None:
        while not self.ended.is_set():
            for name, path in ADDRESSES.items():
                phase, began = self.phase, time.perf_counter()
                try:
                    ok = self.caller.session.get(self.caller.base_url + path, timeout=60).ok
                except requests.RequestException:
                    ok = False
                self.answers.append((phase, name, time.perf_counter() - began, ok))
            self.ended.wait(ASK_EVERY_SECONDS)

    def during(self, phase: str, work: Callable[[], Any]) -> Any:
        """Do something under the name of a phase."""
        self.phase = phase
        return work()

    def p95_seconds(self, *phases: str) -> float:
        """Over all answers of these phases."""
        seconds = [took for phase, _, took, _ in self.answers if phase in phases]
        return round(float(np.percentile(seconds, 95)), 3)

    def summary(self) -> dict[str, dict[str, dict[str, float]]]:
        """By address and phase."""
        found: dict[str, dict[str, dict[str, float]]] = {}
        for name in ADDRESSES:
            for phase in ("idle", "storing", "cleaning"):
                seconds = [took for when, what, took, _ in self.answers if (when, what) == (phase, name)]
                failed = sum(not ok for when, what, _, ok in self.answers if (when, what) == (phase, name))
                if seconds:
                    p50, p95 = np.percentile(seconds, (50, 95))
                    found.setdefault(name, {})[phase] = {
                        "answers": len(seconds),
                        "failed": failed,
                        "p50_seconds": round(float(p50), 3),
                        "p95_seconds": round(float(p95), 3),
                        "longest_seconds": round(max(seconds), 3),
                    }
        return found


class _Application:
    """The whole application under its supervisor."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir, self.port, self.dicom_port = data_dir, free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        data_dir.mkdir(parents=True)
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("BONEAGE_", "DJANGO_"))
        }
        environment |= {
            "BONEAGE_DATA_DIR": str(data_dir),
            "BONEAGE_PORT": str(self.port),
            "BONEAGE_DICOM_PORT": str(self.dicom_port),
            "BONEAGE_DICOM_ALLOWED_CALLERS": "LOAD@127.0.0.1",
        }
        with (data_dir / "serve.log").open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve", "--accounts-only"],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_until_it_answers(self) -> None:
        """Web server and node, both."""
        deadline = time.monotonic() + STARTS_WITHIN_SECONDS
        echo = ["echoscu", "-aet", "LOAD", "-aec", "BONEAGE", "127.0.0.1", str(self.dicom_port)]
        while time.monotonic() < deadline:
            try:
                alive = requests.get(f"{self.url}/api/v1/health", timeout=5).json()["worker"]["alive"]
            except requests.RequestException:
                alive = False
            if alive and subprocess.run(echo, capture_output=True, check=False).returncode == 0:
                self.administrator = Caller(self.url, "admin")
                return
            time.sleep(0.3)
        raise TimeoutError((self.data_dir / "serve.log").read_text()[-3000:])

    def resident_mb(self, command: str) -> int:
        """Resident memory of the child that runs this command."""
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                line, where = path.read_bytes(), (path.parent / "environ").read_bytes()
                if command.encode() in line and f"BONEAGE_DATA_DIR={self.data_dir}\0".encode() in where:
                    return int((path.parent / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") >> 20
            except OSError:
                continue
        return 0

    def stop(self) -> None:
        """As Ctrl-C does."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=60)


@contextmanager
def _served(data_dir: Path) -> Iterator[_Application]:
    application = _Application(data_dir)
    try:
        application.wait_until_it_answers()
        yield application
    finally:
        application.stop()


def _stored(port: int, batches: list[list[str]], repeats: int) -> tuple[float, int]:
    """Seconds until all associations have ended, and how many stores were answered with Success."""
    command = ["storescu", "-v", "--repeat", str(repeats), "-aet", "LOAD", "-aec", "BONEAGE", "127.0.0.1", str(port)]
    began = time.monotonic()
    senders = [
        subprocess.Popen([*command, *batch], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for batch in batches
    ]
    said = [sender.communicate()[0] for sender in senders]
    return time.monotonic() - began, sum(text.count("Received Store Response (Success)") for text in said)


def _drained(application: _Application, at_most_seconds: float | None) -> None:
    began = time.monotonic()
    while at_most_seconds is None or time.monotonic() - began < at_most_seconds:
        if application.administrator.get("/intake")["waiting"] == 0:
            return
        time.sleep(0.5)


def _written(folder: Path, films: int, rows: int, columns: int) -> list[list[str]]:
    """Films on the disk, in one batch for each association."""
    from training.phantom.patient import phantom_patient
    from training.phantom.phantom import render_phantom
    from training.phantom.wrap import phantom_dicom

    folder.mkdir(parents=True)
    pictures = [
        render_phantom(bone_age_months=60 + 30 * seed, sex="F", seed=seed, size=(rows, columns), mirrored=False)
        for seed in range(min(films, DIFFERENT_PICTURES))
    ]
    paths = []
    for number in range(films):
        patient = phantom_patient(seed=number, sex="F", chronological_age_months=120.0, study_date=date(2019, 4, 2))
        path = folder / f"{number}.dcm"
        path.write_bytes(phantom_dicom(pictures[number % len(pictures)], patient=patient))
        paths.append(str(path))
    return [paths[start::ASSOCIATIONS] for start in range(ASSOCIATIONS)]


if __name__ == "__main__":
    main(sys.argv[1:])
