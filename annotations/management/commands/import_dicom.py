"""`manage.py import_dicom PATH... [--json] [--cohort NAME]`: films from files, folders and zips."""

import json
import time
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from annotations.base.site_command import SiteCommand
from annotations.gateway.archives import FoundFile
from annotations.gateway.film_files import files_below, films_in
from annotations.management.cohort_option import add_cohort_option, cohort_of
from annotations.models import Cohort
from annotations.services.intake import IntakeOutcome, receive, refuse_at_door
from annotations.services.take_in import GateUnavailableError
from annotations.states import Door, IntakeResult

TELL_EVERY_SECONDS = 5.0


class Command(SiteCommand):
    """Goes on after a refusal; the exit status is 1 if any file was refused, and 2 if it had to break off.

    Broken off or killed at any point, it is simply run again: what is here already is a duplicate. The films that are
    named stay where they are.
    """

    help = (
        "Take DICOM films in from files, folders and zips. One line per film; with --json one JSON object per line. "
        "Progress and a summary go to standard error."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "paths", nargs="+", type=Path, metavar="PATH", help="file, zip, or folder with all below it"
        )
        parser.add_argument("--json", action="store_true", help="one JSON line per file: file, outcome, reason, study")
        add_cohort_option(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        cohort = cohort_of(options["cohort"])
        counts: Counter[str] = Counter()
        paths = [path for named in options["paths"] for path in files_below(named)]
        told_at = time.monotonic()
        try:
            for number, path in enumerate(paths):
                if time.monotonic() - told_at > TELL_EVERY_SECONDS:
                    told_at = time.monotonic()
                    self.stderr.write(f"{number} of {len(paths)} files: {_numbers(counts)}")
                for found in films_in(path, limit_bytes=settings.UPLOAD_LIMIT_BYTES):
                    outcome = _outcome(found, cohort)
                    counts[outcome.outcome] += 1
                    if outcome.reason and outcome.outcome is IntakeResult.REJECTED:
                        counts[f"  {outcome.reason.code}"] += 1
                    self.stdout.write(_line(outcome, as_json=options["json"]))
                    self.stdout.flush()
        except GateUnavailableError:
            self.stderr.write(_summary(counts))
            message = "Broken off: the database, the disk or the vault cannot be used. Run the command again later."
            raise CommandError(message, returncode=2) from None
        self.stderr.write(_summary(counts))
        if refused := counts[IntakeResult.REJECTED]:
            raise CommandError(f"{refused} of the films were refused.", returncode=1)


def _outcome(found: FoundFile, cohort: Cohort | None) -> IntakeOutcome:
    if found.data is None:
        assert found.reason is not None, "without bytes there is a reason"
        refuse_at_door(found.reason, door=Door.COMMAND, cohort=cohort)
        return IntakeOutcome(found.name, IntakeResult.REJECTED, found.reason)
    return receive(data=found.data, filename=found.name, by=None, cohort=cohort, door=Door.COMMAND)


def _line(outcome: IntakeOutcome, *, as_json: bool) -> str:
    reason = outcome.reason
    study = str(outcome.study) if outcome.study else None
    if as_json:
        told = {"code": reason.code, "message": reason.message, "message_zh": reason.message_zh} if reason else None
        return json.dumps(
            {"file": outcome.file, "outcome": str(outcome.outcome), "reason": told, "study": study}, ensure_ascii=False
        )
    return f"{outcome.file}: {outcome.outcome}" + (f" ({reason.code}: {reason.message})" if reason else f" {study}")


def _numbers(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {counts[name]}" for name in IntakeResult if counts[name]) or "nothing yet"


def _summary(counts: Counter[str]) -> str:
    """How many ended how; refusals by reason; what waits for a person."""
    lines = [f"{sum(counts[name] for name in IntakeResult)} films: {_numbers(counts)}"]
    lines += [f"{name} {count}" for name, count in counts.most_common() if name.startswith("  ")]
    if counts[IntakeResult.BLOCKED]:
        lines.append("Blocked films wait for a reviewer: there may be writing left in their pixels.")
    return "\n".join(lines)
