"""Table 2: our models and baselines on these cases beside the rows of the literature, each marked as what it is."""

from collections.abc import Iterator
from typing import Any

from boneage_web.evaluation.models import Evaluation
from inference.statistics import paper
from inference.statistics.figures.figure import Figure

COLUMNS = ("kind", "reference", "year", "method", "n", "mae_years", "mae_low_years", "mae_high_years")


def same_population(evaluation: Evaluation) -> list[Evaluation]:
    """Evaluations on the same films with the same truth: the newest of each model, this one first.

    The films are the same where part and hash of the snapshot are, or the frozen cases themselves; what is not known of
    one of the two is never the same.
    """
    newest: dict[Any, Evaluation] = {evaluation.model_version_id: evaluation}
    mine = _populations(evaluation)
    if mine:
        rows = Evaluation.objects.select_related("model_version", "snapshot")
        for other in rows.order_by("-created_at", "pk"):
            if mine & _populations(other):
                newest.setdefault(other.model_version_id, other)
    return list(newest.values())


def table2(evaluation: Evaluation) -> Figure:
    """Rows of kind ours, baseline and literature; years, as the literature has it.

    Literature rows were measured on other children: they stand beside ours and cannot be ranked with them.
    """
    rows = [*_ours(evaluation), *_baselines(evaluation), *_literature()]
    return Figure(
        values={"rows": rows, "source": paper.SOURCE},
        columns=COLUMNS,
        rows=[[row[name] for name in COLUMNS] for row in rows],
    )


def _ours(evaluation: Evaluation) -> Iterator[dict[str, Any]]:
    for other in same_population(evaluation):
        if other.report["overall"]:
            yield {
                "kind": "ours",
                "reference": other.model_version.label,
                "year": other.created_at.year,
                "method": str(other.model_version.manifest.get("preset", "")),
                "evaluation": str(other.pk),
                **_years(other.report["overall"]),
            }


def _baselines(evaluation: Evaluation) -> Iterator[dict[str, Any]]:
    for name, found in evaluation.report.get("baselines", {}).items():
        yield {
            "kind": "baseline",
            "reference": "",
            "year": evaluation.created_at.year,
            "method": name,
            **_years(found["overall"]),
        }


def _literature() -> Iterator[dict[str, Any]]:
    for row in paper.methods():
        yield {
            "kind": "literature",
            "reference": row.reference,
            "year": row.year,
            "method": row.method,
            "n": row.samples,
            "mae_years": row.mae_years,
            "mae_low_years": None,
            "mae_high_years": None,
        }


def _years(measures: dict[str, Any]) -> dict[str, Any]:
    low, high = measures["mae_interval_months"] or (None, None)
    return {
        "n": measures["n"],
        "mae_years": measures["mae_months"] / 12,
        "mae_low_years": None if low is None else low / 12,
        "mae_high_years": None if high is None else high / 12,
    }


def _populations(evaluation: Evaluation) -> set[tuple[str, ...]]:
    """What the films of an evaluation can be told by."""
    imported = evaluation.report.get("population", {})
    snapshot = evaluation.snapshot.hash if evaluation.snapshot else imported.get("hash")
    split = evaluation.split or imported.get("split")
    cases = evaluation.report.get("films_hash")
    told = {("part", snapshot, split)} if snapshot and split else set()
    return told | ({("cases", cases)} if cases else set())
