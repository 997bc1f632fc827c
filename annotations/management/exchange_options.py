"""Options and lines that the commands for boxes and tables share."""

import json
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import CommandError

from annotations.exchange.take_boxes import Taken
from annotations.models import Cohort, Person
from annotations.permissions.boxes import can_draw
from inference.box_formats.class_maps import ClassMap, ClassMapError
from inference.box_formats.findings import BoxFinding


def add_import_options(parser: ArgumentParser) -> None:
    """What every import of boxes is told."""
    parser.add_argument(
        "--author", required=True, metavar="USERNAME", help="labeller or reviewer whose boxes these are"
    )
    add_map_option(parser)
    parser.add_argument("--scale", action="store_true", help="scale boxes of a picture of another size to the film")
    parser.add_argument("--submit", action="store_true", help="hand in what has all 17 regions boxed or absent")
    parser.add_argument("--json", action="store_true", help="one JSON line per file, with sentences in both languages")


def add_map_option(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--map",
        default="regions",
        metavar="NAME|FILE",
        help="class map: regions (default), regions-en, regions-zh, voc881, koitka, koitka-carpals, or a JSON file",
    )


def class_map_of(text: str) -> ClassMap:
    """A named map, or the user's own file."""
    try:
        return ClassMap.from_file(Path(text)) if text.endswith(".json") else ClassMap.named(text)
    except ClassMapError as error:
        raise CommandError(f"{error.message} {error.message_zh}") from None


def author_of(username: str) -> Person:
    """The account under whose name boxes are stored."""
    author = Person.objects.filter(username=username, is_active=True).first()
    if author is None or not can_draw(author):
        raise CommandError(
            "The author must be an active account with the role labeller or reviewer. "
            "作者必须是具有标注者或审核者角色的有效账户。"
        )
    return author


def cohort_of(name: str | None) -> UUID | None:
    """The id of the cohort of this name, which must be there."""
    if name is None:
        return None
    cohort = Cohort.objects.filter(name=name).first()
    if cohort is None:
        raise CommandError("There is no cohort of this name. 没有该名称的队列。")
    return cohort.pk


def finding_json(finding: BoxFinding) -> dict[str, Any]:
    """A finding for a program."""
    number = {} if finding.number is None else {"box": finding.number}
    return {"code": finding.code, **number, "message": finding.message, "message_zh": finding.message_zh}


def taken_json(taken: Taken) -> dict[str, Any]:
    """How the boxes of one picture ended, for a program."""
    return {
        "boxes": str(taken.outcome),
        "radiograph": str(taken.radiograph) if taken.radiograph else None,
        "box_set": str(taken.box_set) if taken.box_set else None,
        "regions": taken.regions,
        "findings": [finding_json(finding) for finding in taken.findings],
    }


def finding_lines(findings: Iterable[BoxFinding]) -> list[str]:
    """Findings for a person, one line each, below the file's line."""
    return [
        f"    {'' if finding.number is None else f'box {finding.number}: '}{finding.code}: {finding.message}"
        for finding in findings
    ]


def as_line(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False)
