"""Evaluate an artifact on one part of a snapshot: ages beside the baselines, and the boxes it found.

    python -m training evaluate --snapshot S --split test --artifact A --out DIR

Writes report.json (shape: `inference.statistics.report`, with population, refusals, interval, baselines, boxes and
how each region was met beside it), table3.csv and report.md. Every evaluation on a test part is written down in the
snapshot, so that the report can say how often that part was looked at.
"""

import csv
import dataclasses
import json
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.age_head import AgeHead, AgeRefused
from inference.artifact import read_artifact
from inference.detector.engines import Engine
from inference.detector.precision import Precision
from inference.progress import OnProgress, ignore_progress
from inference.statistics.age_bands import AGE_BANDS, age_band
from inference.statistics.detection import marks_of
from inference.statistics.report import Case, evaluation_report, measures
from training.baselines.constant import Guess, predict_from_sex, predict_the_mean
from training.baselines.whole_picture import whole_picture_ages
from training.feature_rows import RegionFeatures
from training.films import Films
from training.region_features import load_detector, region_features
from training.score_detector import boxed_films, scores_of
from training.snapshot import PARTS, Part, Snapshot, SnapshotError, SnapshotRadiograph, read_snapshot

TEST_LOG = "test_evaluations.jsonl"


def evaluate(
    *,
    snapshot: Path,
    split: str,
    artifact: Path,
    out: Path,
    ids: Collection[str] | None = None,
    whole_picture: Path | None = None,
    cache: Path | None = None,
    engine: Engine = "keras",
    precision: Precision = "f32",
    on_progress: OnProgress = ignore_progress,
) -> dict[str, Any]:
    """Evaluate and write the report.

    Args:
        split: train, validation or test.
        ids: only these radiographs of the part.
        whole_picture: folder of a fitted end-to-end baseline, to stand beside the model.
        cache: where region features are kept; in `out` by default.
        engine, precision: what runs the detector; the report names them.

    Raises:
        SnapshotError: no such part, nothing to evaluate in it, or a test part that cannot be counted.
        EngineError: the engine is not there, or has no such precision.
    """
    if split not in PARTS:
        raise SnapshotError(f"There is no part {split!r}; there are {', '.join(PARTS)}.")
    part: Part = split
    data = read_snapshot(snapshot)
    model = read_artifact(artifact)
    chosen = [r for r in data.part(part) if ids is None or r.id in ids]
    scored = [r for r in chosen if r.bone_age_months is not None and r.sex is not None]
    if not scored:
        raise SnapshotError(f"The part {split} has no radiograph with a bone age and a sex.")
    seen = region_features(
        snapshot=data,
        detector=artifact,
        cache=cache or out / "features",
        radiographs=chosen,
        engine=engine,
        precision=precision,
        on_progress=on_progress,
    )
    cases, refused = _cases(scored, seen.rows([r.id for r in scored]), AgeHead.load(artifact / "age_head"))
    if not cases:
        raise SnapshotError(f"The model refused every radiograph of the part {split}: {dict(refused)}.")
    evaluations = count_evaluation(data, part, model.hash, len(cases))
    report = evaluation_report(cases, band_by="bone_age", synthetic=data.synthetic)
    report["population"] = {
        "kind": "snapshot",
        "name": data.manifest["name"],
        "hash": data.hash,
        "split": split,
        "of_part": len(data.part(part)),
        "chosen": len(chosen),
        "without_truth_or_sex": len(chosen) - len(scored),
        "locked": bool(data.manifest["split"].get("test_locked")) and part == "test",
        "evaluations_so_far": evaluations,
        "learnt_from": part != "test" and model.manifest["trained_on"]["snapshot"] == data.hash,
    }
    report["model"] = {
        "hash": model.hash,
        "trained_on": model.manifest["trained_on"]["snapshot"],
        "engine": engine,
        "precision": precision,
    }
    report["refused"] = dict(refused)
    report["interval"] = _interval(cases, float(model.manifest["interval"]["coverage"]))
    report["baselines"] = _baselines(data, cases, {r.id: r for r in scored}, whole_picture)
    boxed = [r for r in chosen if data.boxes(r.id)]
    report["detector"], report["region_marks"] = _boxes(data, artifact, engine, precision, boxed)
    _write(out, report)
    return report


