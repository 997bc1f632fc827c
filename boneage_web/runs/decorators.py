"""The two task decorators: the only owners of queue, acknowledgement, limits and retries."""

import uuid
from collections.abc import Callable, Mapping

import celery

from boneage_web.celery import application
from boneage_web.runs.bell import task_name
from boneage_web.runs.kinds import QUEUE_OF_KIND, Queue, RunKind
from boneage_web.runs.perform import Load, Work, perform

_Decorator = Callable[[Work], celery.Task]


def cpu_task(kind: RunKind, *, plan: Mapping[str, float], load: Load | None = None) -> _Decorator:
    """A job for any worker: freezing, predicting on the processor, counting."""
    return _task(kind, queue=Queue.CPU, plan=plan, load=load)


def gpu_task(kind: RunKind, *, plan: Mapping[str, float], load: Load | None = None) -> _Decorator:
    """A job for the one worker that owns the accelerator, where there is one."""
    return _task(kind, queue=Queue.GPU, plan=plan, load=load)


def _task(kind: RunKind, *, queue: Queue, plan: Mapping[str, float], load: Load | None) -> _Decorator:
    """Retries are the ledger's: a task that failed has written why, and one whose worker died is queued again."""
    if QUEUE_OF_KIND[kind] is not queue:
        raise ValueError(f"Runs of kind {kind} go to the queue {QUEUE_OF_KIND[kind]}, not to {queue}.")

    def decorate(work: Work) -> celery.Task:
        def doorman(run_id: str) -> None:
            perform(uuid.UUID(run_id), work=work, plan=plan, load=load)

        doorman.__doc__ = work.__doc__
        return application.task(
            doorman, name=task_name(kind), queue=str(queue), acks_late=True, reject_on_worker_lost=True, max_retries=0
        )

    return decorate
