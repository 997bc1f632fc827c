"""Bone age against age over several examinations: how fast it moves, and below which change it is noise."""

from dataclasses import dataclass
from statistics import NormalDist

READER_SD_MONTHS = 0.58 * 12
"""Standard deviation of one Greulich-Pyle reading (BoneXpert's documentation and Kaplowitz; docs/decisions/0062)."""

NOISE_SDS = 2.0
"""A change smaller than so many standard deviations of a difference of two values is called noise."""


@dataclass(frozen=True, slots=True)
class Change:
    """From one examination to the next.

    Attributes:
        bone_age_months, age_months: by how much each moved.
        rate: years of bone age for each year of age; None when less than :data:`SHORTEST_MONTHS` lie between.
        noise_months: below this the change of bone age is within the error of the two values.
        within_noise: whether the bone age moved by no more than that, away from moving as fast as age did.
    """

    bone_age_months: float
    age_months: float
    rate: float | None
    noise_months: float
    within_noise: bool


SHORTEST_MONTHS = 3.0


def value_sd_months(interval_months: tuple[float, float] | None, coverage: float | None) -> float:
    """How far one value is off (one SD): from a model's interval where it has one, else that of a reader."""
    if interval_months is None or coverage is None or not 0 < coverage < 1:
        return READER_SD_MONTHS
    half = (interval_months[1] - interval_months[0]) / 2
    return half / NormalDist().inv_cdf(0.5 + coverage / 2)


def noise_limit_months(first_sd_months: float, second_sd_months: float) -> float:
    """Two standard deviations of the difference of two values that are wrong independently of each other."""
    return NOISE_SDS * float((first_sd_months**2 + second_sd_months**2) ** 0.5)


def change(
    *,
    bone_age_months: tuple[float, float],
    chronological_age_months: tuple[float, float],
    sd_months: tuple[float, float],
) -> Change:
    """Between two examinations; each pair is (earlier, later)."""
    moved = bone_age_months[1] - bone_age_months[0]
    passed = chronological_age_months[1] - chronological_age_months[0]
    noise = noise_limit_months(*sd_months)
    return Change(
        bone_age_months=moved,
        age_months=passed,
        rate=moved / passed if passed >= SHORTEST_MONTHS else None,
        noise_months=noise,
        within_noise=abs(moved - passed) <= noise,
    )
