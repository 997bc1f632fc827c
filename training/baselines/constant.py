"""The two baselines that look at no picture: one age for all, and one age for each sex."""

from collections.abc import Callable, Sequence

import numpy as np

from training.snapshot import SnapshotRadiograph

Guess = Callable[[SnapshotRadiograph], float]
"""A radiograph -> bone age in months."""


def _ages(radiographs: Sequence[SnapshotRadiograph], sex: str | None = None) -> list[float]:
    ages = [r.bone_age_months for r in radiographs if r.bone_age_months is not None and sex in (None, r.sex)]
    if not ages:
        raise ValueError("A baseline needs at least one bone age to learn from.")
    return ages


def predict_the_mean(learn_from: Sequence[SnapshotRadiograph]) -> Guess:
    """The mean bone age of the training part, for everybody."""
    mean = float(np.mean(_ages(learn_from)))
    return lambda _: mean


def predict_from_sex(learn_from: Sequence[SnapshotRadiograph]) -> Guess:
    """The median bone age of the training part's children of the same sex (the median is best by mean error)."""
    by_sex = {sex: float(np.median(_ages(learn_from, sex))) for sex in ("M", "F")}

    def guess(radiograph: SnapshotRadiograph) -> float:
        if radiograph.sex is None:
            raise ValueError(f"Radiograph {radiograph.id} has no sex; this baseline needs one.")
        return by_sex[radiograph.sex]

    return guess
