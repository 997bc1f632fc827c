"""The one shape of all figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Cell = str | int | float | None


@dataclass(frozen=True)
class Figure:
    """What was counted, for a drawing and for a table. Plain JSON values; ages in months unless a name says years.

    Attributes:
        values: what a drawing needs, by name.
        columns: names of the table's columns; a page and a file translate them.
        rows: the table that stands behind the drawing.
    """

    values: Mapping[str, Any]
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[Cell]] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """As the API sends it."""
        return {
            "values": dict(self.values),
            "columns": list(self.columns),
            "rows": [list(row) for row in self.rows],
        }


MEASURE_COLUMNS = ("n", "mae_months", "mae_low", "mae_high", "bias_months", "bias_low", "bias_high", "rmse_months")


def measure_cells(measures: Mapping[str, Any] | None) -> list[Cell]:
    """Cells of :data:`MEASURE_COLUMNS`."""
    if measures is None:
        return [0, *[None] * (len(MEASURE_COLUMNS) - 1)]
    mae, bias = measures["mae_interval_months"] or (None, None), measures["bias_interval_months"] or (None, None)
    return [measures["n"], measures["mae_months"], *mae, measures["bias_months"], *bias, measures["rmse_months"]]
