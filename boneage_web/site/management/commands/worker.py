"""`manage.py worker --queue cpu|gpu`: one worker alone, in this process, as a container starts it."""

import os
from typing import Any

from django.core.management.base import CommandParser

from annotations.base.site_command import SiteCommand
from boneage_web.env import environment
from boneage_web.runs.kinds import Queue
from boneage_web.runs.programs import arithmetic_environment, worker_command


class Command(SiteCommand):
    """Becomes the worker, so that a signal reaches it. It needs database, broker and object store, and no more."""

    help = "Do the jobs of one queue, until stopped: cpu (everything but training) or gpu (training)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--queue", choices=[str(queue) for queue in Queue], required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        command = worker_command(queues=options["queue"])
        os.execve(  # noqa: S606  # our own program, no shell
            command[0], command, {**os.environ, **arithmetic_environment(environment.worker_threads)}
        )
