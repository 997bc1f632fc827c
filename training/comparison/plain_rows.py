"""Rows that look at no picture: the mean, the sex, the chronological age."""

import numpy as np

from training.comparison.boosting import Choice, boosted
from training.comparison.inputs import Answer, Floats, Inputs, Material
from training.comparison.rows import Context, Fit


def mean(material: Material, seed: int, context: Context) -> Answer:
    """The mean bone age of the training part, for everybody."""
    guess = float(material.train_ages.mean())
    return Answer(
        np.full(len(material.validation), guess),
        np.full(len(material.test), guess),
        {"months": round(guess, 2), "learnt_from": len(material.train)},
    )


def sex(material: Material, seed: int, context: Context) -> Answer:
    """The median bone age of the training part's children of the same sex (the median is best by mean error)."""
    girls = material.train.female == 1
    if girls.all() or not girls.any():
        raise ValueError("The row needs boys and girls in the training part.")
    medians = {1.0: float(np.median(material.train_ages[girls])), 0.0: float(np.median(material.train_ages[~girls]))}
    return Answer(
        np.array([medians[float(one)] for one in material.validation.female]),
        np.array([medians[float(one)] for one in material.test.female]),
        {"girls_months": medians[1.0], "boys_months": medians[0.0], "learnt_from": len(material.train)},
    )


def chronological_age(*, with_sex: bool) -> Fit:
    """Gradient boosting on the chronological age, and on the sex beside it: what no picture is needed for."""

    def table(inputs: Inputs) -> Floats:
        columns = [inputs.chronological_ages, *([inputs.female] if with_sex else [])]
        return np.stack(columns, axis=1)

    def fit(material: Material, seed: int, context: Context) -> Answer:
        return boosted(
            material,
            lambda inputs, _: table(inputs),
            choices=(Choice(0, 2), Choice(0, 3)),
            seed=seed,
            threads=context.threads,
            age_column=0,
        )

    return fit
