"""The columns of a cohort table, written once: type, meaning, and whether a blind reader may not see it.

The data dictionary beside an export, the header of the CSV and the schema of the Parquet file come from this list.
"""

from dataclasses import dataclass
from typing import Any, Literal

ColumnType = Literal["text", "number", "count", "yes_no", "list"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        type: text, number (float64), count (int64), yes_no (boolean), list (of text; joined by ``;`` in CSV).
        about_en, about_zh: meaning, with unit and the values that occur.
        hidden_when_blinded: empty where the person may still read the study blind.
    """

    name: str
    type: ColumnType
    about_en: str
    about_zh: str
    hidden_when_blinded: bool = False


def _column(name: str, kind: ColumnType, english: str, chinese: str, *, hidden: bool = False) -> Column:
    return Column(name, kind, english, chinese, hidden)


COLUMNS: tuple[Column, ...] = (
    _column("study", "text", "Id of the study in this application.", "检查在本程序中的编号。"),
    _column("radiograph", "text", "Id of the film; exported boxes are named by it.", "影像编号；导出的标注以此命名。"),
    _column("pseudonym", "text", "Pseudonym of the child, the same for each film.", "儿童假名，其每张影像相同。"),
    _column("cohort", "text", "Name of the cohort.", "队列名称。"),
    _column("synthetic", "yes_no", "Drawn by this program, not a film of a child.", "由程序绘制，并非真实影像。"),
    _column("for_reading", "yes_no", "The one film of its study that is read.", "是否为该检查中用于阅片的影像。"),
    _column("sex", "text", "M or F.", "M（男）或 F（女）。"),
    _column("sex_source", "text", "header, or stated by a person.", "header（文件头）或 stated（人工填写）。"),
    _column(
        "chronological_age_months",
        "number",
        "Age at the examination in decimal months.",
        "检查时的实际年龄，以月计。",
        hidden=True,
    ),
    _column(
        "age_source",
        "text",
        "dates, patient_age (whole units of the header) or stated.",
        "dates（日期）、patient_age（文件头整数年龄）或 stated（填写）。",
        hidden=True,
    ),
    _column("side", "text", "Side of the hand as the header has it: L or R.", "文件头标明的左右：L 或 R。"),
    _column("view_position", "text", "Such as PA or AP; empty if unknown.", "投照体位，如 PA、AP；未知则为空。"),
    _column("modality", "text", "CR, DX or RG.", "CR、DX 或 RG。"),
    _column("columns_px", "count", "Width of the film.", "影像宽度（像素）。"),
    _column("rows_px", "count", "Height of the film.", "影像高度（像素）。"),
    _column("row_spacing_mm", "number", "Distance between rows.", "行间距（毫米）。"),
    _column("column_spacing_mm", "number", "Distance between columns.", "列间距（毫米）。"),
    _column(
        "spacing_kind",
        "text",
        "pixel (in the hand) or imager (at the detector, larger).",
        "pixel（手部平面）或 imager（探测器平面，偏大）。",
    ),
    _column(
        "view_quarter_turns",
        "count",
        "Clockwise quarter turns, after mirroring, that show the film upright.",
        "镜像后顺时针旋转的次数（每次 90 度），使影像正立。",
    ),
    _column("view_mirrored", "yes_no", "Mirrored left to right to show it as a left hand.", "显示时左右镜像为左手。"),
    _column("quality", "list", "Codes of the quality findings.", "质量检查结果代码。"),
    _column("state", "text", "State of the study, such as ready or excluded.", "检查状态，如 ready、excluded。"),
    _column("state_reason", "text", "Code of why it was left out.", "被排除的原因代码。"),
    _column(
        "labelling",
        "text",
        "none, draft, submitted, returned or accepted.",
        "标注状态：none、draft、submitted、returned 或 accepted。",
    ),
    _column("regions_boxed", "count", "Regions with a box in the accepted set.", "已接受标注中有框的区域数。"),
    _column("regions_absent", "count", "Regions marked absent in it.", "已接受标注中标为缺失的区域数。"),
    _column(
        "consensus",
        "text",
        "none, open, agreed, adjudicating, settled, approved, unreadable (so readers say) or no_bone_age (confirmed); "
        "only approved is truth.",
        "共识状态；仅 approved 为真值；no_bone_age 为已确认无法阅片。",
        hidden=True,
    ),
    _column("consensus_bone_age_months", "number", "Bone age it came to.", "共识骨龄（月）。", hidden=True),
    _column(
        "consensus_origin",
        "text",
        "single_read, mean_of_reads, adjudicated or reread.",
        "共识来源：单次阅片、阅片均值、仲裁或复阅。",
        hidden=True,
    ),
    _column("predicted_bone_age_months", "number", "Of the active model.", "当前模型的预测骨龄（月）。", hidden=True),
    _column("prediction_model", "text", "Label of that model.", "该模型的标签。", hidden=True),
    _column(
        "blinded",
        "yes_no",
        "Ages, reads and predictions were left empty, since the person may still read this study blind.",
        "因该用户可能仍需盲法阅片，年龄、阅片结果和预测已留空。",
    ),
)


def data_dictionary() -> dict[str, Any]:
    """The columns as JSON."""
    return {
        "rows": "one film each",
        "columns": [
            {"name": column.name, "type": column.type, "about": column.about_en, "about_zh": column.about_zh}
            for column in COLUMNS
        ],
    }
