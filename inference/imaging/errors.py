"""Why a film is refused, written once, in English and Chinese.

Each sentence says what to do. No sentence, and no exception raised from this package, carries a value out of the file
other than the fixed words of a vocabulary: a name could stand anywhere in a header.
"""

FILM_ERRORS: dict[str, tuple[str, str]] = {
    "empty_file": (
        "The file is empty. Export it again and send it once more.",
        "文件是空的。请重新导出后再上传。",
    ),
    "unknown_format": (
        "The file is neither DICOM nor PNG nor JPEG. Send the radiograph itself.",
        "该文件既不是 DICOM，也不是 PNG 或 JPEG。请上传 X 线片本身。",
    ),
    "not_dicom": (
        "The file is not a DICOM file. Export the radiograph as DICOM and send that.",
        "该文件不是 DICOM 文件。请将 X 线片导出为 DICOM 后再上传。",
    ),
    "unreadable_header": (
        "The DICOM header cannot be read. The file is damaged: export it again.",
        "无法读取 DICOM 文件头。文件已损坏，请重新导出。",
    ),
    "truncated": (
        "The file ends before its pixel data does. Export or copy it again.",
        "文件在像素数据结束之前中断。请重新导出或复制。",
    ),
    "dicomdir": (
        "This is the directory of a medium (DICOMDIR), not a film. Send the image files beside it.",
        "这是介质目录文件（DICOMDIR），不是影像。请上传同目录下的影像文件。",
    ),
    "not_an_image": (
        "The DICOM file holds no picture (for example a report). Send the radiograph.",
        "该 DICOM 文件不含图像（例如是报告）。请上传 X 线片。",
    ),
    "colour": (
        "The picture is in colour. Send the radiograph in grey values, not a photograph or a screen shot.",
        "图像是彩色的。请上传灰度 X 线片，而不是照片或截图。",
    ),
    "palette_colour": (
        "The picture uses a colour palette. Send the radiograph in grey values.",
        "图像使用了调色板。请上传灰度 X 线片。",
    ),
    "multi_frame": (
        "The file holds several frames. Send one radiograph per file.",
        "文件包含多帧图像。请每个文件只上传一张 X 线片。",
    ),
    "float_pixels": (
        "The pixels are stored as floating-point numbers, which no radiograph is. Send the original radiograph.",
        "像素以浮点数存储，不是 X 线片的格式。请上传原始 X 线片。",
    ),
    "unsupported_pixel_type": (
        "The pixels are stored in a form that radiographs do not use. Send the original CR or DX radiograph.",
        "像素的存储形式不是 X 线片所用的。请上传原始 CR 或 DX 影像。",
    ),
    "unsupported_modality": (
        "The modality is {modality}. Send a CR, DX or RG radiograph.",
        "检查类型为 {modality}。请上传 CR、DX 或 RG 类型的 X 线片。",
    ),
    "for_processing": (
        "The film is raw detector data (FOR PROCESSING). Send the version made for presentation.",
        "该影像是探测器原始数据（FOR PROCESSING）。请上传用于显示的版本。",
    ),
    "undecodable": (
        "The pixel data cannot be decoded ({syntax}). Send the film uncompressed or as JPEG lossless.",
        "无法解码像素数据（{syntax}）。请以未压缩或 JPEG 无损格式上传。",
    ),
    "bad_lookup_table": (
        "A grey-value table of the file is damaged or impossible ({tag}). Export the film again.",
        "文件中的灰度表损坏或无效（{tag}）。请重新导出。",
    ),
    "too_small": (
        "The picture is smaller than {limit} pixels on a side. Send the film at its own resolution.",
        "图像的边长小于 {limit} 像素。请以原始分辨率上传。",
    ),
    "too_large": (
        "The picture has more than {limit} million pixels, which no film of a hand has. Send the film itself.",
        "图像超过 {limit} 百万像素，手部影像不会这么大。请上传影像本身。",
    ),
    "no_contrast": (
        "All pixels have the same value. Export the film again.",
        "所有像素的值都相同。请重新导出影像。",
    ),
    "bad_date": (
        "{tag} does not hold a date that exists. Correct it at the source and send the film again.",
        "{tag} 中的日期不存在。请在来源系统中更正后重新上传。",
    ),
    "bad_age": (
        "{tag} does not hold an age in days, weeks, months or years. Correct it at the source and send the film again.",
        "{tag} 中的年龄不是以日、周、月或年表示的。请在来源系统中更正后重新上传。",
    ),
    "birth_after_study": (
        "PatientBirthDate (0010,0030) lies after the date of the study. Correct the dates and send the film again.",
        "出生日期（0010,0030）晚于检查日期。请更正日期后重新上传。",
    ),
    "contradictory_sex": (
        "The sex stated contradicts the sex in the file. Find out which is right and correct the other.",
        "所填性别与文件中的性别矛盾。请核实后更正其中一个。",
    ),
    "hand_not_found": (
        "No hand was found, so writing in the pixels cannot be removed. Send a radiograph of a hand.",
        "未找到手部，因此无法清除像素中的文字。请上传手部 X 线片。",
    ),
    "identity_remains": (
        "Something identifying was still in the cleaned file, so it was thrown away. Report this film's source.",
        "清理后的文件中仍有可识别身份的信息，因此已丢弃。请报告该影像的来源。",
    ),
}
"""Code -> (English, Chinese). Braces are filled with words of a vocabulary or with numbers, never with free text."""

FILM_WARNINGS: dict[str, tuple[str, str]] = {
    "age_in_completed_years": (
        "The age is given in completed years: the true age is 0 to 12 months higher.",
        "年龄以整岁给出：实际年龄可能大 0 至 12 个月。",
    ),
    "birth_date_placeholder": (
        "The date of birth is a placeholder, so no age was worked out from it.",
        "出生日期是占位值，因此未据此计算年龄。",
    ),
    "study_date_placeholder": (
        "The date of the study is a placeholder, so no age was worked out from it.",
        "检查日期是占位值，因此未据此计算年龄。",
    ),
    "ages_disagree": (
        "The age in the file and the age by its dates differ by more than a year. The dates were used: check them.",
        "文件中的年龄与按日期计算的年龄相差超过一岁。已采用日期，请核对。",
    ),
    "sex_not_usable": (
        "The sex in the file is neither M nor F, so none is used. State it before an age is estimated.",
        "文件中的性别既不是 M 也不是 F，因此未采用。估计骨龄前请先填写性别。",
    ),
    "lossy_compression": (
        "The film was compressed with loss. Fine bone edges may have suffered.",
        "影像经过有损压缩，骨骼细微边缘可能受损。",
    ),
    "lateralities_disagree": (
        "The file calls the film left in one place and right in another, so no side is used.",
        "文件中左右侧标记互相矛盾，因此未采用侧别。",
    ),
}
"""Code -> (English, Chinese) of what was noticed while reading and did not stop it."""


class FilmError(Exception):
    """A film that is refused.

    Attributes:
        code: key of :data:`FILM_ERRORS`.
        words: what its sentence was filled with.
        message: English sentence that says what to do.
        message_zh: the same in Chinese.
    """

    def __init__(self, code: str, **words: str | int) -> None:
        english, chinese = FILM_ERRORS[code]
        self.code = code
        self.words = words
        self.message = english.format(**words)
        self.message_zh = chinese.format(**words)
        super().__init__(f"{code}: {self.message}")
