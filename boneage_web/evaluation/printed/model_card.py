"""The model card as PDF: what is known of a model, from its manifest and this evaluation, and what is missing."""

from collections.abc import Mapping
from typing import Any

from reportlab.platypus import Flowable

from boneage_web.evaluation.models import Evaluation
from boneage_web.evaluation.printed.plots import FigureOf
from boneage_web.evaluation.printed.report import (
    badges_of,
    between,
    detector_table,
    measure_row,
    measures_table,
    years,
)
from boneage_web.evaluation.printed.words import word
from boneage_web.registry.models import ModelVersion
from boneage_web.registry.reporting_items import STATED_BY_PEOPLE, ReportingItem
from boneage_web.registry.selectors import statements_of
from boneage_web.reports.page import CONTENT_WIDTH, Language, build_pdf, data_table, heading, paragraph

Entry = tuple[str, str, str]
"""English name, Chinese name, and what is known; "" is missing."""


def model_card_pdf(evaluation: Evaluation, figure: FigureOf, language: Language) -> bytes:
    """All pages."""
    model = evaluation.model_version
    chinese = language == "zh-Hans"
    story: list[Flowable] = [paragraph(word("card_intro", language), language, quiet=True)]
    for english_title, chinese_title, entries in _sections(evaluation, figure, language):
        rows = [
            [
                chinese_name if chinese else english,
                known
                or word("missing_item", language, what=_without_numbers(chinese_name if chinese else english.lower())),
            ]
            for english, chinese_name, known in entries
        ]
        columns = [word(name, language) for name in ("item", "said")]
        story.append(heading(chinese_title if chinese else english_title, language))
        widths = [CONTENT_WIDTH * 0.3, CONTENT_WIDTH * 0.7]
        story.append(data_table(columns, rows, language, widths=widths, size=8))
    groups = [
        measure_row(f"{word(row['by'], language)}: {word(row['group'], language)}", row["measures"])
        for row in figure("subgroups")["values"]["rows"]
    ]
    headline = figure("headline")["values"]
    sexes = [measure_row(word(sex, language), headline["by_sex"][sex]) for sex in ("F", "M")]
    story.append(heading("各亚组表现" if chinese else "Performance by subgroup", language))
    story.append(measures_table([*sexes, *groups], word("group", language), language))
    story += detector_table(figure, evaluation, language)
    return build_pdf(
        story,
        language=language,
        title=word("model_card", language),
        subtitle=f"{model.label} · {model.hash}",
        badges=badges_of(evaluation, language),
        footer=word("footer", language, cases=evaluation.case_table[:16]),
    )


def _sections(evaluation: Evaluation, figure: FigureOf, language: Language) -> list[tuple[str, str, list[Entry]]]:
    manifest = evaluation.model_version.manifest
    return [
        ("Intended use", "预期用途", _use(manifest, language)),
        ("Data and training", "数据与训练", _training(manifest)),
        ("Inputs and outputs", "输入与输出", _inputs(manifest)),
        ("Truth and evaluation data", "参考标准与评估数据", _truth(evaluation)),
        ("Results", "结果", _results(figure)),
        ("Reporting items that only people can fill in", "须由人员填写的报告条目", _people(evaluation.model_version)),
    ]


def _use(manifest: Mapping[str, Any], language: Language) -> list[Entry]:
    use = manifest.get("intended_use", {})
    licence = manifest.get("licence", {})
    return [
        ("Intended use and user", "预期用途与使用者", str(use.get("zh" if language == "zh-Hans" else "en", ""))),
        ("Licence of code, data and weights", "代码、数据与权重许可", _listed(licence)),
        ("Version: preset, commit, format", "版本：预设、提交、格式",
         _joined(manifest, ("preset", "git_commit", "format"))),
    ]  # fmt: skip


def _training(manifest: Mapping[str, Any]) -> list[Entry]:
    trained = manifest.get("trained_on", {})
    split = trained.get("split", {})
    return [
        ("Training data", "训练数据", _joined(trained, ("name", "source", "n"))),
        ("Partitions, level at which they are disjoint", "数据划分及其互斥层级",
         _listed(trained.get("parts", {})) + (f"; {split['kind']}" if "kind" in split else "")),
        ("Hash of the training data", "训练数据哈希", str(trained.get("snapshot", ""))),
        ("Initialisation", "初始化权重", str(manifest.get("imagenet_weights") or "no pretrained weights")
         if "imagenet_weights" in manifest else ""),
        ("Software", "软件", _listed(manifest.get("libraries", {}))),
        ("Engine and precision", "计算引擎与精度", _joined(manifest, ("engine", "trained_in"))),
        ("Settings of the age head", "年龄回归设置", _listed(manifest.get("age_head", {}).get("config", {}))),
    ]  # fmt: skip


