"""Table 1: how many girls and boys of each age year are in each part of a data set."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from inference.statistics.age_bands import AGE_BANDS
from inference.statistics.case_filter import BandBy
from inference.statistics.figures.bands import band_numbers
from inference.statistics.figures.figure import Cell, Figure

_SEXES = ("F", "M")


@dataclass(frozen=True, slots=True)
class Member:
    """One film of a data set; months, None where nobody knows."""

    part: str
    sex: str | None
    bone_age_months: float | None
    chronological_age_months: float | None


def distribution(members: Sequence[Member]) -> dict[str, Any]:
    """Counts for both ways of banding, as plain JSON: what an evaluation keeps of its population.

    Returns:
        ``parts`` (names in the order in which they come), ``children`` in all, and for each banding a list of rows
        {band, from_years, to_years, part: {F, M}}, with the films without that age or without sex in ``left_out``.
    """
    parts = list(dict.fromkeys(member.part for member in members))
    return {
        "parts": parts,
        "n": len(members),
        **{band_by: _counts(members, parts, band_by) for band_by in ("bone_age", "chronological_age")},
    }


def _counts(members: Sequence[Member], parts: Sequence[str], band_by: str) -> dict[str, Any]:
    ages = [getattr(member, f"{band_by}_months") for member in members]
    bands = band_numbers(np.array([np.nan if age is None else age for age in ages], dtype=np.float64))
    counts = {(part, sex): np.zeros(len(AGE_BANDS), dtype=int) for part in parts for sex in _SEXES}
    left_out = dict.fromkeys(parts, 0)
    for member, band in zip(members, bands, strict=True):
        if band < 0 or member.sex is None:
            left_out[member.part] += 1
        else:
            counts[member.part, member.sex][band] += 1
    rows = [
        {
            "band": band.label,
            "from_years": band.from_years,
            "to_years": band.to_years,
            "parts": {part: {sex: int(counts[part, sex][number]) for sex in _SEXES} for part in parts},
        }
        for number, band in enumerate(AGE_BANDS)
    ]
    return {"rows": rows, "left_out": left_out}


def table1(kept: dict[str, Any], band_by: BandBy) -> Figure:
    """The table of what :func:`distribution` kept, by the chosen age; the last row adds up."""
    parts, counted = kept["parts"], kept[band_by]
    lines: list[list[Cell]] = []
    for row in counted["rows"]:
        numbers = [row["parts"][part][sex] for part in parts for sex in _SEXES]
        lines.append([row["band"], *numbers, sum(numbers)])
    lines.append(["all", *(sum(int(line[i] or 0) for line in lines) for i in range(1, 2 * len(parts) + 2))])
    return Figure(
        values={"parts": parts, "n": kept["n"], "band_by": band_by, **counted},
        columns=("band", *(f"{part}_{sex}" for part in parts for sex in _SEXES), "n"),
        rows=lines,
    )
