"""Scatter, Bland-Altman and calibration. Many points become a picture of their density; the furthest stay points."""

import itertools
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.statistics.case_filter import CaseFilter, Selection, select
from inference.statistics.case_table import CaseTable, Floats
from inference.statistics.figures.bands import band_numbers
from inference.statistics.figures.figure import MEASURE_COLUMNS, Figure, measure_cells
from inference.statistics.figures.headline import agreement
from inference.statistics.measures import (
    calibration_intercept,
    calibration_slope,
    measures_of,
    pair_columns,
)
from inference.statistics.resampling import interval, resampled_sums

MOST_POINTS = 2500
"""More are drawn as density: a browser draws so many in a moment, and more lie on each other anyway."""
FURTHEST = 150
"""Of a density the cases that are furthest off stay points, each one click from its film."""
CELL_MONTHS = 3.0
GAP_EDGES_MONTHS = (-np.inf, -24.0, -12.0, -6.0, 6.0, 12.0, 24.0, np.inf)


def scatter(table: CaseTable, wanted: CaseFilter) -> Figure:
    """The prediction over the truth."""
    chosen = select(table, wanted)
    values, cells = _points_or_density(chosen, chosen.truth, chosen.predicted)
    return Figure(values=values, columns=("x_months", "y_months", "n"), rows=cells)


def bland_altman(table: CaseTable, wanted: CaseFilter) -> Figure:
    """Prediction - truth over the mean of both, with bias, limits and the slope of proportional bias."""
    chosen = select(table, wanted)
    mean = (chosen.truth + chosen.predicted) / 2
    values, cells = _points_or_density(chosen, mean, chosen.difference)
    found = agreement(chosen.truth, chosen.predicted, chosen.units)
    measures = measures_of(chosen.difference, chosen.units)
    bias = None
    if measures is not None:
        bias = {"value": measures["bias_months"], "interval": measures["bias_interval_months"]}
    return Figure(
        values={**values, "bias_months": bias, "agreement": found},
        columns=("x_months", "y_months", "n"),
        rows=cells,
    )


def _points_or_density(chosen: Selection, x: Floats, y: Floats) -> tuple[dict[str, Any], list[list[float]]]:
    """Points {row, x, y, sex} (all, or the furthest off), and cells [x, y, n] where there are too many.

    A cell is named by its middle. The table behind the drawing is that of the cells in both cases.
    """
    column, line = np.floor(x / CELL_MONTHS).astype(np.int64), np.floor(y / CELL_MONTHS).astype(np.int64)
    places, counts = np.unique(np.stack([column, line], axis=1), axis=0, return_counts=True)
    middles = (places + 0.5) * CELL_MONTHS
    cells = [[float(a), float(b), int(n)] for (a, b), n in zip(middles, counts, strict=True)]
    many = len(chosen) > MOST_POINTS
    shown = np.arange(len(chosen))
    if many:
        shown = np.argsort(-np.abs(chosen.difference), kind="stable")[:FURTHEST]
    values = {
        "n": len(chosen),
        "density": cells if many else None,
        "cell_months": CELL_MONTHS,
        "points": {
            "row": chosen.rows[shown].tolist(),
            "x": np.round(x[shown], 2).tolist(),
            "y": np.round(y[shown], 2).tolist(),
            "sex": chosen.sex[shown].tolist(),
        },
    }
    return values, cells


def calibration(table: CaseTable, wanted: CaseFilter) -> Figure:
    """Mean truth of the cases that got about the same age, the line through all, and how often intervals held."""
    chosen = select(table, wanted)
    bins = band_numbers(chosen.predicted)
    rows: list[dict[str, Any]] = []
    for number in np.unique(bins):
        inside = bins == number
        truth, units = chosen.truth[inside], chosen.units[inside]
        columns = np.stack([np.ones_like(truth), truth], axis=1)
        between = interval(resampled_sums(columns, units), lambda sums: sums[:, 1] / sums[:, 0])
        rows.append(
            {
                "predicted_months": float(chosen.predicted[inside].mean()),
                "truth_months": float(truth.mean()),
                "truth_interval_months": None if between is None else list(between),
                "n": int(inside.sum()),
            }
        )
    return Figure(
        values={"rows": rows, "line": _line(chosen), "held": _held(chosen)},
        columns=("predicted_months", "truth_months", "truth_low", "truth_high", "n"),
        rows=[
            [
                row["predicted_months"],
                row["truth_months"],
                *(row["truth_interval_months"] or (None, None)),
                row["n"],
            ]
            for row in rows
        ],
    )


def _line(chosen: Selection) -> dict[str, Any] | None:
    if len(chosen) < 3 or np.ptp(chosen.predicted) == 0:
        return None
    columns = pair_columns(chosen.truth, chosen.predicted)
    total, resampled = columns.sum(axis=0)[None], resampled_sums(columns, chosen.units)
    line = {}
    for name, statistic in (("slope", calibration_slope), ("intercept_months", calibration_intercept)):
        between = interval(resampled, statistic)
        line[name] = {"value": float(statistic(total)[0]), "interval": None if between is None else list(between)}
    return line


def _held(chosen: Selection) -> dict[str, Any] | None:
    """How often the truth lay in the model's own interval; None where it gave none."""
    low, high = chosen.column("low"), chosen.column("high")
    given: NDArray[np.bool_] = ~(np.isnan(low) | np.isnan(high))
    if not given.any():
        return None
    held = (low <= chosen.truth) & (chosen.truth <= high)
    return {
        "n": int(given.sum()),
        "share": float(held[given].mean()),
        "median_width_months": float(np.median((high - low)[given])),
    }


def error_by_gap(table: CaseTable, wanted: CaseFilter) -> Figure:
    """Error by bone age minus chronological age: whether delayed and advanced children are pulled to the normal."""
    chosen = select(table, wanted)
    gap = chosen.truth - chosen.column("chronological")
    rows: list[dict[str, Any]] = []
    for low, high in itertools.pairwise(GAP_EDGES_MONTHS):
        inside = (gap > low) & (gap <= high)
        rows.append(
            {
                "from_months": None if np.isinf(low) else low,
                "to_months": None if np.isinf(high) else high,
                "measures": measures_of(chosen.difference[inside], chosen.units[inside]),
            }
        )
    return Figure(
        values={"rows": rows, "without_age": int(np.isnan(gap).sum())},
        columns=("from_months", "to_months", *MEASURE_COLUMNS),
        rows=[[row["from_months"], row["to_months"], *measure_cells(row["measures"])] for row in rows],
    )
