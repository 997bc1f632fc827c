"""Progress of a job, bound to its row: at most one write a second, a heartbeat that goes on by itself, and the stop."""

import contextlib
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.db import Error as DatabaseError
from django.db import connection

from boneage_web.runs.run_log import append_to_log, publish_log
from boneage_web.runs.services.lease import NOTE_LENGTH, Lease, LeaseLost, WorkerStopping
from inference.progress import Cancelled, Progress

WRITE_EVERY_SECONDS = 1.0
PUBLISH_EVERY_BEATS = 10
CURVE_POINTS = 400
"""A longer curve loses every second point; what is shown has no more pixels than that."""
TOO_EARLY_PERCENT = 2.0
"""Below this share an estimate of the rest would be a guess."""

worker_is_stopping = threading.Event()
"""Set by the worker's signal handler; every job of the process then stops at its next progress."""


class BoundProgress:
    """An `OnProgress` that writes to a run and raises Cancelled when the run is to stop.

    Args:
        lease: the right to write.
        log_path: file that takes the notes.
        plan: phase -> its share of the work, in order; what is not in the plan moves no bar.
        curve: what an attempt before this one had measured; of it stays what lies before the first new point.
    """

    def __init__(
        self,
        lease: Lease,
        *,
        log_path: Path,
        plan: Mapping[str, float],
        curve: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        self.lease = lease
        self.log_path = log_path
        self.plan = dict(plan)
        self.curve: list[dict[str, Any]] = [dict(point) for point in curve]
        self._started = self._written = time.monotonic()
        self._stride = self._seen = 0
        self._farthest = 0.0
        self._began_at: float | None = None
        self._note = ""
        self._last: Progress | None = None
        self._stop: type[Cancelled] | None = None

    def __call__(self, progress: Progress) -> None:
        """Take one report. Raises Cancelled, LeaseLost or WorkerStopping."""
        self.check()
        self._log(progress)
        self._add_to_curve(progress)
        now = time.monotonic()
        if now - self._written >= WRITE_EVERY_SECONDS or self._last is None or progress.phase != self._last.phase:
            self._written = now
            self._last = progress
            self._write(progress)

    def check(self) -> None:
        """Raise if the run is to stop."""
        if worker_is_stopping.is_set():
            raise WorkerStopping(str(self.lease.run_id))
        if self._stop is not None:
            raise self._stop(str(self.lease.run_id))

    def percent_of(self, progress: Progress) -> float | None:
        """Share of the whole work that is done, 0 to 100; None in a phase that is not planned."""
        if progress.phase not in self.plan:
            return None
        before = 0.0
        for phase, share in self.plan.items():
            if phase == progress.phase:
                part = min(1.0, progress.done / progress.total) if progress.total else 0.0
                return 100.0 * (before + share * part) / sum(self.plan.values())
            before += share
        return None

    def _write(self, progress: Progress) -> None:
        values: dict[str, Any] = {
            "phase": progress.phase[:64],
            "done": max(0, progress.done),
            "total": max(0, progress.total),
            "note": self._note[:NOTE_LENGTH],
            "curve": self.curve,
        }
        percent = self.percent_of(progress)
        if percent is not None:
            percent = self._farthest = max(self._farthest, percent)  # a phase may come twice; a bar does not go back
            values["percent"] = min(99.9, percent)
            values["eta_seconds"] = self._left_seconds(percent)
        self.lease.write(**values)

    def _left_seconds(self, percent: float) -> float | None:
        """What is left, at the pace of this attempt: one that goes on from a checkpoint begins far along the bar."""
        if self._began_at is None:
            self._began_at, self._started = percent, time.monotonic()
        done = percent - self._began_at
        return (time.monotonic() - self._started) * (100 - percent) / done if done > TOO_EARLY_PERCENT else None

    def _log(self, progress: Progress) -> None:
        if progress.note and progress.note != self._note:
            self._note = progress.note
            append_to_log(self.log_path, f"{progress.phase} {progress.done}/{progress.total} {progress.note}")

    def _add_to_curve(self, progress: Progress) -> None:
        if not progress.values:
            return
        self._seen += 1
        if self._stride > 1 and self._seen % self._stride:
            return
        self._drop_what_comes_again(progress)
        self.curve.append({"step": progress.done, "phase": progress.phase, **progress.values})
        if len(self.curve) > CURVE_POINTS:
            self.curve = self.curve[::2]
            self._stride = max(1, self._stride) * 2

    def _drop_what_comes_again(self, progress: Progress) -> None:
        """Points of an attempt before, from the first one that is measured anew."""
        for place, point in enumerate(self.curve):
            if point["phase"] == progress.phase and point["step"] >= progress.done:
                del self.curve[place:]
                return

    @contextlib.contextmanager
    def alive(self) -> Iterator[None]:
        """Keep the heartbeat going from a thread of its own, also while a step takes long, until the block ends."""
        ended = threading.Event()
        thread = threading.Thread(target=self._beat, args=(ended,), name=f"heartbeat-{self.lease.run_id}", daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()

    def _beat(self, ended: threading.Event) -> None:
        beats = 0
        try:
            while not ended.wait(WRITE_EVERY_SECONDS):
                beats += 1
                if beats % PUBLISH_EVERY_BEATS == 0:
                    publish_log(self.log_path)
                try:
                    self.lease.write()
                    if self.lease.cancel_requested():
                        self._stop = Cancelled
                except LeaseLost:
                    self._stop = LeaseLost
                    return
                except DatabaseError:
                    connection.close()  # the next beat tries anew; when none gets through, the lease runs out
        finally:
            connection.close()
