"""The report of an evaluation as PDF: the figures of the page, with the filter that was set there."""

from collections.abc import Sequence
from typing import Any

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Spacer, Table

from boneage_web.evaluation.models import Evaluation
from boneage_web.evaluation.present import evaluation_row
from boneage_web.evaluation.printed.plots import FigureOf, plots
from boneage_web.evaluation.printed.words import word
from boneage_web.reports.page import (
    CONTENT_WIDTH,
    Badge,
    Language,
    build_pdf,
    data_table,
    facts,
    heading,
    paragraph,
)
from inference.standards.bone_age_sd import SD_TABLES
from inference.statistics.case_filter import FEW, CaseFilter

GROUPS = ("female", "male", "total")
NOTHING = "–"


def evaluation_pdf(evaluation: Evaluation, wanted: CaseFilter, figure: FigureOf, language: Language) -> bytes:
    """All pages."""
    story: list[Flowable] = [
        facts(_about(evaluation, wanted, language), language, width=CONTENT_WIDTH),
        Spacer(1, 2 * mm),
        paragraph(word("years", language), language, quiet=True),
        *_headline(figure, language),
        *plots(figure, language),
        *_table3(figure, wanted, language),
        *_groups(figure, language),
        *_need(figure, language),
        *detector_table(figure, evaluation, language),
        *_table2(figure, language),
        *_table1(figure, language),
    ]
    return build_pdf(
        story,
        language=language,
        title=word("report", language),
        subtitle=_population(evaluation, language),
        badges=badges_of(evaluation, language),
        footer=word("footer", language, cases=evaluation.case_table[:16]),
    )


def badges_of(evaluation: Evaluation, language: Language) -> list[Badge]:
    """What must not be missed on any page."""
    badges = [Badge(word("research", language), "bad")]
    if evaluation.report["synthetic"]:
        badges.append(Badge(word("synthetic", language), "warn"))
    if evaluation.report["truth_is_model"]:
        badges.append(Badge(word("truth_is_model", language), "warn"))
    return badges


def _population(evaluation: Evaluation, language: Language) -> str:
    row = evaluation_row(evaluation)
    population = row["population"]
    name = population["name"] or word("all_cohorts", language)
    split = f" · {word(population['split'], language)}" if population["split"] else ""
    return f"{row['model']['label']} · {name}{split}"


def _about(evaluation: Evaluation, wanted: CaseFilter, language: Language) -> list[tuple[str, str]]:
    row = evaluation_row(evaluation)
    left_out = ", ".join(f"{code} {count}" for code, count in evaluation.left_out.items())
    return [
        (word("model", language), row["model"]["label"]),
        (word("hash", language), row["model"]["hash"]),
        (word("population", language), _population(evaluation, language)),
        (word("truth", language), f"{row['truth']} ({wanted.truth})"),
        (word("filter", language), wanted.key()),
        (word("looked_at", language), str(row["population"]["evaluations_so_far"])),
        (word("left_out", language), left_out or NOTHING),
        (word("cases", language), evaluation.case_table),
    ]


def years(months: float | None, digits: int = 2) -> str:
    """Months as years."""
    return NOTHING if months is None else f"{months / 12:.{digits}f}"


def between(pair: Sequence[float] | None, digits: int = 2) -> str:
    """An interval of months as years."""
    return NOTHING if pair is None else f"{pair[0] / 12:.{digits}f} – {pair[1] / 12:.{digits}f}"


def measure_row(name: str, measures: dict[str, Any] | None) -> list[str]:
    """n, MAE, its interval, bias, its interval, RMSE; in brackets below :data:`FEW`."""
    if measures is None:
        return [name, "0", *[NOTHING] * 5]
    mae = years(measures["mae_months"])
    return [
        name,
        str(measures["n"]),
        f"[{mae}]" if measures["n"] < FEW else mae,
        between(measures["mae_interval_months"]),
        years(measures["bias_months"]),
        between(measures["bias_interval_months"]),
        years(measures["rmse_months"]),
    ]


