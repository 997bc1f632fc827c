"""``manage.py import_evaluation --report DIR --snapshot DIR``: show an evaluation that was made on another machine."""

from argparse import ArgumentParser, BooleanOptionalAction
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from annotations.base.errors import Conflict, Invalid
from annotations.base.site_command import SiteCommand
from boneage_web.evaluation.services.case_pictures import BATCH, KeptPictures
from boneage_web.evaluation.services.imported import import_report
from inference.progress import Progress


class Command(SiteCommand):
    """Import one report."""

    help = (
        "Take in the report folder of `python -m training evaluate`, so that its pages are shown here. Of an "
        "evaluation that is here already, the pictures that it lacks are added."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Both folders, and whether pictures come along."""
        parser.add_argument("--report", type=Path, required=True, help="folder with report.json")
        parser.add_argument("--snapshot", type=Path, required=True, help="the snapshot that the report was made on")
        parser.add_argument(
            "--pictures",
            action=BooleanOptionalAction,
            default=True,
            help="keep the pictures of the evaluated cases (about as many bytes as their files in the snapshot); "
            "everybody who may see evaluations will see them, and nobody looks for names in them: with a snapshot of "
            "which you do not know that, --no-pictures",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, say where it is and what became of the pictures."""
        try:
            done = import_report(
                report=options["report"],
                snapshot=options["snapshot"],
                pictures=options["pictures"],
                on_progress=self._tell,
            )
        except (Invalid, Conflict) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"/evaluate/{done.evaluation.pk}")
        if done.pictures is not None:
            self.stderr.write(_said_of(done.pictures))

    def _tell(self, progress: Progress) -> None:
        if progress.total > BATCH:
            self.stderr.write(f"{progress.done} of {progress.total} pictures")


def _said_of(pictures: KeptPictures) -> str:
    said = f"{pictures.added} pictures added, {pictures.there} were here already."
    if pictures.here:
        said += f" {pictures.here} cases are films of this workplace and are shown from there."
    return said
