"""`manage.py prepare [--shipped-model]`: what has to be done before the programs of a site start. Safe to repeat."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from annotations.base.site_command import SiteCommand
from annotations.models import Person
from annotations.states import RoleName
from boneage_web.site.demonstration import register_shipped_model
from boneage_web.site.preparation import MovedAwayError, prepare
from inference.artifact import ArtifactError


class Command(SiteCommand):
    """Runs before there are tables, so the checks that ask the database are left to it."""

    help = "Bring the database up to date and make what is needed; run it at every start and after every upgrade."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--shipped-model", action="store_true", help="register the model that comes with the program"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            prepare(self.stdout.write)
        except MovedAwayError as error:
            raise CommandError(str(error)) from None
        if options["shipped_model"]:
            try:
                self.stdout.write(f"Model {register_shipped_model().label} is registered.")
            except ArtifactError as error:
                raise CommandError(str(error)) from None
        if not Person.objects.filter(roles__name=RoleName.ADMINISTRATOR, is_active=True).exists():
            self.stdout.write("There is no administrator yet: manage.py add_administrator NAME.")
        self.stdout.write("Ready.")
