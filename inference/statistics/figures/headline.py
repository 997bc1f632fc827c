"""The sentence on top of the page, and all single numbers of a report."""

from typing import Any

import numpy as np

from inference.standards.growth import READER_SD_MONTHS
from inference.statistics.case_filter import CaseFilter, select
from inference.statistics.case_table import FEMALE, MALE, CaseTable, Floats
from inference.statistics.figures.figure import MEASURE_COLUMNS, Figure, measure_cells
from inference.statistics.measures import (
    ccc_of,
    icc_2_1_of,
    limits_of_agreement,
    measures_of,
    pair_columns,
    proportional_bias,
    within_of,
)
from inference.statistics.resampling import interval, resampled_sums


def headline(table: CaseTable, wanted: CaseFilter) -> Figure:
    """n, MAE, bias, RMSE for all and by sex, shares within limits, agreement, and what readers' noise leaves."""
    chosen = select(table, wanted)
    overall = measures_of(chosen.difference, chosen.units)
    by_sex = {
        name: measures_of(chosen.difference[chosen.sex == sex], chosen.units[chosen.sex == sex])
        for name, sex in (("F", FEMALE), ("M", MALE))
    }
    groups = {"total": overall, "female": by_sex["F"], "male": by_sex["M"]}
    return Figure(
        values={
            "n": len(chosen),
            "children": int(np.unique(chosen.units).size),
            "refused": dict(chosen.refused),
            "overall": overall,
            "by_sex": by_sex,
            "within": within_of(chosen.difference, chosen.units),
            "agreement": agreement(chosen.truth, chosen.predicted, chosen.units),
            "reader_noise": _without_reader_noise(chosen.difference),
        },
        columns=("group", *MEASURE_COLUMNS),
        rows=[[name, *measure_cells(found)] for name, found in groups.items()],
    )


def agreement(truth: Floats, predicted: Floats, units: Any) -> dict[str, Any] | None:
    """Bland-Altman limits with slope, ICC(2,1) and CCC, each with its interval; None with fewer than two cases.

    Returns:
        name -> {value, interval}; a value is None where nothing varies.
    """
    if truth.size < 2:
        return None
    columns = pair_columns(truth, predicted)
    total, resampled = columns.sum(axis=0)[None], resampled_sums(columns, units)
    statistics = {
        "lower_months": lambda sums: limits_of_agreement(sums)[0],
        "upper_months": lambda sums: limits_of_agreement(sums)[1],
        "slope": proportional_bias,
        "icc_2_1": icc_2_1_of,
        "ccc": ccc_of,
    }
    found = {}
    for name, statistic in statistics.items():
        with np.errstate(invalid="ignore", divide="ignore"):
            value = float(statistic(total)[0])
        known = np.isfinite(value)
        between = interval(resampled, statistic) if known else None
        found[name] = {"value": value if known else None, "interval": None if between is None else list(between)}
    return found


def _without_reader_noise(difference: Floats) -> list[dict[str, Any]]:
    """s_model^2 = s_observed^2 - s_reader^2 / readers, for a truth of one and of two readings: the spread of readings
    is what no model can be rid of.

    None where the observed spread is below what readers alone would make of it.
    """
    if difference.size < 2:
        return []
    observed = float(difference.var(ddof=1))
    rows = []
    for readers in (1, 2):
        left = observed - READER_SD_MONTHS**2 / readers
        rows.append({"readers": readers, "sd_months": float(np.sqrt(left)) if left > 0 else None})
    return rows
