"""One hook for progress and for cancelling, from the deepest loop up to the page that shows it.

A long function takes ``on_progress: OnProgress = ignore_progress`` and calls it as it goes. Whoever listens may raise
:class:`Cancelled` from inside the call; the function lets it pass, having written nothing half.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is.

    Attributes:
        phase: short snake_case name of the stage, translated by whoever shows it.
        done: units finished in this phase.
        total: units in this phase; 0 when it cannot be known.
        note: one plain English line for the log.
        values: measured values at this point, such as losses, for a live curve.
    """

    phase: str
    done: int
    total: int
    note: str = ""
    values: Mapping[str, float] = field(default_factory=dict)


class Cancelled(Exception):
    """Raised by a progress listener when somebody asked the job to stop."""


OnProgress = Callable[[Progress], None]


def ignore_progress(progress: Progress) -> None:
    """The default listener: does nothing."""
