"""The README that goes out with every export of boxes: what the numbers mean, in English and Chinese."""

from annotations.exchange.box_sources import BoxFormat

CONVENTIONS: dict[BoxFormat, tuple[str, str]] = {
    "voc": (
        "Pascal VOC as labelImg writes it: whole pixels, origin at the outer corner of the top-left pixel, no 1 added; "
        "edges were rounded to the nearest whole pixel (at most half a pixel). Corners below 1 were kept. Flags other "
        "than 'difficult', and regions marked absent, cannot be held by VOC and are not in these files. Open the "
        "folder 'films' with labelImg.",
        "与 labelImg 相同的 Pascal VOC：整数像素，原点为左上角像素的外角，不加 1；边缘取最近的整数"
        "（最多移动半个像素）。小于 1 的坐标予以保留。VOC 无法保存“difficult”以外的标记和标为缺失的区域。"
        "请用 labelImg 打开 films 文件夹。",
    ),
    "yolo": (
        "YOLO: class number, then centre and size as shares of the picture's width and height, 8 decimals; 0 and 1 are "
        "the picture's outer edges. Boxes past the frame were kept (shares below 0 or above 1). Flags and regions "
        "marked absent cannot be held by YOLO. The classes stand in labels/classes.txt (labelImg) and data.yaml.",
        "YOLO：类别编号，随后为中心点和大小占图像宽、高的比例，8 位小数；0 和 1 为图像外缘。超出边界的框予以保留"
        "（比例小于 0 或大于 1）。YOLO 无法保存标记和缺失区域。类别见 labels/classes.txt 和 data.yaml。",
    ),
    "coco": (
        "COCO instances: bbox is [x, y, width, height], float pixels, origin at the outer corner of the top-left "
        "pixel. Our own keys: 'attributes' of an annotation (flags), 'absent' of an image (region: reason).",
        "COCO instances：bbox 为 [x, y, 宽, 高]，浮点像素，原点为左上角像素的外角。"
        "本程序的扩展键：annotation 的 attributes（标记），image 的 absent（区域：原因）。",
    ),
    "csv": (
        "CSV, one row a region: edges x0, y0, x1, y1 in float pixels, origin at the outer corner of the top-left "
        "pixel, y down, half open. 'mark' is boxed or absent (with a reason).",
        "CSV，每行一个区域：边缘 x0、y0、x1、y1 为浮点像素，原点为左上角像素的外角，y 向下，右下边不含。"
        "mark 为 boxed 或 absent（附原因）。",
    ),
}
_PICTURES = (
    "Pictures: 16-bit grey PNG, the film's values as stored, neither turned nor mirrored; boxes are in their pixels.",
    "图像：16 位灰度 PNG，为影像的存储值，未旋转、未镜像；标注框以其像素为单位。",
)
_NAMES = (
    "Each film is named by its id in the application that exported it. Nothing here names a patient.",
    "影像以导出程序中的编号命名。此处不含任何患者信息。",
)


def readme(format: BoxFormat, class_map: str, films: int, boxes: int, *, pictures: bool) -> str:
    """The text of README.txt."""
    english, chinese = CONVENTIONS[format]
    counts = f"{films} films, {boxes} boxes, class map '{class_map}'."
    counts_zh = f"{films} 张影像，{boxes} 个标注框，类别映射“{class_map}”。"
    lines = [counts, english, *([_PICTURES[0]] if pictures else []), _NAMES[0], ""]
    lines += [counts_zh, chinese, *([_PICTURES[1]] if pictures else []), _NAMES[1], ""]
    return "\n".join(lines)
