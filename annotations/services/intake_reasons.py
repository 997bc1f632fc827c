"""Why a file is refused or blocked, besides what lies in the film itself: English and Chinese, each says what to do.

The form is that of :mod:`inference.imaging.errors`. Braces are filled with numbers, never with a name.
"""

INTAKE_REASONS: dict[str, tuple[str, str]] = {
    "internal_error": (
        "The film could not be taken because of an error in this program. Report it; the film was not kept.",
        "由于程序错误，无法接收该影像。请报告此问题；影像未被保留。",
    ),
    "reader_crashed": (
        "Reading this file made the program break off every time. The file is damaged, or meant to do harm: export the "
        "film again at its source.",
        "读取该文件时程序每次都中断。文件已损坏或为恶意文件，请从来源重新导出影像。",
    ),
    "other_patient": (
        "Another film of this examination belongs to a different patient. Find out which is right at the source.",
        "同一检查的另一张影像属于不同的患者。请在来源系统中核实。",
    ),
    "text_found": (
        "There may be writing left in the picture. A reviewer has to look at it before it is used.",
        "图像中可能仍有文字。使用前须由审核者查看。",
    ),
    "refused_by_person": (
        "A reviewer looked at this film and refused it.",
        "审核者已查看该影像并予以拒绝。",
    ),
    "identity_incomplete": (
        "The header names no patient or no examination, so in clinical mode no result could go back. Correct it at the "
        "source and send the film again.",
        "文件头未注明患者或检查，临床模式下无法返回结果。请在来源系统中更正后重新上传。",
    ),
}
"""Code -> (English, Chinese): reasons that lie neither in the file nor in its quality."""


DOOR_REASONS: dict[str, tuple[str, str]] = {
    "unreadable_file": (
        "The file cannot be opened. Check that it exists and may be read, and send it again.",
        "无法打开该文件。请检查文件是否存在以及是否有读取权限，然后重试。",
    ),
    "file_too_large": (
        "The file is larger than {limit} megabytes, which no film of a hand is. Send the single film.",
        "文件超过 {limit} MB，手部影像不会这么大。请上传单张影像。",
    ),
    "folder_unusable": (
        "The folder is not there, or films in it may not be read and deleted. Check the path and its permissions.",
        "文件夹不存在，或无权读取和删除其中的影像。请检查路径和权限。",
    ),
    "archive_damaged": (
        "The archive cannot be read: its end is missing or damaged. Make or copy it again.",
        "无法读取压缩包：其结尾缺失或损坏。请重新压缩或复制。",
    ),
    "archive_empty": (
        "The archive holds no film: nothing at all, or only hidden files. Send the radiographs.",
        "压缩包内没有影像：为空或仅含隐藏文件。请上传 X 线片。",
    ),
    "archive_too_many_members": (
        "The archive holds more than {limit} files. Split it.",
        "压缩包内的文件超过 {limit} 个。请拆分后再上传。",
    ),
    "archive_too_large": (
        "Unpacked, the archive has more than {limit} gigabytes. Split it.",
        "压缩包解压后超过 {limit} GB。请拆分后再上传。",
    ),
    "archive_overlapping": (
        "Files of the archive share the same bytes, as only an archive made to do harm does. Nothing of it was taken.",
        "压缩包内的文件共用同一段数据，只有恶意压缩包才会如此。其中内容均未接收。",
    ),
    "archive_member_too_large": (
        "The file in the archive is larger than {limit} megabytes unpacked, which no film of a hand is.",
        "压缩包内的文件解压后超过 {limit} MB，手部影像不会这么大。",
    ),
    "archive_bomb": (
        "The file in the archive unpacks to more than {limit} times its size, as no film does. Send the film itself.",
        "压缩包内的文件解压后超过其大小的 {limit} 倍，影像不会如此。请直接上传影像。",
    ),
    "archive_encrypted": (
        "The file in the archive is locked with a password. Make the archive again without one.",
        "压缩包内的文件设有密码。请不设密码重新压缩。",
    ),
    "archive_member_damaged": (
        "The file in the archive is damaged. Make or copy the archive again.",
        "压缩包内的文件已损坏。请重新压缩或复制。",
    ),
    "archive_method": (
        "The file in the archive is packed by a method that is not read here. Make an ordinary zip (deflate).",
        "压缩包内的文件采用了此处不支持的压缩方式。请使用普通 zip（deflate）格式。",
    ),
    "archive_link": (
        "The archive holds a link or device in place of a file. Pack the file itself.",
        "压缩包内是链接或设备而非文件。请打包文件本身。",
    ),
    "archive_nested": (
        "The archive lies in an archive within an archive. Unpack it and send what is inside.",
        "压缩包嵌套过深。请解压后上传其中的文件。",
    ),
    "no_instance_uid": (
        "The header names no valid SOP Class UID or SOP Instance UID, so DICOMweb cannot say what became of the film. "
        "Correct it at the source and send the film again.",
        "文件头中没有有效的 SOP 类 UID 或 SOP 实例 UID，DICOMweb 无法告知处理结果。请在来源系统中更正后重新发送。",
    ),
    "other_study": (
        "The film belongs to another examination than the one in the address that it was sent to. Send it to its own.",
        "影像不属于发送地址所指的检查。请发送到其所属检查的地址。",
    ),
}
"""Code -> (English, Chinese): reasons at the door, before anybody looks for a film in the file."""
