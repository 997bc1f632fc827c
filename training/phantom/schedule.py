"""When each ossification centre appears, how far it has grown, and when it fuses.

The clock is bone age, never chronological age: a child's advance or delay is one offset for all centres, and it is
the cohort that draws it. What differs between centres of one hand is a small jitter of a few months, larger for the
carpals, whose order varies most between healthy children (Garn's 5th to 95th percentiles span years there).
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np

Sex = Literal["M", "F"]

DATA = Path(__file__).parent / "data"
JITTER_SD_MONTHS = 2.5
CARPAL_JITTER_SD_MONTHS = 6.0
CARPALS = ("capitate", "hamate", "triquetrum", "lunate", "scaphoid", "trapezium", "trapezoid", "pisiform")
SESAMOID = "sesamoid_adductor_pollicis"
CARPALS_FULL_MONTHS: Mapping[Sex, float] = {"M": 186.0, "F": 162.0}
"""Carpals never fuse; they have their adult shape at about the age at which the distal phalanges have fused."""


@dataclass(frozen=True, slots=True)
class CentreGrowth:
    """One centre at one bone age.

    Attributes:
        visible: whether ossification has begun.
        progress: 0 when the centre appears, 1 when it has fused (or, for a carpal, has its adult shape).
        fused_for_months: months since fusion was complete, 0 before; None for a bone that never fuses.
    """

    visible: bool
    progress: float
    fused_for_months: float | None


@cache
def schedule_months(sex: Sex) -> dict[str, tuple[float, float]]:
    """Median bone age in months at which each centre of this sex appears and is complete, from ``ossification.csv``."""
    appear: dict[str, float] = {}
    fuse: dict[str, float] = {}
    wanted = {"M": "male", "F": "female"}[sex]
    with (DATA / "ossification.csv").open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            if row["sex"] == wanted:
                (appear if row["event"] == "appear" else fuse)[row["region"]] = float(row["median_age_years"]) * 12
    return {centre: (month, fuse.get(centre, CARPALS_FULL_MONTHS[sex])) for centre, month in appear.items()}


def centre_growth(*, bone_age_months: float, sex: Sex, rng: np.random.Generator) -> dict[str, CentreGrowth]:
    """The state of every centre; with the same generator state it never shrinks as the bone age rises."""
    growth = {}
    for centre, (appears, complete) in sorted(schedule_months(sex).items()):
        never_fuses = centre in CARPALS or centre == SESAMOID
        sd = CARPAL_JITTER_SD_MONTHS if never_fuses else JITTER_SD_MONTHS
        # A centre due in the first year cannot be half a year late; and nothing moves by more than two SD.
        sd = min(sd, 0.15 * appears + 0.5)
        jitter = float(np.clip(rng.normal(0.0, sd), -2 * sd, 2 * sd))
        fuse_jitter = float(np.clip(rng.normal(0.0, JITTER_SD_MONTHS), -5.0, 5.0))
        start, end = appears + jitter, complete + fuse_jitter
        progress = float(np.clip((bone_age_months - start) / (end - start), 0.0, 1.0))
        growth[centre] = CentreGrowth(
            visible=bone_age_months >= start,
            progress=progress,
            fused_for_months=None if never_fuses else max(0.0, bone_age_months - end),
        )
    return growth