def _cases(
    radiographs: Sequence[SnapshotRadiograph], seen: RegionFeatures, head: AgeHead
) -> tuple[list[Case], Counter[str]]:
    """A case for every radiograph that gets an age, and how many were refused, by code."""
    cases, refused = [], Counter[str]()
    for i, radiograph in enumerate(radiographs):
        assert radiograph.sex is not None
        assert radiograph.bone_age_months is not None
        try:
            age = head.predict(seen.features[i], seen.scores[i], radiograph.sex, radiograph.chronological_age_months)
        except AgeRefused as refusal:
            refused[refusal.code] += 1
            continue
        cases.append(
            Case(
                id=radiograph.id,
                sex=radiograph.sex,
                truth_months=radiograph.bone_age_months,
                predicted_months=age.bone_age_months,
                chronological_age_months=radiograph.chronological_age_months,
                interval_months=age.interval_months,
                patient=radiograph.patient,
                without_age_months=_without_age(head, seen, i, radiograph),
            )
        )
    return cases, refused


def _without_age(head: AgeHead, seen: RegionFeatures, i: int, radiograph: SnapshotRadiograph) -> float | None:
    """What the head says when it is not told the chronological age; None for a head that never is."""
    if not head.settings.with_chronological_age or radiograph.sex is None:
        return None
    return head.predict(seen.features[i], seen.scores[i], radiograph.sex, None).bone_age_months


def count_evaluation(data: Snapshot, part: Part, model: str, cases: int) -> int:
    """Write down an evaluation on the test part; returns how many there were, this one included (0: other parts).

    Args:
        model: the model's hash, or what else was looked at.

    Raises:
        SnapshotError: it cannot be written down.
    """
    if part != "test":
        return 0
    path = data.dir / TEST_LOG
    line = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "model": model, "n": cases}
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
    except OSError as error:
        raise SnapshotError(f"{path} cannot be written ({error}); evaluations on a test part are counted.") from error
    return len(path.read_text(encoding="utf-8").splitlines())


def _interval(cases: Sequence[Case], nominal: float) -> dict[str, Any]:
    """How often the interval held the truth, for all, by sex, and by band of the reference bone age and sex."""
    inside, widths = [], []
    for case in cases:
        assert case.interval_months is not None
        low, high = case.interval_months
        inside.append(low <= case.truth_months <= high)
        widths.append(high - low)
    held = np.array(inside)
    sexes = np.array([case.sex for case in cases])
    bands = np.array([age_band(case.truth_months).label for case in cases])
    return {
        "nominal_coverage": nominal,
        "measured_coverage": float(held.mean()),
        "median_width_months": float(np.median(widths)),
        "by_sex": {sex: _held(held, sexes == sex) for sex in ("F", "M")},
        "by_band": [
            {
                "band": band.label,
                "female": _held(held, (bands == band.label) & (sexes == "F")),
                "male": _held(held, (bands == band.label) & (sexes == "M")),
                "total": _held(held, bands == band.label),
            }
            for band in AGE_BANDS
        ],
    }


def _held(held: NDArray[np.bool_], where: NDArray[np.bool_]) -> dict[str, Any]:
    return {"n": int(where.sum()), "coverage": float(held[where].mean()) if where.any() else None}


def _baselines(
    data: Snapshot, cases: Sequence[Case], radiographs: Mapping[str, SnapshotRadiograph], whole_picture: Path | None
) -> dict[str, Any]:
    """Measures of each baseline on the very same cases; empty where the snapshot has no training part."""
    learn_from = [r for r in data.part("train") if r.bone_age_months is not None and r.sex is not None]
    rows = [radiographs[case.id] for case in cases]
    answers: dict[str, list[float]] = {}
    if learn_from:
        guesses: dict[str, Callable[[Sequence[SnapshotRadiograph]], Guess]] = {
            "mean": predict_the_mean,
            "sex_only": predict_from_sex,
        }
        for name, fit in guesses.items():
            guess = fit(learn_from)
            answers[name] = [guess(row) for row in rows]
    if whole_picture is not None:
        answers["whole_picture"] = whole_picture_ages(data, rows, whole_picture)
    return {name: _measured(cases, ages) for name, ages in answers.items()}


