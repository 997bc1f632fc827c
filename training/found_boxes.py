"""Boxes that the detector so far finds on hands with a bone age, for the phase that learns ages from regions."""

import json
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from inference.anatomy.boxes import Box
from inference.batches_alike import batches_alike
from inference.detector.detect import Detector
from inference.progress import OnProgress, Progress
from training.films import Films
from training.snapshot import SnapshotRadiograph

FILMS_AT_ONCE = 16


def found_boxes(
    detector: Detector, films: Films, radiographs: Sequence[SnapshotRadiograph], *, store: Path, on_progress: OnProgress
) -> dict[str, dict[str, Box]]:
    """Boxes by radiograph and region, in pixels of the prepared picture.

    They are kept in ``store``, so that a run taken up again goes on with the same ones.
    """
    if not store.is_file():
        found: dict[str, dict[str, list[float]]] = {}
        prepared = ((one.id, films.example(one).image.astype(np.float32) / np.float32(255)) for one in radiographs)
        for some in batches_alike(prepared, alike=lambda one: one[1].shape, size=FILMS_AT_ONCE):
            detections = detector.detect_batch([image for _, image in some])
            for (radiograph, _), detection in zip(some, detections, strict=True):
                found[radiograph] = {region: list(one.box) for region, one in detection.boxes.items()}
            on_progress(Progress("find_regions", len(found), len(radiographs), "Finding regions"))
        part = store.with_suffix(".part")
        part.write_text(json.dumps(found), encoding="utf-8")
        os.replace(part, store)
    stored = json.loads(store.read_text(encoding="utf-8"))
    return {
        radiograph.id: {region: Box(*edges) for region, edges in stored[radiograph.id].items()}
        for radiograph in radiographs
    }
