"""The release gate: is a candidate model better than the one in use, on the very same films?

In age: the paired difference of the absolute errors must lie below 0 with its whole interval, for all films; and for
neither sex may it lie wholly above. In finding regions: for no region, and not over all of them, may the candidate be
right on fewer films by more than :data:`REGION_MARGIN`, or by anything that the interval shows. It may not refuse more
films either, or it could look better by leaving out the hard ones. What is not shown is not assumed: too few films, or
films that one of the two was never asked about, cannot be compared.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.anatomy.regions import REGION_IDS
from inference.statistics.case_filter import FEW, CaseFilter, truth_column
from inference.statistics.case_table import CaseTable
from inference.statistics.detection import ABSENT_AND_FOUND, ABSENT_AND_LEFT, FOUND, MISSED
from inference.statistics.figures.comparison import comparison
from inference.statistics.resampling import interval, resampled_sums

REGION_MARGIN = 0.01
"""Share of films: where a region is labelled on some hundred hands, one hand more or less is chance."""
REFUSED_MARGIN = 0.01
"""Share of films that the candidate may refuse beyond those that the model in use refuses."""
_RIGHT, _WRONG = frozenset({FOUND, ABSENT_AND_LEFT}), frozenset({MISSED, ABSENT_AND_FOUND})


@dataclass(frozen=True)
class RegionMarks:
    """How each region of each film was met, as `inference.statistics.detection.marks_of` writes it.

    Attributes:
        patients: film -> whose it is, so that one child's films are drawn together.
        marks: film -> 17 letters.
    """

    patients: Mapping[str, str]
    marks: Mapping[str, str]


@dataclass(frozen=True)
class Side:
    """What one model said on the films of the gate.

    Attributes:
        cases: films that it gave an age.
        refused: how many of the films got none.
        regions: how it met the regions, where films have boxes.
    """

    cases: CaseTable
    refused: int
    regions: RegionMarks | None

    @property
    def films(self) -> int:
        """How many films it was asked about."""
        return len(self.cases) + self.refused


def judge(candidate: Side, active: Side, *, wanted: CaseFilter) -> dict[str, Any]:
    """Compare; plain JSON.

    Returns:
        ``ages`` (rows of groups, months), ``regions`` (rows, shares of films), ``refused`` (films without an age) and
        ``findings``: what speaks against the candidate, as codes, none when it is the better one.
    """
    findings: list[str] = []
    if candidate.films != active.films or not _same_truth(candidate.cases, active.cases, wanted):
        findings.append("other_films")
    ages = _ages(candidate.cases, active.cases, wanted, findings)
    if candidate.refused - active.refused > REFUSED_MARGIN * candidate.films:
        findings.append("refuses_more")
    regions = _regions(candidate.regions, active.regions, findings)
    refused = {"candidate": candidate.refused, "active": active.refused}
    return {"findings": findings, "ages": ages, "regions": regions, "refused": refused, "few": FEW}


def _ages(candidate: CaseTable, active: CaseTable, wanted: CaseFilter, findings: list[str]) -> list[dict[str, Any]]:
    rows = []
    for row in comparison(active, candidate, wanted).values["rows"]:
        low, high = row["difference_low"], row["difference_high"]
        rows.append(
            {
                "band": row["band"],
                "group": row["group"],
                "n": row["n"],
                "active": row["first_mae"],
                "candidate": row["second_mae"],
                "difference": row["difference"],
                "low": low,
                "high": high,
                "says": _says(low, high),
            }
        )
    total, *by_sex = [row for row in rows if row["band"] == "all"]
    if total["n"] < FEW:
        findings.append("too_few_films")
    elif total["says"] != "better":
        findings.append("age_worse" if total["says"] == "worse" else "age_not_better")
    findings += [f"age_worse_{row['group']}" for row in by_sex if row["says"] == "worse"]
    return rows


def _says(low: float | None, high: float | None) -> str:
    """What a paired difference of errors shows; below 0 the candidate is nearer to the truth."""
    if low is None or high is None:
        return "nothing"
    if high < 0:
        return "better"
    return "worse" if low > 0 else "nothing"


def _same_truth(candidate: CaseTable, active: CaseTable, wanted: CaseFilter) -> bool:
    one, two = (dict(zip(side.id, truth_column(side, wanted.truth), strict=True)) for side in (candidate, active))
    return all(one[film] == two.get(film, one[film]) for film in one if not np.isnan(one[film]))


def _regions(candidate: RegionMarks | None, active: RegionMarks | None, findings: list[str]) -> list[dict[str, Any]]:
    if candidate is None or active is None or not candidate.marks:
        findings.append("regions_unknown")
        return []
    films = sorted(candidate.marks)
    if set(films) != set(active.marks):
        findings.append("other_boxes")
        films = [film for film in films if film in active.marks]
    numbers = {patient: number for number, patient in enumerate(sorted(set(candidate.patients.values())))}
    units = np.array([numbers[candidate.patients[film]] for film in films], dtype=np.int64)
    ours, theirs = (_right(side.marks, films) for side in (candidate, active))
    rows = []
    for place, region in enumerate(REGION_IDS):
        row = _region_row(region, ours[:, [place]], theirs[:, [place]], units)
        if row is not None:
            rows.append(row)
    total = _region_row("all", ours, theirs, units)
    if total is None:
        findings.append("regions_unknown")
        return []
    findings += [f"region_worse_{row['region']}" for row in (*rows, total) if row["says"] == "worse"]
    return [total, *rows]


def _right(marks: Mapping[str, str], films: Sequence[str]) -> NDArray[np.float64]:
    """1 where a region was met rightly, 0 where not, NaN where nothing is known; [films, 17]."""
    letters = np.array([list(marks[film]) for film in films]).reshape(len(films), len(REGION_IDS))
    right = np.full(letters.shape, np.nan)
    right[np.isin(letters, list(_RIGHT))] = 1.0
    right[np.isin(letters, list(_WRONG))] = 0.0
    return right


def _region_row(
    region: str, ours: NDArray[np.float64], theirs: NDArray[np.float64], units: NDArray[np.int64]
) -> dict[str, Any] | None:
    both = ~np.isnan(ours) & ~np.isnan(theirs)
    n = int(both.sum())
    if n == 0:
        return None
    count = both.sum(axis=1).astype(np.float64)
    gained = np.where(both, ours - theirs, 0.0).sum(axis=1)
    sums = resampled_sums(np.stack([count, gained], axis=1), units)
    low, high = interval(sums, lambda drawn: drawn[:, 1] / drawn[:, 0]) or (None, None)
    difference = float(gained.sum() / n)
    worse = difference < -REGION_MARGIN or (high is not None and high < 0)
    return {
        "region": region,
        "n": n,
        "active": float(theirs[both].mean()),
        "candidate": float(ours[both].mean()),
        "difference": difference,
        "low": low,
        "high": high,
        "says": "worse" if worse else "better" if low is not None and low > 0 else "nothing",
    }
