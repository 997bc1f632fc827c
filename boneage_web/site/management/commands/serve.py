"""`manage.py serve`: web server and workers from one command, on 127.0.0.1; Ctrl-C ends all of it."""

import os
import socket
import threading
import time
import urllib.error
import urllib.request
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.db import connection

from annotations.base.site_command import SiteCommand
from annotations.services import gate
from boneage_web.env import environment
from boneage_web.runs.kinds import FINISHED
from boneage_web.runs.models import Run
from boneage_web.runs.programs import programs
from boneage_web.runs.supervisor import Supervisor
from boneage_web.site import demonstration
from boneage_web.site.data_folder import InUseError, hold_data_folder
from boneage_web.site.preparation import MovedAwayError, prepare
from inference.artifact import ArtifactError

READY_WITHIN_SECONDS = 60


class Command(SiteCommand):
    """Brings the database up to date, starts everything, and prints where it is to be found."""

    help = "Serve the application: web server and workers, on 127.0.0.1. Ctrl-C stops all of it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--demonstration", action="store_true", help="demonstration accounts, shipped model and drawn films"
        )
        parser.add_argument(
            "--accounts-only", action="store_true", help="demonstration accounts and shipped model, but no films"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self.url = f"http://{environment.bind_address}:{environment.port}"
        try:
            lock = hold_data_folder()
        except InUseError as error:
            raise CommandError(str(error)) from None
        self._check_port()
        try:
            prepare(self._say)
        except MovedAwayError as error:
            raise CommandError(str(error)) from None
        if environment.gate_processes == 0:
            gate.work_off()
        self.is_demonstration = options["demonstration"] or options["accounts_only"] or settings.DEMONSTRATION
        films = self._demonstrate(with_films=options["demonstration"]) if self.is_demonstration else None
        connection.close()
        threading.Thread(target=self._announce, args=(films,), daemon=True).start()
        self.supervisor = Supervisor(
            programs(
                bind=f"{environment.bind_address}:{environment.port}",
                web_processes=environment.web_processes,
                web_threads=environment.web_threads,
                worker_threads=environment.worker_threads,
                gate_processes=environment.gate_processes,
                dicom_node=environment.dicom_port != 0,
                watch_folder=environment.watch_folder,
                watch_settle_seconds=environment.watch_settle_seconds,
                watch_cohort=environment.watch_cohort,
                # in clinical mode it runs apart, on the account that alone reads the vault's private key
                outbound_gateway=bool(environment.pacs_host) and environment.mode == "research",
            ),
            say=self._say,
        )
        self.supervisor.run()
        lock.close()

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def _check_port(self) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((environment.bind_address, environment.port))
            except OSError as error:
                raise CommandError(
                    f"Port {environment.port} cannot be used ({error.strerror}). Choose another: BONEAGE_PORT=8001."
                ) from None

    def _demonstrate(self, *, with_films: bool) -> Run | None:
        os.environ["BONEAGE_DEMONSTRATION"] = "1"  # for the children
        settings.DEMONSTRATION = True
        made = demonstration.make_accounts()
        if made:
            self._say(f"{made} demonstration accounts made.")
        try:
            self._say(f"Model {demonstration.register_shipped_model().label} is registered.")
        except ArtifactError as error:
            self._say(f"There is no shipped model ({error}); films get no bone age until one is trained.")
        return demonstration.request_cohort() if with_films else None

    def _announce(self, films: Run | None) -> None:
        """Wait for the first answer, print the address and the accounts, then follow the films as they come."""
        if not self._wait_until_it_answers():
            return
        self._say(f"\n  Bone age workplace, research use only: {self.url}")
        if self.is_demonstration:
            self._say(f"  Accounts: {', '.join(demonstration.ACCOUNTS)}; password of each: {demonstration.PASSWORD}")
        self._say("  Ctrl-C stops everything.\n")
        if films is not None:
            self._follow(films)
        connection.close()

    def _wait_until_it_answers(self) -> bool:
        deadline = time.monotonic() + READY_WITHIN_SECONDS
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"{self.url}/api/v1/health", timeout=2):  # noqa: S310  # our own address
                    return True
            except (urllib.error.URLError, OSError):
                time.sleep(0.2)
        self._say(f"The web server has not answered within {READY_WITHIN_SECONDS} seconds; see the lines above.")
        return False

    def _follow(self, run: Run) -> None:
        said = ""
        while run.status not in FINISHED:
            run.refresh_from_db()
            if run.note and run.note != said:
                said = run.note
                self._say(f"  {run.note}")
            time.sleep(1)
        ending = "are in" if run.status == "succeeded" else f"broke off: {run.error_message or run.status}"
        self._say(f"  The demonstration films {ending}.")
