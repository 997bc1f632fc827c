"""`manage.py web`: the web server alone, in this process, as a container starts it."""

import os
from typing import Any

from annotations.base.site_command import SiteCommand
from boneage_web.env import environment
from boneage_web.runs.programs import web_command

GRACEFUL_SECONDS = 25
"""Shorter than the time that docker/compose.yml gives a container to end."""


class Command(SiteCommand):
    """Becomes the server, so that a signal reaches it. `prepare` comes first; on one machine `serve` does both."""

    help = "Serve pages and API, until stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        command = web_command(
            bind=f"{environment.bind_address}:{environment.port}",
            processes=environment.web_processes,
            threads=environment.web_threads,
            graceful_seconds=GRACEFUL_SECONDS,
        )
        os.execv(command[0], command)  # noqa: S606  # our own program, no shell
