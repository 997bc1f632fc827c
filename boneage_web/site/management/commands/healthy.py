"""`manage.py healthy PROGRAM`: exit status 0 when the program of this machine works; what a container is asked."""

import http.client
import json
import socket
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error as DatabaseError
from django.utils import timezone

from annotations.base.alive import GATE_FILM_SECONDS, silent_seconds
from boneage_web.env import environment
from boneage_web.runs.kinds import Queue
from boneage_web.runs.models import Worker

ANSWERS_WITHIN_SECONDS = 5.0
BEAT_SECONDS = 60.0
"""Longer than any of these programs is busy between two beats."""
SENDING_SECONDS = 300.0
"""The outbound gateway beats between two rounds, and a slow archive makes a round long."""


class Command(BaseCommand):
    """Looks at this machine (container) alone; `/api/v1/health` tells of the whole site."""

    help = "Say whether a program of this machine works."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("program", choices=sorted(CHECKS))

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = CHECKS[options["program"]]()
        if wrong:
            raise CommandError(wrong)
        self.stdout.write("ok")


def _web() -> str:
    connection = http.client.HTTPConnection("127.0.0.1", environment.port, timeout=ANSWERS_WITHIN_SECONDS)
    host = environment.allowed_hosts[0].lstrip(".").replace("*", "localhost")
    try:
        connection.request("GET", "/api/v1/health", headers={"Host": host})
        answer = connection.getresponse()
        status = json.loads(answer.read()).get("status")
    except (OSError, ValueError, http.client.HTTPException) as error:
        return f"The web server does not answer ({type(error).__name__})."
    return "" if answer.status == 200 else f"The web server answers {answer.status}: {status}."


def _worker(queue: Queue) -> str:
    limit = timezone.now() - timedelta(seconds=settings.LEASE_SECONDS + settings.SWEEP_SECONDS)
    mine = Worker.objects.filter(name__startswith=f"{socket.gethostname()}:", queues=str(queue), seen_at__gte=limit)
    try:
        alive = mine.exists()
    except DatabaseError as error:
        return f"The database does not answer ({type(error).__name__})."
    return "" if alive else f"No worker of the queue {queue} on this machine has written to the database."


def _beats(program: str, limit_seconds: float) -> str:
    silent = silent_seconds(program)
    if silent is None:
        return f"{program} has given no sign of life."
    return "" if silent < limit_seconds else f"{program} has given no sign of life for {silent:.0f} s."


def _dicom_node() -> str:
    try:
        socket.create_connection(("127.0.0.1", environment.dicom_port), timeout=ANSWERS_WITHIN_SECONDS).close()
    except OSError as error:
        return f"Nothing listens on the port of the DICOM node ({error.strerror})."
    return _beats("dicom-node", BEAT_SECONDS)


CHECKS: Mapping[str, Callable[[], str]] = {
    "web": _web,
    "worker-cpu": lambda: _worker(Queue.CPU),
    "worker-gpu": lambda: _worker(Queue.GPU),
    "gate": lambda: _beats("gate", GATE_FILM_SECONDS + BEAT_SECONDS),
    "dicom-node": _dicom_node,
    "watch-folder": lambda: _beats("watch-folder", BEAT_SECONDS),
    "outbound-gateway": lambda: _beats("outbound-gateway", SENDING_SECONDS),
}
