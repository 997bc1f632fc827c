"""``manage.py import_evaluation --report DIR --snapshot DIR``: show an evaluation that was made on another machine."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from annotations.base.errors import Conflict, Invalid
from annotations.base.site_command import SiteCommand
from boneage_web.evaluation.services.imported import import_report


class Command(SiteCommand):
    """Import one report."""

    help = "Take in the report folder of `python -m training evaluate`, so that its pages are shown here."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Both folders."""
        parser.add_argument("--report", type=Path, required=True, help="folder with report.json")
        parser.add_argument("--snapshot", type=Path, required=True, help="the snapshot that the report was made on")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import and say where it is."""
        try:
            evaluation = import_report(report=options["report"], snapshot=options["snapshot"])
        except (Invalid, Conflict) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"/evaluate/{evaluation.pk}")
