"""Run by test_intake_killed: takes a film in and kills itself, hard, at the given step.

Steps are counted at what changes the world outside this process: statements of the database, and opening, renaming
and deleting files. ``python -m tests.annotations.kill_intake FILM STEP`` (0: never; prints how many steps there are).
Letters are looked for once: what was found on the film lies beside it afterwards.
"""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

FILM, LAST_STEP = sys.argv[1], int(sys.argv[2])
_done = 0


def step() -> None:
    global _done
    _done += 1
    if _done == LAST_STEP:
        os.kill(os.getpid(), signal.SIGKILL)


def counted(genuine: Callable[..., Any]) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        step()
        return genuine(*args, **kwargs)

    return call


def main() -> None:
    django.setup()

    from django.db import connection

    from annotations.services.intake import receive
    from tests.factories.read_once import keep_what_was_read, read_films_once, recall_what_was_read

    read_films_once()
    if (lines := Path(f"{FILM}.lines")).exists():
        recall_what_was_read(lines)
    data = Path(FILM).read_bytes()
    connection.ensure_connection()
    connection.execute_wrappers.append(lambda execute, *rest: (step(), execute(*rest))[1])
    for name in ("open", "replace", "fsync", "unlink", "remove"):
        setattr(os, name, counted(getattr(os, name)))
    outcome = receive(data=data, filename="a.dcm", by=None, cohort=None)
    steps = _done
    keep_what_was_read(lines)
    print(steps, outcome.outcome, flush=True)


main()
