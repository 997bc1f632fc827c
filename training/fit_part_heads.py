"""Give an artifact heads for the carpals alone and for the hand without them, as a new artifact.

    python -m training fit-part-heads --snapshot S --artifact A --cache FEATURES --out ARTIFACTS

The heads are fitted on what the artifact's detector sees of a picture whose rest is blanked (`inference.parts`), with
the start parameters, on the same hands as the artifact's own head. Detector and own head stay as they are.
"""

import argparse
import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from inference.artifact import read_artifact
from inference.parts import PARTS, part_head_dir
from inference.progress import OnProgress, ignore_progress
from training.age_table import Hands
from training.comparison.inputs import Inputs
from training.comparison.part_rows import seen_of_part
from training.head_fit import AgeHeadTraining, fit_head, usable_hands
from training.parts_of_artifact import parts_of, write_derived
from training.region_features import load_detector, region_features
from training.snapshot import SnapshotError, read_snapshot

NEEDED = {"carpals": 1, "no_carpals": 9}
"""Regions that a part's age needs; the carpals are one region."""


def fit_part_heads(
    *, snapshot: Path, artifact: Path, out: Path, cache: Path | None = None, on_progress: OnProgress = ignore_progress
) -> Path:
    """Fit, measure out of fold, and write the new artifact; returns its folder.

    Args:
        cache: where region features are kept; in `out` by default.

    Raises:
        SnapshotError: the artifact was made from another snapshot, or too few hands show a part.
    """
    data, model = read_snapshot(snapshot), read_artifact(artifact)
    if model.manifest["trained_on"]["snapshot"] != data.hash:
        raise SnapshotError("The artifact was made from another snapshot; its test hands may be among these.")
    cache = cache or out / "features"
    seen = region_features(
        snapshot=data,
        detector=artifact,
        cache=cache,
        radiographs=data.part("train", "validation"),
        on_progress=on_progress,
    )
    own: Mapping[str, Any] = model.manifest["age_head"]["config"]
    hands = usable_hands(data, seen, regions_needed=int(own["regions_needed"]))
    whole = Inputs(hands.radiographs, hands.seen, data)
    detector, preprocessing = load_detector(artifact)
    sexed = bool(detector.config.maturity_channels)
    with parts_of(model, out) as parts:
        records: dict[str, Any] = {}
        for part in PARTS:
            folder = cache / f"{data.hash[:16]}-{model.hash[:16]}-{part.id}"
            left = seen_of_part(part, whole, detector, preprocessing, folder)
            needed = min(NEEDED[part.id], int(own["regions_needed"]))
            kept = [r for r, score in zip(hands.radiographs, left.scores, strict=True) if (score > 0).sum() >= needed]
            fitted = fit_head(
                hands=Hands(tuple(kept), left.rows([r.id for r in kept]), _learnt(hands, kept)),
                sexed_channels=sexed,
                features_know_ages=bool(model.manifest["detector"]["record"].get("hands_with_bone_age")),
                config=dataclasses.replace(
                    AgeHeadTraining(), tune=False, regions_needed=needed, threads=int(own["threads"])
                ),
                on_progress=on_progress,
            )
            fitted.head.save(part_head_dir(parts, part.id))
            records[part.id] = dict(fitted.record)
        return write_derived(model, parts, {"part_heads": records}, out)


def _learnt(hands: Hands, kept: list[Any]) -> Any:
    place = {r.id: i for i, r in enumerate(hands.radiographs)}
    return hands.learnt_from[[place[r.id] for r in kept]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--snapshot", type=Path, required=True)
    parser.add_argument("--artifact", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="folder under which the new artifact is made")
    parser.add_argument("--cache", type=Path, help="folder of region features")


def run(args: argparse.Namespace, on_progress: OnProgress) -> int:
    made = fit_part_heads(
        snapshot=args.snapshot, artifact=args.artifact, out=args.out, cache=args.cache, on_progress=on_progress
    )
    print(f"artifact: {made}")
    return 0
