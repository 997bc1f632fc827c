"""Why a file is refused at the door, before anybody looks for a film in it: English and Chinese, each says what to do.

The form is that of :mod:`inference.imaging.errors`. Braces are filled with numbers, never with a name.
"""

from annotations.services.intake_outcome import Reason

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
}
"""Code -> (English, Chinese)."""


def door_reason(code: str, **words: int) -> Reason:
    """The reason of one of :data:`DOOR_REASONS`, its sentences filled."""
    english, chinese = DOOR_REASONS[code]
    return Reason(code, english.format(**words), chinese.format(**words))
