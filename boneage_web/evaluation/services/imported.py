"""Take in a report that `python -m training evaluate` wrote on another machine, with the snapshot it was made on."""

import json
from pathlib import Path
from typing import Any

from annotations.base.errors import Conflict, Invalid
from boneage_web.evaluation.models import BandBy, Evaluation
from boneage_web.evaluation.services.evaluations import EvaluationRequest, keep_split_evaluation
from boneage_web.registry.models import ModelVersion, Snapshot
from training.snapshot import SnapshotError, read_snapshot


def import_report(*, report: Path, snapshot: Path) -> Evaluation:
    """The evaluation of a report folder. One that is here already is found and not made twice.

    Args:
        report: folder with report.json.
        snapshot: the folder of the snapshot that the report names; only its tables are read.

    Raises:
        Invalid: no report, no snapshot, or two that do not belong together.
        Conflict: its model is not registered here.
    """
    found = _read(report / "report.json")
    try:
        data = read_snapshot(snapshot)
    except SnapshotError as error:
        raise Invalid("no_snapshot", str(error)) from error
    population = found["population"]
    if population["hash"] != data.hash:
        raise Invalid(
            "other_snapshot",
            f"The report was made on snapshot {population['hash'][:12]}, and {snapshot} is {data.hash[:12]}. "
            "Name the folder of the right one.",
        )
    model = _model(found["model"]["hash"])
    row = Snapshot.objects.filter(hash=data.hash).first()
    request = EvaluationRequest(
        model=model.pk,
        cohort=None,
        snapshot=row.pk if row else None,
        split=population["split"] if row else "",
        band_by=BandBy(found["band_by"]),
    )
    before = Evaluation.objects.filter(model_version=model, report__model__hash=found["model"]["hash"])
    for evaluation in before:
        kept = evaluation.report.get("population", {})
        if (kept.get("hash"), kept.get("split")) == (population["hash"], population["split"]):
            return evaluation
    return keep_split_evaluation(
        run=None, request=request, report=found, radiographs=data.radiographs, population=population
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        needed = {"cases", "population", "model", "synthetic", "band_by"} - set(found)
    except (OSError, ValueError, TypeError) as error:
        raise Invalid("no_report", f"{path} is no report of an evaluation ({error}).") from error
    if needed:
        raise Invalid(
            "no_report", f"{path} lacks {', '.join(sorted(needed))}: make it with python -m training evaluate."
        )
    return dict(found)


def _model(hash_: str) -> ModelVersion:
    """The registered model of this hash, or one that differs from it only by the evaluations in its manifest."""
    for model in ModelVersion.objects.all():
        measured = {one.get("model", {}).get("hash") for one in model.manifest.get("evaluations", ())}
        if model.hash == hash_ or hash_ in measured:
            return model
    raise Conflict(
        "unknown_model", f"The model {hash_[:12]} of this report is not registered here. Register its artifact first."
    )
