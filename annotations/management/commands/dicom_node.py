"""The DICOM node of the site, until it is told to stop."""

import logging
import signal
import threading
import time
from types import FrameType
from typing import Any

from django.core.management.base import CommandError, CommandParser

from annotations.base.alive import beat
from annotations.base.site_command import SiteCommand
from annotations.gateway.dicom_node import DicomNode
from annotations.gateway.node_settings import NodeSettingsError, node_settings

PROGRAM = "dicom-node"
TELL_EVERY_SECONDS = 600.0
BEAT_EVERY_SECONDS = 5.0
logger = logging.getLogger(__name__)


class Command(SiteCommand):
    """Listens as the settings BONEAGE_DICOM_* say. SIGTERM lets running stores end first."""

    help = "Answer C-ECHO and take in what C-STORE brings, for the devices named in BONEAGE_DICOM_ALLOWED_CALLERS."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="only say whether the settings can be used")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            settings = node_settings()
            settings.tls()
        except NodeSettingsError as error:
            raise CommandError(str(error)) from None
        if options["check"]:
            self.stdout.write("The settings of the DICOM node can be used.")
            return
        stop = threading.Event()

        def on_signal(number: int, frame: FrameType | None) -> None:
            stop.set()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, on_signal)
        node = DicomNode(settings)
        try:
            node.start()
        except OSError as error:
            raise CommandError(f"Port {settings.port} cannot be used ({error.strerror}): BONEAGE_DICOM_PORT.") from None
        self.stdout.write(f"DICOM node {settings.ae_title} listens on port {node.port}.")
        self.stdout.flush()
        beat(PROGRAM)
        told, told_at = dict[str, int](), time.monotonic()
        while not stop.wait(BEAT_EVERY_SECONDS):
            beat(PROGRAM)
            if told != node.counts and time.monotonic() - told_at > TELL_EVERY_SECONDS:
                told, told_at = dict(node.counts), time.monotonic()
                logger.info("DICOM node: %s", ", ".join(f"{what} {count}" for what, count in sorted(told.items())))
        node.stop()
