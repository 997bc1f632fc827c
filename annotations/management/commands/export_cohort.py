"""`manage.py export_cohort --out FILE`: a table of films as CSV or Parquet, with its data dictionary beside it."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from annotations.base.site_command import SiteCommand
from annotations.exchange.cohort_columns import data_dictionary
from annotations.exchange.cohort_files import write_csv, write_parquet
from annotations.exchange.cohort_table import cohort_rows
from annotations.management.exchange_options import cohort_of
from annotations.models import Person
from inference.written_aside import written_aside

_WRITERS = {".csv": write_csv, ".parquet": write_parquet}


class Command(SiteCommand):
    """From the server's own command line nothing is hidden, unless --as names the person who will be given the file."""

    help = "Export one row a film: pseudonym, sex, age, side, spacing, quality, states, consensus, prediction."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--out", type=Path, required=True, help="a .csv or .parquet file that does not exist")
        parser.add_argument("--cohort", help="only films of this cohort")
        parser.add_argument("--no-predictions", action="store_true", help="leave the model's ages out")
        parser.add_argument(
            "--as",
            dest="person",
            metavar="USERNAME",
            help="hide what this person may not see yet, and remember what the file shows them",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        out: Path = options["out"]
        write = _WRITERS.get(out.suffix.lower())
        if write is None:
            raise CommandError("The file must end in .csv or .parquet. 文件名须以 .csv 或 .parquet 结尾。")
        if out.exists():
            raise CommandError(f"{out.name} exists already: choose another name.")
        cohort = cohort_of(options["cohort"])
        rows = cohort_rows(
            person=_person(options["person"]),
            cohort=cohort,
            predictions=not options["no_predictions"],
        )
        with written_aside(out) as aside, aside.open("wb") as file:
            count = write(file, rows)
        dictionary = out.with_name(f"{out.stem}.dictionary.json")
        dictionary.write_text(json.dumps(data_dictionary(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        self.stdout.write(f"{count} films in {out.name}; the columns are explained in {dictionary.name}")


def _person(username: str | None) -> Person | None:
    if username is None:
        return None
    person = Person.objects.filter(username=username).first()
    if person is None:
        raise CommandError("There is no account with this user name. 没有该用户名的账户。")
    return person
