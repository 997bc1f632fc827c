"""Working off the quarantine: what a gate process does all day, and what is put in order after a crash."""

from collections.abc import Callable
from dataclasses import dataclass

from annotations.services import blocking, film_store, quarantine
from annotations.services.intake import content_hash
from annotations.services.take_in import GateUnavailableError, take_in
from annotations.states import IntakeResult


@dataclass(frozen=True, slots=True)
class WorkedOff:
    """How one round ended: films by outcome, and whether it broke off because database or disk could not be used."""

    finished: int = 0
    refused: int = 0
    unavailable: bool = False


def work_off(
    *, stopping: Callable[[], bool] = lambda: False, before_each: Callable[[], None] = lambda: None
) -> WorkedOff:
    """Take in all that waits, beside other processes that do the same.

    Args:
        stopping: asked between two films.
        before_each: called before each film, such as to set a watchdog.
    """
    finished = refused = 0
    for path in quarantine.waiting():
        if stopping():
            break
        with quarantine.take(path) as claim:
            if claim is None:
                continue
            before_each()
            try:
                outcome = take_in(claim.held, content_hash(claim.held.data))
            except GateUnavailableError:
                claim.keep()
                return WorkedOff(finished, refused, unavailable=True)
            finished += outcome.outcome is not IntakeResult.REJECTED
            refused += outcome.outcome is IntakeResult.REJECTED
    return WorkedOff(finished, refused)


def sweep() -> int:
    """Delete copies of which no row knows and that nobody is writing; returns how many files went."""
    quarantine.remove_strays()
    return film_store.remove_orphans() + blocking.remove_orphans()
