"""How a worker does a run: claim, work, end. A task only names the work."""

import contextlib
import logging
import os
import socket
import traceback
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from boneage_web.runs.models import Run
from boneage_web.runs.progress import BoundProgress
from boneage_web.runs.run_log import append_to_log, fetch_log, log_path, publish_log
from boneage_web.runs.services import lease as leases
from inference.progress import Cancelled

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Job:
    """What the work gets: the run, a folder of its own, and the hook for progress."""

    run: Run
    folder: Path
    on_progress: BoundProgress

    @property
    def parameters(self) -> Mapping[str, Any]:
        return dict(self.run.parameters)


Work = Callable[[Job], Mapping[str, Any]]
Load = Callable[[], object]


def worker_name() -> str:
    """This process, as rows name it."""
    return f"{socket.gethostname()}:{os.getpid()}"


def perform(run_id: uuid.UUID, *, work: Work, plan: Mapping[str, float], load: Load | None = None) -> None:
    """Do a run if it is there to be done; a bell that rang twice ends here quietly.

    Args:
        load: brings the libraries that the work needs, before the run is taken: loading them holds up every thread of
            the process, the heartbeat's too, for as long as the disk takes, and would pass for a dead worker.
    """
    if load is not None and leases.is_waiting(run_id):
        with contextlib.suppress(Exception):  # the work loads them too, and says what is wrong with them
            load()
    lease = leases.claim(run_id=run_id, worker=worker_name())
    if lease is None:
        return
    run = Run.objects.get(pk=run_id)
    log = log_path(run_id)
    fetch_log(log)
    append_to_log(log, f"attempt {run.attempt} of {run.kind}")
    job = Job(run, log.parent, BoundProgress(lease, log_path=log, plan=plan, curve=run.curve))
    try:
        with job.on_progress.alive():
            outcome = work(job)
        leases.succeed(lease, outcome=outcome)
        append_to_log(log, "succeeded")
    except leases.LeaseLost:
        logger.warning("run %s was lost to another attempt", run_id)
    except leases.WorkerStopping:
        _unless_lost(leases.release, lease)
        append_to_log(log, "given back: the worker is being stopped")
    except Cancelled:
        _unless_lost(leases.stop_cancelled, lease)
        append_to_log(log, "cancelled")
    except Exception as error:
        append_to_log(log, traceback.format_exc())
        code, message = explain(error)
        logger.error("run %s failed: %s", run_id, code)
        _unless_lost(leases.fail, lease, code=code, message=message)
    finally:
        publish_log(log)


def explain(error: Exception) -> tuple[str, str]:
    """Code and sentence of an error: its own where it has them, else its kind and a pointer to the log."""
    code, message = getattr(error, "code", None), getattr(error, "message", None) or str(error)
    if isinstance(code, str) and code:
        return code[:64], message
    if (
        type(error).__name__ in {"SnapshotError", "ArtifactError", "EngineError", "PrecisionError", "ValueError"}
        and message
    ):
        return "unusable_input", message
    return "failed", f"The job broke off with {type(error).__name__}. Its log has the details."


def _unless_lost(end: Callable[..., None], lease: leases.Lease, **values: Any) -> None:
    try:
        end(lease, **values)
    except leases.LeaseLost:
        logger.warning("run %s was lost before it could be ended", lease.run_id)
