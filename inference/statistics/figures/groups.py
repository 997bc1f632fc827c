"""Groups beside each other: sites, devices, years, rejected films, the model with and without chronological age."""

import dataclasses
from typing import Any, Literal

import numpy as np

from inference.standards.bone_age_sd import NORMAL_RANGE_SD, SD_TABLES, sd_months_of
from inference.statistics.case_filter import FEW, SUBGROUPS, UNKNOWN, CaseFilter, Selection, select
from inference.statistics.case_table import SEXES, CaseTable, Category, Floats
from inference.statistics.figures.figure import MEASURE_COLUMNS, Figure, measure_cells
from inference.statistics.measures import measures_of
from inference.statistics.resampling import interval, resampled_sums

DEFAULT_SD_TABLE = next(iter(SD_TABLES))
CLASSES = ("delayed", "normal", "advanced")


def subgroups(table: CaseTable, wanted: CaseFilter) -> Figure:
    """Measures of each site, device, year and quality warning that the cases have; the unknown ones too."""
    chosen = select(table, wanted)
    rows: list[dict[str, Any]] = []
    for name in SUBGROUPS:
        column: Category = getattr(table, name)
        codes = column.codes[chosen.rows]
        for code in np.unique(codes):
            inside = codes == code
            rows.append(
                {
                    "by": name,
                    "group": column.names[code] or UNKNOWN,
                    "measures": measures_of(chosen.difference[inside], chosen.units[inside]),
                }
            )
    return Figure(
        values={"rows": rows, "few": FEW},
        columns=("by", "group", *MEASURE_COLUMNS),
        rows=[[row["by"], row["group"], *measure_cells(row["measures"])] for row in rows],
    )


def rejected_films(table: CaseTable, wanted: CaseFilter) -> Figure:
    """The error without films that were not to be used, with them and of them alone, and how many got no age."""
    kinds: tuple[Literal["without", "with", "only"], ...] = ("without", "with", "only")
    rows: list[dict[str, Any]] = []
    for kind in kinds:
        chosen = select(table, dataclasses.replace(wanted, rejected=kind))
        rows.append(
            {
                "rejected": kind,
                "measures": measures_of(chosen.difference, chosen.units),
                "refused": sum(chosen.refused.values()),
                "refusals": dict(chosen.refused),
            }
        )
    return Figure(
        values={"rows": rows, "reasons": table.rejected.counts(np.ones(len(table), dtype=bool))},
        columns=("rejected", *MEASURE_COLUMNS, "refused"),
        rows=[[row["rejected"], *measure_cells(row["measures"]), row["refused"]] for row in rows],
    )


def chronological_age(table: CaseTable, wanted: CaseFilter) -> Figure:
    """The model as asked, without being told the age, and the age by itself as an estimate, on the same cases.

    Cases without one of the three answers are left out of all, so that the rows compare.
    """
    asked = select(table, dataclasses.replace(wanted, chronological_age="as_asked"))
    known = ~np.isnan(asked.column("chronological"))
    withheld = asked.column("without_age")
    has_withheld = bool((~np.isnan(withheld) & known).any())
    if has_withheld:
        known &= ~np.isnan(withheld)
    answers: list[tuple[str, Floats]] = [("as_asked", asked.predicted)]
    if has_withheld:
        answers.append(("withheld", withheld))
    answers.append(("age_alone", asked.column("chronological")))
    rows: list[dict[str, Any]] = [
        {"answer": name, "measures": measures_of((answer - asked.truth)[known], asked.units[known])}
        for name, answer in answers
    ]
    return Figure(
        values={"rows": rows, "left_out": int((~known).sum()), "model_uses_age": has_withheld},
        columns=("answer", *MEASURE_COLUMNS),
        rows=[[row["answer"], *measure_cells(row["measures"])] for row in rows],
    )


def clinical_class(table: CaseTable, wanted: CaseFilter, *, sd_table: str = DEFAULT_SD_TABLE) -> Figure:
    """How often the model would call a child delayed, normal or advanced otherwise than the truth does.

    Args:
        sd_table: key of :data:`SD_TABLES`. Cases whose age lies outside it, or without age, are counted apart.

    Raises:
        KeyError: no such table.
    """
    chosen = select(table, wanted)
    spread = _spread(chosen, sd_table)
    age = chosen.column("chronological")
    known = ~np.isnan(spread)
    true_class = _class((chosen.truth - age)[known] / spread[known])
    told_class = _class((chosen.predicted - age)[known] / spread[known])
    counts = np.zeros((3, 3), dtype=np.int64)
    np.add.at(counts, (true_class, told_class), 1)
    changed = (true_class != told_class).astype(np.float64)
    columns = np.stack([np.ones_like(changed), changed], axis=1)
    between = interval(resampled_sums(columns, chosen.units[known]), lambda sums: sums[:, 1] / sums[:, 0])
    return Figure(
        values={
            "sd_table": sd_table,
            "n": int(known.sum()),
            "without_reference": int((~known).sum()),
            "changed": int(changed.sum()),
            "share": float(changed.mean()) if changed.size else None,
            "interval": None if between is None else list(between),
            "counts": counts.tolist(),
            "classes": list(CLASSES),
        },
        columns=("truth", *CLASSES),
        rows=[[name, *(int(count) for count in line)] for name, line in zip(CLASSES, counts, strict=True)],
    )


def _spread(chosen: Selection, sd_table: str) -> Floats:
    ages = chosen.column("chronological")
    spread = np.full(len(chosen), np.nan)
    for code, sex in enumerate(SEXES):
        mine = chosen.sex == code
        spread[mine] = sd_months_of(sd_table, sex, ages[mine])  # type: ignore[arg-type]
    return spread


def _class(score: Floats) -> Any:
    return np.where(score < -NORMAL_RANGE_SD, 0, np.where(score > NORMAL_RANGE_SD, 2, 1))
