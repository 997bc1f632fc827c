"""Boxes that the detector so far finds on hands with a bone age, for the phase that learns ages from regions."""

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from inference.anatomy.boxes import Box
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
        for some, images in _of_one_shape(films, radiographs):
            for radiograph, detection in zip(some, detector.detect_batch(images), strict=True):
                found[radiograph.id] = {region: list(one.box) for region, one in detection.boxes.items()}
            on_progress(Progress("find_regions", len(found), len(radiographs), "Finding regions"))
        part = store.with_suffix(".part")
        part.write_text(json.dumps(found), encoding="utf-8")
        os.replace(part, store)
    stored = json.loads(store.read_text(encoding="utf-8"))
    return {
        radiograph.id: {region: Box(*edges) for region, edges in stored[radiograph.id].items()}
        for radiograph in radiographs
    }


def _of_one_shape(
    films: Films, radiographs: Sequence[SnapshotRadiograph]
) -> Iterator[tuple[list[SnapshotRadiograph], list[Any]]]:
    """A few films of one shape at a time, with their prepared images."""
    waiting: dict[tuple[int, ...], list[tuple[SnapshotRadiograph, Any]]] = {}
    for radiograph in radiographs:
        image = films.example(radiograph).image.astype(np.float32) / 255
        group = waiting.setdefault(image.shape, [])
        group.append((radiograph, image))
        if len(group) == FILMS_AT_ONCE:
            yield [r for r, _ in group], [i for _, i in group]
            group.clear()
    for group in waiting.values():
        if group:
            yield [r for r, _ in group], [i for _, i in group]
