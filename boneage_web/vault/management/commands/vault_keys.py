"""`manage.py vault_keys --out FOLDER`: the key pair of the identity vault, once."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from boneage_web.vault.keys import VaultKeyError, make_pair


class Command(BaseCommand):
    """Never overwrites a key. Runs before there is anything to check."""

    help = "Make the key pair of the identity vault. Keep the private half where only the outbound gateway reads it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="made when it is not there")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            public, private = make_pair(options["out"])
        except VaultKeyError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"public:  {public}  (BONEAGE_VAULT_PUBLIC_KEY_FILE, for every process)")
        self.stdout.write(f"private: {private}  (for the outbound gateway alone)")
        self.stdout.write("Copy the private file to two safe places now: without it no result finds its way back.")
