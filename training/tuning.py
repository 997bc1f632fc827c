"""Greedy tuning: one parameter after the other, each kept at its best value while the next is tried.

CHBoneAI tunes max_depth, min_child_weight, gamma, subsample, scale_pos_weight and others in this way. What they do to
a regression on this task is said beside each value list of :data:`SEARCH`. scale_pos_weight is not among them: it
re-weights the positive class of a classification, and a regression objective has none (XGBoost applied it to rows whose
label is exactly 1 and ignores it in newer releases), so it stays off.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Parameters = dict[str, Any]

START: Parameters = {
    "pooling": "type",
    "components": 16,
    "objective": "reg:squarederror",
    "max_depth": 4,
    "min_child_weight": 5.0,
    "gamma": 0.0,
    "subsample": 0.8,
    "colsample_bytree": 0.5,
    "lambda": 1.0,
    "alpha": 0.0,
    "eta": 0.1,
    "training_weight": 1.0,
}

SEARCH: tuple[tuple[str, Sequence[Any]], ...] = (
    # Averages by type (the paper), or all 17 regions apart (what the paper leaves as future work).
    ("pooling", ("type", "region")),
    # Components that each group's features are reduced to.
    ("components", (4, 16, 32)),
    # Weight of hands whose ages the detector has learnt from, against those it has not (see fit_age_head).
    ("training_weight", (1.0, 0.3, 0.1)),
    # Depth of a tree: how many features may act together.
    ("max_depth", (2, 3, 4, 5)),
    # Least weight of children in a leaf: with squared error, their number.
    ("min_child_weight", (1.0, 5.0, 20.0)),
    # What is minimised: squared error, or losses that far-off labels pull less.
    ("objective", ("reg:squarederror", "reg:pseudohubererror", "reg:absoluteerror")),
    # Least gain of a split, in units of the objective (months squared for squared error).
    ("gamma", (0.0, 10.0, 100.0)),
    # Share of children that each tree sees.
    ("subsample", (0.6, 0.8, 1.0)),
    # Share of columns that each tree sees.
    ("colsample_bytree", (0.2, 0.5, 0.8)),
    # Squared and absolute penalties on leaf values.
    ("lambda", (0.3, 1.0, 10.0)),
    ("alpha", (0.0, 1.0, 10.0)),
    # Step size; the number of rounds follows it.
    ("eta", (0.1, 0.05)),
)


@dataclass(frozen=True, slots=True)
class Trial:
    """One line of the search log: what was tried, its mean error over the folds in months, and whether it was kept."""

    parameter: str
    value: Any
    mae_months: float
    rounds: int
    kept: bool

    def to_json(self) -> dict[str, Any]:
        return {
            "parameter": self.parameter,
            "value": self.value,
            "mae_months": round(self.mae_months, 4),
            "rounds": self.rounds,
            "kept": self.kept,
        }


def greedy_search(
    score: Callable[[Parameters], tuple[float, int]],
    *,
    start: Mapping[str, Any],
    search: Sequence[tuple[str, Sequence[Any]]],
    on_trial: Callable[[int, int], None] = lambda done, total: None,
) -> tuple[Parameters, int, list[Trial]]:
    """Try each parameter's values in turn and keep the best so far; a value must be better to be kept, not equal.

    Args:
        score: parameters -> (error, rounds); less is better.

    Returns:
        The best parameters, their rounds, and the log, whose first line is the start.
    """
    best = dict(start)
    total = 1 + sum(sum(value != best[name] for value in values) for name, values in search)
    best_error, best_rounds = score(best)
    log = [Trial("start", None, best_error, best_rounds, True)]
    for name, values in search:
        for value in values:
            if value == best[name]:
                continue
            error, rounds = score({**best, name: value})
            kept = error < best_error
            log.append(Trial(name, value, error, rounds, kept))
            on_trial(len(log), total)
            if kept:
                best, best_error, best_rounds = {**best, name: value}, error, rounds
    return best, best_rounds, log
