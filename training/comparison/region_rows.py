"""Rows on the region features: with and without sex and chronological age, averaged by type or kept apart."""

import dataclasses
from collections.abc import Collection
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np

from inference.age_head import AgeHead, grouped
from inference.anatomy.regions import REGIONS
from inference.features import Weights
from training.age_table import fit_reduction
from training.calibration import linear_correction
from training.comparison.boosting import Choice, boosted
from training.comparison.inputs import Answer, Floats, Inputs, Material
from training.comparison.rows import Context, Fit
from training.feature_rows import RegionFeatures

CHOICES = (Choice(16, 4), Choice(32, 5))


@dataclass(frozen=True)
class RegionInputs:
    """What of the regions enters a row.

    Attributes:
        pooling: averages by type (the paper), or all 17 apart.
        weights: of a region in its type's average.
        only: these regions alone; all by default.
    """

    pooling: Literal["type", "region"] = "type"
    weights: Weights = "score"
    with_sex: bool = False
    with_chronological_age: bool = False
    only: frozenset[str] | None = None


def with_only(seen: RegionFeatures, regions: Collection[str]) -> RegionFeatures:
    """The same hands as if only the given regions had been found."""
    kept = np.array([region.id in regions for region in REGIONS])
    return RegionFeatures(
        seen.ids,
        np.where(kept[None, :, None], seen.features, 0).astype(np.float32),
        np.where(kept[None], seen.scores, 0).astype(np.float32),
        seen.boxes,
    )


def groups_of(seen: RegionFeatures, inputs: RegionInputs) -> Floats:
    """[N, groups, F], NaN where a group has no found region."""
    if inputs.only is not None:
        seen = with_only(seen, inputs.only)
    return grouped(seen.features, seen.scores, inputs.pooling, inputs.weights)


def region_trees(**wanted: object) -> Fit:
    """Gradient boosting on PCA-reduced region features (fields of :class:`RegionInputs`).

    Without the sex both maturity channels enter, as a boy's and as a girl's; with it the one of the child's sex does.
    """
    return partial(_fit, RegionInputs(**wanted))  # type: ignore[arg-type]


def _fit(inputs: RegionInputs, material: Material, seed: int, context: Context) -> Answer:
    learnt = groups_of(material.train.seen, inputs)
    there = np.isfinite(learnt[:, :, 0]).any(axis=0)
    reductions = {
        choice.components: fit_reduction(
            learnt, components=choice.components, sexed_channels=material.sexed_channels, seed=seed
        )
        for choice in CHOICES
    }

    def table(hands: Inputs, components: int) -> Floats:
        groups, reduction = groups_of(hands.seen, inputs), reductions[components]
        body = groups[..., :-2] if material.sexed_channels else groups
        reduced = np.einsum("ngd,gcd->ngc", body - reduction.means, reduction.axes)[:, there]
        columns = [hands.chronological_ages[:, None]] if inputs.with_chronological_age else []
        columns.append(reduced.reshape(len(groups), -1))
        if material.sexed_channels:
            columns.append(_maturity(groups[:, there, -2:], hands.female if inputs.with_sex else None))
        if inputs.with_sex:
            columns.append(hands.female[:, None])
        return np.concatenate(columns, axis=1).astype(np.float32)

    return boosted(
        material,
        table,
        choices=CHOICES,
        seed=seed,
        threads=context.threads,
        age_column=0 if inputs.with_chronological_age else None,
    )


def _maturity(channels: Floats, female: Floats | None) -> Floats:
    """[N, groups, 2] -> columns by group and their mean over the found groups, of one sex or of both."""
    if female is not None:
        values = np.where(female[:, None] == 1, channels[..., 1], channels[..., 0])[..., None]
    else:
        values = channels
    found = np.isfinite(values)
    count = found.sum(axis=1)
    means = np.where(count > 0, np.where(found, values, 0).sum(axis=1) / np.maximum(count, 1), np.nan)
    return np.concatenate([values.reshape(len(values), -1), means], axis=1)


def corrected_by_sex(fit: Fit) -> Fit:
    """The same row with a linear correction for each sex, fitted on its ages of the validation part."""
    return partial(_corrected, fit)


def _corrected(fit: Fit, material: Material, seed: int, context: Context) -> Answer:
    answer = fit(material, seed, context)
    if answer.validation is None:
        raise ValueError("A correction needs ages of hands that were not learnt from.")
    validation, test = answer.validation.copy(), answer.test.copy()
    corrections = {}
    for sex, female in (("F", 1), ("M", 0)):
        held_back, asked = material.validation.female == female, material.test.female == female
        intercept, slope = linear_correction(validation[held_back], material.validation_ages[held_back])
        validation[held_back] = np.maximum(0, intercept + slope * validation[held_back])
        test[asked] = np.maximum(0, intercept + slope * test[asked])
        corrections[sex] = {"intercept_months": round(intercept, 3), "slope": round(slope, 4)}
    return dataclasses.replace(
        answer, validation=validation, test=test, record={**answer.record, "correction": corrections}
    )


def artifact_head(only: frozenset[str] | None = None) -> Fit:
    """The artifact's own head, tuned and fitted on the training and the validation part, with its own interval.

    With `only`, as if no other region had been found: what such an age is worth, against a head fitted for it.
    """
    return partial(_artifact_head, only)


def _artifact_head(only: frozenset[str] | None, material: Material, seed: int, context: Context) -> Answer:
    head = AgeHead.load(context.artifact / "age_head")
    hands = material.test
    seen = hands.seen if only is None else with_only(hands.seen, only)
    ages = [r.chronological_age_months for r in hands.radiographs]
    test = head.predict_many(seen.features, seen.scores, [str(r.sex) for r in hands.radiographs], ages)
    widths = (head.settings.interval_edges_months, head.settings.interval_half_widths_months)
    return Answer(
        None,
        test,
        {"learnt_from": len(material.train) + len(material.validation), "pooling": head.settings.pooling},
        widths,
    )
