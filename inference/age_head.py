"""The age head: 17 x F region features, a sex and, if it was trained with one, a chronological age -> bone age.

CHBoneAI, section on the bone-age regressor: features are averaged inside each type of region (17 x F -> 6 x F), their
dimension is reduced, sex and chronological age are joined on, and XGBoost gives the age. Here the reduction is one PCA
per type, so that a type of which no region was found stays what it is, missing (NaN, for which every tree has learnt a
way), and no other type's numbers change.

On disk: age_head.json, reduction.npz (arrays, no pickle), booster.ubj (XGBoost's own format).
"""

import dataclasses
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import xgboost
from numpy.typing import NDArray

from inference.anatomy.regions import REGION_TYPES, REGIONS, SCHEMA_VERSION
from inference.features import Weights, average_by_type

Floats = NDArray[np.float32]
Pooling = Literal["type", "region"]

SETTINGS_FILE = "age_head.json"
REDUCTION_FILE = "reduction.npz"
BOOSTER_FILE = "booster.ubj"


class AgeRefused(Exception):
    """No bone age can be given for this film; `code` is stable, the message says why and what to do.

    Codes: sex_missing, too_few_regions.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


@dataclass(frozen=True, slots=True)
class AgePrediction:
    """A bone age, its interval, and what was used.

    Attributes:
        bone_age_months: with the correction by sex where the head has one.
        interval_months: holds the truth in `interval_coverage` of cases.
        inputs_used: names of the inputs.
        raw_bone_age_months: before the correction; the same where there is none.
    """

    bone_age_months: float
    interval_months: tuple[float, float]
    inputs_used: tuple[str, ...]
    raw_bone_age_months: float


@dataclass(frozen=True)
class AgeHeadSettings:
    """What the numbers in the arrays mean.

    Attributes:
        feature_size: F of the detector that the head was fitted on.
        pooling: `type` averages inside each type (the paper), `region` keeps all 17 apart.
        sexed_channels: whether the last two channels of a feature are bone ages of the region as a boy's and as a
            girl's; the one of the child's sex then enters beside the reduced features, unreduced.
        components: number of components that each group's features are reduced to.
        with_chronological_age: whether the head was trained with a chronological age; if not, it never sees one.
        regions_needed: fewer found regions than this, and no age is given.
        interval_coverage: share of children whose truth the interval is to hold.
        interval_edges_months, interval_half_widths_months: half width of the interval by predicted age; the first
            width goes up to the first edge, the last one from the last edge on.
        correction_male, correction_female: (intercept in months, slope) of a linear correction by sex, or None, the
            usual case. It is no part of the trees, and what they said is given beside it.
    """

    feature_size: int
    pooling: Pooling
    sexed_channels: bool
    components: int
    with_chronological_age: bool
    regions_needed: int
    interval_coverage: float
    interval_edges_months: tuple[float, ...]
    interval_half_widths_months: tuple[float, ...]
    regions_version: int = SCHEMA_VERSION
    correction_male: tuple[float, float] | None = None
    correction_female: tuple[float, float] | None = None

    def corrected(self, bone_age_months: float, sex: str) -> float:
        """An age with the correction of the sex, not below 0; unchanged where there is none."""
        correction = self.correction_female if sex == "F" else self.correction_male
        if correction is None:
            return bone_age_months
        return max(0.0, correction[0] + correction[1] * bone_age_months)

    @property
    def inputs_used(self) -> tuple[str, ...]:
        age = ("chronological_age_months",) if self.with_chronological_age else ()
        return ("region_features", "sex", *age)

    @property
    def group_names(self) -> tuple[str, ...]:
        return REGION_TYPES if self.pooling == "type" else tuple(region.id for region in REGIONS)

    def half_width_months(self, bone_age_months: float) -> float:
        index = int(np.searchsorted(self.interval_edges_months, bone_age_months, side="right"))
        return self.interval_half_widths_months[index]


@dataclass(frozen=True)
class Reduction:
    """One PCA per group: `means` [groups, D], `axes` [groups, components, D]; D is F without the sexed channels."""

    means: Floats
    axes: Floats


def grouped(features: Floats, scores: Floats, pooling: Pooling, weights: Weights = "score") -> Floats:
    """Features [N, 17, F] and scores [N, 17] as [N, groups, F], NaN where a group has no found region.

    Args:
        weights: of the regions in the average of their type.
    """
    if pooling == "region":
        return np.where((scores > 0)[..., None], features, np.nan).astype(np.float32)
    averages = [average_by_type(film, score, weights) for film, score in zip(features, scores, strict=True)]
    return np.stack([np.where(found[:, None], means, np.nan) for means, found in averages]).astype(np.float32)


def table_for_trees(
    groups: Floats,
    sexes: Sequence[str],
    chronological_ages_months: Sequence[float | None],
    reduction: Reduction,
    settings: AgeHeadSettings,
) -> Floats:
    """The trees' input [N, columns]: reduced features by group, the sexed ages if there are any, sex, age if used.

    Args:
        groups: [N, groups, F] from :func:`grouped`.
        sexes: M or F.
        chronological_ages_months: None where unknown, which the trees see as missing.
    """
    body, sexed = (groups[..., :-2], groups[..., -2:]) if settings.sexed_channels else (groups, None)
    reduced = np.einsum("ngd,gcd->ngc", body - reduction.means, reduction.axes)
    columns = [reduced.reshape(len(groups), -1)]
    female = np.array([sex == "F" for sex in sexes])
    if sexed is not None:
        columns.append(np.where(female[:, None], sexed[..., 1], sexed[..., 0]))
        columns.append(_mean_of_found(columns[-1])[:, None])
    columns.append(female.astype(np.float32)[:, None])
    if settings.with_chronological_age:
        ages = [np.nan if age is None else age for age in chronological_ages_months]
        columns.append(np.array(ages, np.float32)[:, None])
    return np.concatenate(columns, axis=1, dtype=np.float32)


def column_owners(settings: AgeHeadSettings) -> tuple[str, ...]:
    """What each column of :func:`table_for_trees` belongs to: a group's name, ``all_regions`` (the mean of the sexed
    ages), ``sex`` or ``chronological_age_months``."""
    names = settings.group_names
    owners = [name for name in names for _ in range(settings.components)]
    if settings.sexed_channels:
        owners += [*names, "all_regions"]
    return (*owners, "sex", *(("chronological_age_months",) if settings.with_chronological_age else ()))


def _mean_of_found(values: Floats) -> Floats:
    """Row means over what is not NaN; NaN where nothing is."""
    found = np.isfinite(values)
    total = np.where(found, values, 0).sum(axis=1)
    return np.where(found.any(axis=1), total / np.maximum(found.sum(axis=1), 1), np.nan).astype(np.float32)


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


class AgeHead:
    """A fitted head. Make one with :meth:`load`; `training.fit_age_head` fits and saves it."""

    def __init__(self, settings: AgeHeadSettings, reduction: Reduction, booster: Any) -> None:
        self.settings, self.reduction, self.booster = settings, reduction, booster

    @classmethod
    def load(cls, folder: Path) -> "AgeHead":
        """The head of a folder written by :meth:`save`. Verify the folder's hashes first (`inference.artifact`)."""
        folder = Path(folder)
        values: dict[str, Any] = json.loads((folder / SETTINGS_FILE).read_text(encoding="utf-8"))
        settings = AgeHeadSettings(**{k: _frozen(v) for k, v in values.items()})
        if settings.regions_version != SCHEMA_VERSION:
            raise ValueError(f"The age head is for regions version {settings.regions_version}, not {SCHEMA_VERSION}.")
        with np.load(folder / REDUCTION_FILE, allow_pickle=False) as arrays:
            reduction = Reduction(arrays["means"].astype(np.float32), arrays["axes"].astype(np.float32))
        booster = xgboost.Booster()
        booster.load_model(folder / BOOSTER_FILE)
        # One film takes half a millisecond; threads that wait for each other on a busy machine take forty.
        booster.set_param({"nthread": 1})
        return cls(settings, reduction, booster)

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / SETTINGS_FILE).write_text(
            json.dumps(dataclasses.asdict(self.settings), indent=1, sort_keys=True), encoding="utf-8"
        )
        # half precision would do for the features, but the head is to give the very ages it was calibrated on
        np.savez_compressed(folder / REDUCTION_FILE, means=self.reduction.means, axes=self.reduction.axes)
        self.booster.save_model(folder / BOOSTER_FILE)

    def predict(
        self,
        region_features: Floats,
        region_scores: Floats,
        sex: str | None,
        chronological_age_months: float | None = None,
    ) -> AgePrediction:
        """The bone age of one film.

        Args:
            region_features: [17, F] in region order.
            region_scores: [17], 0 where the region is missing.
            sex: M or F.
            chronological_age_months: used only by a head that was trained with it (see `inputs_used`).

        Raises:
            AgeRefused: there is no sex, or too few regions were found.
        """
        if sex not in ("M", "F"):
            raise AgeRefused("sex_missing", "A bone age needs the child's sex: give M or F.")
        found = int((region_scores > 0).sum())
        if found < self.settings.regions_needed:
            raise AgeRefused(
                "too_few_regions",
                f"Only {found} of {len(REGIONS)} regions were found and {self.settings.regions_needed} are needed for "
                "an age: check that the film shows a whole hand, or draw the boxes.",
            )
        raw = float(self.raw_many(region_features[None], region_scores[None], [sex], [chronological_age_months])[0])
        months = self.settings.corrected(raw, sex)
        half = self.settings.half_width_months(months)
        used = tuple(
            name
            for name in self.settings.inputs_used
            if name != "chronological_age_months" or chronological_age_months is not None
        )
        return AgePrediction(months, (max(0.0, months - half), months + half), used, raw)

    def predict_many(
        self,
        features: Floats,
        scores: Floats,
        sexes: Sequence[str],
        chronological_ages_months: Sequence[float | None],
    ) -> NDArray[np.float64]:
        """Bone ages in months, [N], of features [N, 17, F] and scores [N, 17], with the correction by sex where there
        is one; refuses nothing."""
        raw = self.raw_many(features, scores, sexes, chronological_ages_months)
        return np.array([self.settings.corrected(float(age), sex) for age, sex in zip(raw, sexes, strict=True)])

    def raw_many(
        self,
        features: Floats,
        scores: Floats,
        sexes: Sequence[str],
        chronological_ages_months: Sequence[float | None],
    ) -> NDArray[np.float64]:
        """As :meth:`predict_many`, before the correction by sex."""
        months = self.booster.inplace_predict(self.table(features, scores, sexes, chronological_ages_months))
        return np.maximum(0.0, np.asarray(months, np.float64))

    def table(
        self,
        features: Floats,
        scores: Floats,
        sexes: Sequence[str],
        chronological_ages_months: Sequence[float | None],
    ) -> Floats:
        """The trees' input [N, columns] for features [N, 17, F] and scores [N, 17]; see :func:`column_owners`.

        Raises:
            ValueError: features of another size.
        """
        if features.shape[2] != self.settings.feature_size:
            raise ValueError(f"The head was fitted on F = {self.settings.feature_size}, not {features.shape[2]}.")
        groups = grouped(features, scores, self.settings.pooling)
        return table_for_trees(groups, sexes, chronological_ages_months, self.reduction, self.settings)
