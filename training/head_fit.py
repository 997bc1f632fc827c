"""Tune and fit an age head on region features that were found already.

Which hands say how good a setting is: a detector whose features learnt bone ages (`maturity_channels`) knows the hands
of the training part better than any new one, so folds over them would praise whatever trusts the features most. The
folds are then made of the validation part, whose hands the detector has never seen, and the training part, with a
weight of its own, is learnt from in every fold. A detector that learnt from boxes alone has folds over both parts.
The test part is touched by nothing here.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import xgboost
from numpy.typing import NDArray

from inference.age_head import AgeHead, AgeHeadSettings, Floats, Reduction
from inference.progress import OnProgress, Progress
from training.age_table import Hands, fit_reduction, tree_table, with_gaps
from training.calibration import linear_correction
from training.conformal import half_widths_by_age
from training.feature_rows import RegionFeatures
from training.snapshot import Snapshot, SnapshotError
from training.split import hash_fraction
from training.tuning import SEARCH, START, Parameters, Trial, greedy_search

LEAST_HANDS = 4
"""Enough to run, as in the demonstration; not enough for an age that means anything."""
LEAST_HELD_BACK = 8
TUNE_FROM = 60
"""With fewer hands to score a setting on, tuning would choose by chance: the start parameters are taken."""
MAX_ROUNDS = 400
STOP_AFTER = 20
UNTUNED_ROUNDS = 60
HUBER_SLOPE_MONTHS = 6.0
MAX_BIN = 64
"""Steps that each column is cut into; a quarter of the usual 256 costs no accuracy here (docs/decisions/0052)."""


@dataclass(frozen=True)
class AgeHeadTraining:
    """Knobs of the fit; stored in the artifact.

    Attributes:
        regions_needed: fewer found regions than this and no age is given; such hands are not fitted on either.
        interval_coverage: share of children whose truth the interval is to hold.
        chronological_age_gaps: share of hands whose chronological age is hidden while fitting, so that the trees know
            what to do without one (only for a snapshot that has chronological ages).
        tune: False takes the start parameters.
        correct_by_sex: also fit a linear correction for each sex on the held-back hands of the validation part. The
            head's own ages stay visible beside the corrected ones.
        threads: of XGBoost; more than the free cores is far slower than one.
    """

    regions_needed: int = 9
    interval_coverage: float = 0.9
    with_chronological_age: bool = False
    chronological_age_gaps: float = 0.3
    folds: int = 4
    tune: bool = True
    correct_by_sex: bool = False
    threads: int = 1
    seed: int = 2017


@dataclass(frozen=True)
class FittedHead:
    """A head with the record of its making."""

    head: AgeHead
    record: Mapping[str, Any]


def fit_head(
    *, hands: Hands, sexed_channels: bool, features_know_ages: bool, config: AgeHeadTraining, on_progress: OnProgress
) -> FittedHead:
    """Tune and fit on hands that carry a sex, a bone age and enough regions.

    Raises:
        SnapshotError: too few hands.
    """
    if len(hands.radiographs) < LEAST_HANDS:
        raise SnapshotError(
            f"Only {len(hands.radiographs)} hands have a bone age, a sex and {config.regions_needed} found regions; "
            f"{LEAST_HANDS} are needed to fit an age head."
        )
    fit = _Fit(hands, sexed_channels, features_know_ages, config)
    if config.tune and fit.scored.sum() >= TUNE_FROM:
        parameters, rounds, log = greedy_search(
            fit.cross_validated,
            start=START,
            search=[(n, v) for n, v in SEARCH if n != "training_weight" or not fit.scored.all()],
            on_trial=lambda done, total: on_progress(Progress("tuning", done, total)),
        )
    else:
        parameters, rounds, log = dict(START), UNTUNED_ROUNDS, []
    held_out = fit.out_of_fold(parameters, rounds)
    return fit.final(parameters, rounds, log, held_out)


def _folds(patients: Sequence[str], count: int, seed: int) -> dict[str, int]:
    """Patient -> fold, in an order that follows from the pseudonyms; folds differ by one patient at most."""
    key = f"chboneai-folds-{seed}"
    ordered = sorted(set(patients), key=lambda patient: hash_fraction(key, patient, "fold"))
    if len(ordered) < 2:
        raise SnapshotError("An age head needs hands of two patients at least, or nothing can be held back.")
    return {patient: place % count for place, patient in enumerate(ordered)}


class _Fit:
    """Hands, folds and tables of one fit; tables are kept by pooling and components."""

    def __init__(self, hands: Hands, sexed_channels: bool, features_know_ages: bool, config: AgeHeadTraining) -> None:
        self.hands, self.sexed_channels, self.config = hands, sexed_channels, config
        unseen = ~hands.learnt_from
        enough = len({r.patient for r, new in zip(hands.radiographs, unseen, strict=True) if new}) >= LEAST_HELD_BACK
        self.scored: NDArray[np.bool_] = unseen if features_know_ages and enough else np.ones(len(unseen), bool)
        count = config.folds if self.scored.sum() >= TUNE_FROM else 3
        fold_of = _folds(
            [r.patient for r, is_in in zip(hands.radiographs, self.scored, strict=True) if is_in], count, config.seed
        )
        self.folds = np.array([fold_of.get(r.patient, -1) for r in hands.radiographs])
        self._tables: dict[tuple[str, int], _Tables] = {}
        self._quantised: dict[tuple[str, int], list[_Fold]] = {}

    def tables(self, parameters: Parameters) -> "_Tables":
        key = (parameters["pooling"], parameters["components"])
        if key not in self._tables:
            self._tables[key] = _Tables.make(self, *key)
        return self._tables[key]

    def _matrix(self, tables: "_Tables", rows: NDArray[np.int64]) -> "_Learnt":
        """Rows to learn from, with their copies with gaps, quantised."""
        chosen = np.zeros(len(self.hands.radiographs), bool)
        chosen[rows] = True
        copies = chosen[tables.gap_rows]
        origin = np.concatenate([rows, tables.gap_rows[copies]])
        table = np.concatenate([tables.table[rows], tables.gap_table[copies]])
        return _Learnt(xgboost.QuantileDMatrix(table, label=self.hands.ages[origin], max_bin=MAX_BIN), origin)

    def _weighted(self, learnt: "_Learnt", parameters: Parameters) -> xgboost.QuantileDMatrix:
        """The same matrix, with hands that the detector knows counting `training_weight`."""
        learnt.matrix.set_weight(np.where(self.scored[learnt.origin], 1.0, parameters["training_weight"]))
        return learnt.matrix

    def _folds_of(self, parameters: Parameters) -> list["_Fold"]:
        """Quantised matrices of each fold. Only the last pooling and components are kept: what a trial changes is
        seldom these, so they are built once in many trials, and those of the others would only fill the memory."""
        key = (parameters["pooling"], parameters["components"])
        if key not in self._quantised:
            tables = self.tables(parameters)
            self._quantised = {
                key: [
                    _Fold.make(self._matrix(tables, learn), tables.table[score], self.hands.ages[score])
                    for learn, score in self._fold_rows()
                ]
            }
        return self._quantised[key]

    def _booster_parameters(self, parameters: Parameters) -> dict[str, Any]:
        own = {"pooling", "components", "training_weight"}
        return {
            **{name: value for name, value in parameters.items() if name not in own},
            "tree_method": "hist",
            "max_bin": MAX_BIN,
            "nthread": self.config.threads,
            "eval_metric": "mae",
            **({"huber_slope": HUBER_SLOPE_MONTHS} if "huber" in parameters["objective"] else {}),
            "base_score": float(np.median(self.hands.ages)),
            "seed": self.config.seed,
        }

    def _fold_rows(self) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """(learn from, score on) of each fold that has hands on both sides."""
        pairs = [
            (np.flatnonzero(self.folds != fold), np.flatnonzero(self.folds == fold))
            for fold in range(int(self.folds.max()) + 1)
        ]
        return [(learn, score) for learn, score in pairs if len(learn) and len(score)]

    def cross_validated(self, parameters: Parameters) -> tuple[float, int]:
        """Mean error in months over the folds' hands, at the number of rounds where it is least."""
        curves, sizes = [], []
        for fold in self._folds_of(parameters):
            seen: dict[str, dict[str, list[float]]] = {}
            xgboost.train(
                self._booster_parameters(parameters),
                self._weighted(fold.learnt, parameters),
                MAX_ROUNDS,
                evals=[(fold.judged, "fold")],
                evals_result=seen,
                early_stopping_rounds=STOP_AFTER,
                verbose_eval=False,
            )
            curves.append(seen["fold"]["mae"])
            sizes.append(fold.judged.num_row())
        length = min(len(curve) for curve in curves)
        mean = np.average([curve[:length] for curve in curves], axis=0, weights=sizes)
        best = int(np.argmin(mean))
        return float(mean[best]), best + 1

    def out_of_fold(self, parameters: Parameters, rounds: int) -> NDArray[np.float64]:
        """Ages [N] of every scored hand from a booster that did not learn from it; nan for the others."""
        tables = self.tables(parameters)
        predicted = np.full(len(self.hands.radiographs), np.nan)
        for fold, (_, score) in zip(self._folds_of(parameters), self._fold_rows(), strict=True):
            booster = xgboost.train(
                self._booster_parameters(parameters), self._weighted(fold.learnt, parameters), rounds
            )
            predicted[score] = booster.inplace_predict(tables.table[score])
        return predicted

    def final(self, parameters: Parameters, rounds: int, log: list[Trial], held_out: NDArray[np.float64]) -> FittedHead:
        """Fit on all hands; the interval comes from the out-of-fold errors."""
        tables = self.tables(parameters)
        every = np.arange(len(self.hands.radiographs))
        booster = xgboost.train(
            self._booster_parameters(parameters), self._weighted(self._matrix(tables, every), parameters), rounds
        )
        known = np.isfinite(held_out)
        settings = self._with_correction(tables.settings, held_out)
        sexes = np.array(self.hands.sexes)
        ages = np.array([settings.corrected(*pair) for pair in zip(held_out[known], sexes[known], strict=True)])
        errors = ages - self.hands.ages[known].astype(np.float64)
        edges, widths = half_widths_by_age(ages, errors, coverage=self.config.interval_coverage)
        settings = dataclasses.replace(settings, interval_edges_months=edges, interval_half_widths_months=widths)
        record = {
            "config": dataclasses.asdict(self.config),
            "parameters": parameters,
            "rounds": rounds,
            "search_log": [trial.to_json() for trial in log],
            "fitted_on": {
                "training": int(self.hands.learnt_from.sum()),
                "validation": int((~self.hands.learnt_from).sum()),
            },
            "scored_on": {
                "n": int(known.sum()),
                "part": "validation" if not self.scored.all() else "train and validation",
            },
            "cross_validated_mae_months": round(float(np.abs(errors).mean()), 3),
            "correction_by_sex": {"F": settings.correction_female, "M": settings.correction_male},
            "scale_pos_weight": "off: it re-weights a class, and a regression has none",
        }
        return FittedHead(AgeHead(settings, tables.reduction, booster), record)

    def _with_correction(self, settings: AgeHeadSettings, held_out: NDArray[np.float64]) -> AgeHeadSettings:
        """With a correction for each sex if it is wanted, from out-of-fold ages of the validation part alone."""
        if not self.config.correct_by_sex:
            return settings
        fit_on = np.isfinite(held_out) & ~self.hands.learnt_from
        girls = np.array([sex == "F" for sex in self.hands.sexes])
        female, male = (
            linear_correction(held_out[fit_on & which], self.hands.ages[fit_on & which].astype(np.float64))
            for which in (girls, ~girls)
        )
        return dataclasses.replace(settings, correction_female=female, correction_male=male)


