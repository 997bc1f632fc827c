"""`manage.py import_dicom PATH... [--json] [--cohort NAME]`: films from files and folders, as if they were uploaded."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from annotations.models import Cohort
from annotations.services.cohorts import add_cohort
from annotations.services.intake import IntakeOutcome, Reason, receive
from annotations.states import IntakeResult

_UNREADABLE = (
    "The file cannot be opened. Check its name and its permissions.",
    "无法打开该文件。请检查文件名和权限。",
)


class Command(BaseCommand):
    """Goes on after a refusal; the exit status is 1 if any file was refused."""

    help = "Take DICOM films in from files and folders. One line per file; with --json one JSON object per line."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="file, or folder with all below it")
        parser.add_argument("--json", action="store_true", help="one JSON line per file: file, outcome, reason, study")
        parser.add_argument("--cohort", help="name of the cohort; made when there is none of that name")

    def handle(self, *args: Any, **options: Any) -> None:
        cohort = _cohort(options["cohort"])
        refused = 0
        for path in _files(options["paths"]):
            outcome = _take_in(path, cohort)
            refused += outcome.outcome is IntakeResult.REJECTED
            self.stdout.write(_line(outcome, as_json=options["json"]))
            self.stdout.flush()
        if refused:
            raise CommandError(f"{refused} of the files were refused.", returncode=1)


def _cohort(name: str | None) -> Cohort | None:
    if name is None:
        return None
    return Cohort.objects.filter(name=name).first() or add_cohort(person=None, name=name)


def _files(paths: list[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(each for each in path.rglob("*") if each.is_file())
        else:
            yield path


def _take_in(path: Path, cohort: Cohort | None) -> IntakeOutcome:
    try:
        data = path.read_bytes()
    except OSError:
        return IntakeOutcome(str(path), IntakeResult.REJECTED, Reason("unreadable_file", *_UNREADABLE))
    return receive(data=data, filename=str(path), by=None, cohort=cohort)


def _line(outcome: IntakeOutcome, *, as_json: bool) -> str:
    reason = outcome.reason
    study = str(outcome.study) if outcome.study else None
    if as_json:
        told = {"code": reason.code, "message": reason.message, "message_zh": reason.message_zh} if reason else None
        return json.dumps(
            {"file": outcome.file, "outcome": str(outcome.outcome), "reason": told, "study": study}, ensure_ascii=False
        )
    return f"{outcome.file}: {outcome.outcome}" + (f" ({reason.code}: {reason.message})" if reason else f" {study}")
