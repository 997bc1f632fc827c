"""`manage.py move_to --database URL --storage URL`: from one machine to servers."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from annotations.base.site_command import SiteCommand
from boneage_web.env import ConfigurationError
from boneage_web.operations.alone import StillRunningError
from boneage_web.operations.move import Goal, MoveError, move
from boneage_web.site.preparation import MOVED


class Command(SiteCommand):
    """Stop the site first. Broken off, it is started again with the same words and goes on."""

    help = "Move everything from the embedded database and the data folder to PostgreSQL and an S3-style store."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--database", required=True, metavar="URL", help="postgresql://user@host:port/name, empty")
        parser.add_argument("--database-password-file", type=Path)
        parser.add_argument(
            "--storage",
            default="",
            metavar="URL",
            help="s3://bucket/prefix?endpoint=https://host:port (default: files stay in the data folder)",
        )
        parser.add_argument("--storage-access-key-file", type=Path)
        parser.add_argument("--storage-secret-key-file", type=Path)
        parser.add_argument("--vault-database", default="", metavar="URL", help="clinical mode: that of the vault")
        parser.add_argument("--vault-database-password-file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        goal = Goal(
            database_url=options["database"],
            database_password_file=_found(options["database_password_file"]),
            storage_url=options["storage"],
            storage_access_key_file=_found(options["storage_access_key_file"]),
            storage_secret_key_file=_found(options["storage_secret_key_file"]),
            vault_database_url=options["vault_database"],
            vault_database_password_file=_found(options["vault_database_password_file"]),
        )
        try:
            move(goal, say=self._say)
        except (MoveError, StillRunningError, ConfigurationError) as error:
            raise CommandError(f"The move has not ended; the old site is as it was. {error}") from None
        except OSError as error:
            raise CommandError(f"The move broke off ({error}). Start it again: it goes on where it stopped.") from None
        self._say("\nThe site is moved. Start it with")
        for name, value in goal.settings().items():
            self._say(f"  {name}={value}")
        self._say(
            "and the same data folder: keys/, mode and the blocked films in quarantine/ are still needed there. The "
            f"old database stays in it until you delete it; the file {MOVED} keeps it from being started by accident."
        )

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _found(path: Path | None) -> Path | None:
    if path is not None and not path.is_file():
        raise CommandError(f"There is no file {path}.")
    return path.resolve() if path is not None else None
