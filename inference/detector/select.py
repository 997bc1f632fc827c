"""From scored proposals to a hand: at most one box per region, each where a hand can have it.

1. Proposals that overlap are merged into places; a place knows, for each region, its best score and box.
2. Places and regions are matched one to one so that the product of the scores is largest (a finger is not found twice
   under two names). Where the classes are kinds of region only, the pose of the hand is searched for first.
3. The hand template is laid over the match, and the matching is repeated with the distance to the expected place
   counted in. A box that no hand could have there is left out: a missing region stays missing.
4. A box that stands where another region of its finger or of its kind is to be expected may take that name, for half of
   its score: fingers are numbered and the bones of a ray ordered by anatomy, not by the classifier alone.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment

from inference.anatomy.geometry import TEMPLATE_SPREADS, Pose, broken_rays, fit_pose
from inference.anatomy.regions import REGION_IDS, REGIONS
from inference.detector.config import Classes, class_of_region
from inference.detector.pose_search import search_pose

Floats = npt.NDArray[np.float64]

MERGE_IOU = 0.45
"""Two candidate boxes that overlap more than this are one place; neighbouring regions of a hand overlap less."""
PLACES_AT_MOST = 40
SCORE_LOWEST = 0.01
"""Proposals that are background beyond doubt, and unused places of a batch, are left out at once."""
SPREAD_FACTOR = 2.0
SPREAD_AT_LEAST = 0.10
"""How loosely the template is believed: fingers bend, and hands are unlike the median hand."""
IMPOSSIBLE_SPREADS: dict[Classes, float] = {"region": 4.0, "type": 2.5}
"""How far from its place a box may be; nearer where the classifier does not say which finger it belongs to."""
RENAMED_SHARE = 0.5
RENAMED_SPREADS = 2.0
"""A box takes a name that the classifier did not give it only this near to that region's place."""
REFINEMENTS = 3

_KIN = np.array([[a.type == b.type or (a.ray is not None and a.ray == b.ray) for b in REGIONS] for a in REGIONS])
"""Regions that a classifier takes for each other: of one kind on other fingers, or on one ray, ``[17, 17]``."""


@dataclass(frozen=True, slots=True)
class Selected:
    """Boxes ``[17, 4]`` and scores ``[17]``; score 0 and a box of zeros where a region is missing."""

    boxes: Floats
    scores: Floats


@dataclass(frozen=True, slots=True)
class _Places:
    scores: Floats  # [M, 17]
    boxes: Floats  # [M, 17, 4]


def select_regions(class_boxes: Floats, probabilities: Floats, *, classes: Classes, score_floor: float) -> Selected:
    """Choose the boxes of one film.

    Args:
        class_boxes: ``[P, classes, 4]`` each proposal's box, refined for each class.
        probabilities: ``[P, 1 + classes]``, background first.
        score_floor: a region is missing rather than found with a score below this.
    """
    numbers = np.array(class_of_region(classes))
    some = probabilities[:, 1:].max(axis=1) >= SCORE_LOWEST
    class_boxes, probabilities = class_boxes[some], probabilities[some]
    places = seen = _merge(class_boxes, probabilities, numbers)
    found = np.full(len(REGION_IDS), -1)
    if len(places.scores):
        limit, spreads = -np.log(score_floor), IMPOSSIBLE_SPREADS[classes]
        if classes == "region":
            found = _match(-np.log(np.maximum(places.scores, 1e-6)), places.scores, limit, score_floor)
            pose = _pose(places, found)
        else:
            pose = search_pose(places.scores, places.boxes, score_floor=score_floor)
        for _ in range(REFINEMENTS):
            if pose is None:
                break
            away = _misplacement(seen, pose)
            places = _renamed(seen, away)
            cost = -np.log(np.maximum(places.scores, 1e-6))
            found = _match(cost + away, places.scores, limit + spreads**2 / 2, score_floor)
            pose = _pose(places, found)
        found = _without_broken_rays(places, found)
    boxes, scores = np.zeros((len(REGION_IDS), 4)), np.zeros(len(REGION_IDS))
    for region in np.flatnonzero(found >= 0):
        boxes[region], scores[region] = places.boxes[found[region], region], places.scores[found[region], region]
    return Selected(boxes, scores)


def suppress(boxes: Floats, scores: Floats, *, iou: float, at_most: int) -> npt.NDArray[np.int64]:
    """Greedy non-maximum suppression; indices of the kept boxes, best first."""
    order = np.argsort(-scores, kind="stable")
    kept: list[int] = []
    while len(order) and len(kept) < at_most:
        best, order = order[0], order[1:]
        kept.append(int(best))
        order = order[overlaps(boxes[best], boxes[order]) <= iou]
    return np.array(kept, dtype=np.int64)


def overlaps(box: Floats, others: Floats) -> Floats:
    """Intersection over union of one box ``[4]`` with ``[N, 4]``."""
    side = np.minimum(box[2:], others[:, 2:]) - np.maximum(box[:2], others[:, :2])
    inter = np.prod(np.maximum(side, 0), axis=1)
    area = np.prod(np.maximum(others[:, 2:] - others[:, :2], 0), axis=1)
    return np.asarray(inter / np.maximum(np.prod(np.maximum(box[2:] - box[:2], 0)) + area - inter, 1e-9))