def _measured(cases: Sequence[Case], ages: Sequence[float]) -> dict[str, Any]:
    other = [
        dataclasses.replace(case, predicted_months=age, interval_months=None)
        for case, age in zip(cases, ages, strict=True)
    ]
    return {
        "overall": measures(other),
        "by_sex": {sex: measures([case for case in other if case.sex == sex]) for sex in ("M", "F")},
    }


def _boxes(
    data: Snapshot, artifact: Path, engine: Engine, precision: Precision, boxed: Sequence[SnapshotRadiograph]
) -> tuple[dict[str, Any] | None, dict[str, str]]:
    """Scores, and how each region of each film was met (`inference.statistics.detection.marks_of`)."""
    if not boxed:
        return None, {}
    detector, preprocessing = load_detector(artifact, engine, precision)
    found = boxed_films(detector, Films(data, preprocessing), boxed)
    return scores_of(found), {one.id: marks_of(film) for one, film in zip(boxed, found, strict=True)}


def _write(out: Path, report: Mapping[str, Any]) -> None:
    out.mkdir(parents=True, exist_ok=True)
    (out / "report.json").write_text(json.dumps(report, indent=1, ensure_ascii=False), encoding="utf-8")
    with (out / "table3.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["band_years", *(f"{who}_{what}" for who in _WHO for what in ("n", "mae_months", "mae_years"))])
        for row in report["table3"]:
            writer.writerow([row["band"], *(value for who in _WHO for value in _cell(row[who]))])
    (out / "report.md").write_text(_markdown(report), encoding="utf-8")


_WHO = ("female", "male", "total")


def _cell(found: Mapping[str, Any] | None) -> tuple[int, str, str]:
    if found is None:
        return 0, "", ""
    return found["n"], f"{found['mae_months']:.2f}", f"{found['mae_months'] / 12:.3f}"


def _markdown(report: Mapping[str, Any]) -> str:
    population, overall, interval = report["population"], report["overall"], report["interval"]
    counted, known = population["evaluations_so_far"], population["learnt_from"]
    lines = [
        f"# {population['name']}, part {population['split']}" + (" (SYNTHETIC)" if report["synthetic"] else ""),
        "",
        "RESEARCH USE ONLY. Rows of the second table are bands of the reference bone age.",
        "",
        f"Model {report['model']['hash'][:12]} on {report['model']['engine']} in {report['model']['precision']}; "
        f"n = {report['n']}, refused {report['refused'] or 'none'}; "
        + (f"evaluation number {counted} on this test part." if counted else "not a test part."),
        *(["", "**The model learnt from these very hands: this says nothing about new ones.**"] if known else []),
        "",
        "| | n | MAE months | MAE years | bias months | RMSE months |",
        "|---|---|---|---|---|---|",
        _line("region features + sex", overall),
        *(_line(f"... {sex}", report["by_sex"][sex]) for sex in ("F", "M")),
        *(_line(f"baseline: {name}", value["overall"]) for name, value in report["baselines"].items()),
        "",
        f"Interval: {interval['measured_coverage']:.1%} of truths inside, {interval['nominal_coverage']:.0%} meant; "
        f"median width {interval['median_width_months']:.1f} months.",
        "",
        "| band, years | n female | MAE months | held | n male | MAE months | held | n | MAE months | held |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for row, held in zip(report["table3"], interval["by_band"], strict=True):
        cells = [f"{_cell(row[who])[0]} | {_cell(row[who])[1]} | {_share(held[who]['coverage'])}" for who in _WHO]
        lines.append(f"| {row['band']} | " + " | ".join(cells) + " |")
    boxes = report["detector"]
    if boxes:
        lines += [
            "",
            f"Boxes: {boxes['found_within_3_percent']:.1%} of {boxes['labelled_regions']} labelled regions have their "
            f"centre within 3 % of the height; {boxes['hands_complete']:.1%} of {boxes['hands']} hands have all of "
            f"theirs; median IoU {boxes['median_iou']:.2f}.",
        ]
    return "\n".join(lines) + "\n"


def _share(share: float | None) -> str:
    return "" if share is None else f"{share:.0%}"


def _line(name: str, found: Mapping[str, Any] | None) -> str:
    if found is None:
        return f"| {name} | 0 | | | | |"
    return (
        f"| {name} | {found['n']} | {found['mae_months']:.2f} | {found['mae_months'] / 12:.3f} | "
        f"{found['bias_months']:+.2f} | {found['rmse_months']:.2f} |"
    )