def _inputs(manifest: Mapping[str, Any]) -> list[Entry]:
    interval = manifest.get("interval", {})
    return [
        ("Input contract", "输入约定", _listed(manifest.get("input_contract", {}))),
        ("Inputs used for the age", "骨龄所用输入", ", ".join(manifest.get("inputs_used", ()))),
        ("Output and its interval", "输出及区间",
         f"months; interval meant to hold {interval['coverage']:.0%}" if "coverage" in interval else ""),
        ("When it gives no age", "何时不给出骨龄",
         f"fewer than {manifest['input_contract']['regions_needed']} of 17 regions found; sex unknown"
         if "regions_needed" in manifest.get("input_contract", {}) else ""),
    ]  # fmt: skip


def _truth(evaluation: Evaluation) -> list[Entry]:
    report = evaluation.report
    origins = ", ".join(report.get("truth_origins", ())) or evaluation.truth
    refused = ", ".join(f"{code} {count}" for code, count in evaluation.left_out.items())
    return [
        ("Truth", "参考标准", origins),
        ("Films evaluated, and left out with reasons", "评估影像及未纳入原因",
         f"{report['n']}; {refused or 'none left out'}"),
        ("Evaluations on these films so far", "在这些影像上的评估次数", str(evaluation.number)),
        ("Synthetic films", "合成影像", "yes" if report["synthetic"] else "no"),
        ("Hash of the cases", "病例表哈希", evaluation.case_table),
    ]  # fmt: skip


def _results(figure: FigureOf) -> list[Entry]:
    headline, calibration = figure("headline")["values"], figure("calibration")["values"]
    overall, found = headline["overall"], headline["agreement"] or {}
    line, held, classes = calibration["line"], calibration["held"], figure("clinical_class")["values"]
    lower, upper = (found[name]["value"] if found else None for name in ("lower_months", "upper_months"))
    return [
        ("MAE, bias, RMSE (years)", "MAE、偏差、RMSE（岁）",
         f"{years(overall['mae_months'], 3)} ({between(overall['mae_interval_months'], 3)}), "
         f"{years(overall['bias_months'], 3)}, {years(overall['rmse_months'], 3)}; n {overall['n']}"
         if overall else ""),
        ("Limits of agreement (years)", "一致性界限（岁）", f"{years(lower)} – {years(upper)}" if found else ""),
        ("Calibration: slope of the truth on the model", "校准：参考对模型的斜率",
         f"{line['slope']['value']:.3f}" if line else ""),
        ("How often its interval held the truth", "区间包含参考值的比例",
         f"{held['share']:.1%} of {held['n']}" if held else ""),
        ("Change of clinical class", "临床分类改变",
         f"{classes['share']:.1%} of {classes['n']}, {classes['sd_table']}" if classes["n"] else ""),
    ]  # fmt: skip


def _people(model: ModelVersion) -> list[Entry]:
    """What no manifest holds, as people stated it; what nobody has is named as missing."""
    known = statements_of(model)
    return [
        (
            _numbered(item.english, item),
            _numbered(item.chinese, item),
            known[item.key].text if item.key in known else "",
        )
        for item in STATED_BY_PEOPLE
    ]


def _numbered(name: str, item: ReportingItem) -> str:
    """With its numbers in the checklists."""
    lists = (("CLAIM", item.claim), ("TRIPOD+AI", item.tripod))
    numbers = "; ".join(f"{checklist} {number}" for checklist, number in lists if number)
    return f"{name} ({numbers})" if numbers else name


def _without_numbers(name: str) -> str:
    return name.split(" (", 1)[0]


def _listed(values: Any) -> str:
    if not isinstance(values, Mapping):
        return str(values or "")
    return "; ".join(f"{name}: {value}" for name, value in values.items())


def _joined(values: Mapping[str, Any], names: tuple[str, ...]) -> str:
    return ", ".join(f"{name} {values[name]}" for name in names if values.get(name) not in (None, ""))
