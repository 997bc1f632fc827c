"""`manage.py add_administrator NAME`: the first account of a site; that one makes all others, in the browser."""

import getpass
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from annotations.base.errors import Refusal
from annotations.base.site_command import SiteCommand
from annotations.services.people import add_person
from annotations.states import RoleName


class Command(SiteCommand):
    """Asks for the password, or reads it from a file; never takes it as an argument, which others could see."""

    help = "Make an account with the administrator's role."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", metavar="NAME")
        parser.add_argument("--display-name", default="", help="as others see it (default: the user name)")
        parser.add_argument("--password-file", type=Path, help="its first line is the password; else it is asked for")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            person = add_person(
                by=None,
                username=options["username"],
                display_name=options["display_name"],
                password=_password(options["password_file"]),
                roles=(RoleName.ADMINISTRATOR,),
            )
        except Refusal as error:
            raise CommandError(error.message) from None
        self.stdout.write(f"{person.username} is an administrator and adds everybody else under Settings, People.")


def _password(file: Path | None) -> str:
    if file is not None:
        try:
            return file.read_text(encoding="utf-8").split("\n", 1)[0].rstrip("\r")
        except OSError as error:
            raise CommandError(f"{file} cannot be read ({error.strerror}).") from None
    first = getpass.getpass("Password: ")
    if getpass.getpass("The same again: ") != first:
        raise CommandError("The two differ; nothing was made.")
    return first
