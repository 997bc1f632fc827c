"""What is wrong with a box file, one sentence a fault, in English and Chinese.

A fault of the whole file is raised as :class:`BoxFileError`; a fault of one box is a :class:`BoxFinding` beside the
boxes that were taken. Nothing that another library said of the file is passed on.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

FINDINGS: dict[str, tuple[str, str]] = {
    # of a whole file, or of all that it says of one picture
    "too_many_bytes": (
        "The file is larger than {limit} megabytes, which no file of this kind is. Send the box file itself.",
        "文件超过 {limit} MB，此类文件不会这么大。请提供标注文件本身。",
    ),
    "declares_entities": (
        "The file has a document type or declares entities. An annotation needs none: remove the declaration.",
        "文件含有文档类型或实体声明。标注文件不需要这些声明，请删除。",
    ),
    "not_xml": ("The file is no XML. Export it again.", "该文件不是 XML。请重新导出。"),
    "not_json": ("The file is no JSON of strict form. Export it again.", "该文件不是规范的 JSON。请重新导出。"),
    "not_text": ("The file is no text in UTF-8. Save it as UTF-8.", "该文件不是 UTF-8 文本。请另存为 UTF-8。"),
    "not_coco": (
        "The file lacks the list {name!r} of COCO. Export it again as COCO instances.",
        "文件缺少 COCO 的列表“{name}”。请以 COCO instances 格式重新导出。",
    ),
    "wrong_columns": (
        "The table's columns are not those of our CSV ({name} is missing or unknown). See docs/exchange.md.",
        "表格的列与本程序的 CSV 不符（{name} 缺失或未知）。见 docs/exchange.md。",
    ),
    "no_picture_size": (
        "The size of the picture is missing or impossible, so nobody knows in what the boxes are measured.",
        "缺少图像尺寸或尺寸无效，无法确定标注框的坐标单位。",
    ),
    "no_class_list": (
        "There is no list of classes (classes.txt or data.yaml) for the numbers in the file. Put it beside the file.",
        "找不到类别列表（classes.txt 或 data.yaml），无法解释文件中的编号。请将其放在文件旁边。",
    ),
    "empty_file": ("The file holds no box.", "文件中没有标注框。"),
    "unreadable_file": (
        "The file cannot be opened. Check its name and its permissions.",
        "无法打开该文件。请检查文件名和权限。",
    ),
    "no_source": (
        "This is neither a folder nor a zip file nor a box file. Check the path and the format.",
        "这既不是文件夹，也不是 zip 文件或标注文件。请检查路径和格式。",
    ),
    "unsupported_kind": (
        "Files of this kind are not read: pictures must be PNG or JPEG, boxes Pascal VOC, YOLO, COCO or our CSV.",
        "不支持此类文件：图像须为 PNG 或 JPEG，标注须为 Pascal VOC、YOLO、COCO 或本程序的 CSV。",
    ),
    # of one box
    "not_a_number": (
        "An edge of the box is missing or no finite number. The box was left out.",
        "标注框的某条边缺失或不是有限数值。该框未被采用。",
    ),
    "too_far": (
        "An edge of the box lies more than {limit} pixels away. The box was left out.",
        "标注框的某条边超出 {limit} 像素。该框未被采用。",
    ),
    "box_without_size": (
        "The box has no width or no height: a slip of the mouse. It was left out.",
        "标注框没有宽度或高度，应为误操作。该框未被采用。",
    ),
    "negative_size": (
        "The box's second corner lies left of or above its first. It was left out.",
        "标注框的第二个角点位于第一个角点的左侧或上方。该框未被采用。",
    ),
    "box_past_the_frame": (
        "The box runs {value:.1f} pixels past the frame. It was kept as drawn.",
        "标注框超出图像边界 {value:.1f} 像素。已按原样保留。",
    ),
    "wrong_fields": (
        "The line has not the five fields of a YOLO box (class x y width height). It was left out.",
        "该行不是 YOLO 标注框的五个字段（类别 x y 宽 高）。未被采用。",
    ),
    "unknown_class_number": (
        "The list of classes has no number {value}. The box was left out.",
        "类别列表中没有编号 {value}。该框未被采用。",
    ),
    "unknown_class": (
        "The class map knows no class {name!r}. The box was left out: add the class to a map of your own.",
        "类别映射中没有“{name}”。该框未被采用：请在自定义映射中添加该类别。",
    ),
    "unknown_picture": (
        "The box belongs to a picture that the file does not list. It was left out.",
        "该框所属的图像未列在文件中。该框未被采用。",
    ),
    "crowd": ("The box marks a crowd, not one thing. It was left out.", "该框标记的是群体而非单个目标。未被采用。"),
    "unknown_mark": (
        "The row says neither boxed nor absent with a reason that we know. It was left out.",
        "该行既未标为有框，也未标为带有已知原因的缺失。未被采用。",
    ),
    # of the boxes of one hand, taken together
    "wrong_count": (
        "A hand has {expected} of class {name}; the file has {value}. The class was left out for this hand.",
        "一只手应有 {expected} 个“{name}”，文件中有 {value} 个。该手的此类别未被采用。",
    ),
    "unusual_count": (
        "These annotators drew {expected} of class {name} in a hand; the file has {value}. Some may be forgotten.",
        "这些标注者每只手画 {expected} 个“{name}”，文件中有 {value} 个。可能有遗漏。",
    ),
    "names_swapped": (
        "By where the boxes lie, two names were swapped ({name}). They were put right: please look.",
        "根据位置判断，两个名称被互换（{name}）。已更正，请核对。",
    ),
    "names_contradict_each_other": (
        "The names do not fit a hand, and no single swap mends that. The finger and wrist boxes were left out.",
        "名称与手部结构不符，且无法通过一次互换更正。手指和腕部标注框未被采用。",
    ),
    "no_hand_axes": (
        "Without wrist, heads and the thumb's joint the fingers cannot be numbered. Their boxes were left out.",
        "缺少腕部、掌骨头或拇指关节，无法为手指编号。手指标注框未被采用。",
    ),
    "thumb_on_the_left": (
        "The thumb is on the left of the picture: a right hand, or a mirrored film. The fingers were numbered from it.",
        "拇指位于图像左侧：右手或镜像影像。已据此为手指编号。",
    ),
    "fingers_cannot_be_told_apart": (
        "Two neighbouring boxes of class {name} lie too close to be numbered. The class was left out for this hand.",
        "类别“{name}”中相邻的两个框过近，无法编号。该手的此类别未被采用。",
    ),
    # of the film that the boxes are of
    "no_film": (
        "No film here has this name. Name the file by the film's id, or give a table (columns file, radiograph).",
        "此处没有该名称的影像。请以影像编号命名文件，或提供含 file、radiograph 两列的表格。",
    ),
    "no_boxes": ("There is no box file for this picture.", "该图像没有标注文件。"),
    "film_refused": (
        "The film was not taken, so its boxes were not either. See the reason given for the film.",
        "影像未被接收，因此其标注也未被导入。请查看影像的拒收原因。",
    ),
    "film_blocked": (
        "The film waits for a person to look at writing in it. Import again once it is released.",
        "影像中可能有文字，正等待人工检查。放行后请再次导入。",
    ),
    "names_another_picture": (
        "The file names another picture than its own name does. It was taken by its own name: please look.",
        "文件内记录的图像名与文件名不一致。已按文件名导入，请核对。",
    ),
    "second_file_of_a_film": (
        "Another file of this import was for the same film. This one was left out.",
        "本次导入中已有另一个文件对应同一影像。该文件未被采用。",
    ),
    "other_picture_size": (
        "The boxes are of a picture of {value}, the film has {expected}. Correct them, or scale them (--scale).",
        "标注对应的图像为 {value}，而影像为 {expected}。如确需缩放，请使用 --scale。",
    ),
    "scaled": (
        "The boxes were scaled from {value} to {expected}, width and height apart.",
        "标注已从 {value} 缩放到 {expected}，宽和高分别缩放。",
    ),
    "nothing_usable": ("No region was left that could be taken.", "没有可采用的区域。"),
    "unknown_reason": (
        "The reason why {name} is absent is none that we know. It was left missing.",
        "{name} 缺失的原因未知。已按未标注处理。",
    ),
    "study_not_ready": (
        "The study is not ready for labelling (left out, or still on its way in). Restore it first.",
        "该检查不可标注（已排除或仍在接收）。请先恢复。",
    ),
    "draft_open": (
        "The author has a draft of this film that was drawn by hand. It was not touched: hand it in or clear it first.",
        "作者对该影像有手工绘制的草稿，未作改动。请先提交或清空。",
    ),
    "not_submitted": (
        "{value} regions are neither boxed nor absent, so the box set stays a draft.",
        "有 {value} 个区域既无标注框也未标为缺失，因此仍为草稿。",
    ),
    # of an export
    "region_without_class": (
        "The class map has no name for region {name}. It was not exported.",
        "类别映射中没有区域 {name} 的名称。该区域未被导出。",
    ),
}
"""Code -> (English, Chinese); braces hold numbers, and class names as the file gave them, shortened."""

_LONGEST_NAME = 40
_NAMED = frozenset({"wrong_count", "unusual_count", "names_swapped"})


def shown(name: str) -> str:
    """A name out of a file, fit for a line of a report: printable and short."""
    clean = "".join(letter if letter.isprintable() else "?" for letter in name)
    return clean if len(clean) <= _LONGEST_NAME else clean[:_LONGEST_NAME] + "..."


@dataclass(frozen=True, slots=True)
class BoxFinding:
    """Something about one box (``number``, from 1 in the order of the file), or about all of a picture's (None)."""

    code: str
    number: int | None = None
    words: Mapping[str, str | int | float] = field(default_factory=dict)

    @property
    def message(self) -> str:
        return FINDINGS[self.code][0].format(**self.words)

    @property
    def message_zh(self) -> str:
        return FINDINGS[self.code][1].format(**self.words)

    @property
    def label(self) -> str:
        """Name under which alike findings are counted: the code, with the class where that tells faults apart."""
        return f"{self.code}_{self.words['name']}" if self.code in _NAMED else self.code


class BoxFileError(Exception):
    """A file, or a picture's part of it, of which nothing can be used."""

    def __init__(self, code: str, **words: str | int | float) -> None:
        self.finding = BoxFinding(code, words=words)
        self.code, self.message, self.message_zh = code, self.finding.message, self.finding.message_zh
        super().__init__(self.message)
