"""What a worker does with a run: take it, live, end it. Each write names the lease: a lost run is never written."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone

from boneage_web.runs.kinds import RunStatus
from boneage_web.runs.models import Run
from inference.progress import Cancelled

NOTE_LENGTH = 300
ERROR_LENGTH = 1000


class LeaseLost(Cancelled):
    """The run is no longer this worker's: another has it, or it was ended. What is unfinished is thrown away."""


class WorkerStopping(Cancelled):
    """The worker was told to stop; the run goes back to the queue."""


@dataclass(frozen=True)
class Lease:
    """The right to write one run, until another attempt takes it."""

    run_id: uuid.UUID
    token: uuid.UUID

    def write(self, **values: Any) -> None:
        """Write to the run, and show that this worker lives. Raises LeaseLost."""
        mine = Run.objects.filter(pk=self.run_id, lease=self.token, status=RunStatus.RUNNING)
        if not mine.update(heartbeat_at=timezone.now(), **values):
            raise LeaseLost(str(self.run_id))

    def cancel_requested(self) -> bool:
        """Whether somebody asked for the run to be stopped."""
        return Run.objects.filter(pk=self.run_id, lease=self.token, cancel_requested=True).exists()


def claim(*, run_id: uuid.UUID, worker: str) -> Lease | None:
    """Take a queued run; None when it is not there to be taken. Of many that try, one gets it."""
    lease = Lease(run_id, uuid.uuid4())
    now = timezone.now()
    taken = Run.objects.filter(pk=run_id, status=RunStatus.QUEUED).update(
        status=RunStatus.RUNNING,
        lease=lease.token,
        worker=worker,
        heartbeat_at=now,
        started_at=Coalesce(F("started_at"), now),
        attempt=F("attempt") + 1,
        phase="starting",
        done=0,
        total=0,
        percent=0.0,
        eta_seconds=None,
    )
    return lease if taken else None


def is_waiting(run_id: uuid.UUID) -> bool:
    """Whether the run is there to be taken."""
    return Run.objects.filter(pk=run_id, status=RunStatus.QUEUED).exists()


def succeed(lease: Lease, *, outcome: Mapping[str, Any]) -> None:
    """End a run well. Raises LeaseLost."""
    _end(lease, status=RunStatus.SUCCEEDED, outcome=dict(outcome), percent=100.0, phase="finished")


def fail(lease: Lease, *, code: str, message: str) -> None:
    """End a run with a reason. Raises LeaseLost."""
    _end(lease, status=RunStatus.FAILED, error_code=code, error_message=message[:ERROR_LENGTH])


def stop_cancelled(lease: Lease) -> None:
    """End a run because somebody asked for it. Raises LeaseLost."""
    _end(lease, status=RunStatus.CANCELLED)


def release(lease: Lease) -> None:
    """Give a run back because the worker is being stopped; the attempt does not count. Raises LeaseLost."""
    lease.write(status=RunStatus.QUEUED, lease=None, worker="", rung_at=None, attempt=F("attempt") - 1, phase="")


def _end(lease: Lease, **values: Any) -> None:
    lease.write(finished_at=timezone.now(), lease=None, eta_seconds=None, **values)
