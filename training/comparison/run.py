"""Runs the rows of the comparison, each row and seed kept in a file of its own, and writes the table.

    python -m training compare --snapshot S --detector ARTIFACT --out DIR [--rows NAME ...] [--seeds 2017 2018 2019]

Every row learns from the training part, chooses on the validation part, and answers for the same test hands: those
with a bone age, a sex, and at least `regions_needed` regions found. Each answer on a test part is written down in the
snapshot, as an evaluation is.
"""

import hashlib
import json
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from inference.artifact import MANIFEST
from inference.detector.detect import CONFIG_FILE
from inference.progress import OnProgress, Progress, ignore_progress
from training.calibration import LEAST_HANDS
from training.comparison.inputs import Answer, Inputs, Material, Months, inputs_of, usable
from training.comparison.report import comparison_report, markdown
from training.comparison.rows import Context, Row
from training.comparison.table import PAIRS, ROW_BY_NAME, ROWS
from training.config import DETECTOR_RECORD
from training.evaluate import count_evaluation
from training.region_features import detector_files, detector_hash, region_features
from training.snapshot import Snapshot, SnapshotError, read_snapshot

SEEDS = (2017, 2018, 2019)
REGIONS_NEEDED = 9


@dataclass(frozen=True)
class Setup:
    """What all rows of a run share; rows of another setup are never mixed in.

    Attributes:
        material: see there.
        test_ages: labels of the test hands [N] in months; no row sees them.
        key: hash of snapshot, detector and test hands.
    """

    snapshot: Snapshot
    material: Material
    test_ages: Months
    key: str
    refused: int


def compare(
    *,
    snapshot: Path,
    detector: Path,
    out: Path,
    rows: Sequence[str] | None = None,
    seeds: Sequence[int] = SEEDS,
    regions_needed: int = REGIONS_NEEDED,
    cache: Path | None = None,
    threads: int = 1,
    on_progress: OnProgress = ignore_progress,
) -> dict[str, Any]:
    """Run what is not there yet and write comparison.json and comparison.md.

    Args:
        detector: artifact, or folder of a fitted detector.
        out: the run's folder; a stopped run goes on from its finished rows.
        rows: names of :data:`training.comparison.table.ROWS`; by default all that the snapshot can answer and that do
            not take hours. Rows that were finished earlier stay in the table.
        cache: where region features are kept; in `out` by default.

    Raises:
        SnapshotError: an unknown row, one that needs what the snapshot lacks, a detector that may have learnt from
            the test hands, or a folder with rows of another setup.
    """
    setup = _setup(snapshot, detector, cache or out / "features", regions_needed, on_progress)
    _start_or_check(out, setup.key)
    why_not = {row.name: reason for row in ROWS if (reason := _why_not(row, setup.material, detector))}
    wanted = _wanted(rows, why_not)
    context = Context(out / "work", detector, regions_needed, threads)
    plan = [(row, seed) for row in wanted for seed in (seeds if row.seeded else seeds[:1])]
    for done, (row, seed) in enumerate(plan):
        on_progress(Progress("rows", done, len(plan), f"{row.name} {seed}"))
        path = _path(out, row, seed)
        if not path.is_file():
            _finish(path, row, seed, setup, context)
    on_progress(Progress("rows", len(plan), len(plan)))
    finished = _finished(out)
    report = comparison_report(
        snapshot=setup.snapshot,
        hands=setup.material.test,
        truths=setup.test_ages,
        validation_truths=setup.material.validation_ages,
        finished=finished,
        pairs=PAIRS,
        about={
            "detector": detector_hash(detector),
            "regions_needed": regions_needed,
            "counts": {
                "train": len(setup.material.train),
                "validation": len(setup.material.validation),
                "test": len(setup.material.test),
                "test_refused": setup.refused,
            },
            "left_out": {
                row.name: why_not.get(row.name, "takes hours, not asked for" if row.costly else "not asked for")
                for row in ROWS
                if row.name not in finished
            },
        },
    )
    (out / "comparison.json").write_text(json.dumps(report, indent=1, ensure_ascii=False), encoding="utf-8")
    (out / "comparison.md").write_text(markdown(report), encoding="utf-8")
    return report


def _setup(path: Path, detector: Path, cache: Path, regions_needed: int, on_progress: OnProgress) -> Setup:
    data = read_snapshot(path)
    _refuse_leaks(data, detector)
    parts: dict[str, tuple[Inputs, Months]] = {}
    refused = 0
    # Two sets of features, as fit-age-head and evaluate find them, so that what is in the cache serves both.
    learn = region_features(
        snapshot=data,
        detector=detector,
        cache=cache,
        radiographs=data.part("train", "validation"),
        on_progress=on_progress,
    )
    asked = region_features(
        snapshot=data, detector=detector, cache=cache, radiographs=data.part("test"), on_progress=on_progress
    )
    for part, seen in (("train", learn), ("validation", learn), ("test", asked)):
        radiographs = data.part(part)  # type: ignore[arg-type]
        ids = usable(radiographs, seen, regions_needed)
        if len(ids) < 2:
            raise SnapshotError(f"The part {part} has {len(ids)} hands that can be used; a comparison needs more.")
        parts[part] = inputs_of(data, seen, ids)
        if part == "test":
            refused = sum(r.bone_age_months is not None and r.sex is not None for r in radiographs) - len(ids)
    shape = json.loads((detector_files(detector)[0] / CONFIG_FILE).read_text(encoding="utf-8"))
    material = Material(*parts["train"], *parts["validation"], parts["test"][0], bool(shape["maturity_channels"]))
    key = json.dumps([data.hash, detector_hash(detector), regions_needed, [r.id for r in material.test.radiographs]])
    return Setup(data, material, parts["test"][1], hashlib.sha256(key.encode()).hexdigest(), refused)


