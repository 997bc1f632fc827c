"""The two plots of the report, drawn as the density of their cells."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from reportlab.graphics.shapes import Drawing, Line, Rect, String
from reportlab.lib import colors
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether, Spacer, Table

from boneage_web.evaluation.printed.words import word
from boneage_web.reports.page import CONTENT_WIDTH, INK, LATIN, LINE, QUIET, Language, paragraph

FigureOf = Callable[[str], dict[str, Any]]
"""Name of a figure -> the figure, counted with the filter of the page."""


def plots(figure: FigureOf, language: Language) -> list[Flowable]:
    """Scatter and Bland-Altman, side by side."""
    scatter, limits = figure("scatter"), figure("bland_altman")
    found = limits["values"]["agreement"] or {}
    lines = [found[name]["value"] for name in ("lower_months", "upper_months") if found]
    bias = limits["values"]["bias_months"]
    reach = max(12.0, *(abs(row[1]) for row in limits["rows"])) if limits["rows"] else 12.0
    drawings = [
        _density(scatter["rows"], scatter["values"]["cell_months"], (0, 240), (0, 240), diagonal=True),
        _density(
            limits["rows"], limits["values"]["cell_months"], (0, 240), (-reach, reach),
            across=[*lines, *([bias["value"]] if bias else [])],
        ),
    ]  # fmt: skip
    names = [paragraph(word(name, language), language, quiet=True) for name in ("scatter", "bland_altman")]
    return [Spacer(1, 3 * mm), KeepTogether([Table([names, drawings], colWidths=[CONTENT_WIDTH / 2] * 2)])]


def _density(
    cells: Sequence[Sequence[float]],
    size: float,
    x_range: tuple[float, float],
    y_range: tuple[float, float],
    *,
    diagonal: bool = False,
    across: Sequence[float | None] = (),
) -> Drawing:
    wide, high, left, foot = CONTENT_WIDTH / 2 - 14, 130.0, 22.0, 14.0
    drawing = Drawing(wide, high)

    def x(months: float) -> float:
        return float(left + (months - x_range[0]) / (x_range[1] - x_range[0]) * (wide - left))

    def y(months: float) -> float:
        return float(foot + (months - y_range[0]) / (y_range[1] - y_range[0]) * (high - foot))

    most = max((cell[2] for cell in cells), default=1)
    for middle_x, middle_y, n in cells:
        tone = 0.85 - 0.75 * float(np.sqrt(n / most))
        drawing.add(
            Rect(
                x(middle_x - size / 2), y(middle_y - size / 2),
                x(size) - x(0), y(size) - y(0),
                fillColor=colors.Color(tone, tone + 0.08, tone + 0.1), strokeColor=None,
            )
        )  # fmt: skip
    drawing.add(Line(left, foot, wide, foot, strokeColor=LINE))
    drawing.add(Line(left, foot, left, high, strokeColor=LINE))
    for year in range(0, int(x_range[1] / 12) + 1, 5):
        drawing.add(String(x(year * 12) - 4, 3, str(year), fontName=LATIN, fontSize=7, fillColor=QUIET))
    for months in (y_range[0], (y_range[0] + y_range[1]) / 2, y_range[1]):
        drawing.add(String(0, y(months) - 5, f"{months / 12:.1f}", fontName=LATIN, fontSize=7, fillColor=QUIET))
    if diagonal:
        drawing.add(Line(x(0), y(0), x(x_range[1]), y(x_range[1]), strokeColor=INK, strokeWidth=0.6))
    for height in across:
        if height is not None:
            drawing.add(Line(left, y(height), wide, y(height), strokeColor=INK, strokeWidth=0.6))
    return drawing
