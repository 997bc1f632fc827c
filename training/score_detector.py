"""How well a detector finds the labelled regions of hands it was not fitted to (see `inference.statistics`)."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from inference.anatomy.regions import REGION_IDS
from inference.detector.found import Detection, Finds
from inference.statistics.detection import BoxedFilm, Corners, detector_figure
from training.films import Example, Films
from training.snapshot import SnapshotRadiograph


def score_detector(detector: Finds, films: Films, radiographs: Sequence[SnapshotRadiograph]) -> dict[str, Any]:
    """Scores on ``radiographs`` with boxes.

    Returns:
        ``hands``, ``labelled_regions``, ``found_within_3_percent`` (share of labelled regions),
        ``hands_complete`` (share of hands whose every labelled region is), ``median_iou`` (of labelled regions;
        missing ones count as 0), ``by_region`` (share and number), ``regions_per_hand`` and ``figure`` (all scores, for
        the page).
    """
    return scores_of(boxed_films(detector, films, radiographs))


def boxed_films(detector: Finds, films: Films, radiographs: Sequence[SnapshotRadiograph]) -> list[BoxedFilm]:
    """Labelled and found boxes of each radiograph."""
    boxed = []
    for radiograph in radiographs:
        example = films.example(radiograph)
        boxed.append(_boxed(example, detector.detect(example.image.astype(np.float32) / np.float32(255))))
    return boxed


def scores_of(boxed: Sequence[BoxedFilm]) -> dict[str, Any]:
    """What :func:`score_detector` returns, of films with at least one labelled box."""
    figure = detector_figure(boxed)
    assert figure is not None, "whoever asks has boxes"
    every = figure.values["all"]
    return {
        "hands": figure.values["hands"],
        "labelled_regions": every["n"],
        "found_within_3_percent": round(every["found"], 4),
        "hands_complete": round(figure.values["hands_complete"], 4),
        "median_iou": round(every["median_iou"], 4),
        "regions_per_hand": round(float(np.mean([len(film.found) for film in boxed])), 2),
        "by_region": {row["region"]: {"n": row["n"], "found": round(row["found"], 4)} for row in figure.values["rows"]},
        "figure": figure.to_json(),
    }


def _boxed(example: Example, detection: Detection) -> BoxedFilm:
    """Labelled and found boxes in the film's own proportions."""
    widen = np.array([example.squeeze, 1.0, example.squeeze, 1.0])

    def corners(box: Any) -> Corners:
        x0, y0, x1, y1 = (float(edge) for edge in np.array(box, dtype=float) * widen)
        return x0, y0, x1, y1

    return BoxedFilm(
        height=float(example.image.shape[0]),
        truth={REGION_IDS[i]: corners(example.boxes[i]) for i in np.flatnonzero(example.labelled)},
        absent=frozenset(),
        found={region: (corners(found.box), float(found.score)) for region, found in detection.boxes.items()},
    )