@dataclass(frozen=True)
class _Learnt:
    """A quantised matrix, and which hand each of its rows is (copies with gaps come last)."""

    matrix: xgboost.QuantileDMatrix
    origin: NDArray[np.int64]


@dataclass(frozen=True)
class _Fold:
    learnt: _Learnt
    judged: xgboost.QuantileDMatrix

    @classmethod
    def make(cls, learnt: _Learnt, table: Floats, ages: Floats) -> "_Fold":
        return cls(learnt, xgboost.QuantileDMatrix(table, label=ages, ref=learnt.matrix, max_bin=MAX_BIN))


@dataclass(frozen=True)
class _Tables:
    settings: AgeHeadSettings
    reduction: Reduction
    table: Floats
    gap_table: Floats
    gap_rows: NDArray[np.int64]

    @classmethod
    def make(cls, fit: _Fit, pooling: Any, components: int) -> "_Tables":
        hands, config = fit.hands, fit.config
        groups = hands.groups(pooling)
        settings = AgeHeadSettings(
            feature_size=hands.seen.features.shape[2],
            pooling=pooling,
            sexed_channels=fit.sexed_channels,
            components=components,
            with_chronological_age=config.with_chronological_age,
            regions_needed=config.regions_needed,
            interval_coverage=config.interval_coverage,
            interval_edges_months=(),
            interval_half_widths_months=(0.0,),
        )
        learnt = groups[hands.learnt_from] if hands.learnt_from.any() else groups
        reduction = fit_reduction(learnt, components=components, sexed_channels=fit.sexed_channels, seed=config.seed)
        every = np.arange(len(groups))
        copies, rows = with_gaps(groups, list(every), config.seed)
        table = tree_table(hands, groups, reduction, settings, every)
        if config.with_chronological_age:
            hidden = np.random.default_rng(config.seed).random(len(table)) < config.chronological_age_gaps
            table[hidden, -1] = np.nan
        return cls(settings, reduction, table, tree_table(hands, copies, reduction, settings, rows), rows)


def usable_hands(
    snapshot: Snapshot, seen: RegionFeatures, *, regions_needed: int, need_chronological_age: bool = False
) -> Hands:
    """Hands of the training and validation part that an age head can learn from."""
    found = dict(zip(seen.ids, (seen.scores > 0).sum(axis=1), strict=True))
    chosen = tuple(
        r
        for r in snapshot.part("train", "validation")
        if r.sex is not None
        and r.bone_age_months is not None
        and found.get(r.id, 0) >= regions_needed
        and not (need_chronological_age and r.chronological_age_months is None)
    )
    learnt = np.array([r.split == "train" for r in chosen], bool)
    return Hands(chosen, seen.rows([r.id for r in chosen]), learnt)
