"""What jobs there are, how far they can get, and which queue takes them. No Django here."""

from enum import StrEnum


class RunKind(StrEnum):
    """A job that a machine does. The name is also that of its task."""

    SNAPSHOT = "snapshot"
    TRAIN = "train"
    INFER = "infer"
    EVALUATE = "evaluate"
    EXAMINE = "examine"
    FEATURES = "features"
    DEMONSTRATION = "demonstration"


class RunStatus(StrEnum):
    """queued -> running -> succeeded | failed(error) | cancelled; a dead worker's run goes back to queued, once."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


FINISHED = frozenset({RunStatus.SUCCEEDED, RunStatus.FAILED, RunStatus.CANCELLED})


class Queue(StrEnum):
    """`gpu` is for training alone, one at a time; so a film that arrives while a training runs is not kept waiting."""

    CPU = "cpu"
    GPU = "gpu"


QUEUE_OF_KIND = {
    RunKind.SNAPSHOT: Queue.CPU,
    RunKind.TRAIN: Queue.GPU,
    RunKind.INFER: Queue.CPU,
    RunKind.EVALUATE: Queue.CPU,
    RunKind.EXAMINE: Queue.CPU,
    RunKind.FEATURES: Queue.CPU,
    RunKind.DEMONSTRATION: Queue.CPU,
}
LED_KINDS = frozenset({RunKind.FEATURES})
"""Parts that another run has done for it: they are shown beside that run and not in the list of all."""
MAX_ATTEMPTS = 2
"""A run whose worker died is tried once more; a run that kills its worker twice would kill the next one too."""
