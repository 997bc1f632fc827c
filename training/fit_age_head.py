"""Fit an age head on the region features of a snapshot and put it, with its detector, into an artifact.

    python -m training fit-age-head --snapshot S --detector DIR --out ARTIFACTS

The features of every hand are found once and kept beside the artifacts; a run that was stopped goes on from there.
"""

import json
import platform
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from inference.anatomy.regions import SCHEMA_VERSION
from inference.artifact import write_artifact
from inference.detector.detect import CONFIG_FILE, WEIGHTS_FILE
from inference.progress import OnProgress, ignore_progress
from training.config import DETECTOR_RECORD
from training.feature_chunks import LEARNT_FROM
from training.feature_rows import RegionFeatures
from training.head_fit import AgeHeadTraining, FittedHead, fit_head, usable_hands
from training.region_features import PREPROCESSING_FILE, detector_hash, region_features
from training.snapshot import Snapshot, SnapshotError, read_snapshot

LIBRARIES = ("tensorflow-cpu", "keras", "xgboost-cpu", "scikit-learn", "numpy", "opencv-python-headless")

TINY_REGIONS_NEEDED = 3

RESEARCH_USE = {
    "en": "Research use only. Not a medical device; no bone age from it may decide about a child.",
    "zh": "仅供科研使用。本模型不是医疗器械，其骨龄结果不得用于对儿童作出任何诊疗决定。",
}
WEIGHTS_LICENCE = {
    "code": "Apache-2.0",
    "weights": "Research use only, under the terms of the data they were fitted on.",
}


def fit_age_head(
    *,
    snapshot: Path,
    detector: Path,
    out: Path,
    config: AgeHeadTraining | None = None,
    about_the_data: str = "",
    find_features: Callable[[Snapshot], RegionFeatures] | None = None,
    on_progress: OnProgress = ignore_progress,
) -> Path:
    """Find features, tune, fit, calibrate and write the artifact.

    Args:
        detector: folder written by `fit-detector`; it must have been fitted on this very snapshot, or a hand of the
            test part could have been in its training part.
        config: by default :func:`config_for` the detector's preset.
        out: folder under which the artifact's own folder (named by its hash) and the features are kept.
        about_the_data: terms of the data, for the manifest.
        find_features: brings the region features of the snapshot's :data:`LEARNT_FROM` from somewhere else; by default
            they are found here, one chunk after the other, and kept under ``out``.

    Returns:
        The artifact's folder.

    Raises:
        SnapshotError: too few hands, or a detector of another snapshot.
    """
    data = read_snapshot(snapshot)
    detector_record = json.loads((detector / DETECTOR_RECORD).read_text(encoding="utf-8"))
    config = config or config_for(detector_record["settings"]["preset"])
    if detector_record["snapshot"] != data.hash:
        raise SnapshotError(
            f"The detector was fitted on snapshot {detector_record['snapshot'][:12]}, not on {data.hash[:12]}: "
            "their splits may differ, so a test hand may have been learnt from. Fit the detector on this snapshot."
        )
    sexed = bool(json.loads((detector / CONFIG_FILE).read_text(encoding="utf-8"))["maturity_channels"])
    if find_features is not None:
        seen = find_features(data)
    else:
        seen = region_features(
            snapshot=data,
            detector=detector,
            cache=out / "features",
            radiographs=data.part(*LEARNT_FROM),
            on_progress=on_progress,
        )
    hands = usable_hands(
        data, seen, regions_needed=config.regions_needed, need_chronological_age=config.with_chronological_age
    )
    fitted = fit_head(
        hands=hands,
        sexed_channels=sexed,
        features_know_ages=bool(detector_record.get("hands_with_bone_age")),
        config=config,
        on_progress=on_progress,
    )
    with tempfile.TemporaryDirectory(dir=out) as aside:
        parts = Path(aside)
        (parts / "detector").mkdir()
        for name in (CONFIG_FILE, WEIGHTS_FILE):
            shutil.copyfile(detector / name, parts / "detector" / name)
        shutil.copyfile(detector / PREPROCESSING_FILE, parts / PREPROCESSING_FILE)
        fitted.head.save(parts / "age_head")
        manifest = _manifest(data, detector, detector_record, fitted, len(hands.radiographs), about_the_data)
        return write_artifact(parts, manifest, out)


def config_for(preset: str) -> AgeHeadTraining:
    """The usual knobs; a `tiny` detector, which makes no claim of accuracy, may find a few regions only."""
    return AgeHeadTraining(regions_needed=TINY_REGIONS_NEEDED) if preset == "tiny" else AgeHeadTraining()


def _manifest(
    data: Snapshot,
    detector: Path,
    detector_record: Mapping[str, Any],
    fitted: FittedHead,
    hands: int,
    about_the_data: str,
) -> dict[str, Any]:
    settings = fitted.head.settings
    return {
        "kind": "bone_age",
        "regions_version": SCHEMA_VERSION,
        "preset": detector_record["settings"]["preset"],
        "inputs_used": list(settings.inputs_used),
        "engine": detector_record["engine"],
        "trained_in": detector_record.get("trained_in"),
        "imagenet_weights": detector_record.get("imagenet_weights"),
        "trained_on": {
            "name": data.manifest["name"],
            "source": data.manifest["source"],
            "synthetic": data.synthetic,
            "n": hands,
            "boxed_hands": detector_record["boxed_hands"],
            "snapshot": data.hash,
            "split": data.manifest["split"],
            "parts": data.manifest["counts"]["parts"],
        },
        "detector": {"hash": detector_hash(detector), "record": dict(detector_record)},
        "age_head": dict(fitted.record),
        "metrics": {
            "validation": {
                "cross_validated_mae_months": fitted.record["cross_validated_mae_months"],
                "n": fitted.record["scored_on"]["n"],
                "detector": detector_record["validation"],
            }
        },
        "interval": {
            "coverage": settings.interval_coverage,
            "edges_months": list(settings.interval_edges_months),
            "half_widths_months": list(settings.interval_half_widths_months),
        },
        "input_contract": {
            "film": "one hand, posterior-anterior, as DICOM (CR, DX), PNG or JPEG; bone bright after reading",
            "sex": "required for an age; M or F",
            "chronological_age_months": "optional" if settings.with_chronological_age else "never used",
            "regions_needed": settings.regions_needed,
        },
        "intended_use": RESEARCH_USE,
        "licence": {**WEIGHTS_LICENCE, "data": about_the_data or str(data.manifest["source"])},
        "git_commit": _git_commit(),
        "libraries": {name: version(name) for name in LIBRARIES if _installed(name)}
        | {"python": platform.python_version()},
    }


def _installed(name: str) -> bool:
    try:
        version(name)
    except ImportError:  # PackageNotFoundError: another build of the library, such as the one for GPUs
        return False
    return True


def _git_commit() -> str | None:
    """The commit of the code that trained, None outside a git checkout."""
    git = shutil.which("git")
    if git is None:
        return None
    here = Path(__file__).parent
    answer = subprocess.run([git, "rev-parse", "HEAD"], cwd=here, capture_output=True, text=True, check=False)  # noqa: S603 - fixed arguments
    return answer.stdout.strip() or None
