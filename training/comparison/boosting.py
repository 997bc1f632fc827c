"""Gradient boosting for the rows of the comparison: learnt on train, setting and rounds chosen on validation."""

import dataclasses
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import xgboost

from training.comparison.inputs import Answer, Floats, Inputs, Material, Months

MAX_ROUNDS = 600
STOP_AFTER = 25
MAX_BIN = 64
MOVED_MONTHS = 12.0


@dataclass(frozen=True)
class Choice:
    """One of the settings that the validation part chooses among: components of each group's PCA, depth of a tree."""

    components: int
    max_depth: int


Table = Callable[[Inputs, int], Floats]
"""(hands, components) -> the trees' input [N, columns]."""


def boosted(
    material: Material,
    table: Table,
    *,
    choices: Sequence[Choice],
    seed: int,
    threads: int,
    age_column: int | None = None,
) -> Answer:
    """Fit each choice with early stopping on the validation part and answer with the best.

    Args:
        age_column: where the chronological age stands in the table; then it is also measured how far the ages of the
            test hands follow when it alone is moved by a year.
    """
    fits = [_fit(material, table, choice, seed=seed, threads=threads) for choice in choices]
    if not fits:
        raise ValueError("There is no setting to choose from.")
    best = min(fits, key=lambda fit: fit.error_months)
    asked = table(material.test, best.choice.components)
    answers = np.asarray(best.booster.inplace_predict(asked), np.float64)
    record: dict[str, Any] = {
        "learnt_from": len(material.train),
        "chosen": dataclasses.asdict(best.choice),
        "tried": [fit.record for fit in fits],
    }
    if age_column is not None:
        record["mean_change_when_age_is_moved"] = {
            f"{by:+.0f}": round(float((_moved(best.booster, asked, age_column, by) - answers).mean()), 2)
            for by in (-MOVED_MONTHS, MOVED_MONTHS)
        }
    return Answer(np.maximum(best.ages, 0.0), np.maximum(answers, 0.0), record)


@dataclass(frozen=True)
class _Fit:
    """Trees of one setting.

    Attributes:
        ages: what they say of the validation hands; error_months: how far that lies from the truth on average.
        record: what is reported of the attempt.
    """

    choice: Choice
    booster: xgboost.Booster
    ages: Months
    error_months: float
    record: dict[str, Any]


def _fit(material: Material, table: Table, choice: Choice, *, seed: int, threads: int) -> _Fit:
    began = time.perf_counter()
    train, held_back = (table(one, choice.components) for one in (material.train, material.validation))
    learn = xgboost.QuantileDMatrix(train, label=material.train_ages, max_bin=MAX_BIN)
    judge = xgboost.QuantileDMatrix(held_back, label=material.validation_ages, ref=learn, max_bin=MAX_BIN)
    booster = xgboost.train(
        {
            "objective": "reg:squarederror",
            "eval_metric": "mae",
            "tree_method": "hist",
            "max_bin": MAX_BIN,
            "max_depth": choice.max_depth,
            "min_child_weight": 5.0,
            "subsample": 0.8,
            "colsample_bytree": 0.5,
            "eta": 0.1,
            "base_score": float(np.median(material.train_ages)),
            "nthread": threads,
            "seed": seed,
        },
        learn,
        MAX_ROUNDS,
        evals=[(judge, "validation")],
        early_stopping_rounds=STOP_AFTER,
        verbose_eval=False,
    )
    booster = booster[: booster.best_iteration + 1]
    ages = np.asarray(booster.inplace_predict(held_back), np.float64)
    error = float(np.abs(ages - material.validation_ages).mean())
    record = {
        **dataclasses.asdict(choice),
        "rounds": booster.num_boosted_rounds(),
        "columns": train.shape[1],
        "validation_mae_months": round(error, 3),
        "seconds": round(time.perf_counter() - began, 1),
    }
    return _Fit(choice, booster, ages, error, record)


def _moved(booster: xgboost.Booster, table: Floats, column: int, months: float) -> Months:
    moved = table.copy()
    moved[:, column] += months
    return np.asarray(booster.inplace_predict(moved), np.float64)
