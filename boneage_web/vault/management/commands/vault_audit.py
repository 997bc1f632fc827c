"""`manage.py vault_audit [--remove-orphans]`: is the log of look-ups whole, and does every film have its entry?"""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from annotations.base.site_command import SiteCommand
from annotations.models import Radiograph
from annotations.services.site_mode import CLINICAL
from boneage_web.vault.lookup_log import first_broken_line
from boneage_web.vault.models import VaultEntry, VaultLookup
from boneage_web.vault.orphans import orphans, remove_orphans
from boneage_web.vault.sealing import entry_key


class Command(SiteCommand):
    """Opens nothing. The exit status is 1 when something is wrong."""

    help = "Check the identity vault: its log of look-ups, films without an entry, entries without a film."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--remove-orphans", action="store_true", help="delete entries whose film was never kept")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.MODE != CLINICAL:
            raise CommandError("There is no vault in research mode.")
        last = VaultLookup.objects.order_by("-number").first()
        self.stdout.write(f"look-ups: {last.number if last else 0}, last hash {last.hash if last else 'none'}")
        films = Radiograph.objects.values_list("pk", flat=True)
        wanted = {entry_key(pk, key=settings.DEIDENTIFICATION_KEY) for pk in films}
        entries = set(VaultEntry.objects.values_list("key", flat=True))
        self.stdout.write(f"entries: {len(entries)}, films without one: {len(wanted - entries)}")
        if options["remove_orphans"]:
            self.stdout.write(f"entries without a film removed: {remove_orphans()}")
        else:
            self.stdout.write(f"entries without a film: {len(orphans())}")
        broken = first_broken_line()
        if broken is not None:
            raise CommandError(f"The log of look-ups was changed: line {broken} does not follow from the one before.")
        if wanted - entries:
            raise CommandError("Some films have no entry: they cannot be sent back. Was the vault restored too old?")
