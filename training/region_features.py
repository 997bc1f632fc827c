"""Region features of every hand of a snapshot, found once per snapshot and detector, resumable.

The cache is a folder of chunks, each written whole; its name holds the hashes of the snapshot and of the detector's
files, so that no feature is ever used with another detector than the one it came from.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from inference.anatomy.regions import REGION_BY_ID, REGIONS
from inference.batches_alike import batches_alike
from inference.detector import engines
from inference.detector.detect import CONFIG_FILE, WEIGHTS_FILE
from inference.detector.engines import Engine
from inference.detector.found import Finds
from inference.detector.precision import Precision
from inference.imaging.preprocess import Preprocessing
from inference.progress import OnProgress, Progress, ignore_progress
from training.feature_chunks import cut, joined, store_chunk
from training.feature_rows import Floats, RegionFeatures
from training.films import film_aspect
from training.snapshot import Snapshot, SnapshotRadiograph

PREPROCESSING_FILE = "preprocessing.json"
CHUNK = 256
BATCH = 16


def detector_files(folder: Path) -> tuple[Path, Path]:
    """The folder with shape and weights, and the preprocessing file, of a fitted detector or of an artifact."""
    inner = folder / "detector"
    return (inner if inner.is_dir() else folder), folder / PREPROCESSING_FILE


def detector_hash(folder: Path) -> str:
    """sha256 over the files that decide what a detector sees: shape, weights, preprocessing."""
    detector, preprocessing = detector_files(folder)
    digest = hashlib.sha256()
    for path in (detector / CONFIG_FILE, detector / WEIGHTS_FILE, preprocessing):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def load_detector(folder: Path, engine: Engine = "keras", precision: Precision = "f32") -> tuple[Finds, Preprocessing]:
    """Detector and preprocessing of a fitted detector's folder or of an artifact."""
    detector, preprocessing = detector_files(folder)
    return (
        engines.load_detector(detector, engine=engine, precision=precision),
        Preprocessing.from_json(preprocessing.read_text(encoding="utf-8")),
    )


def region_features(
    *,
    snapshot: Snapshot,
    detector: Path,
    cache: Path,
    radiographs: Sequence[SnapshotRadiograph] | None = None,
    engine: Engine = "keras",
    precision: Precision = "f32",
    on_progress: OnProgress = ignore_progress,
) -> RegionFeatures:
    """Features of the given radiographs (all of the snapshot by default), from the cache as far as it reaches.

    Args:
        detector: folder of a fitted detector, or an artifact.
        cache: folder under which the features' own folder is made or found.
        engine, precision: what runs the detector; features found otherwise than by default are kept apart.
    """
    wanted = list(snapshot.radiographs if radiographs is None else radiographs)
    chosen = hashlib.sha256("\n".join(r.id for r in wanted).encode()).hexdigest()
    served = "" if (engine, precision) == ("keras", "f32") else f"-{engine}-{precision}"
    folder = cache / f"{snapshot.hash[:16]}-{detector_hash(detector)[:16]}-{chosen[:8]}{served}"
    folder.mkdir(parents=True, exist_ok=True)
    chunks = cut(wanted, CHUNK)
    paths = [folder / f"{number:05d}.npz" for number in range(len(chunks))]
    tools: tuple[Finds, Preprocessing] | None = None
    for number, (chunk, path) in enumerate(zip(chunks, paths, strict=True)):
        on_progress(Progress("features", number * CHUNK, len(wanted)))
        if not path.is_file():
            tools = tools or load_detector(detector, engine, precision)
            store_chunk(path, *see(snapshot, chunk, *tools))
    on_progress(Progress("features", len(wanted), len(wanted)))
    return joined(wanted, paths)


def see(
    snapshot: Snapshot,
    radiographs: Sequence[SnapshotRadiograph],
    detector: Finds,
    preprocessing: Preprocessing,
    on_progress: OnProgress = ignore_progress,
) -> tuple[Floats, Floats, Floats]:
    """Features [N, 17, F], scores [N, 17] and boxes [N, 17, 4] of some pictures, as in :class:`RegionFeatures`.

    ``on_progress`` is told of every batch.
    """
    on_progress(Progress("features", 0, len(radiographs)))
    features = np.zeros((len(radiographs), len(REGIONS), detector.feature_size), np.float32)
    scores = np.zeros((len(radiographs), len(REGIONS)), np.float32)
    boxes = np.zeros((len(radiographs), len(REGIONS), 4), np.float32)
    prepared = [
        preprocessing.prepare(snapshot.picture(r).astype(np.float32), film_aspect=film_aspect(r)) for r in radiographs
    ]
    done = 0
    for picks in batches_alike(range(len(prepared)), alike=lambda i: prepared[i].image.shape, size=BATCH):
        for i, found in zip(picks, detector.detect_batch([prepared[i].image for i in picks]), strict=True):
            features[i], scores[i] = found.features, found.scores
            for region, scored in found.boxes.items():
                boxes[i, REGION_BY_ID[region].index] = prepared[i].to_original.box_to_original(scored.box)
        done += len(picks)
        on_progress(Progress("features", done, len(radiographs)))
    return features, scores, boxes
