"""Table 3 and what follows from it: error by age year and sex, and how many more cases a band needs."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.statistics.age_bands import AGE_BANDS, MONTHS_PER_YEAR
from inference.statistics.bootstrap import SEED
from inference.statistics.case_filter import FEW, CaseFilter, Selection, select
from inference.statistics.case_table import FEMALE, MALE, CaseTable, Floats
from inference.statistics.figures.figure import MEASURE_COLUMNS, Figure, measure_cells
from inference.statistics.measures import error_columns, measures_from_sums, measures_of
from inference.statistics.resampling import resampled_sums

_SEXES = (("female", FEMALE), ("male", MALE))
_NORMAL_975 = 1.959964
DEFAULT_HALF_WIDTH_MONTHS = 1.2
"""A tenth of a year to either side: what a band's MAE should be known to."""


def band_numbers(ages_months: Floats) -> NDArray[np.int64]:
    """Place in :data:`AGE_BANDS` of each age, int64 [n]; -1 where the age is unknown."""
    years = np.ceil(np.where(np.isnan(ages_months), -1.0, ages_months) / MONTHS_PER_YEAR)
    numbers: NDArray[np.int64] = np.minimum(years, len(AGE_BANDS) - 1).astype(np.int64)
    numbers[np.isnan(ages_months)] = -1
    return numbers


def table3(table: CaseTable, wanted: CaseFilter) -> Figure:
    """MAE by age year and sex as in the paper, with n, bias and intervals; all twenty bands, empty ones too.

    The interval of both sexes together comes from children drawn within each sex.
    """
    chosen = select(table, wanted)
    bands = band_numbers(chosen.banding)
    found = [_band(chosen, bands == number) for number in range(len(AGE_BANDS))]
    rows = [
        {"band": band.label, "from_years": band.from_years, "to_years": band.to_years, **groups}
        for band, groups in zip(AGE_BANDS, found, strict=True)
    ]
    last = {
        "female": measures_of(chosen.difference[chosen.sex == FEMALE], chosen.units[chosen.sex == FEMALE]),
        "male": measures_of(chosen.difference[chosen.sex == MALE], chosen.units[chosen.sex == MALE]),
        "total": measures_of(chosen.difference, chosen.units),
    }
    return Figure(
        values={"rows": rows, "all": last, "unbanded": int((bands < 0).sum()), "few": FEW},
        columns=("band", "group", *MEASURE_COLUMNS),
        rows=[
            [row["band"], group, *measure_cells(row[group])]
            for row in [*rows, {"band": "all", **last}]
            for group in ("female", "male", "total")
        ],
    )


def _band(chosen: Selection, inside: NDArray[np.bool_]) -> dict[str, Any]:
    totals, draws, groups = [], [], {}
    for name, sex in _SEXES:
        mine = inside & (chosen.sex == sex)
        columns = error_columns(chosen.difference[mine])
        # Girls and boys are drawn apart: with one seed, equal numbers of both would be drawn alike.
        resampled = resampled_sums(columns, chosen.units[mine], seed=SEED + sex)
        groups[name] = measures_from_sums(columns.sum(axis=0), resampled) if mine.any() else None
        if mine.any():
            totals.append(columns.sum(axis=0))
            draws.append(resampled)
    if not totals:
        return {**groups, "total": None}
    if len(totals) == 1:
        return {**groups, "total": next(group for group in groups.values() if group is not None)}
    girls, boys = draws
    together = None if girls is None or boys is None else girls + boys
    return {**groups, "total": measures_from_sums(totals[0] + totals[1], together)}


def data_need(table: CaseTable, wanted: CaseFilter, *, half_width_months: float = DEFAULT_HALF_WIDTH_MONTHS) -> Figure:
    """How many cases each band and sex has, and how many its MAE needs for a 95 % interval of the wanted half width.

    n = (1.96 s / h)^2, with s the spread of |error| in the cell. Where a cell has fewer than :data:`FEW` cases, s is
    that of all cases of the sex, and the row says so.

    Raises:
        ValueError: a half width of 0 or less.
    """
    if not half_width_months > 0:
        raise ValueError("The wanted half width must be more than 0 months.")
    chosen = select(table, wanted)
    bands = band_numbers(chosen.banding)
    sizes = np.abs(chosen.difference)
    rows = []
    for number, band in enumerate(AGE_BANDS):
        for name, sex in _SEXES:
            own = sizes[(bands == number) & (chosen.sex == sex)]
            borrowed = own.size < FEW
            source = sizes[chosen.sex == sex] if borrowed else own
            spread = float(source.std(ddof=1)) if source.size > 1 else None
            needed = None if spread is None else int(np.ceil((_NORMAL_975 * spread / half_width_months) ** 2))
            rows.append(
                {
                    "band": band.label,
                    "from_years": band.from_years,
                    "to_years": band.to_years,
                    "sex": name,
                    "n": int(own.size),
                    "spread_months": spread,
                    "borrowed": borrowed,
                    "half_width_months": None
                    if spread is None or own.size == 0
                    else _NORMAL_975 * spread / float(np.sqrt(own.size)),
                    "needed": needed,
                    "missing": None if needed is None else max(0, needed - int(own.size)),
                }
            )
    columns = ("band", "sex", "n", "spread_months", "borrowed", "half_width_months", "needed", "missing")
    return Figure(
        values={"rows": rows, "wanted_half_width_months": half_width_months, "few": FEW},
        columns=columns,
        rows=[[int(row[name]) if name == "borrowed" else row[name] for name in columns] for row in rows],
    )
