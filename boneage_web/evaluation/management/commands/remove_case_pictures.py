"""``manage.py remove_case_pictures HASH``: take the pictures of an imported snapshot away again."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from annotations.base.site_command import SiteCommand
from boneage_web.evaluation.models import CasePicture
from boneage_web.evaluation.services.case_pictures import remove_pictures


class Command(SiteCommand):
    """Remove the pictures of one snapshot."""

    help = (
        "Take away the pictures that came with evaluations on a snapshot. The evaluations and their numbers stay; "
        "backups that were made before still hold the pictures."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which snapshot."""
        parser.add_argument("snapshot", help="its hash, or how that begins (8 characters or more), as the page says it")

    def handle(self, *args: Any, **options: Any) -> None:
        """Remove, and say how many went."""
        begins = options["snapshot"].lower()
        if len(begins) < 8:
            raise CommandError("Name at least 8 characters of the snapshot's hash.")
        found = CasePicture.objects.filter(snapshot_hash__startswith=begins).order_by()
        hashes = sorted(found.values_list("snapshot_hash", flat=True).distinct())
        if len(hashes) != 1:
            raise CommandError(
                f"{len(hashes)} snapshots with pictures here have a hash that begins with {begins}"
                + (f": {', '.join(hashes)}. Name one of them in full." if hashes else ".")
            )
        self.stdout.write(f"{remove_pictures(hashes[0])} pictures of snapshot {hashes[0][:12]} removed")
