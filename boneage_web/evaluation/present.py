"""Evaluations become the JSON of the contract, and figures become CSV that says what it is about."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from annotations.base.spreadsheet import plain_cell
from boneage_web.evaluation.models import Evaluation
from boneage_web.registry.serializers import trained_on
from inference.statistics.case_filter import CaseFilter


def evaluation_row(evaluation: Evaluation) -> dict[str, Any]:
    """One line of the list."""
    model = evaluation.model_version
    data = trained_on(model)
    return {
        "id": str(evaluation.pk),
        "created_at": evaluation.created_at.isoformat(),
        "model": {
            "id": str(model.pk),
            "label": model.label,
            "hash": model.hash,
            "trained_on": data,
            "synthetic": bool(data and data["synthetic"]),
            "uses_chronological_age": "chronological_age_months" in model.manifest.get("inputs_used", ()),
        },
        "population": _population(evaluation),
        "truth": evaluation.truth,
        "truth_is_model": bool(evaluation.report["truth_is_model"]),
        "left_out": evaluation.left_out,
        "overall": evaluation.report["overall"],
    }


def evaluation_json(evaluation: Evaluation) -> dict[str, Any]:
    """One evaluation with what its filters offer; its cases are not touched."""
    said = {
        "band_by": evaluation.band_by,
        "truth_origins": evaluation.report.get("truth_origins", []),
        "has_detector": evaluation.report.get("detector") is not None,
        "case_table": evaluation.case_table,
    }
    return {**evaluation_row(evaluation), **evaluation.report["offers"], **said}


def _population(evaluation: Evaluation) -> dict[str, Any]:
    row = evaluation.snapshot or evaluation.cohort
    imported = evaluation.report.get("population", {})
    of_snapshot = evaluation.snapshot is not None or bool(imported)
    return {
        "kind": "snapshot" if of_snapshot else "cohort",
        "id": str(row.pk) if row else None,
        "name": row.name if row else imported.get("name"),
        "split": evaluation.split or imported.get("split"),
        "synthetic": bool(evaluation.report["synthetic"]),
        "locked": bool(imported.get("locked"))
        or bool(evaluation.snapshot and evaluation.snapshot.test_locked and evaluation.split == "test"),
        "evaluations_so_far": imported.get("evaluations_so_far") or evaluation.number,
    }


def marks_of(evaluation: Evaluation) -> list[tuple[str, str]]:
    """What every file says of where its numbers come from: (name, value)."""
    row = evaluation_row(evaluation)
    return [
        ("model", row["model"]["label"]),
        ("model hash", row["model"]["hash"]),
        ("population", row["population"]["name"] or "all cohorts"),
        ("split", row["population"]["split"] or ""),
        ("truth", row["truth"]),
        ("truth is a model's", "yes" if row["truth_is_model"] else "no"),
        ("synthetic films", "yes" if row["population"]["synthetic"] else "no"),
        ("cases", evaluation.case_table),
        ("use", "research use only"),
    ]


def csv_text(
    evaluation: Evaluation, wanted: CaseFilter | None, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> str:
    """A figure's table as CSV; the first lines say what it is about, and with which filter it was counted."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    for name, value in [*marks_of(evaluation), *([("filter", wanted.key())] if wanted else [])]:
        writer.writerow([f"# {name}", plain_cell(str(value))])
    writer.writerow(columns)
    for row in rows:
        writer.writerow([plain_cell(cell) if isinstance(cell, str) else "" if cell is None else cell for cell in row])
    return "\ufeff" + text.getvalue()
