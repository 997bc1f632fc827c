"""`manage.py import_boxes PATH... --author NAME`: boxes of films that are here, from files of other programs."""

from argparse import ArgumentParser
from collections import Counter
from itertools import chain
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from annotations.base.errors import Refusal
from annotations.base.site_command import SiteCommand
from annotations.exchange.box_sources import FORMATS, BoxFormat, box_items
from annotations.exchange.films import read_film_table
from annotations.exchange.take_boxes import Taken, TakenAs
from annotations.exchange.take_files import take_files
from annotations.management.exchange_options import (
    add_import_options,
    as_line,
    author_of,
    class_map_of,
    finding_lines,
    taken_json,
)
from inference.box_formats.findings import BoxFileError
from inference.box_formats.yolo import parse_classes

_FORMAT_OF_SUFFIX: dict[str, BoxFormat] = {".xml": "voc", ".txt": "yolo", ".json": "coco", ".csv": "csv"}


class Command(SiteCommand):
    """Goes on after a refusal; the exit status is 1 if any file was refused."""

    help = (
        "Take boxes from Pascal VOC, YOLO, COCO or our CSV. Each becomes a draft of the author, or is handed in with "
        "--submit; nothing is accepted. A file belongs to the film whose id (or pseudonymous SOP Instance UID) it is "
        "named by, or that --films names."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="file, folder or zip")
        parser.add_argument("--format", choices=FORMATS, help="needed for folders and zips; else by the file's ending")
        parser.add_argument("--films", type=Path, metavar="CSV", help="table with the columns file, radiograph")
        parser.add_argument(
            "--classes", type=Path, metavar="TXT", help="YOLO: list of classes, if not beside the files"
        )
        add_import_options(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            films = read_film_table(options["films"]) if options["films"] else {}
            classes = parse_classes(options["classes"].read_bytes()) if options["classes"] else ()
        except (Refusal, BoxFileError) as error:
            raise CommandError(error.message) from None
        except OSError:
            raise CommandError("The list of classes cannot be opened.") from None
        sources = [
            box_items(path, format=options["format"] or _format_of(path), classes=classes) for path in options["paths"]
        ]
        ended: Counter[TakenAs] = Counter()
        for file, taken in take_files(
            chain.from_iterable(sources),
            author=author_of(options["author"]),
            class_map=class_map_of(options["map"]),
            films=films,
            scale=options["scale"],
            submit=options["submit"],
        ):
            ended[taken.outcome] += 1
            self._tell(file, taken, as_json=options["json"])
        if not options["json"]:
            self.stdout.write(", ".join(f"{ended[outcome]} {outcome}" for outcome in TakenAs))
        if ended[TakenAs.REFUSED]:
            raise CommandError(f"{ended[TakenAs.REFUSED]} of the files were refused.", returncode=1)

    def _tell(self, file: str, taken: Taken, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(as_line({"file": file, **taken_json(taken)}))
        else:
            self.stdout.write(f"{file}: {taken.outcome}, {taken.regions} regions")
            for line in finding_lines(taken.findings):
                self.stdout.write(line)
        self.stdout.flush()


def _format_of(path: Path) -> BoxFormat:
    found = _FORMAT_OF_SUFFIX.get(path.suffix.lower())
    if found is None or path.is_dir():
        raise CommandError("Say with --format what a folder or zip holds. 文件夹或 zip 须用 --format 指明格式。")
    return found
