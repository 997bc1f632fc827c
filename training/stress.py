"""How much an age moves when the film is changed a little, or when regions are missing.

    python -m training stress --artifact A --snapshot S --out DIR [--part test] [--films 200]

The films go to the detector as they are changed: the quality gate, which turns films upright and refuses bad ones, is
not in between, so a figure here is the model's own and worse than what reaches a user. Every change is one of
`training.film_changes`; afterwards regions are taken away from what was found, one by one and whole types at once.
Where the snapshot has chronological ages, the error is also given against bone age - chronological age.
"""

import csv
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.age_head import AgeHead
from inference.anatomy.regions import REGION_TYPES, REGIONS
from inference.artifact import read_artifact
from inference.batches_alike import batches_alike
from inference.progress import OnProgress, Progress, ignore_progress
from inference.statistics.bootstrap import bootstrap_interval
from training.evaluate import count_evaluation
from training.film_changes import KINDS, Floats
from training.films import film_aspect
from training.region_features import load_detector
from training.snapshot import Part, Snapshot, SnapshotError, SnapshotRadiograph, read_snapshot

FILMS = 200
BATCH = 16
FORMAT = "chboneai-stress/1"
OFFSET_EDGES_MONTHS = (-24.0, -12.0, 0.0, 12.0, 24.0)

Months = NDArray[np.float64]


class _Model:
    """An artifact that answers for grey pictures in 0..1; NaN where it refuses."""

    def __init__(self, artifact: Path) -> None:
        self.detector, self.preprocessing = load_detector(artifact)
        self.head = AgeHead.load(artifact / "age_head")

    def see(self, pictures: Sequence[Floats], radiographs: Sequence[SnapshotRadiograph]) -> tuple[Floats, Floats]:
        """Features [N, 17, F] and scores [N, 17]."""
        prepared = [
            self.preprocessing.prepare(picture, film_aspect=film_aspect(r)).image
            for picture, r in zip(pictures, radiographs, strict=True)
        ]
        features = np.zeros((len(prepared), len(REGIONS), self.detector.feature_size), np.float32)
        scores = np.zeros((len(prepared), len(REGIONS)), np.float32)
        for picks in batches_alike(range(len(prepared)), alike=lambda i: prepared[i].shape, size=BATCH):
            for i, found in zip(picks, self.detector.detect_batch([prepared[i] for i in picks]), strict=True):
                features[i], scores[i] = found.features, found.scores
        return features, scores

    def ages(self, features: Floats, scores: Floats, radiographs: Sequence[SnapshotRadiograph]) -> Months:
        """[N] months, NaN where too few regions are left."""
        sexes = [str(r.sex) for r in radiographs]
        months = self.head.predict_many(features, scores, sexes, [r.chronological_age_months for r in radiographs])
        return np.where((scores > 0).sum(axis=1) >= self.head.settings.regions_needed, months, np.nan)


