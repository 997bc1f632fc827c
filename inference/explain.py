"""What an age rests on: the share of each region in months, and where a picture changes the age when it is covered.

Contributions are the SHAP values of the trees (Lundberg et al. 2020, computed by XGBoost itself), added up over the
columns that belong to one region or one type of region. They say what this model did with this film; they are no
measurement of a bone, and no stage of one follows from them: a region's feature has seen the region's surroundings too
(docs/decisions/0053 says how much).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import xgboost
from numpy.typing import NDArray

from inference.age_head import AgeHead, AgeRefused, column_owners
from inference.anatomy.regions import REGIONS

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Contribution:
    """Months that one input moved the age by, from the mean age of the hands that the head was fitted on.

    Attributes:
        owner: a region, a type of region (a head that averages by type), ``all_regions`` (the mean of the regions' own
            ages, which belongs to no single one), ``sex`` or ``chronological_age_months``.
        months: above 0 where it made the hand older.
        found: False where the region is missing, and its absence is what counts here; True for anything else.
    """

    owner: str
    months: float
    found: bool = True


@dataclass(frozen=True, slots=True)
class Explanation:
    """Where a bone age comes from: `base_months` and all contributions add up to `raw_bone_age_months`.

    Attributes:
        raw_bone_age_months: what the trees said, before the correction by sex and the floor at 0.
        bone_age_months: what is reported.
        base_months: the age that the head starts from.
        contributions: the largest first, by size.
    """

    raw_bone_age_months: float
    bone_age_months: float
    base_months: float
    contributions: tuple[Contribution, ...]


def explain(
    head: AgeHead,
    region_features: Floats,
    region_scores: Floats,
    sex: str | None,
    chronological_age_months: float | None = None,
) -> Explanation:
    """The contributions to the age of one film; arguments as in :meth:`inference.age_head.AgeHead.predict`.

    Raises:
        AgeRefused: there is no age to explain.
    """
    age = head.predict(region_features, region_scores, sex, chronological_age_months)
    table = head.table(region_features[None], region_scores[None], [str(sex)], [chronological_age_months])
    values = head.booster.predict(xgboost.DMatrix(table), pred_contribs=True)[0].astype(np.float64)
    owners = column_owners(head.settings)
    months: dict[str, float] = dict.fromkeys(owners, 0.0)
    for owner, value in zip(owners, values[:-1], strict=True):
        months[owner] += float(value)
    there = _found_groups(head, region_scores)
    contributions = [Contribution(owner, value, there.get(owner, True)) for owner, value in months.items()]
    return Explanation(
        raw_bone_age_months=float(values.sum()),
        bone_age_months=age.bone_age_months,
        base_months=float(values[-1]),
        contributions=tuple(sorted(contributions, key=lambda one: -abs(one.months))),
    )


def _found_groups(head: AgeHead, scores: Floats) -> dict[str, bool]:
    """Group -> whether any of its regions was found."""
    by_type = head.settings.pooling == "type"
    there: dict[str, bool] = {}
    for region in REGIONS:
        group = region.type if by_type else region.id
        there[group] = there.get(group, False) or bool(scores[region.index] > 0)
    return there


@dataclass(frozen=True, slots=True)
class PartAge:
    """A bone age from some of the regions only, or the reason why there is none.

    Attributes:
        part: ``carpals`` or ``no_carpals``.
        bone_age_months, interval_months: None where it is refused.
        error_code: None, ``sex_missing`` or ``too_few_regions``.
    """

    part: str
    bone_age_months: float | None
    interval_months: tuple[float, float] | None
    error_code: str | None = None


def part_age(
    part: str,
    head: AgeHead,
    features: Floats,
    scores: Floats,
    sex: str | None,
    chronological_age_months: float | None = None,
) -> PartAge:
    """The age that a head *fitted on a part* gives to what is left of a film when the rest of the picture is blanked.

    Args:
        features: [17, F] from :func:`inference.parts.part_features`, never the whole film's: those know the whole hand.
        scores: [17] from there too.
    """
    try:
        age = head.predict(features, scores, sex, chronological_age_months)
    except AgeRefused as refusal:
        return PartAge(part, None, None, refusal.code)
    return PartAge(part, age.bone_age_months, age.interval_months)


@dataclass(frozen=True)
class HeatMap:
    """How far the age moves when a patch of the picture is covered.

    Attributes:
        months: [rows, columns] float32, age with the patch covered less the age as it is, at the patches' centres.
        patch_px, step_px: side of a patch and distance of neighbouring ones, in pixels of the picture.
        bone_age_months: as it is.
    """

    months: Floats
    patch_px: int
    step_px: int
    bone_age_months: float


def occlusion_map(
    ages_of: Callable[[Sequence[Floats]], Sequence[float]],
    picture: Floats,
    *,
    patch_px: int,
    step_px: int,
    batch: int = 64,
) -> HeatMap:
    """Cover one patch after the other with the picture's median and look how the age moves (Zeiler and Fergus 2014).

    Args:
        ages_of: pictures [rows, columns] -> bone ages in months; any model, and no gradient of it is needed.
        picture: [rows, columns] grey values.

    Raises:
        ValueError: a patch or step that does not fit the picture.
    """
    rows, columns = picture.shape
    if not (0 < patch_px <= min(rows, columns) and step_px > 0):
        raise ValueError(f"A patch of {patch_px} px in steps of {step_px} px does not fit {rows} x {columns} pixels.")
    tops = range(0, rows - patch_px + 1, step_px)
    lefts = range(0, columns - patch_px + 1, step_px)
    blank = np.float32(np.median(picture))
    places = [(top, left) for top in tops for left in lefts]
    plain = float(ages_of([picture])[0])
    ages: list[float] = []
    for start in range(0, len(places), batch):
        covered = []
        for top, left in places[start : start + batch]:
            copy = picture.copy()
            copy[top : top + patch_px, left : left + patch_px] = blank
            covered.append(copy)
        ages += [float(age) for age in ages_of(covered)]
    months = (np.array(ages, np.float32) - np.float32(plain)).reshape(len(tops), len(lefts))
    return HeatMap(months, patch_px, step_px, plain)