def _merge(class_boxes: Floats, probabilities: Floats, numbers: npt.NDArray[np.int64]) -> _Places:
    best_class = probabilities[:, 1:].argmax(axis=1)
    own = class_boxes[np.arange(len(class_boxes)), best_class]
    kept = suppress(own, probabilities[:, 1:].max(axis=1), iou=MERGE_IOU, at_most=PLACES_AT_MOST)
    scores = np.zeros((len(kept), len(numbers)))
    boxes = np.zeros((len(kept), len(numbers), 4))
    for row, place in enumerate(kept):
        members = np.flatnonzero(overlaps(own[place], own) > MERGE_IOU)
        by_region = probabilities[members][:, numbers]
        winner = members[by_region.argmax(axis=0)]
        scores[row], boxes[row] = by_region.max(axis=0), class_boxes[winner, numbers - 1]
    return _Places(scores, boxes)


def _renamed(places: _Places, away: Floats) -> _Places:
    """The places with what the names of their kin are worth, where they stand near enough to the region's place."""
    kin = np.where(_KIN[None], places.scores[:, None, :], 0.0)
    best = kin.argmax(axis=2)
    borrowed = RENAMED_SHARE * kin.max(axis=2)
    taken = (away <= RENAMED_SPREADS**2 / 2) & (borrowed > places.scores)
    rows = np.arange(len(best))[:, None]
    return _Places(
        np.where(taken, borrowed, places.scores), np.where(taken[..., None], places.boxes[rows, best], places.boxes)
    )


def _match(cost: Floats, scores: Floats, limit: float, score_floor: float) -> npt.NDArray[np.int64]:
    """One-to-one matching of least cost; a region goes missing at the cost ``limit``."""
    allowed = np.where((scores >= score_floor) & np.isfinite(cost), cost, 1e6)
    regions = cost.shape[1]
    with_missing = np.concatenate([allowed, np.full((regions, regions), limit)])
    rows, columns = linear_sum_assignment(with_missing)
    found = np.full(regions, -1)
    taken = (rows < len(cost)) & (with_missing[rows, columns] < limit)
    found[columns[taken]] = rows[taken]
    return found


def _centres(places: _Places, found: npt.NDArray[np.int64]) -> Floats:
    own = places.boxes[np.maximum(found, 0), np.arange(len(found))]
    return (own[:, :2] + own[:, 2:]) / 2


def _pose(places: _Places, found: npt.NDArray[np.int64]) -> Pose | None:
    """The pose, fitted twice: the second time what lay far off counts less."""
    scores = places.scores[np.maximum(found, 0), np.arange(len(found))] * (found >= 0)
    centres = _centres(places, found)
    pose = fit_pose(centres, scores)
    for _ in range(3):
        if pose is None:
            return None
        off = pose.deviations(centres) / np.maximum(SPREAD_FACTOR * TEMPLATE_SPREADS, SPREAD_AT_LEAST)
        pose = fit_pose(centres, scores / (1 + off**2) ** 2)
    return pose


def _misplacement(places: _Places, pose: Pose) -> Floats:
    """Half the squared distance to the expected place, in spreads, ``[M, 17]``."""
    centres = (places.boxes[..., :2] + places.boxes[..., 2:]) / 2
    away = (centres - pose.centres()[None]) @ np.linalg.inv(pose.linear).T
    spread = np.maximum(SPREAD_FACTOR * TEMPLATE_SPREADS, SPREAD_AT_LEAST)
    return np.asarray(0.5 * (np.linalg.norm(away, axis=-1) / spread) ** 2)


def _without_broken_rays(places: _Places, found: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Drop the weaker of two neighbours on a ray that stand in the wrong order, until none do.

    Judged in the pose that scores speak for, and in the plain one that a person's boxes are judged in
    (:func:`inference.anatomy.geometry.geometry_warnings`): what the detector says is never warned of afterwards.
    """
    weighted = _pose(places, found)
    if weighted is None:
        return found
    found = found.copy()
    centres = _centres(places, found)
    while True:
        poses = (weighted, fit_pose(centres, (found >= 0).astype(np.float64)))
        broken = [pair for pose in poses if pose is not None for pair in broken_rays(_laid_out(centres, found, pose))]
        if not broken:
            return found
        pair = [REGION_IDS.index(region) for region in broken[0]]
        found[min(pair, key=lambda i: float(places.scores[found[i], i]))] = -1


def _laid_out(centres: Floats, found: npt.NDArray[np.int64], pose: Pose) -> dict[str, Floats]:
    """Centres of the found regions in the template's coordinates."""
    laid_out = np.linalg.solve(pose.linear, (centres - pose.offset).T).T
    return {region: laid_out[i] for i, region in enumerate(REGION_IDS) if found[i] >= 0}