def measures_table(rows: Sequence[Sequence[str]], first: str, language: Language) -> Table:
    """Rows of :func:`measure_row`."""
    columns = [first, *(word(name, language) for name in ("n", "mae", "interval", "bias", "interval", "rmse"))]
    widths = [CONTENT_WIDTH * share for share in (0.28, 0.08, 0.1, 0.17, 0.1, 0.17, 0.1)]
    return data_table(columns, rows, language, widths=widths, numbers=range(1, 7), size=8)


def _headline(figure: FigureOf, language: Language) -> list[Flowable]:
    values = figure("headline")["values"]
    groups = {"total": values["overall"], "female": values["by_sex"]["F"], "male": values["by_sex"]["M"]}
    rows = [measure_row(word(name, language), found) for name, found in groups.items()]
    story: list[Flowable] = [heading(word("headline", language), language)]
    story.append(measures_table(rows, word("group", language), language))
    lines = []
    for name, found in (values["agreement"] or {}).items():
        months = name.endswith("_months")
        shown = years(found["value"]) if months else _plain(found["value"])
        pair = found["interval"]
        lines.append([word(name, language), shown, between(pair) if months else _pair(pair)])
    for row in values["within"]:
        name = word("within", language, years=f"{row['limit_months'] / 12:g}")
        low, high = row["interval"] or (None, None)
        lines.append([name, _share(row["share"]), NOTHING if low is None else f"{_share(low)} – {_share(high)}"])
    classes = figure("clinical_class")["values"]
    table = SD_TABLES[classes["sd_table"]]
    low, high = classes["interval"] or (None, None)
    lines.append(
        [
            word("changed", language, table=table.name_zh if language == "zh-Hans" else table.name_en),
            f"{_share(classes['share'])} (n {classes['n']})",
            NOTHING if low is None else f"{_share(low)} – {_share(high)}",
        ]
    )
    widths = [CONTENT_WIDTH * share for share in (0.56, 0.2, 0.24)]
    columns = [word(name, language) for name in ("agreement", "value", "interval")]
    return [*story, Spacer(1, 2 * mm), data_table(columns, lines, language, widths=widths, numbers=(1, 2), size=8)]


def _plain(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.3f}"


def _pair(pair: Sequence[float] | None) -> str:
    return NOTHING if pair is None else f"{pair[0]:.3f} – {pair[1]:.3f}"


def _share(share: float | None) -> str:
    return NOTHING if share is None else f"{share:.1%}"


def _table3(figure: FigureOf, wanted: CaseFilter, language: Language) -> list[Flowable]:
    values = figure("table3")["values"]
    rows = []
    for row in [*values["rows"], {"band": word("all", language), **values["all"]}]:
        if row["total"] is not None:
            rows.append([row["band"], *(cell for group in GROUPS for cell in _three(row[group]))])
    columns = [word("age", language)]
    for group in GROUPS:
        columns += [f"{word(group, language)} n", f"MAE ({word('interval', language)})", word("bias", language)]
    widths = [CONTENT_WIDTH * share for share in (0.09, *(0.06, 0.17, 0.0733) * 3)]
    return [
        heading(word("table3", language, by=word(wanted.band_by, language)), language),
        paragraph(word("few", language, few=FEW), language, quiet=True, size=8),
        data_table(columns, rows, language, widths=widths, numbers=range(1, 10), size=7),
    ]


def _three(measures: dict[str, Any] | None) -> list[str]:
    if measures is None:
        return ["0", NOTHING, NOTHING]
    mae = f"{years(measures['mae_months'])} ({between(measures['mae_interval_months'])})"
    return [str(measures["n"]), f"[{mae}]" if measures["n"] < FEW else mae, years(measures["bias_months"])]


