"""Which cases, which truth, which banding: what the address of an evaluation page says, in one value."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray

from inference.statistics.age_bands import MONTHS_PER_YEAR
from inference.statistics.case_table import SEXES, CaseTable, Category, Floats, Rows

Truth = Literal["consensus", "single_read"]
BandBy = Literal["bone_age", "chronological_age"]
Rejected = Literal["without", "with", "only"]
ChronologicalAge = Literal["as_asked", "withheld"]

FEW = 20
"""Cells of fewer cases say little; they are shown grey everywhere."""


@dataclass(frozen=True, kw_only=True)
class CaseFilter:
    """Everything that decides which cases a figure counts, and against what.

    Attributes:
        truth: against which bone age.
        band_by: which age puts a case into a band, here and in tables.
        chronological_age: the model as it was asked, or as it answers without being told the age.
        rejected: films that were not to be used: without them, with them, or only them.
        sex: F, M or "" for both.
        from_years, to_years: half-open band (from, to] of the banding age; None: no bound.
        site, device, year, quality: one subgroup, "" for all; "none" for films of which it is not known.
    """

    truth: Truth = "consensus"
    band_by: BandBy = "bone_age"
    chronological_age: ChronologicalAge = "as_asked"
    rejected: Rejected = "without"
    sex: Literal["", "F", "M"] = ""
    from_years: float | None = None
    to_years: float | None = None
    site: str = ""
    device: str = ""
    year: str = ""
    quality: str = ""

    def key(self) -> str:
        """Canonical JSON: equal filters have equal keys."""
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """From what :meth:`key` writes or a page's address says; what is not named stays as it is by default."""
        known = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in values.items() if name in known})


SUBGROUPS = ("site", "device", "year", "quality")
UNKNOWN = "none"


@dataclass(frozen=True)
class Selection:
    """The cases of a filter, as columns of one length m, and what was left out on the way.

    Attributes:
        table: the whole table.
        filter: what was asked for.
        rows: which rows of the table they are; int64 [m].
        truth, predicted, difference: months; difference is predicted - truth. float64 [m].
        banding: the age that puts each into a band, NaN where unknown; float64 [m].
        sex: codes; int8 [m].
        units: children, as numbers; int64 [m].
        refused: cases that match and got no age, by reason.
    """

    table: CaseTable
    filter: CaseFilter
    rows: Rows
    truth: Floats
    predicted: Floats
    difference: Floats
    banding: Floats
    sex: NDArray[np.int8]
    units: NDArray[np.int64]
    refused: Mapping[str, int]

    def __len__(self) -> int:
        return len(self.rows)

    def column(self, name: str) -> Any:
        """A column of the table, at these cases."""
        return getattr(self.table, name)[self.rows]


def truth_column(table: CaseTable, truth: Truth) -> Floats:
    """The chosen truth of every case, NaN where there is none."""
    return table.consensus if truth == "consensus" else table.single_read


def offers_of(table: CaseTable) -> dict[str, Any]:
    """What a filter of this table may be set to, as plain JSON.

    Returns:
        ``truths`` (cases with each truth), ``subgroups`` (for each kind its groups with their sizes), and whether there
        are chronological ages and answers without them.
    """
    return {
        "truths": {name: int((~np.isnan(getattr(table, name))).sum()) for name in ("consensus", "single_read")},
        "subgroups": [{"by": name, "groups": _groups(getattr(table, name))} for name in SUBGROUPS],
        "has_chronological_age": bool((~np.isnan(table.chronological)).any()),
        "has_answers_without_age": bool((~np.isnan(table.without_age)).any()),
    }


def _groups(column: Category) -> dict[str, int]:
    counts = np.bincount(column.codes, minlength=len(column.names))
    return {name or UNKNOWN: int(count) for name, count in zip(column.names, counts, strict=True)}


def select(table: CaseTable, wanted: CaseFilter) -> Selection:
    """The cases that a filter keeps."""
    truth = truth_column(table, wanted.truth)
    banding = truth if wanted.band_by == "bone_age" else table.chronological
    keep = ~np.isnan(truth)
    if wanted.sex:
        keep &= table.sex == SEXES.index(wanted.sex)
    if wanted.rejected != "with":
        keep &= table.rejected.equals("") == (wanted.rejected == "without")
    for name in SUBGROUPS:
        value = getattr(wanted, name)
        if value:
            keep &= getattr(table, name).equals("" if value == UNKNOWN else value)
    if wanted.from_years is not None or wanted.to_years is not None:
        keep &= ~np.isnan(banding)
        if wanted.from_years is not None:
            keep &= banding > wanted.from_years * MONTHS_PER_YEAR
        if wanted.to_years is not None:
            keep &= banding <= wanted.to_years * MONTHS_PER_YEAR
    predicted = table.predicted if wanted.chronological_age == "as_asked" else table.without_age
    answered = keep & ~np.isnan(predicted)
    rows = np.flatnonzero(answered)
    return Selection(
        table=table,
        filter=wanted,
        rows=rows,
        truth=truth[rows],
        predicted=predicted[rows],
        difference=predicted[rows] - truth[rows],
        banding=banding[rows],
        sex=table.sex[rows],
        units=table.patient[rows],
        refused=table.refusal.counts(keep & ~answered),
    )
