"""A closer look at one film: where covering it moves the age, and the ages of its parts. Takes seconds; on demand.

The map covers one patch of the picture after the other and asks the whole pipeline again, boxes and all. It needs
nothing of the network but its answers, so it is the same for a pipeline of regions and for one network end to end.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference.age_head import AgeHead, AgeRefused
from inference.anatomy.boxes import Box
from inference.anatomy.regions import REGION_BY_ID, REGIONS
from inference.detector.found import Detection
from inference.explain import PartAge, occlusion_map, part_age
from inference.film_request import FilmRequest
from inference.parts import PARTS, part_features, part_head_dir
from inference.pipeline import Pipeline, stored_box
from inference.progress import OnProgress, Progress, ignore_progress

Floats = NDArray[np.float32]

PATCHES_ALONG = 8
"""A patch is one eighth of the picture's shorter side, and moves by half of that."""
FILMS_TOGETHER = 32


@dataclass(frozen=True, slots=True)
class Patch:
    """A covered patch.

    Attributes:
        box: in pixels of the film as stored; its middle half is what :attr:`months` is drawn on.
        months: age with the patch covered less the age as it is; None when there was no age left.
    """

    box: Box
    months: float | None


@dataclass(frozen=True, slots=True)
class Examination:
    """What was seen.

    Attributes:
        bone_age_months: of the film as it is.
        patches: row by row.
        parts: ages of the carpals alone and of the hand without them; empty when the artifact has no heads for them.
    """

    bone_age_months: float
    patches: tuple[Patch, ...]
    parts: tuple[PartAge, ...]


def examine(pipeline: Pipeline, request: FilmRequest, on_progress: OnProgress = ignore_progress) -> Examination:
    """Raises AgeRefused when the film gets no age: then there is nothing to explain."""
    prepared = pipeline.prepare(request).prepared
    seen = pipeline.detector.detect_batch([prepared.image])[0]
    age = pipeline.age_head.predict(seen.features, seen.scores, request.sex, request.chronological_age_months)
    side = min(prepared.image.shape)
    patch = max(2, round(side / PATCHES_ALONG))
    step = max(1, patch // 2)
    asked = 0

    def ages_of(pictures: Sequence[Floats]) -> list[float]:
        nonlocal asked
        asked += len(pictures)
        on_progress(Progress("heat_map", asked, _patches(prepared.image.shape, patch, step) + 1))
        return [_age(pipeline, one, request) for one in pipeline.detector.detect_batch(list(pictures))]

    found = occlusion_map(ages_of, prepared.image, patch_px=patch, step_px=step, batch=FILMS_TOGETHER)
    patches = [
        Patch(
            stored_box(Box(left * step, top * step, left * step + patch, top * step + patch), prepared, request),
            None if math.isnan(months := float(found.months[top, left])) else months,
        )
        for top in range(found.months.shape[0])
        for left in range(found.months.shape[1])
    ]
    return Examination(age.bone_age_months, tuple(patches), part_ages(pipeline, prepared.image, seen, request))


def part_ages(pipeline: Pipeline, image: Floats, seen: Detection, request: FilmRequest) -> tuple[PartAge, ...]:
    """Ages of the parts that the artifact has heads for (docs/decisions/0053)."""
    ages = []
    for part in PARTS:
        folder = part_head_dir(pipeline.artifact.dir, part.id)
        if not folder.is_dir():
            continue
        features, scores = part_features(part, pipeline.detector, [image], _boxes(seen)[None], seen.scores[None])
        head = AgeHead.load(folder)
        ages.append(part_age(part.id, head, features[0], scores[0], request.sex, request.chronological_age_months))
    return tuple(ages)


def _age(pipeline: Pipeline, seen: Detection, request: FilmRequest) -> float:
    """NaN where too little of the hand is left for an age."""
    try:
        found = pipeline.age_head.predict(seen.features, seen.scores, request.sex, request.chronological_age_months)
    except AgeRefused:
        return math.nan
    return found.bone_age_months


def _patches(shape: tuple[int, ...], patch: int, step: int) -> int:
    rows, columns = shape
    return len(range(0, rows - patch + 1, step)) * len(range(0, columns - patch + 1, step))


def _boxes(seen: Detection) -> Floats:
    """[17, 4] in pixels of the prepared picture, zeros where a region is missing."""
    boxes = np.zeros((len(REGIONS), 4), np.float32)
    for region, found in seen.boxes.items():
        boxes[REGION_BY_ID[region].index] = found.box
    return boxes
