"""One command that runs everything: web server and workers, each started again when it dies, all ended together."""

import ctypes
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType

from django.db import Error as DatabaseError
from django.db import connection

from boneage_web.runs.programs import Program
from boneage_web.runs.selectors import is_silent
from boneage_web.runs.services.sweep import requeue_of_worker

logger = logging.getLogger(__name__)
FIRST_WAIT_SECONDS = 1.0
LONGEST_WAIT_SECONDS = 30.0
HEALTHY_AFTER_SECONDS = 30.0
"""A child that lived this long starts again at once; one that died sooner waits twice as long each time."""
GRACE_SECONDS = 12.0
LOOK_EVERY_SECONDS = 0.2
LISTEN_EVERY_SECONDS = 15.0
SILENT_SECONDS = 300.0
"""A worker that lives and says nothing for so long stands still for ever: libraries have been seen to. Loading them on
an overloaded machine took two minutes and a half."""
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def _die_with_parent() -> None:
    """In the child, before its program: Linux sends it SIGTERM when the supervisor is gone, even killed."""
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


class Child:
    """A running program, and when it may be started again after its death."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.process: subprocess.Popen[bytes] | None = None
        self.started_at = 0.0
        self.start_not_before = 0.0
        self.wait_seconds = FIRST_WAIT_SECONDS
        self.listen_not_before = 0.0
        self.was_silent = False

    def start(self) -> None:
        """Start in a session of its own: a terminal's Ctrl-C reaches the supervisor alone, which ends all in order."""
        self.started_at = time.monotonic()
        self.was_silent = False
        self.process = subprocess.Popen(  # noqa: S603  # our own programs, no shell
            self.program.command,
            env={**os.environ, **self.program.environment},
            start_new_session=True,
            preexec_fn=_die_with_parent,
        )

    def look(self) -> int | None:
        """Exit status if the child died since the last look; it is then due again after its wait."""
        if self.process is None or self.process.poll() is None:
            return None
        status, self.process = self.process.returncode, None
        lived = time.monotonic() - self.started_at
        self.wait_seconds = (
            FIRST_WAIT_SECONDS if lived > HEALTHY_AFTER_SECONDS else min(LONGEST_WAIT_SECONDS, self.wait_seconds * 2)
        )
        self.start_not_before = time.monotonic() + self.wait_seconds / 2
        return status

    def send(self, number: signal.Signals) -> None:
        """A signal to the child, or to its whole session when it is to be killed."""
        if self.process is not None and self.process.poll() is None:
            if number is signal.SIGKILL:
                os.killpg(self.process.pid, number)
            else:
                self.process.send_signal(number)


class Supervisor:
    """Keeps children alive until it is told to stop."""

    def __init__(self, programs: tuple[Program, ...], *, say: Callable[[str], None] = print) -> None:
        self.children = [Child(program) for program in programs]
        self.say = say
        self.stopping = threading.Event()

    def run(self) -> None:
        """Start all children and stay until SIGINT or SIGTERM; then end them all. Call it from the main thread."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        try:
            while not self.stopping.is_set():
                for child in self.children:
                    self._tend(child)
                self.stopping.wait(LOOK_EVERY_SECONDS)
        finally:
            self._end_all()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.stopping.set()

    def _tend(self, child: Child) -> None:
        pid = child.process.pid if child.process else None
        status = child.look()
        if status is not None:
            self.say(f"{child.program.name} ended with status {status}; it is started again.")
            if child.program.is_worker:
                self._free_runs_of(f"{socket.gethostname()}:{pid}")
        elif child.program.is_worker and pid is not None and time.monotonic() >= child.listen_not_before:
            child.listen_not_before = time.monotonic() + LISTEN_EVERY_SECONDS
            self._end_if_silent(child, f"{socket.gethostname()}:{pid}")
        if child.process is None and time.monotonic() >= child.start_not_before:
            child.start()

    def _end_if_silent(self, child: Child, worker: str) -> None:
        """One that stands still takes no signal but this; it is then tended like any that died.

        It is asked about twice: after a machine slept, or its database was away, every worker was silent for long.
        """
        try:
            silent = is_silent(worker, SILENT_SECONDS)
        except DatabaseError:  # a database that is away says nothing about workers
            return
        finally:
            connection.close()
        if silent and child.was_silent:
            self.say(f"{child.program.name} gave no sign of life for {SILENT_SECONDS:.0f} s; it is ended.")
            child.send(signal.SIGKILL)
        child.was_silent = silent

    def _free_runs_of(self, worker: str) -> None:
        try:
            requeue_of_worker(worker)
        except Exception:  # the database may be away; then the sweep of a worker finds the runs by their heartbeat
            logger.exception("the runs of %s could not be freed now", worker)

    def _end_all(self) -> None:
        for child in self.children:
            child.send(signal.SIGTERM)
        deadline = time.monotonic() + GRACE_SECONDS
        while any(child.process and child.process.poll() is None for child in self.children):
            if time.monotonic() > deadline:
                for child in self.children:
                    child.send(signal.SIGKILL)
                deadline = float("inf")
            time.sleep(0.05)
        self.say("Everything has stopped.")