def _refuse_leaks(data: Snapshot, detector: Path) -> None:
    """A detector of the same snapshot left its test part alone; one of drawn films knows no real hand, nor the other
    way about; of any other it is not known whether it has seen these test hands."""
    manifest = detector / MANIFEST
    if manifest.is_file():
        trained_on = json.loads(manifest.read_text(encoding="utf-8"))["trained_on"]
    else:
        trained_on = json.loads((detector / DETECTOR_RECORD).read_text(encoding="utf-8"))
    if trained_on["snapshot"] != data.hash and bool(trained_on["synthetic"]) == data.synthetic:
        raise SnapshotError(
            f"The detector was fitted on snapshot {trained_on['snapshot'][:12]}, not on {data.hash[:12]}: a test hand "
            "may have been learnt from. Fit the detector on this snapshot."
        )


def _why_not(row: Row, material: Material, detector: Path) -> str | None:
    if row.name.startswith("artifact") and not (detector / "age_head").is_dir():
        return "the detector's folder holds no age head"
    girls = int(material.validation.female.sum())
    if row.name == "regions_apart_sex_corrected" and min(girls, len(material.validation) - girls) < LEAST_HANDS:
        return f"a correction needs {LEAST_HANDS} validation hands of each sex"
    hands = (*material.train.radiographs, *material.validation.radiographs, *material.test.radiographs)
    if "chronological_age" in row.uses and any(r.chronological_age_months is None for r in hands):
        return "the snapshot has no chronological ages"
    return None


def _wanted(names: Sequence[str] | None, why_not: Mapping[str, str]) -> list[Row]:
    if names is None:
        return [row for row in ROWS if not row.costly and row.name not in why_not]
    if unknown := sorted(set(names) - set(ROW_BY_NAME)):
        raise SnapshotError(f"There is no row {', '.join(unknown)}; there are {', '.join(ROW_BY_NAME)}.")
    if cannot := [f"{name} ({why_not[name]})" for name in names if name in why_not]:
        raise SnapshotError(f"Not possible here: {', '.join(cannot)}.")
    return [row for row in ROWS if row.name in names]


def _path(out: Path, row: Row, seed: int) -> Path:
    return out / "rows" / f"{row.name}-{seed}.json"


def _start_or_check(out: Path, key: str) -> None:
    note = out / "setup"
    (out / "rows").mkdir(parents=True, exist_ok=True)
    if note.is_file() and note.read_text(encoding="utf-8") != key:
        raise SnapshotError(f"{out} holds rows of another snapshot, detector or set of hands; choose another folder.")
    note.write_text(key, encoding="utf-8")


def _finish(path: Path, row: Row, seed: int, setup: Setup, context: Context) -> None:
    """Fit one row, count it as an evaluation, and keep its answers."""
    began = time.perf_counter()
    own = Context(context.work / f"{row.name}-{seed}", context.artifact, context.regions_needed, context.threads)
    answer = row.fit(setup.material, seed, own)
    _check(answer, setup)
    count_evaluation(setup.snapshot, "test", f"compare {row.name} {seed} {context.artifact.name}", len(answer.test))
    values = {
        "row": row.name,
        "seed": seed,
        "seconds": round(time.perf_counter() - began, 1),
        "record": answer.record,
        "half_widths": answer.half_widths,
        "validation_months": None if answer.validation is None else [round(float(v), 4) for v in answer.validation],
        "test_months": [round(float(v), 4) for v in answer.test],
    }
    part = path.with_suffix(".part")
    part.write_text(json.dumps(values), encoding="utf-8")
    os.replace(part, path)


def _check(answer: Answer, setup: Setup) -> None:
    for ages, hands in ((answer.validation, setup.material.validation), (answer.test, setup.material.test)):
        if ages is not None and (ages.shape != (len(hands),) or not np.isfinite(ages).all()):
            raise ValueError(f"A row gave {ages.shape} ages for {len(hands)} hands, or some that are no numbers.")


def _finished(out: Path) -> dict[str, list[dict[str, Any]]]:
    """Row -> its finished seeds, in the order of the table and of the seeds."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in ROWS:
        paths = [path for path in (out / "rows").glob("*.json") if path.stem.rpartition("-")[0] == row.name]
        if paths:
            kept = [json.loads(path.read_text(encoding="utf-8")) for path in paths]
            found[row.name] = sorted(kept, key=lambda one: int(one["seed"]))
    return found
