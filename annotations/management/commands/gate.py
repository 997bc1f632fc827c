"""`manage.py gate`: cleans and takes in what the doors put into quarantine. Several may run side by side."""

import os
import signal
import threading
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.db import close_old_connections

from annotations.base.alive import GATE_FILM_SECONDS, beat
from annotations.base.site_command import SiteCommand
from annotations.services.gate import work_off

PROGRAM = "gate"
LOOK_EVERY_SECONDS = 0.1
UNAVAILABLE_SECONDS = 5.0


class Command(SiteCommand):
    """Ends after the film in hand on SIGTERM. Lower in priority than the web server, which people wait for."""

    help = "Clean arriving films and take them in, until stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="end when nothing waits")

    def handle(self, *args: Any, **options: Any) -> None:
        stopping = threading.Event()

        def stop(number: int, frame: FrameType | None) -> None:
            stopping.set()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, stop)
        os.nice(10)
        while not stopping.is_set():
            close_old_connections()
            beat(PROGRAM)
            round_ = work_off(stopping=stopping.is_set, before_each=_watch)
            signal.alarm(0)
            if round_.unavailable:
                self.stderr.write("gate: database or disk cannot be used; trying again")
                stopping.wait(UNAVAILABLE_SECONDS)
            elif not round_.finished + round_.refused:
                if options["once"]:
                    return
                stopping.wait(LOOK_EVERY_SECONDS)


def _watch() -> None:
    """The alarm's default action ends the process even from within a decoder that never returns."""
    signal.alarm(GATE_FILM_SECONDS)
    beat(PROGRAM)
