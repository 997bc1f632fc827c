"""Tuning the age head: a plain grid search of scikit-learn, the greedy search as it was, and as it is.

    python -m tests.benchmarks.age_head_tuning --snapshot S --artifact A --cache FEATURES

Each way runs in a process of its own, so that its peak of memory is its own; seconds are of the processor, since the
machine may be shared. Hands: the training part and half of the validation part (by patient) to tune and fit on, the
other half to judge; the test part is left alone. To keep the run short the greedy searches try the first values of four
parameters only and the grid has four settings: what is compared is a trial's price and where the error ends up.

A trial at fixed settings is measured by itself too, since two searches may go different ways. Last come single fits
at the paper's width, 6 x 2048 columns (the features times a fixed random matrix, which costs what such features cost
and says nothing of an error).
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import xgboost
from sklearn.decomposition import PCA
from sklearn.model_selection import GridSearchCV
from xgboost import XGBRegressor

from inference.features import average_by_type
from inference.statistics.bootstrap import bootstrap_interval
from training import head_fit
from training.age_table import Hands
from training.head_fit import AgeHeadTraining, usable_hands
from training.region_features import region_features
from training.snapshot import read_snapshot
from training.split import hash_fraction
from training.tuning import SEARCH, START, greedy_search

BY_NAME_ONLY = True
TRIED = ("pooling", "components", "max_depth", "subsample")
GRID = {"max_depth": [3, 5], "learning_rate": [0.05, 0.1]}
GRID_ROUNDS = 200
WIDE_ROUNDS = 10
WAYS = ("trial_before", "trial", "grid", "greedy_before", "greedy", "wide_plain", "wide_quantised", "wide_reduced")


class _AsItWas(head_fit._Fit):
    """A new matrix of float values, cut into 256 bins, for every fold of every trial."""

    def _matrix(self, tables, rows):
        chosen = np.zeros(len(self.hands.radiographs), bool)
        chosen[rows] = True
        copies = chosen[tables.gap_rows]
        origin = np.concatenate([rows, tables.gap_rows[copies]])
        table = np.concatenate([tables.table[rows], tables.gap_table[copies]])
        return head_fit._Learnt(xgboost.DMatrix(table, label=self.hands.ages[origin]), origin)

    def _folds_of(self, parameters):
        tables = self.tables(parameters)
        for learn, score in self._fold_rows():
            judged = xgboost.DMatrix(tables.table[score], label=self.hands.ages[score])
            yield head_fit._Fold(self._matrix(tables, learn), judged)


def _hands(args):
    data = read_snapshot(args.snapshot)
    seen = region_features(
        snapshot=data, detector=args.artifact, cache=args.cache, radiographs=data.part("train", "validation")
    )
    hands = usable_hands(data, seen, regions_needed=9)
    judged = np.array(
        [
            r.split == "validation" and hash_fraction("tuning-benchmark", r.patient, "half") < 0.5
            for r in hands.radiographs
        ]
    )
    return _those(hands, ~judged), _those(hands, judged)


def _those(hands, where):
    radiographs = tuple(r for r, kept in zip(hands.radiographs, where, strict=True) if kept)
    return Hands(radiographs, hands.seen.rows([r.id for r in radiographs]), hands.learnt_from[where])


def _plain_table(hands):
    """Averages by type, all columns, and the sex: what a script would give to a grid search."""
    means = [average_by_type(f, s)[0].ravel() for f, s in zip(hands.seen.features, hands.seen.scores, strict=True)]
    return np.column_stack([np.array(means), [sex == "F" for sex in hands.sexes]]).astype(np.float32)


def _grid(learn, judge):
    search = GridSearchCV(
        XGBRegressor(n_estimators=GRID_ROUNDS, n_jobs=1, tree_method="hist"),
        GRID,
        scoring="neg_mean_absolute_error",
        cv=3,
        n_jobs=1,
    )
    search.fit(_plain_table(learn), learn.ages)
    trials = len(search.cv_results_["params"])
    return search.predict(_plain_table(judge)), {"trials": trials, "fits": 3 * trials, "best": search.best_params_}


def _greedy(learn, judge, *, before):
    if before:
        head_fit.MAX_BIN = 256
    fit = (_AsItWas if before else head_fit._Fit)(learn, True, True, AgeHeadTraining())
    search = [(name, values) for name, values in SEARCH if name in TRIED]
    parameters, rounds, log = greedy_search(fit.cross_validated, start=START, search=search)
    head = fit.final(parameters, rounds, log, fit.out_of_fold(parameters, rounds)).head
    ages = head.predict_many(judge.seen.features, judge.seen.scores, judge.sexes, judge.chronological_ages)
    best = {name: parameters[name] for name in TRIED}
    return ages, {"trials": len(log), "fits": 4 * len(log), "best": {**best, "rounds": rounds}}


def _trial(learn, *, before):
    """One trial of the greedy search (four folds) at the same settings, twice: the second finds what the first left."""
    if before:
        head_fit.MAX_BIN = 256
    fit = (_AsItWas if before else head_fit._Fit)(learn, True, True, AgeHeadTraining())
    parameters = {**START, "pooling": "region", "components": 32}
    fit.tables(parameters)
    seconds, found = [], None
    for _ in range(2):
        began = time.process_time()
        found = fit.cross_validated(parameters)
        seconds.append(round(time.process_time() - began, 1))
    return {
        "fold_mae_months": round(found[0], 2),
        "rounds": found[1],
        "first_seconds": seconds[0],
        "next_seconds": seconds[1],
    }


def _wide(learn, *, way):
    lift = np.random.default_rng(1).normal(size=(learn.seen.features.shape[2], 2048)).astype(np.float32) / 12
    means = np.array([average_by_type(f, s)[0] for f, s in zip(learn.seen.features, learn.seen.scores, strict=True)])
    table = np.concatenate([means[:, i] @ lift for i in range(6)], axis=1)
    del means
    began = time.process_time()
    bins = 256 if way == "wide_plain" else 64
    if way == "wide_reduced":
        groups = table.reshape(len(table), 6, 2048)
        parts = [
            PCA(32, svd_solver="randomized", random_state=0).fit_transform(groups[:, i]).astype(np.float32)
            for i in range(6)
        ]
        table = np.concatenate(parts, axis=1)
    make = xgboost.DMatrix if way == "wide_plain" else xgboost.QuantileDMatrix
    settings = {"max_depth": 4, "eta": 0.1, "tree_method": "hist", "nthread": 1, "max_bin": bins}
    matrix = make(table, label=learn.ages, **({} if way == "wide_plain" else {"max_bin": bins}))
    built = time.process_time() - began
    began = time.process_time()
    xgboost.train(settings, matrix, WIDE_ROUNDS)
    return {
        "columns": table.shape[1],
        "build_seconds": round(built, 1),
        "seconds_a_round": round((time.process_time() - began) / WIDE_ROUNDS, 3),
    }


def _one(args):
    learn, judge = _hands(args)
    at_start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    cpu, wall = time.process_time(), time.perf_counter()
    result = {"way": args.way, "learn": len(learn.radiographs), "judge": len(judge.radiographs)}
    if args.way.startswith("trial"):
        result |= _trial(learn, before=args.way != "trial")
    elif args.way.startswith("wide"):
        result |= _wide(learn, way=args.way)
    else:
        ages, about = _grid(learn, judge) if args.way == "grid" else _greedy(learn, judge, before=args.way != "greedy")
        errors = np.abs(ages - judge.ages)
        low, high = bootstrap_interval(errors)
        result |= about | {"mae_months": round(float(errors.mean()), 2), "interval": [round(low, 2), round(high, 2)]}
    return result | {
        "processor_seconds": round(time.process_time() - cpu, 1),
        "wall_seconds": round(time.perf_counter() - wall, 1),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "peak_mb_before": at_start // 1024,
    }


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--snapshot", type=Path, required=True)
    parser.add_argument("--artifact", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--way", choices=WAYS)
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=list(WAYS))
    args = parser.parse_args(sys.argv[1:] if arguments is None else arguments)
    if args.way:
        print(json.dumps(_one(args)), flush=True)
        return
    for way in args.ways:
        given = ["--snapshot", str(args.snapshot), "--artifact", str(args.artifact), "--cache", str(args.cache)]
        subprocess.run([sys.executable, "-m", __spec__.name, *given, "--way", way], check=True)


if __name__ == "__main__":
    main()
