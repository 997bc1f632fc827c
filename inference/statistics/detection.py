"""How well boxes are found: recall, distance of the centres, overlap and average precision, per region.

Two people who box one hand overlap by an IoU of about a half only, while the centres of their boxes agree to about 1 %
of the film's height: a centre within 3 % of the height is the measure; IoU and AP at 0.5 stand beside it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from inference.anatomy.regions import REGION_IDS
from inference.statistics.figures.figure import Figure

CENTRE_LIMIT_OF_HEIGHT = 0.03
IOU_LIMIT = 0.5

Corners = tuple[float, float, float, float]
FOUND, MISSED, ABSENT_AND_LEFT, ABSENT_AND_FOUND, UNKNOWN = "1", "0", "a", "f", "-"
"""Letters of :func:`marks_of`: a labelled region whose centre was found, or not; one marked absent that was left alone,
or not; one that nobody labelled."""

COLUMNS = (
    "region",
    "n",
    "found",
    "recall_iou",
    "centre_median",
    "centre_95",
    "median_iou",
    "average_precision",
    "false",
)


@dataclass(frozen=True, slots=True)
class BoxedFilm:
    """Labelled and found boxes of one film, x and y in the same unit.

    Attributes:
        height: of the film, in that unit.
        truth: region -> labelled box.
        absent: regions that somebody looked for and marked absent; a box found there is false.
        found: region -> (box, score). A region that is in neither `truth` nor `absent` says nothing.
    """

    height: float
    truth: Mapping[str, Corners]
    absent: frozenset[str]
    found: Mapping[str, tuple[Corners, float]]


def detector_figure(films: Sequence[BoxedFilm]) -> Figure | None:
    """Scores per region and for all; None without a labelled box.

    Returns:
        A figure whose rows are :data:`COLUMNS`: labelled boxes, share with the centre within 3 % of the height, share
        with IoU of at least 0.5, median and 95th percentile of the centres' distance (share of the height, of found
        boxes), median IoU (missing boxes count as 0), AP at IoU 0.5 and boxes found where the region is absent.
    """
    by_region = {region: [_mark(film, region) for film in films if _labelled(film, region)] for region in REGION_IDS}
    every = [mark for marks in by_region.values() for mark in marks]
    if not any(mark.labelled for mark in every):
        return None
    rows = [_scores(region, marks) for region, marks in by_region.items() if any(mark.labelled for mark in marks)]
    complete = [all(_mark(film, region).near for region in film.truth) for film in films if film.truth]
    return Figure(
        values={
            "rows": rows,
            "all": _scores("all", every),
            "hands": len(complete),
            "hands_complete": float(np.mean(complete)),
            "centre_limit": CENTRE_LIMIT_OF_HEIGHT,
            "iou_limit": IOU_LIMIT,
        },
        columns=COLUMNS,
        rows=[[row[name] for name in COLUMNS] for row in [*rows, _scores("all", every)]],
    )


def marks_of(film: BoxedFilm) -> str:
    """How each of the 17 regions was met, in their order, one letter each; what two models are compared by."""
    return "".join(_letter(film, region) for region in REGION_IDS)


def _letter(film: BoxedFilm, region: str) -> str:
    if region in film.truth:
        return FOUND if _mark(film, region).near else MISSED
    if region in film.absent:
        return ABSENT_AND_FOUND if region in film.found else ABSENT_AND_LEFT
    return UNKNOWN


@dataclass(frozen=True, slots=True)
class _Mark:
    """One region of one film: labelled (or absent), found with a score (or not, None), how far and how much over."""

    labelled: bool
    score: float | None
    distance: float
    iou: float

    @property
    def near(self) -> bool:
        return self.labelled and self.score is not None and self.distance <= CENTRE_LIMIT_OF_HEIGHT


def _labelled(film: BoxedFilm, region: str) -> bool:
    return region in film.truth or region in film.absent


def _mark(film: BoxedFilm, region: str) -> _Mark:
    truth, found = film.truth.get(region), film.found.get(region)
    if truth is None or found is None:
        return _Mark(truth is not None, None if found is None else found[1], np.inf, 0.0)
    box, label = np.array(found[0], dtype=float), np.array(truth, dtype=float)
    away = np.linalg.norm((box[:2] + box[2:] - label[:2] - label[2:]) / 2) / film.height
    side = np.maximum(np.minimum(box[2:], label[2:]) - np.maximum(box[:2], label[:2]), 0)
    inter = float(np.prod(side))
    union = float(np.prod(box[2:] - box[:2]) + np.prod(label[2:] - label[:2])) - inter
    return _Mark(True, found[1], float(away), inter / union)


def _scores(region: str, marks: Sequence[_Mark]) -> dict[str, Any]:
    labelled = [mark for mark in marks if mark.labelled]
    distances = [mark.distance for mark in labelled if mark.score is not None]
    middle, far = np.percentile(distances, [50, 95]) if distances else (None, None)
    return {
        "region": region,
        "n": len(labelled),
        "found": float(np.mean([mark.near for mark in labelled])),
        "recall_iou": float(np.mean([mark.iou >= IOU_LIMIT for mark in labelled])),
        "centre_median": None if middle is None else float(middle),
        "centre_95": None if far is None else float(far),
        "median_iou": float(np.median([mark.iou for mark in labelled])),
        "average_precision": average_precision(
            [(mark.score, mark.labelled and mark.iou >= IOU_LIMIT) for mark in marks if mark.score is not None],
            len(labelled),
        ),
        "false": sum(not mark.labelled and mark.score is not None for mark in marks),
    }


def average_precision(detections: Sequence[tuple[float, bool]], positives: int) -> float | None:
    """Sum over thresholds of precision times the gain in recall, without interpolation; None without a positive.

    Args:
        detections: (score, whether it is right); equal scores are one threshold.
        positives: how many there are to be found, found or not.
    """
    if positives == 0:
        return None
    if not detections:
        return 0.0
    scores = np.array([score for score, _ in detections])
    right = np.array([hit for _, hit in detections], dtype=np.float64)
    order = np.argsort(-scores, kind="stable")
    scores, right = scores[order], right[order]
    last_of_score = np.append(np.flatnonzero(np.diff(scores)), scores.size - 1)
    hits = np.cumsum(right)[last_of_score]
    precision, recall = hits / (last_of_score + 1), hits / positives
    return float(np.sum(np.diff(recall, prepend=0.0) * precision))
