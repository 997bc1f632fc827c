"""What the tests of evaluations share: asking for an address, and reading a file's rows."""

import csv
import io
from collections.abc import Callable
from typing import Any

from django.test import Client

from annotations.models import Person
from boneage_web.evaluation.models import Evaluation

Browser = Callable[[Person], Client]


def get(browser: Client, evaluation: Evaluation, path: str = "", **query: object) -> Any:
    return browser.get(f"/api/v1/evaluations/{evaluation.pk}{path}", query)


def lines_of(response: Any) -> tuple[dict[str, str], list[dict[str, str]]]:
    """Marks and rows of a CSV file."""
    lines = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    marks = {line[0][2:]: line[1] for line in lines if line[0].startswith("# ")}
    head, *rows = [line for line in lines if not line[0].startswith("# ")]
    return marks, [dict(zip(head, row, strict=True)) for row in rows]
