"""All figures by name, and the version of how they are counted: part of the name under which one is kept."""

from collections.abc import Callable, Mapping

from inference.statistics.case_filter import CaseFilter
from inference.statistics.case_table import CaseTable
from inference.statistics.figures.bands import data_need, table3
from inference.statistics.figures.figure import Figure
from inference.statistics.figures.groups import chronological_age, clinical_class, rejected_films, subgroups
from inference.statistics.figures.headline import headline
from inference.statistics.figures.plots import bland_altman, calibration, error_by_gap, scatter

VERSION = 2
"""Raised with every change of what a figure says; what was kept of an older version is not shown any more."""

FIGURES: Mapping[str, Callable[..., Figure]] = {
    "headline": headline,
    "table3": table3,
    "scatter": scatter,
    "bland_altman": bland_altman,
    "calibration": calibration,
    "error_by_gap": error_by_gap,
    "clinical_class": clinical_class,
    "chronological_age": chronological_age,
    "rejected_films": rejected_films,
    "subgroups": subgroups,
    "data_need": data_need,
}

OPTIONS: Mapping[str, frozenset[str]] = {
    "clinical_class": frozenset({"sd_table"}),
    "data_need": frozenset({"half_width_months"}),
}
"""What a figure may be told besides the filter."""


def count(name: str, table: CaseTable, wanted: CaseFilter, options: Mapping[str, object]) -> Figure:
    """One figure.

    Raises:
        KeyError: no such figure.
        ValueError, TypeError: an option that it does not have or that makes no sense.
    """
    return FIGURES[name](table, wanted, **options)
