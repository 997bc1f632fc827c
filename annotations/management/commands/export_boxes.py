"""`manage.py export_boxes --out PATH`: box sets as Pascal VOC, YOLO, COCO or CSV, with the pictures if wanted."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from annotations.base.errors import Refusal
from annotations.base.site_command import SiteCommand
from annotations.exchange.archives import write_out
from annotations.exchange.box_sources import FORMATS
from annotations.exchange.give_boxes import EXPORTABLE, Exported, box_sets_to_export, entries
from annotations.management.exchange_options import add_map_option, class_map_of, cohort_of
from annotations.models import BoxSet
from annotations.states import BoxSetStatus
from inference.box_formats.class_maps import ClassMapError


class Command(SiteCommand):
    """Writes a zip or a new folder."""

    help = "Export box sets with a README of their conventions. Films are named by their ids; nothing identifies."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--out", type=Path, required=True, help="a .zip, or a folder that does not exist")
        parser.add_argument("--format", choices=FORMATS, default="voc")
        parser.add_argument("--cohort", help="only films of this cohort")
        parser.add_argument("--status", choices=[status.value for status in EXPORTABLE], default="accepted")
        parser.add_argument("--pictures", action="store_true", help="with each film as a 16-bit PNG")
        add_map_option(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        exported = Exported()
        class_map = class_map_of(options["map"])
        cohort = cohort_of(options["cohort"])
        box_sets = box_sets_to_export(BoxSet.objects.all(), cohort=cohort, status=BoxSetStatus(options["status"]))
        files = entries(
            box_sets,
            format=options["format"],
            class_map=class_map,
            exported=exported,
            pictures=options["pictures"],
        )
        try:
            write_out(options["out"], files)
        except ClassMapError as error:
            raise CommandError(f"{error.message} {error.message_zh}") from None
        except Refusal as refusal:
            raise CommandError(refusal.message) from None
        self.stdout.write(
            f"{exported.films} films, {exported.boxes} boxes, {exported.absent} marked absent, "
            f"{exported.missing} not labelled"
        )
        for region, count in sorted(exported.without_class.items()):
            self.stdout.write(f"    region_without_class: {region} of {count} films has no name in {class_map.name}")
