"""What a report of a model should say, after CLAIM (2020, 42 items) and TRIPOD+AI (2024, 27 items), and who knows it.

The manifest and an evaluation answer some of it; the rest only people can state. Whatever nobody has said stands on the
card as missing: silence is no answer. Numbers are those of the two checklists; "" where one of them does not ask.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReportingItem:
    """One item that people state for a model.

    Attributes:
        claim, tripod: its numbers in the checklists.
    """

    key: str
    english: str
    chinese: str
    claim: str
    tripod: str


STATED_BY_PEOPLE: tuple[ReportingItem, ...] = (
    ReportingItem("study_design", "Prospective or retrospective; aim", "前瞻性或回顾性；研究目的", "5, 6", "4"),
    ReportingItem("setting", "Sites, and dates of the films", "研究中心与影像时间范围", "7", "5b, 6a"),
    ReportingItem("eligibility", "Eligibility of the children", "患儿纳入与排除标准", "8", "6b"),
    ReportingItem(
        "not_for", "For whom it is not: ages, disorders, populations", "不适用对象：年龄、疾病、人群", "3, 38", "3b"
    ),
    ReportingItem("deidentification", "De-identification", "去标识化方法", "12", ""),
    ReportingItem("missing_data", "How missing data were handled", "缺失数据的处理", "13", "11"),
    ReportingItem("reference_rationale", "Why this reference standard", "参考标准的选择理由", "15", "8a"),
    ReportingItem("annotators", "Qualification of annotators, and their tool", "标注者资质与标注工具", "16, 17", "8b"),
    ReportingItem("rater_agreement", "Agreement between and within annotators", "标注者间与标注者内一致性", "18", "8c"),
    ReportingItem("sample_size", "Why this sample size", "样本量依据", "19", "10"),
    ReportingItem(
        "robustness", "Robustness: rotation, contrast, marker, device", "稳健性：旋转、对比度、标记、设备", "30", ""
    ),
    ReportingItem("external_validation", "External validation on another site", "外部中心验证", "32", "16"),
    ReportingItem("failure_analysis", "Failures, looked at by a radiologist", "放射科医师的失败案例分析", "37", ""),
    ReportingItem("limitations", "Limitations", "局限性", "38", "26"),
    ReportingItem("health_inequality", "Health inequality, fairness", "健康公平性", "", "3c, 14"),
    ReportingItem("ethics", "Ethical approval", "伦理审批", "", "17"),
    ReportingItem("protocol", "Protocol and registration", "研究方案与注册", "40, 41", "18c, 18d"),
    ReportingItem("availability", "Availability of data and code", "数据与代码可及性", "41", "18e, 18f"),
    ReportingItem("funding", "Funding, conflicts of interest", "资助与利益冲突", "42", "18a, 18b"),
    ReportingItem("involvement", "Involvement of patients and public", "患者与公众参与", "", "19"),
    ReportingItem("updates", "Policy of updates and local recalibration", "更新与本地再校准政策", "", "12f, 24"),
    ReportingItem("contact", "Contact", "联系方式", "", ""),
)
ITEM_KEYS = tuple(item.key for item in STATED_BY_PEOPLE)
