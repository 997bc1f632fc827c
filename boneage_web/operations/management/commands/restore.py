"""`manage.py restore --from FOLDER`: put a backup in the place of what is there."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from annotations.base.site_command import SiteCommand
from boneage_web.operations.alone import StillRunningError
from boneage_web.operations.archive import Archive, ArchiveError
from boneage_web.operations.dumps import DumpError
from boneage_web.operations.restore import NotAsBackedUpError, RestoreError, restore, verify


class Command(SiteCommand):
    """Verifies every file first. Stop the site before; start it as usual afterwards."""

    help = "Restore a backup, after every file of it was verified. Refuses to replace anything unless told to."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--from", dest="source", type=Path, required=True, metavar="FOLDER")
        parser.add_argument("--backup", default="", metavar="NAME", help="which one (default: the newest)")
        parser.add_argument("--check", action="store_true", help="only read the backup and say whether it is whole")
        parser.add_argument("--replace", action="store_true", help="what is here now may go")
        parser.add_argument("--other-key", action="store_true", help="the de-identification key of the backup is lost")

    def handle(self, *args: Any, **options: Any) -> None:
        archive = Archive(options["source"].resolve())
        try:
            if options["check"]:
                backup = archive.open(options["backup"])
                self.stdout.write(f"The backup {backup.folder.name} is whole: {verify(archive, backup)} files.")
                return
            backup = restore(
                archive,
                name=options["backup"],
                replace=options["replace"],
                other_key=options["other_key"],
                say=self.stdout.write,
            )
        except (ArchiveError, RestoreError, StillRunningError) as error:
            raise CommandError(f"Nothing was changed. {error}") from None
        except (DumpError, NotAsBackedUpError) as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"The site is as it was at {backup.manifest['made_at']}.")
        left_out = backup.manifest["not_in_here"]
        if any(left_out.values()):
            self.stdout.write(
                f"{sum(left_out.values())} films waited then: have them sent again. Those that stand as blocked have "
                "no picture: refuse them."
            )
