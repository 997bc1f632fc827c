"""The outbound gateway, until it is told to stop."""

import signal
import threading
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from annotations.base.alive import beat
from annotations.services.site_mode import CLINICAL, OtherModeError, check_mode
from boneage_web.outbound.destination import Destination, DestinationError, destination
from boneage_web.outbound.gateway import tell_alive, work_off
from boneage_web.outbound.store import NotSentError, echo
from boneage_web.vault.keys import VaultKeyError, read_private_keys

PROGRAM = "outbound-gateway"
LOOK_EVERY_SECONDS = 5.0


class Command(BaseCommand):
    """Sends queued results as BONEAGE_PACS_* say. The only process that may have the vault's private key, so it makes
    the checks of its own mode instead of the site's."""

    help = "Store signed results in the PACS. In clinical mode it needs BONEAGE_VAULT_PRIVATE_KEY_FILE."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="only ask the PACS for an answer (C-ECHO)")
        parser.add_argument("--once", action="store_true", help="send what is due, then end")

    def handle(self, *args: Any, **options: Any) -> None:
        to = self._checked()
        if options["check"]:
            self._echo(to)
            return
        if options["once"]:
            self.stdout.write(f"{work_off(to)} tried.")
            return
        stop = threading.Event()

        def on_signal(number: int, frame: FrameType | None) -> None:
            stop.set()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, on_signal)
        self.stdout.write(f"The outbound gateway sends to {to.ae_title} at {to.host}:{to.port}.")
        self.stdout.flush()
        while not stop.is_set():
            beat(PROGRAM)
            tell_alive()
            work_off(to)
            connections.close_all()
            stop.wait(LOOK_EVERY_SECONDS)

    def _checked(self) -> Destination:
        try:
            check_mode()
            to = destination()
            if settings.MODE == CLINICAL:
                read_private_keys(settings.VAULT_PRIVATE_KEY_FILE)
            elif settings.VAULT_PRIVATE_KEY_FILE is not None:
                raise CommandError("In research mode nothing leads back: leave BONEAGE_VAULT_PRIVATE_KEY_FILE empty.")
        except (OtherModeError, DestinationError, VaultKeyError) as error:
            raise CommandError(str(error)) from None
        if to is None:
            raise CommandError("No PACS is set up: set BONEAGE_PACS_HOST, BONEAGE_PACS_PORT and BONEAGE_PACS_AE_TITLE.")
        return to

    def _echo(self, to: Destination) -> None:
        try:
            echo(to)
        except (NotSentError, DestinationError) as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{to.ae_title} answers.")