def _groups(figure: FigureOf, language: Language) -> list[Flowable]:
    gaps = [
        measure_row(f"{years(row['from_months'], 1)} … {years(row['to_months'], 1)}", row["measures"])
        for row in figure("error_by_gap")["values"]["rows"]
    ]
    ages = [measure_row(word(row["answer"], language), row["measures"]) for row in _rows(figure, "chronological_age")]
    rejected = [
        measure_row(word(row["rejected"], language), row["measures"]) for row in _rows(figure, "rejected_films")
    ]
    groups = [
        measure_row(f"{word(row['by'], language)}: {word(row['group'], language)}", row["measures"])
        for row in _rows(figure, "subgroups")
    ]
    story: list[Flowable] = []
    for name, rows in (("gap", gaps), ("age_input", ages), ("rejected", rejected), ("subgroups", groups)):
        story += [heading(word(name, language), language), measures_table(rows, word("group", language), language)]
    return story


def _rows(figure: FigureOf, name: str) -> list[dict[str, Any]]:
    return list(figure(name)["values"]["rows"])


def _need(figure: FigureOf, language: Language) -> list[Flowable]:
    values = figure("data_need")["values"]
    rows = [
        [row["band"], word(row["sex"], language), str(row["n"]), str(row["needed"]), str(row["missing"])]
        for row in values["rows"]
        if row["missing"]
    ]
    columns = [word(name, language) for name in ("age", "group", "n", "needed", "missing")]
    half = f"{values['wanted_half_width_months'] / 12:g}"
    return [
        heading(word("need", language, half=half), language),
        data_table(columns, rows, language, widths=[CONTENT_WIDTH / 5] * 5, numbers=(2, 3, 4), size=8),
    ]


def detector_table(figure: FigureOf, evaluation: Evaluation, language: Language) -> list[Flowable]:
    """The detector's scores; nothing where no film has labelled boxes."""
    if evaluation.report.get("detector") is None:
        return []
    values = figure("detector")["values"]
    rows = [
        [
            word(row["region"], language), str(row["n"]), _share(row["found"]), _share(row["centre_median"]),
            _plain(row["median_iou"]), _plain(row["average_precision"]),
        ]
        for row in [*values["rows"], values["all"]]
    ]  # fmt: skip
    columns = [word(name, language) for name in ("region", "n", "found", "centre", "iou", "ap")]
    return [
        heading(word("detector", language), language),
        data_table(columns, rows, language, widths=[CONTENT_WIDTH / 6] * 6, numbers=range(1, 6), size=8),
    ]


def _table2(figure: FigureOf, language: Language) -> list[Flowable]:
    rows = [
        [
            word(row["kind"], language),
            f"{row['reference']} {row['year']}".strip(),
            row["method"],
            str(row["n"]),
            f"{row['mae_years']:.3f}",
        ]
        for row in figure("table2")["values"]["rows"]
    ]
    columns = [word(name, language) for name in ("kind", "source", "method", "n", "mae")]
    widths = [CONTENT_WIDTH * share for share in (0.16, 0.36, 0.26, 0.11, 0.11)]
    return [
        heading(word("table2", language), language),
        paragraph(word("table2_note", language), language, quiet=True, size=8),
        data_table(columns, rows, language, widths=widths, numbers=(3, 4), size=8),
    ]


def _table1(figure: FigureOf, language: Language) -> list[Flowable]:
    found = figure("table1")
    parts = found["values"]["parts"]
    columns = [
        word("age", language),
        *(f"{word(part, language)} {word(sex, language)}" for part in parts for sex in ("F", "M")),
        word("n", language),
    ]
    rows = [[word(str(row[0]), language), *map(str, row[1:])] for row in found["rows"] if row[-1]]
    widths = [CONTENT_WIDTH / len(columns)] * len(columns)
    return [
        heading(word("table1", language), language),
        data_table(columns, rows, language, widths=widths, numbers=range(1, len(columns)), size=8),
    ]
