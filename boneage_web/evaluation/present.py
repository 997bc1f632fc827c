"""Evaluations become the JSON of the contract, and table 3 as CSV."""

import csv
import io
from typing import Any

from boneage_web.evaluation.models import Evaluation
from boneage_web.registry.serializers import trained_on

GROUPS = ("female", "male", "total")
MEASURES = ("n", "mae_months", "bias_months", "rmse_months")


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
        },
        "population": _population(evaluation),
        "truth": evaluation.truth,
        "left_out": evaluation.left_out,
        "overall": evaluation.report["overall"],
    }


def evaluation_json(evaluation: Evaluation) -> dict[str, Any]:
    """One evaluation with its figures."""
    return evaluation_row(evaluation) | {"report": evaluation.report}


def _population(evaluation: Evaluation) -> dict[str, Any]:
    of_snapshot = evaluation.snapshot is not None
    population = evaluation.snapshot or evaluation.cohort
    return {
        "kind": "snapshot" if of_snapshot else "cohort",
        "id": str(population.pk) if population else None,
        "name": population.name if population else None,
        "split": evaluation.split or None,
        "synthetic": bool(evaluation.report["synthetic"]),
        "locked": bool(evaluation.snapshot and evaluation.snapshot.test_locked and evaluation.split == "test"),
        "evaluations_so_far": evaluation.number,
    }


def table_csv(evaluation: Evaluation) -> str:
    """Table 3: one line a band, months; empty where a group has no case. The first lines say what it is about."""
    row = evaluation_row(evaluation)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    for name, value in (
        ("model", row["model"]["label"]),
        ("model hash", row["model"]["hash"]),
        ("population", row["population"]["name"] or "all cohorts"),
        ("split", row["population"]["split"] or ""),
        ("truth", row["truth"]),
        ("banded by", evaluation.band_by),
        ("synthetic films", "yes" if row["population"]["synthetic"] else "no"),
        ("use", "research use only"),
    ):
        writer.writerow([f"# {name}", _safe(str(value))])
    writer.writerow(["band_years", *(f"{group}_{measure}" for group in GROUPS for measure in MEASURES)])
    for band in evaluation.report["table3"]:
        writer.writerow([band["band"], *_cells(band)])
    overall = {"total": evaluation.report["overall"]}
    overall |= {"female": evaluation.report["by_sex"]["F"], "male": evaluation.report["by_sex"]["M"]}
    writer.writerow(["all", *_cells(overall)])
    return text.getvalue()


def _cells(groups: dict[str, Any]) -> list[Any]:
    return [groups[group][measure] if groups[group] else "" for group in GROUPS for measure in MEASURES]


def _safe(text: str) -> str:
    """A name that a person chose must not become a formula in a spreadsheet."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@"} else text
