"""The release gate: before a model is put to use it is held against the one in use, on the films of the yardstick.

What is compared, and when it passes: `inference/statistics/release_gate.py`. Here: which evaluations, whether the two
may be compared at all, and the reason that is asked for when the candidate is not shown to be better.
"""

from typing import Any

from annotations.base.errors import Conflict, NotThere
from annotations.models import Person
from boneage_web.evaluation.models import Evaluation
from boneage_web.evaluation.services.tables import load_table
from boneage_web.registry.models import ModelVersion, Snapshot, Yardstick
from boneage_web.registry.selectors import model_to_beat, yardstick
from boneage_web.registry.services.models import activate
from boneage_web.registry.services.snapshots import frozen_data
from inference.statistics.case_filter import CaseFilter
from inference.statistics.release_gate import RegionMarks, Side, judge

NOT_BETTER = (
    "This model is not shown to be better than {other} on the films of the release gate ({findings}). "
    "Look at the comparison; to put it to use all the same, give a reason. It is kept and shown."
)
NOTHING_COMPARED: dict[str, Any] = {"ages": [], "regions": [], "refused": None, "few": None}


def verdict_on(model: ModelVersion) -> dict[str, Any]:
    """What the gate says of a model now; plain JSON.

    Returns:
        ``against`` and ``yardstick`` (None where there is none), ``evaluations`` of both, and what
        `inference.statistics.release_gate.judge` answers. ``findings`` is empty when the model may be put to use
        without a reason; the first model of a site has none before it to be compared with.
    """
    other, films = model_to_beat(model), yardstick()
    said: dict[str, Any] = {
        "against": _model(other) if other else None,
        "yardstick": yardstick_json(films) if films else None,
        "evaluations": {"candidate": None, "active": None},
        **NOTHING_COMPARED,
        "findings": [],
    }
    if other is None:
        return said
    if films is None:
        return said | {"findings": ["no_yardstick"]}
    ours, theirs = (_newest(one, films) for one in (model, other))
    said["evaluations"] = {
        name: str(row.pk) if row else None for name, row in (("candidate", ours), ("active", theirs))
    }
    findings = [*_learnt_from(model, other, films)]
    findings += [f"{name}_not_evaluated" for name, row in (("candidate", ours), ("active", theirs)) if row is None]
    if ours is None or theirs is None:
        return said | {"findings": findings}
    if ours.report["truth_is_model"]:
        findings.append("truth_is_model")
    try:
        wanted = CaseFilter.from_json({"truth": ours.default_truth, "rejected": "with"})
        compared = judge(_side(ours), _side(theirs), wanted=wanted)
    except NotThere:
        return said | {"findings": [*findings, "cases_gone"]}
    return said | compared | {"findings": [*findings, *compared["findings"]]}


def release(*, model: ModelVersion, person: Person, reason: str) -> ModelVersion:
    """Put a model to use. Raises Conflict when it is not shown to be better and no reason is given."""
    verdict = verdict_on(model)
    if verdict["findings"] and not reason.strip():
        raise Conflict(
            "release_gate",
            NOT_BETTER.format(other=verdict["against"]["label"], findings=", ".join(verdict["findings"])),
            findings=verdict["findings"],
        )
    return activate(model=model, person=person, reason=reason.strip(), verdict=verdict)


def _newest(model: ModelVersion, films: Yardstick) -> Evaluation | None:
    rows = Evaluation.objects.filter(model_version=model, snapshot=films.snapshot_id, split=films.split)
    return rows.order_by("-created_at", "pk").first()


def _side(evaluation: Evaluation) -> Side:
    rows = evaluation.region_marks
    marks = RegionMarks(
        patients={film: row["patient"] for film, row in rows.items()},
        marks={film: row["marks"] for film, row in rows.items()},
    )
    return Side(
        cases=load_table(evaluation.case_table),
        refused=sum(evaluation.left_out.values()),
        regions=marks if rows else None,
    )


def _learnt_from(model: ModelVersion, other: ModelVersion, films: Yardstick) -> list[str]:
    """Whether one of the two has seen children of the yardstick. What the one in use learnt from may be unknown (it
    could only be the better for it); of a candidate it has to be known."""
    judged = _patients(films.snapshot, (films.split,))
    findings = []
    for name, one in (("candidate", model), ("active", other)):
        hash_ = str((one.manifest.get("trained_on") or {}).get("snapshot", ""))
        source = Snapshot.objects.filter(hash=hash_).first() if hash_ else None
        seen = _patients(source, ("train", "validation")) if source else None
        if seen is None:
            findings += ["candidate_data_unknown"] if name == "candidate" else []
        elif judged is None or seen & judged:
            findings.append(f"{name}_learnt_from")
    return findings


def _patients(snapshot: Snapshot, parts: tuple[str, ...]) -> frozenset[str] | None:
    """Pseudonyms of some parts; None when the files are gone or damaged."""
    try:
        data = frozen_data(snapshot)
    except NotThere:
        return None
    return frozenset(radiograph.patient for radiograph in data.radiographs if radiograph.split in parts)


def _model(model: ModelVersion) -> dict[str, Any]:
    return {"id": str(model.pk), "label": model.label, "status": model.status}


def yardstick_json(films: Yardstick) -> dict[str, Any]:
    """As the API shows it."""
    return {
        "snapshot": {"id": str(films.snapshot.pk), "name": films.snapshot.name, "hash": films.snapshot.hash},
        "split": films.split,
        "films": films.snapshot.manifest.get("counts", {}).get("parts", {}).get(films.split),
        "synthetic": films.snapshot.synthetic,
        "set_at": films.set_at.isoformat(),
        "set_by": films.set_by.display_name if films.set_by else None,
        "reason": films.reason,
    }
