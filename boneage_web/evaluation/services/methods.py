"""Table 2: our models and baselines on these cases beside the rows of the literature, each marked as what it is."""

from collections.abc import Iterator
from typing import Any

from boneage_web.evaluation.models import Evaluation
from inference.statistics import paper
from inference.statistics.figures.figure import Figure

COLUMNS = ("kind", "reference", "year", "method", "n", "mae_years", "mae_low_years", "mae_high_years")


def same_population(evaluation: Evaluation) -> list[Evaluation]:
    """Evaluations on the same films: of the same snapshot part or cohort; the newest of each model, this one first."""
    rows = Evaluation.objects.select_related("model_version").filter(
        snapshot=evaluation.snapshot_id, cohort=evaluation.cohort_id, split=evaluation.split
    )
    newest: dict[Any, Evaluation] = {evaluation.model_version_id: evaluation}
    for other in rows.order_by("-created_at", "pk"):
        if _population_hash(other) == _population_hash(evaluation):
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


def _population_hash(evaluation: Evaluation) -> tuple[Any, Any]:
    population = evaluation.report.get("population", {})
    return population.get("hash"), population.get("split")
