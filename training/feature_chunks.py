"""Region features in chunks: how a chunk is named by what it is made of, written whole, and joined with the others.

No learning library here: whoever shares chunks out over workers (`boneage_web/registry/services/features.py`) needs
none of them.
"""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from inference.anatomy.regions import SCHEMA_VERSION
from inference.written_aside import written_aside
from training.feature_rows import Floats, RegionFeatures
from training.films import film_aspect
from training.snapshot import Part, Snapshot, SnapshotRadiograph

FORMAT = "chboneai-region-features/1"
"""Goes up when the same detector is to see something else in the same picture: what was kept is then found anew."""
LEARNT_FROM: tuple[Part, ...] = ("train", "validation")
"""The parts whose features an age head is tuned, fitted and calibrated on."""
Chunk = tuple[SnapshotRadiograph, ...]


def learnt_from(snapshot: Snapshot) -> Chunk:
    """The radiographs of :data:`LEARNT_FROM`, in the order of the table."""
    return snapshot.part(*LEARNT_FROM)


def cut(radiographs: Sequence[SnapshotRadiograph], size: int) -> tuple[Chunk, ...]:
    """Chunks of ``size`` radiographs, in order; the last may be smaller."""
    return tuple(tuple(radiographs[i : i + size]) for i in range(0, len(radiographs), size))


def chunk_address(chunk: Sequence[SnapshotRadiograph], detector: str) -> str:
    """sha256 of all that decides a chunk's features as they are found by default (Keras, float32).

    Args:
        detector: its hash (`training.region_features.detector_hash`).

    The same pictures have the same address in whatever snapshot they lie.
    """
    seen = [[radiograph.sha256, film_aspect(radiograph)] for radiograph in chunk]
    body: dict[str, Any] = {"format": FORMAT, "regions": SCHEMA_VERSION, "detector": detector, "pictures": seen}
    return hashlib.sha256(json.dumps(body, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def store_chunk(path: Path, features: Floats, scores: Floats, boxes: Floats) -> None:
    """Write a chunk aside and rename it; two that write the same one do not meet."""
    with written_aside(path) as aside, aside.open("wb") as file:
        np.savez(file, features=features, scores=scores, boxes=boxes)


def joined(radiographs: Sequence[SnapshotRadiograph], paths: Sequence[Path]) -> RegionFeatures:
    """The features of all radiographs from the files of their chunks, in order."""
    parts: dict[str, list[Floats]] = {"features": [], "scores": [], "boxes": []}
    for path in paths:
        with np.load(path, allow_pickle=False) as arrays:
            for name, collected in parts.items():
                collected.append(arrays[name])
    together = {name: np.concatenate(collected) for name, collected in parts.items()}
    return RegionFeatures(tuple(r.id for r in radiographs), **together)
