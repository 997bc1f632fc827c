"""Bands of one year, half open as in the paper's tables: (0,1], (1,2] ... (17,18], and one for 0 and one above 18."""

import math
from dataclasses import dataclass

MONTHS_PER_YEAR = 12
LAST_YEAR = 18


@dataclass(frozen=True, slots=True)
class AgeBand:
    """A band of ages.

    Attributes:
        label: as printed, such as ``(3,4]``.
        from_years: lower end, outside the band; 0 for the band that is 0 alone.
        to_years: upper end, inside the band; None for the open one.
    """

    label: str
    from_years: int
    to_years: int | None


AGE_BANDS: tuple[AgeBand, ...] = (
    AgeBand("0", 0, 0),
    *(AgeBand(f"({year},{year + 1}]", year, year + 1) for year in range(LAST_YEAR)),
    AgeBand(f">{LAST_YEAR}", LAST_YEAR, None),
)
"""All bands, youngest first. The paper has neither the first nor the last: added, so that no case is lost."""

WIDE_BANDS: tuple[AgeBand, ...] = (
    *(AgeBand(f"({year},{year + 3}]", year, year + 3) for year in range(0, 15, 3)),
    AgeBand(">15", 15, None),
)
"""Bands of three years for studies with few films, such as those of single readers; 0 belongs to the first."""


def wide_band(age_months: float) -> AgeBand:
    """The band of three years that an age falls in.

    Raises:
        ValueError: a negative age or none.
    """
    if not age_months >= 0 or math.isinf(age_months):
        raise ValueError("An age must be a number of months from 0 on.")
    years = age_months / MONTHS_PER_YEAR
    return next(band for band in WIDE_BANDS if band.to_years is None or years <= band.to_years)


def age_band(age_months: float) -> AgeBand:
    """The band an age falls in; every age of 0 or more falls in exactly one.

    Raises:
        ValueError: a negative age or none.
    """
    if not age_months >= 0 or math.isinf(age_months):
        raise ValueError("An age must be a number of months from 0 on.")
    years = math.ceil(age_months / MONTHS_PER_YEAR)
    return AGE_BANDS[min(years, LAST_YEAR + 1)]
