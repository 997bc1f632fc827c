"""`manage.py import_labelimg FOLDER --author NAME`: pictures and boxes as labelImg left them."""

from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from annotations.base.site_command import SiteCommand
from annotations.exchange.labelimg import LabelImgOutcome, take_folder
from annotations.exchange.take_boxes import TakenAs
from annotations.management.exchange_options import (
    add_import_options,
    as_line,
    author_of,
    class_map_of,
    finding_lines,
    taken_json,
)
from annotations.models import Cohort
from annotations.services.cohorts import add_cohort
from annotations.states import IntakeResult
from inference.box_formats.findings import BoxFileError
from inference.box_formats.yolo import parse_classes
from inference.stated_facts import TableError, read_table


class Command(SiteCommand):
    """Goes on after a refusal; the exit status is 1 if a picture or its boxes were refused."""

    help = (
        "Open a folder of labelImg: PNG and JPEG pictures with Pascal VOC or YOLO files beside them. The pictures take "
        "the same gate as every film; sex and age are unknown unless --table states them."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="folder of pictures, with all below it")
        parser.add_argument("--boxes", type=Path, metavar="FOLDER", help="labelImg's save folder, if it is another")
        parser.add_argument("--cohort", help="name of the cohort; made when there is none of that name")
        parser.add_argument("--table", type=Path, metavar="CSV", help="columns file, sex, chronological_age_months")
        parser.add_argument(
            "--classes", type=Path, metavar="TXT", help="YOLO: list of classes, if not beside the files"
        )
        add_import_options(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["folder"].is_dir():
            raise CommandError("There is no such folder. 没有该文件夹。")
        try:
            facts = read_table(options["table"]) if options["table"] else {}
            classes = parse_classes(options["classes"].read_bytes()) if options["classes"] else ()
        except TableError as error:
            raise CommandError(str(error)) from None
        except (OSError, BoxFileError):
            raise CommandError("The list of classes cannot be read. 无法读取类别列表。") from None
        author, class_map = author_of(options["author"]), class_map_of(options["map"])
        ended: Counter[str] = Counter()
        for path, outcome in take_folder(
            options["folder"],
            boxes_folder=options["boxes"],
            author=author,
            cohort=_cohort(options["cohort"]),
            class_map=class_map,
            facts=facts,
            classes=classes,
            scale=options["scale"],
            submit=options["submit"],
        ):
            ended.update(_counted(outcome))
            self._tell(path, outcome, as_json=options["json"])
        if not options["json"]:
            self.stdout.write(", ".join(f"{name} {count}" for name, count in sorted(ended.items())) or "no pictures")
        if ended["refused"]:
            raise CommandError(f"{ended['refused']} of the pictures or their boxes were refused.", returncode=1)

    def _tell(self, path: Path, outcome: LabelImgOutcome, *, as_json: bool) -> None:
        film, taken = outcome.film, outcome.boxes
        reason = film.reason if film else None
        if as_json:
            content: dict[str, Any] = {"file": str(path), "film": str(film.outcome) if film else "rejected"}
            if reason:
                told = {"code": reason.code, "message": reason.message, "message_zh": reason.message_zh}
                content["reason"] = told
            if outcome.facts_refused:
                content["facts_refused"] = dict(zip(("message", "message_zh"), outcome.facts_refused, strict=True))
            self.stdout.write(as_line(content | (taken_json(taken) if taken else {"boxes": None})))
        else:
            told_film = f"{film.outcome}" + (f" ({reason.code}: {reason.message})" if reason else "") if film else "-"
            boxes = f"boxes {taken.outcome}, {taken.regions} regions" if taken else "no box file"
            self.stdout.write(f"{path}: film {told_film}; {boxes}")
            if outcome.facts_refused:
                self.stdout.write(f"    table: {outcome.facts_refused[0]}")
            for line in finding_lines(taken.findings if taken else ()):
                self.stdout.write(line)
        self.stdout.flush()


def _cohort(name: str | None) -> Cohort | None:
    if name is None:
        return None
    return Cohort.objects.filter(name=name).first() or add_cohort(person=None, name=name)


def _counted(outcome: LabelImgOutcome) -> list[str]:
    film_refused = outcome.film is None or outcome.film.outcome is IntakeResult.REJECTED
    boxes_refused = outcome.boxes is not None and outcome.boxes.outcome is TakenAs.REFUSED
    names = ["refused"] if film_refused or boxes_refused or outcome.facts_refused else []
    names.append(f"film_{outcome.film.outcome if outcome.film else 'rejected'}")
    names.append(f"boxes_{outcome.boxes.outcome if outcome.boxes else 'none'}")
    return names
