"""The words of reports in both languages, as hospitals say them, and how ages are written."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from boneage_web.reports.page import Badge, Language

LANGUAGES: tuple[Language, ...] = ("en", "zh-Hans")

WORDS: Mapping[str, Mapping[Language, str]] = {
    "title": {"en": "Bone age", "zh-Hans": "骨龄报告"},
    "preliminary": {"en": "PRELIMINARY", "zh-Hans": "初步结果"},
    "signed": {"en": "SIGNED", "zh-Hans": "已签发"},
    "amended": {"en": "AMENDED", "zh-Hans": "已修订"},
    "model_only": {"en": "MODEL ONLY", "zh-Hans": "仅模型结果"},
    "synthetic": {"en": "SYNTHETIC", "zh-Hans": "合成数据"},
    "research": {"en": "RESEARCH USE ONLY", "zh-Hans": "仅供研究使用"},
    "child": {"en": "Child", "zh-Hans": "受检者"},
    "pseudonym": {"en": "Pseudonym", "zh-Hans": "代号"},
    "sex": {"en": "Sex", "zh-Hans": "性别"},
    "M": {"en": "boy", "zh-Hans": "男"},
    "F": {"en": "girl", "zh-Hans": "女"},
    "source_header": {"en": "from the film's header", "zh-Hans": "来自影像文件头"},
    "source_dates": {"en": "from the dates in the header", "zh-Hans": "由文件头日期计算"},
    "source_patient_age": {
        "en": "from PatientAge, which counts completed units",
        "zh-Hans": "来自 PatientAge（按整岁或整月计）",
    },
    "source_stated": {"en": "stated by a person", "zh-Hans": "由人员填写"},
    "side": {"en": "Hand", "zh-Hans": "手侧"},
    "L": {"en": "left", "zh-Hans": "左手"},
    "R": {"en": "right", "zh-Hans": "右手"},
    "age": {"en": "Chronological age at the film", "zh-Hans": "拍片时实际年龄"},
    "bone_age": {"en": "Bone age", "zh-Hans": "骨龄"},
    "basis": {"en": "How it was found", "zh-Hans": "依据"},
    "basis_model": {
        "en": "estimate of a model on the Greulich-Pyle scale; no reading of the atlas",
        "zh-Hans": "模型按 Greulich-Pyle 标准估计，并非图谱法阅片",
    },
    "basis_calibrated": {
        "en": "estimate of a model with this site's own linear correction",
        "zh-Hans": "模型估计值，经本单位线性校正",
    },
    "basis_consensus": {"en": "approved consensus of blinded readers", "zh-Hans": "盲法阅片共识，已核准"},
    "basis_correction": {
        "en": "age given by the signing reader in sight of the model's",
        "zh-Hans": "签发医师在已知模型结果的情况下给出",
    },
    "interval": {"en": "Interval of the estimate", "zh-Hans": "估计区间"},
    "uncorrected": {"en": "Model without correction", "zh-Hans": "未校正的模型值"},
    "corrected": {"en": "With the site's correction", "zh-Hans": "本单位校正后"},
    "difference": {"en": "Bone age minus chronological age", "zh-Hans": "骨龄与实际年龄之差"},
    "reference": {"en": "Reference", "zh-Hans": "参照标准"},
    "sd": {"en": "1 SD at this age", "zh-Hans": "该年龄 1 个标准差"},
    "sds": {"en": "SDS", "zh-Hans": "标准差评分 (SDS)"},
    "normal_range": {"en": "Normal range (±2 SD)", "zh-Hans": "正常范围 (±2 SD)"},
    "class": {"en": "Class", "zh-Hans": "分类"},
    "delayed": {"en": "delayed", "zh-Hans": "落后"},
    "normal": {"en": "normal", "zh-Hans": "正常"},
    "advanced": {"en": "advanced", "zh-Hans": "提前"},
    "no_reference": {"en": "no reference at this age", "zh-Hans": "该年龄无参照值"},
    "adult_height": {"en": "Predicted adult height", "zh-Hans": "预测成年身高"},
    "centimetres": {"en": "{number} cm", "zh-Hans": "{number} cm"},
    "height": {"en": "Height", "zh-Hans": "身高"},
    "height_on_the_day": {"en": "measured on the day of the film", "zh-Hans": "拍片当日测量"},
    "height_before": {"en": "measured {days} days before the film", "zh-Hans": "拍片前 {days} 天测量"},
    "height_after": {"en": "measured {days} days after the film", "zh-Hans": "拍片后 {days} 天测量"},
    "height_day_before": {"en": "measured the day before the film", "zh-Hans": "拍片前 1 天测量"},
    "height_day_after": {"en": "measured the day after the film", "zh-Hans": "拍片后 1 天测量"},
    "no_prediction": {"en": "no prediction: {why}", "zh-Hans": "无法预测：{why}"},
    "no_bone_age": {"en": "there is no bone age", "zh-Hans": "没有骨龄"},
    "no_sex": {"en": "the sex is not known", "zh-Hans": "性别未知"},
    "no_age": {
        "en": "without the chronological age the category is not known",
        "zh-Hans": "实际年龄未知，无法确定类别",
    },
    "outside_table": {
        "en": "for this sex and category the table goes from a bone age of {first} to {last}",
        "zh-Hans": "该性别和类别的表仅涵盖骨龄 {first} 至 {last}",
    },
    "adult_height_range": {
        "en": "Over the interval of the bone age",
        "zh-Hans": "按骨龄估计区间计算的范围",
    },
    "range_no_interval": {"en": "none: this bone age has no interval", "zh-Hans": "无：该骨龄没有估计区间"},
    "range_outside_table": {"en": "none: the interval leaves the table", "zh-Hans": "无：估计区间超出该表"},
    "percent": {"en": "Percent of mature height", "zh-Hans": "占成年身高百分比"},
    "category": {"en": "Category of the table", "zh-Hans": "表内类别"},
    "accelerated": {
        "en": "accelerated (bone age 12 months or more ahead of age)",
        "zh-Hans": "加速（骨龄超前 12 个月或以上）",
    },
    "average": {"en": "average (less than 12 months apart)", "zh-Hans": "平均（相差不足 12 个月）"},
    "retarded": {
        "en": "retarded (bone age 12 months or more behind age)",
        "zh-Hans": "迟缓（骨龄落后 12 个月或以上）",
    },
    "height_table": {"en": "Table", "zh-Hans": "所用表"},
    "height_from_model": {
        "en": "Rests on a model's bone age, not on a reading.",
        "zh-Hans": "依据模型骨龄，并非阅片结果。",
    },
    "height_age_may_be_higher": {
        "en": "The age comes from PatientAge, which counts completed units: the category may be another.",
        "zh-Hans": "年龄来自 PatientAge（按整岁或整月计），类别可能不同。",
    },
    "height_limits": {
        "en": "Experimental. The error of the method itself is not in the range, and its categories make a step at 12 "
        "months.",
        "zh-Hans": "试验性结果。该范围不含方法本身的误差，且类别在相差 12 个月处有跳变。",
    },
    "quality": {"en": "Quality of the film", "zh-Hans": "影像质量"},
    "quality_none": {"en": "nothing to object to", "zh-Hans": "未发现问题"},
    "regions": {"en": "Regions", "zh-Hans": "区域"},
    "regions_found": {"en": "{found} of 17 found", "zh-Hans": "找到 {found} / 17 个"},
    "regions_missing": {"en": "not found: {names}", "zh-Hans": "未找到：{names}"},
    "contributions": {
        "en": "What moved the model's age most, in months",
        "zh-Hans": "对模型骨龄影响最大的因素（月）",
    },
    "contributions_note": {
        "en": "What this model did with this film; no age or stage of a single bone.",
        "zh-Hans": "表示模型对此影像的计算过程，并非单块骨骼的骨龄或分期。",
    },
    "all_regions": {"en": "all regions together", "zh-Hans": "各区域综合"},
    "chronological_age_months": {"en": "chronological age", "zh-Hans": "实际年龄"},
    "carpals_age": {"en": "Carpals alone", "zh-Hans": "仅腕骨"},
    "no_carpals_age": {"en": "Without the carpals", "zh-Hans": "除腕骨外"},
    "earlier": {"en": "Other examinations", "zh-Hans": "其他检查"},
    "rate": {"en": "Bone age per year of age", "zh-Hans": "每年龄岁骨龄增长"},
    "rate_value": {"en": "{rate} y", "zh-Hans": "{rate} 岁"},
    "at_age": {"en": "at {age}", "zh-Hans": "{age}时"},
    "within_noise": {"en": "within the error of two values", "zh-Hans": "在测量误差之内"},
    "beyond_noise": {"en": "beyond the error of two values", "zh-Hans": "超出测量误差"},
    "model": {"en": "Model", "zh-Hans": "模型"},
    "model_hash": {"en": "Weights", "zh-Hans": "权重"},
    "trained_on": {"en": "Trained on", "zh-Hans": "训练数据"},
    "inputs": {"en": "Inputs", "zh-Hans": "输入"},
    "region_features": {"en": "film", "zh-Hans": "影像"},
    "signed_by": {"en": "Signed", "zh-Hans": "签发"},
    "version": {"en": "version {number}", "zh-Hans": "第 {number} 版"},
    "not_signed": {"en": "not signed by a person", "zh-Hans": "尚未由人员签发"},
    "reason": {"en": "Reason", "zh-Hans": "理由"},
    "findings": {"en": "Findings", "zh-Hans": "所见"},
    "impression": {"en": "Impression", "zh-Hans": "结论"},
    "limits": {"en": "Limits", "zh-Hans": "局限"},
    "limits_text": {
        "en": "Research use only. The interval is that of the estimate and no range of normal children. Standard "
        "deviations of 1959 describe white children of one region; children of today read some months older.",
        "zh-Hans": "仅供研究使用。估计区间不是正常儿童的范围。"
        "1959 年的标准差来自单一地区白人儿童，当代儿童骨龄通常偏大数月。",
    },
    "check_identity": {
        "en": "More than 3 SD apart: check identity, sex and dates.",
        "zh-Hans": "相差超过 3 个标准差：请核对身份、性别和日期。",
    },
    "unknown": {"en": "not known", "zh-Hans": "未知"},
    "months": {"en": "{number} months", "zh-Hans": "{number} 个月"},
}


def word(key: str, language: Language, **values: Any) -> str:
    """A word or sentence. Raises KeyError for one that there is not."""
    return WORDS[key][language].format(**values)


def years_and_months(months: float, language: Language) -> str:
    """`10 y 3 m`, `10岁3个月`: whole months, as on the pages."""
    whole = round(abs(months))
    sign = "−" if months < 0 and whole else ""
    years, rest = divmod(whole, 12)
    year, month = (" y", " m") if language == "en" else ("岁", "个月")
    parts = ([f"{years}{year}"] if years else []) + ([f"{rest}{month}"] if rest or not years else [])
    return sign + (" " if language == "en" else "").join(parts)


def signed_number(value: float, digits: int = 1) -> str:
    """With its sign, a true minus."""
    text = f"{value:+.{digits}f}".replace("-", "−")
    return text[1:] if float(f"{value:.{digits}f}") == 0 else text


def months_text(months: float, language: Language) -> str:
    return word("months", language, number=f"{months:.1f}")


def moment(iso: str, language: Language) -> str:
    """A time as people write it, in UTC."""
    at = datetime.fromisoformat(iso)
    return at.strftime("%d %b %Y, %H:%M UTC" if language == "en" else "%Y-%m-%d %H:%M UTC")


def badges(facts: Mapping[str, Any], language: Language) -> list[Badge]:
    """The words that must travel with the numbers."""
    shown: list[Badge] = []
    if facts["status"] == "preliminary":
        shown.append(Badge(word("preliminary", language), "warn"))
    else:
        shown.append(Badge(word(facts["status"], language), "good"))
    if facts["status"] == "preliminary" and facts["basis"] in ("model", "calibrated"):
        shown.append(Badge(word("model_only", language), "info"))
    model = facts["prediction"]["model"] if facts["prediction"] else None
    if facts["study"]["synthetic"] or (facts["basis"] in ("model", "calibrated") and model and model["synthetic"]):
        shown.append(Badge(word("synthetic", language), "warn"))
    shown.append(Badge(word("research", language), "bad"))
    return shown


def table_name(row: Mapping[str, Any], language: Language) -> str:
    return str(row["name_zh"] if language == "zh-Hans" else row["name_en"])


def quality_message(finding: Mapping[str, Any], language: Language) -> str:
    return str(finding["message_zh"] if language == "zh-Hans" else finding["message_en"])
