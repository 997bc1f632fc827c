"""Take in a report that `python -m training evaluate` wrote on another machine, with the snapshot it was made on."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from annotations.base.errors import Conflict, Invalid
from boneage_web.evaluation.models import BandBy, Evaluation
from boneage_web.evaluation.services.case_pictures import KeptPictures, keep_pictures
from boneage_web.evaluation.services.evaluations import EvaluationRequest, keep_split_evaluation
from boneage_web.registry.models import ModelVersion, Snapshot
from inference.progress import OnProgress, ignore_progress
from training.snapshot import SnapshotError, read_snapshot


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import came to; ``pictures`` is None where none were wanted."""

    evaluation: Evaluation
    pictures: KeptPictures | None


def import_report(
    *, report: Path, snapshot: Path, pictures: bool, on_progress: OnProgress = ignore_progress
) -> Imported:
    """The evaluation of a report folder. One that is here already is found and not made twice; pictures that it lacks
    are added to it.

    Args:
        report: folder with report.json.
        snapshot: the folder of the snapshot that the report names.
        pictures: keep the pictures of the cases; otherwise only the snapshot's tables are read.

    Raises:
        Invalid: no report, no snapshot, two that do not belong together, or pictures that cannot be kept. No
            evaluation is made then.
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
    kept = keep_pictures(data, [case["id"] for case in found["cases"]], on_progress=on_progress) if pictures else None
    before = _found_here(model, found)
    if before is not None:
        return Imported(before, kept)
    row = Snapshot.objects.filter(hash=data.hash).first()
    request = EvaluationRequest(
        model=model.pk,
        cohort=None,
        snapshot=row.pk if row else None,
        split=population["split"] if row else "",
        band_by=BandBy(found["band_by"]),
    )
    evaluation = keep_split_evaluation(
        run=None, request=request, report=found, radiographs=data.radiographs, population=population
    )
    return Imported(evaluation, kept)


def _found_here(model: ModelVersion, report: dict[str, Any]) -> Evaluation | None:
    population = report["population"]
    for evaluation in Evaluation.objects.filter(model_version=model, report__model__hash=report["model"]["hash"]):
        known = evaluation.report.get("population", {})
        if (known.get("hash"), known.get("split")) == (population["hash"], population["split"]):
            return evaluation
    return None


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
