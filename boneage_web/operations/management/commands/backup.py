"""`manage.py backup --to FOLDER [--keep N]`: databases and files of the site, while people work."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from annotations.base.site_command import SiteCommand
from boneage_web.env import environment
from boneage_web.operations.archive import Archive, ArchiveError
from boneage_web.operations.backup import back_up
from boneage_web.operations.dumps import DumpError


class Command(SiteCommand):
    """What is in the folder already is not written again. The keys are not in it: the last lines say where they are."""

    help = "Back up databases, films, models and data sets. Run it daily; the folder belongs on another disk."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", type=Path, required=True, metavar="FOLDER", help="any number of backups lie in it")
        parser.add_argument(
            "--keep", type=int, default=0, metavar="N", help="remove all but the newest N (default: all stay)"
        )
        parser.add_argument("--read-all", action="store_true", help="read every file again, also those unchanged since")

    def handle(self, *args: Any, **options: Any) -> None:
        archive = Archive(options["to"].resolve())
        if options["keep"] < 0:
            raise CommandError("--keep takes a number from 1 on.")
        try:
            name = back_up(archive, say=self.stdout.write, read_all=options["read_all"])
            manifest = archive.open(name).manifest
            if options["keep"]:
                with archive.held():
                    backups, files = archive.prune(options["keep"])
                self.stdout.write(f"{backups} older backups removed, and {files} files that only they held.")
        except (ArchiveError, DumpError, OSError) as error:
            raise CommandError(f"There is no new backup. {error}") from None
        self.stdout.write(f"Backup {name} is in {archive.folder}.")
        if any(manifest["not_in_here"].values()):
            self.stdout.write(
                "Not in it, because their originals may name a child: "
                f"{manifest['not_in_here']['films_waiting_in_quarantine']} films that wait to be cleaned, "
                f"{manifest['not_in_here']['blocked_films']} blocked films."
            )
        key = environment.deidentification_key_file or environment.data_dir / "keys" / "deidentification"
        self.stdout.write(f"Not in it, and to be kept apart from it: the de-identification key ({key}).")
        if environment.mode == "clinical":
            self.stdout.write("Neither is the vault's private key. Whoever has it and the backup has the names.")
        if manifest["missing"]:
            raise CommandError(
                f"The backup is written, but files that the database names are gone from the store, such as "
                f"{manifest['missing'][0]}: restore them from an older backup."
            )