def stress(
    *,
    artifact: Path,
    snapshot: Path,
    out: Path,
    part: Part = "test",
    films: int = FILMS,
    seed: int = 2017,
    on_progress: OnProgress = ignore_progress,
) -> dict[str, Any]:
    """Measure and write stress.json, stress.csv and stress.md.

    Args:
        part: the films' part; on a test part this counts as one evaluation.
        films: at most so many, drawn by `seed` from those that have a bone age and a sex.

    Raises:
        SnapshotError: no film in the part can be used, or the model refuses all of them.
    """
    data = read_snapshot(snapshot)
    model_hash = read_artifact(artifact).hash
    usable = [r for r in data.part(part) if r.bone_age_months is not None and r.sex is not None]
    if not usable:
        raise SnapshotError(f"The part {part} has no radiograph with a bone age and a sex.")
    picks = np.random.default_rng(seed).permutation(len(usable))[:films]
    chosen = [usable[i] for i in sorted(picks)]
    model = _Model(artifact)
    pictures = [_as_share(data, r) for r in chosen]
    plain_seen = model.see(pictures, chosen)
    plain = model.ages(*plain_seen, chosen)
    if not np.isfinite(plain).any():
        raise SnapshotError(f"The model refused all {len(chosen)} films.")
    evaluations = count_evaluation(data, part, f"stress {model_hash}", len(chosen))
    truths = np.array([r.bone_age_months for r in chosen], np.float64)
    steps = [
        _changed(kind.name, kind.unit, step, plain, ages, scores, truths)
        for kind, step, ages, scores in _every_step(model, pictures, chosen, seed, on_progress)
    ]
    steps += _without_regions(model, plain_seen, plain, chosen, truths)
    report: dict[str, Any] = {
        "format": FORMAT,
        "snapshot": {"name": data.manifest["name"], "hash": data.hash, "part": part},
        "synthetic": data.synthetic,
        "model": model_hash,
        "evaluations_so_far": evaluations,
        "films": len(chosen),
        "unchanged": _errors(plain, truths, np.isfinite(plain)),
        "steps": steps,
        "by_offset": _by_offset(plain, chosen, truths),
    }
    _write(out, report)
    return report


def _as_share(data: Snapshot, radiograph: SnapshotRadiograph) -> Floats:
    """Grey values in 0..1 between the picture's darkest and brightest."""
    picture = data.picture(radiograph).astype(np.float32)
    low, high = float(picture.min()), float(picture.max())
    return ((picture - low) / max(high - low, 1.0)).astype(np.float32)


def _every_step(
    model: _Model,
    pictures: Sequence[Floats],
    radiographs: Sequence[SnapshotRadiograph],
    seed: int,
    on_progress: OnProgress,
) -> list[tuple[Any, float, Months, Floats]]:
    plan = [(number, kind, step) for number, kind in enumerate(KINDS) for step in kind.steps]
    found = []
    for done, (number, kind, step) in enumerate(plan):
        on_progress(Progress("stress", done, len(plan), f"{kind.name} {step:g}"))
        changed = [
            kind.change(picture, step, np.random.default_rng((seed, number, i))) for i, picture in enumerate(pictures)
        ]
        features, scores = model.see(changed, radiographs)
        found.append((kind, step, model.ages(features, scores, radiographs), scores))
    on_progress(Progress("stress", len(plan), len(plan)))
    return found


def _without_regions(
    model: _Model,
    seen: tuple[Floats, Floats],
    plain: Months,
    radiographs: Sequence[SnapshotRadiograph],
    truths: Months,
) -> list[dict[str, Any]]:
    """Each region missing, and each type of region."""
    features, scores = seen
    gone = {region.id: np.array([other.id == region.id for other in REGIONS]) for region in REGIONS}
    gone |= {
        f"all of {kind}": np.array([region.type == kind for region in REGIONS])
        for kind in REGION_TYPES
        if sum(region.type == kind for region in REGIONS) > 1
    }
    steps = []
    for name, where in gone.items():
        left = np.where(where[None], 0, scores).astype(np.float32)
        ages = model.ages(np.where(where[None, :, None], 0, features).astype(np.float32), left, radiographs)
        steps.append(_changed("missing", name, 1, plain, ages, left, truths))
    return steps


def _changed(
    kind: str, unit: str, step: float, plain: Months, ages: Months, scores: Floats, truths: Months
) -> dict[str, Any]:
    """What one step did to the films that had an age before: those that still have one, and those refused now."""
    before = np.isfinite(plain)
    both = before & np.isfinite(ages)
    change = (ages - plain)[both]
    return {
        "kind": kind,
        "unit": unit,
        "step": step,
        "n": int(both.sum()),
        "newly_refused": int((before & ~np.isfinite(ages)).sum()),
        "regions_found": float((scores > 0).sum(axis=1).mean()),
        "mean_absolute_change_months": _mean(np.abs(change)),
        "mean_change_months": _mean(change),
        "largest_change_months": float(np.abs(change).max()) if len(change) else None,
        "changed_by_more_than_a_year": _mean(np.abs(change) > 12),
        "sd_of_change_months": float(change.std(ddof=1)) if len(change) > 1 else None,
        **_errors(ages, truths, both),
    }


