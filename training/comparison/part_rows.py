"""Rows on a part of the hand whose features know nothing of the rest (see `inference.parts`)."""

import dataclasses
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.batches_alike import batches_alike
from inference.imaging.preprocess import Preprocessing
from inference.parts import PART_BY_ID, Part, TwoPass, part_features
from training.comparison.inputs import Answer, Inputs, Material
from training.comparison.region_rows import region_trees
from training.comparison.rows import Context, Fit
from training.feature_rows import RegionFeatures
from training.films import film_aspect
from training.region_features import BATCH, CHUNK, load_detector


def covered_part(part: str) -> Fit:
    """Gradient boosting with the sex on the features of a part, the rest of the picture blanked before."""
    return partial(_fit, PART_BY_ID[part])


def _fit(part: Part, material: Material, seed: int, context: Context) -> Answer:
    detector, preprocessing = load_detector(context.artifact)
    # What is found of a part has no seed: the folder is shared by all seeds of the row.
    folder = context.work.parent / f"covered-{part.id}"
    train, validation, test = (
        dataclasses.replace(one, seen=seen_of_part(part, one, detector, preprocessing, folder / name))
        for name, one in (("train", material.train), ("validation", material.validation), ("test", material.test))
    )
    fit = region_trees(with_sex=True, pooling="region", only=part.regions)
    answer = fit(dataclasses.replace(material, train=train, validation=validation, test=test), seed, context)
    without = float((test.seen.scores.max(axis=1) == 0).mean())
    return dataclasses.replace(answer, record={**answer.record, "share_of_test_hands_without_the_part": without})


def seen_of_part(
    part: Part, hands: Inputs, detector: TwoPass, preprocessing: Preprocessing, folder: Path
) -> RegionFeatures:
    """The hands' features with the rest covered; chunks that were found already are read from `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = []
    for start in range(0, len(hands), CHUNK):
        path = folder / f"{start:06d}.npz"
        if not path.is_file():
            features, scores = _chunk(part, hands, start, min(start + CHUNK, len(hands)), detector, preprocessing)
            aside = path.with_suffix(".part")
            with aside.open("wb") as file:
                np.savez(file, features=features, scores=scores)
            aside.replace(path)
        with np.load(path, allow_pickle=False) as arrays:
            parts.append((arrays["features"], arrays["scores"]))
    features, scores = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    return dataclasses.replace(hands.seen, features=features, scores=scores)


def _chunk(
    part: Part, hands: Inputs, start: int, stop: int, detector: TwoPass, preprocessing: Preprocessing
) -> tuple[NDArray[Any], NDArray[Any]]:
    rows = list(range(start, stop))
    prepared = [
        preprocessing.prepare(
            hands.snapshot.picture(hands.radiographs[i]).astype(np.float32),
            film_aspect=film_aspect(hands.radiographs[i]),
        )
        for i in rows
    ]
    boxes = hands.seen.boxes[rows].astype(np.float32)
    for i, one in enumerate(prepared):
        scale = one.to_original
        boxes[i] *= np.array([scale.scale_x, scale.scale_y] * 2, np.float32)
    features = np.zeros_like(hands.seen.features[rows])
    scores = np.zeros_like(hands.seen.scores[rows])
    for picks in batches_alike(range(len(prepared)), alike=lambda i: prepared[i].image.shape, size=BATCH):
        features[picks], scores[picks] = part_features(
            part, detector, [prepared[i].image for i in picks], boxes[picks], hands.seen.scores[rows][picks]
        )
    return features, scores
