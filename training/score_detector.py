"""How well a detector finds the labelled regions of hands it was not fitted to.

Two people who box one hand overlap by an IoU of about a half only, while the centres of their boxes agree to about 1 %
of the height: the centre within 3 % of the picture's height is the measure, IoU stands beside it.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from inference.anatomy.regions import REGION_IDS
from inference.detector.found import Detection, Finds
from training.films import Example, Films
from training.snapshot import SnapshotRadiograph

CENTRE_LIMIT_OF_HEIGHT = 0.03


def score_detector(detector: Finds, films: Films, radiographs: Sequence[SnapshotRadiograph]) -> dict[str, Any]:
    """Scores on ``radiographs`` with boxes.

    Returns:
        ``hands``, ``labelled_regions``, ``found_within_3_percent`` (share of labelled regions),
        ``hands_complete`` (share of hands whose every labelled region is), ``median_iou`` (of labelled regions;
        missing ones count as 0), ``by_region`` (share and number) and ``regions_per_hand``.
    """
    hits: dict[str, list[bool]] = {region: [] for region in REGION_IDS}
    overlaps: list[float] = []
    complete: list[bool] = []
    count = []
    for radiograph in radiographs:
        example = films.example(radiograph)
        detection = detector.detect(example.image.astype(np.float32) / np.float32(255))
        found = _one(example, detection)
        complete.append(all(hit for hit, _ in found.values()))
        count.append(len(detection.boxes))
        for region, (hit, overlap) in found.items():
            hits[region].append(hit)
            overlaps.append(overlap)
    every = [hit for by_region in hits.values() for hit in by_region]
    return {
        "hands": len(complete),
        "labelled_regions": len(every),
        "found_within_3_percent": round(float(np.mean(every)), 4),
        "hands_complete": round(float(np.mean(complete)), 4),
        "median_iou": round(float(np.median(overlaps)), 4),
        "regions_per_hand": round(float(np.mean(count)), 2),
        "by_region": {
            region: {"n": len(of_region), "found": round(float(np.mean(of_region)), 4)}
            for region, of_region in hits.items()
            if of_region
        },
    }


def _one(example: Example, detection: Detection) -> dict[str, tuple[bool, float]]:
    """Region -> (centre near enough, IoU); the distance is taken in the film's own proportions."""
    height = example.image.shape[0]
    result = {}
    for i in np.flatnonzero(example.labelled):
        region, truth = REGION_IDS[i], example.boxes[i].astype(float)
        if region not in detection.boxes:
            result[region] = (False, 0.0)
            continue
        box = np.array(detection.boxes[region].box)
        away = (box[:2] + box[2:] - truth[:2] - truth[2:]) / 2 * [example.squeeze, 1.0]
        side = np.maximum(np.minimum(box[2:], truth[2:]) - np.maximum(box[:2], truth[:2]), 0)
        inter = float(np.prod(side))
        union = float(np.prod(box[2:] - box[:2]) + np.prod(truth[2:] - truth[:2])) - inter
        result[region] = (bool(np.linalg.norm(away) <= CENTRE_LIMIT_OF_HEIGHT * height), inter / union)
    return result
