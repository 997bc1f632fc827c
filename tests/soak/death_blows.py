"""The blows of the death series: what is done to a site while a job is under way, and how the job has to end then."""

import contextlib
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.factories.http import ApiError

if TYPE_CHECKING:
    from tests.soak.deaths import World

FROZEN_SECONDS = 9.0
"""Longer than the lease of the series: the run is another's when the worker wakes."""


@dataclass(frozen=True)
class Blow:
    """What is done, and what may come of it.

    Attributes:
        ends: statuses in which the run may end.
        attempts: how often it may have been tried. Each is struck once: a second attempt comes of a death alone.
    """

    name: str
    strike: Callable[["World", str], None]
    ends: frozenset[str] = field(default=frozenset({"succeeded"}))
    attempts: frozenset[int] = field(default=frozenset({1, 2}))

    def faults(self, run: dict[str, Any]) -> list[str]:
        """What is wrong with how the run ended."""
        wrong = []
        if run["status"] not in self.ends:
            wrong.append(f"it {run['status']} ({run['error']}), and not {' or '.join(sorted(self.ends))}")
        if run["status"] == "succeeded" and run["attempt"] not in self.attempts:
            wrong.append(f"it took {run['attempt']} attempts")
        return wrong


def _worker_for(site: "World", run: str) -> int | None:
    """The worker of the run's queue, whether it has the run already or not; None in the second without one."""
    queue = "gpu" if site.caller.get(f"/runs/{run}")["kind"] == "train" else "cpu"
    return next((pid for pid, line in site.served.processes().items() if f"--queues {queue}" in line), None)


def _send(pid: int | None, number: signal.Signals) -> None:
    if pid is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def _kill_worker(site: "World", run: str) -> None:
    _send(_worker_for(site, run), signal.SIGKILL)


def _freeze_worker(site: "World", run: str) -> None:
    pid = _worker_for(site, run)
    _send(pid, signal.SIGSTOP)
    time.sleep(FROZEN_SECONDS)
    _send(pid, signal.SIGCONT)


def _power_cut(site: "World", run: str) -> None:
    site.served.kill_all()
    _start_again(site)


def _restart(site: "World", run: str) -> None:
    site.served.stop()
    _start_again(site)


def _start_again(site: "World") -> None:
    site.served.start()
    site.served.wait_until_alive(200)


def _kill_web(site: "World", run: str) -> None:
    for pid, line in site.served.processes().items():
        if "gunicorn" in line:
            _send(pid, signal.SIGKILL)
    site.served.wait_until_alive(200)


def _cancel(site: "World", run: str) -> None:
    with contextlib.suppress(ApiError):  # it has ended this moment
        site.caller.post(f"/runs/{run}/cancel")


def _cancel_and_kill(site: "World", run: str) -> None:
    _cancel(site, run)
    _kill_worker(site, run)


_OR_CANCELLED = frozenset({"succeeded", "cancelled"})
BLOWS = (
    Blow("kill the worker", _kill_worker),
    Blow("kill everything", _power_cut),
    Blow("restart", _restart),
    Blow("kill the web", _kill_web, attempts=frozenset({1})),
    Blow("cancel", _cancel, ends=_OR_CANCELLED, attempts=frozenset({1})),
    Blow("cancel, then kill", _cancel_and_kill, ends=_OR_CANCELLED),
    Blow("freeze the worker", _freeze_worker),
)