def _errors(ages: Months, truths: Months, where: NDArray[np.bool_]) -> dict[str, Any]:
    error = (ages - truths)[where]
    interval = bootstrap_interval(np.abs(error))
    return {
        "mae_months": _mean(np.abs(error)),
        "mae_interval_months": None if interval is None else list(interval),
        "bias_months": _mean(error),
    }


def _mean(values: NDArray[Any]) -> float | None:
    return float(values.mean()) if len(values) else None


def _by_offset(plain: Months, radiographs: Sequence[SnapshotRadiograph], truths: Months) -> list[dict[str, Any]] | None:
    """Error by bone age - chronological age; None where the snapshot has no chronological ages."""
    if any(r.chronological_age_months is None for r in radiographs):
        return None
    offsets = truths - np.array([r.chronological_age_months for r in radiographs], np.float64)
    bin_of = np.searchsorted(OFFSET_EDGES_MONTHS, offsets, side="right")
    edges = (None, *OFFSET_EDGES_MONTHS, None)
    return [
        {
            "from_months": edges[i],
            "to_months": edges[i + 1],
            "n": int((where := (bin_of == i) & np.isfinite(plain)).sum()),
            **_errors(plain, truths, where),
        }
        for i in range(len(OFFSET_EDGES_MONTHS) + 1)
    ]


def _write(out: Path, report: dict[str, Any]) -> None:
    out.mkdir(parents=True, exist_ok=True)
    (out / "stress.json").write_text(json.dumps(report, indent=1, ensure_ascii=False), encoding="utf-8")
    with (out / "stress.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, list(report["steps"][0]))
        table.writeheader()
        table.writerows(report["steps"])
    (out / "stress.md").write_text(_markdown(report), encoding="utf-8")


def _markdown(report: dict[str, Any]) -> str:
    plain = report["unchanged"]
    number: Callable[[float | None, str], str] = lambda value, form: "" if value is None else format(value, form)  # noqa: E731
    lines = [
        f"# Stress on {report['snapshot']['name']}, part {report['snapshot']['part']}"
        + (" (SYNTHETIC)" if report["synthetic"] else ""),
        "",
        f"RESEARCH USE ONLY. Model {report['model'][:12]}, {report['films']} films, without the quality gate. "
        f"Unchanged: MAE {number(plain['mae_months'], '.2f')} months, bias {number(plain['bias_months'], '+.2f')}.",
        "",
        "| change | step | n | refused now | regions | mean change | mean absolute change | largest | by over a year "
        "| MAE months | bias |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for one in report["steps"]:
        what = f"{one['kind']} ({one['unit']})" if one["unit"] else one["kind"]
        lines.append(
            f"| {what} | {one['step']:g} | {one['n']} | {one['newly_refused']} | {one['regions_found']:.1f} "
            f"| {number(one['mean_change_months'], '+.2f')} | {number(one['mean_absolute_change_months'], '.2f')} "
            f"| {number(one['largest_change_months'], '.1f')} | {number(one['changed_by_more_than_a_year'], '.1%')} "
            f"| {number(one['mae_months'], '.2f')} | {number(one['bias_months'], '+.2f')} |"
        )
    if report["by_offset"]:
        lines += ["", "| bone age - chronological age, months | n | MAE months | bias |", "|---|---|---|---|"]
        for one in report["by_offset"]:
            low, high = (number(one[edge], "+.0f") for edge in ("from_months", "to_months"))
            lines.append(
                f"| {low or 'below'} to {high or 'above'} | {one['n']} | {number(one['mae_months'], '.2f')} "
                f"| {number(one['bias_months'], '+.2f')} |"
            )
    return "\n".join(lines) + "\n"
