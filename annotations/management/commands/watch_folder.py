"""`manage.py watch_folder PATH [--cohort NAME]`: films that others put into a folder, until told to stop."""

import fcntl
import logging
import os
import signal
import threading
from argparse import ArgumentParser
from pathlib import Path
from types import FrameType
from typing import Any

from django.core.management.base import CommandError
from django.db import close_old_connections

from annotations.base.alive import beat
from annotations.base.site_command import SiteCommand
from annotations.gateway.capacity import Capacity, capacity_limits
from annotations.gateway.watched_folder import WatchedFolder, unreadable
from annotations.management.cohort_option import add_cohort_option, cohort_of

PROGRAM = "watch-folder"
LOOK_EVERY_SECONDS = 2.0
logger = logging.getLogger(__name__)


class Command(SiteCommand):
    """Ends after the film in hand on SIGTERM; what was not finished is finished at the next start."""

    help = (
        "Take in, and then delete, the films and zips that lie or appear below a folder. Refused ones are moved to "
        "refused/ in it, with the reason."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, metavar="PATH")
        add_cohort_option(parser)
        parser.add_argument(
            "--settle-seconds", type=float, default=10.0, help="how long a file must stay as it is (default: 10)"
        )
        parser.add_argument("--once", action="store_true", help="end when nothing is left to do")

    def handle(self, *args: Any, **options: Any) -> None:
        root: Path = options["path"].resolve()
        reason = unreadable(root)
        if reason is not None:
            raise CommandError(reason.message)
        lock = _alone(root)
        stopping = threading.Event()

        def stop(number: int, frame: FrameType | None) -> None:
            stopping.set()

        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, stop)

        def is_stopping() -> bool:  # asked between two films
            beat(PROGRAM)
            return stopping.is_set()

        watched = WatchedFolder(
            root,
            cohort=cohort_of(options["cohort"]),
            settle_seconds=options["settle_seconds"],
            capacity=Capacity(capacity_limits()),
            stopping=is_stopping,
        )
        pause_seconds = min(LOOK_EVERY_SECONDS, max(0.05, options["settle_seconds"] / 2))
        is_there = True
        while not is_stopping():
            close_old_connections()
            try:
                left = watched.look()
                is_there = True
            except OSError as error:  # a share that is away for a while
                if is_there:
                    logger.error("the watched folder cannot be read: error %s", error.errno)
                is_there, left = False, True
            if options["once"] and not left:
                break
            stopping.wait(pause_seconds)
        os.close(lock)
        told = ", ".join(f"{name} {count}" for name, count in sorted(watched.counts.items()))
        self.stdout.write(f"Films of the watched folder: {told or 'none'}")


def _alone(root: Path) -> int:
    """Two watchers would take every film twice; a share without locks cannot tell."""
    descriptor = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise CommandError("This folder is being watched already.") from None
    except OSError:
        pass
    return descriptor
