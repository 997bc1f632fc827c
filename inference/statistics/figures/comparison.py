"""Two models on the same cases: the paired difference of their errors."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.statistics.age_bands import AGE_BANDS
from inference.statistics.case_filter import FEW, CaseFilter, select
from inference.statistics.case_table import FEMALE, MALE, CaseTable, Floats
from inference.statistics.figures.bands import band_numbers
from inference.statistics.figures.figure import Figure
from inference.statistics.measures import measures_of
from inference.statistics.resampling import interval, resampled_sums

COLUMNS = ("band", "group", "n", "first_mae", "second_mae", "difference", "difference_low", "difference_high")


def comparison(first: CaseTable, second: CaseTable, wanted: CaseFilter) -> Figure:
    """|error| of the second model minus |error| of the first, in months, on films that both gave an age.

    Below 0 the second is nearer to the truth. Both are held against the truth of the first table.
    """
    ours, theirs = select(first, wanted), select(second, wanted)
    _, left, right = np.intersect1d(
        ours.column("id").astype(str), theirs.column("id").astype(str), assume_unique=True, return_indices=True
    )
    order = np.argsort(left)
    left, right = left[order], right[order]
    one = np.abs(ours.difference[left])
    two = np.abs(theirs.predicted[right] - ours.truth[left])
    sex, units, bands = ours.sex[left], ours.units[left], band_numbers(ours.banding[left])
    everybody = np.ones(left.size, dtype=bool)
    groups: list[tuple[str, str, NDArray[np.bool_]]] = [
        ("all", "total", everybody),
        ("all", "female", sex == FEMALE),
        ("all", "male", sex == MALE),
        *((band.label, "total", bands == number) for number, band in enumerate(AGE_BANDS)),
    ]
    rows = [
        {"band": band, "group": group, **_paired(one[inside], two[inside], units[inside])}
        for band, group, inside in groups
        if inside.any() or band == "all"
    ]
    return Figure(
        values={
            "rows": rows,
            "n": int(left.size),
            "only_first": len(ours) - int(left.size),
            "only_second": len(theirs) - int(left.size),
            "first": measures_of(ours.difference[left], units),
            "second": measures_of(theirs.predicted[right] - ours.truth[left], units),
            "second_nearer": float((two < one).mean()) if left.size else None,
            "few": FEW,
        },
        columns=COLUMNS,
        rows=[[row[name] for name in COLUMNS] for row in rows],
    )


def _paired(one: Floats, two: Floats, units: NDArray[np.int64]) -> dict[str, Any]:
    if one.size == 0:
        return dict.fromkeys(COLUMNS[3:], None) | {"n": 0}
    columns = np.stack([np.ones_like(one), two - one], axis=1)
    low, high = interval(resampled_sums(columns, units), lambda sums: sums[:, 1] / sums[:, 0]) or (None, None)
    return {
        "n": int(one.size),
        "first_mae": float(one.mean()),
        "second_mae": float(two.mean()),
        "difference": float((two - one).mean()),
        "difference_low": low,
        "difference_high": high,
    }
