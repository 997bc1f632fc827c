"""Names of files that somebody else chose: shown to whoever sent them, and used for nothing else.

A name is never a path here, never logged and never stored: it may hold a child's name, and it may be made to do harm.
"""

import os
import unicodedata
import zlib
from pathlib import PurePath, PurePosixPath
from zipfile import ZipInfo

LONGEST_SHOWN_CHARACTERS = 200
_LITTER = frozenset({"thumbs.db", "desktop.ini", "dicomdir"})
_UNFINISHED_ENDINGS = (".part", ".partial", ".tmp", ".temp", ".crdownload", ".filepart", ".swp", "~")
_UTF8_FLAG = 0x800
_UNICODE_PATH_FIELD = 0x7075


def is_litter(name: str) -> bool:
    """Whether systems leave such files beside films: hidden files, Finder's and Explorer's own, a medium's DICOMDIR."""
    parts = PurePosixPath(name.replace("\\", "/")).parts
    last = parts[-1] if parts else ""
    return "__MACOSX" in parts or last.startswith(".") or last.lower() in _LITTER


def is_unfinished(name: str) -> bool:
    """Whether copying programs call a file so until it is whole."""
    return name.lower().endswith(_UNFINISHED_ENDINGS)


def shown(name: str) -> str:
    """A name without control and direction characters, and cut in front where it is very long."""
    plain = "".join("\N{REPLACEMENT CHARACTER}" if unicodedata.category(one)[0] == "C" else one for one in name)
    too_long = len(plain) > LONGEST_SHOWN_CHARACTERS
    return "…" + plain[-LONGEST_SHOWN_CHARACTERS:] if too_long else plain


def path_as_text(path: PurePath) -> str:
    """A path of this machine that can be printed, also where its bytes are GB18030 from another."""
    return _decoded(os.fsencode(path))


def member_name(member: ZipInfo) -> str:
    """The name of an archive's member as its author saw it.

    Without the flag for UTF-8 the standard means code page 437 (APPNOTE appendix D), but Chinese Windows writes its own
    code page: the raw bytes are read as UTF-8 or GB18030 where they can be. An extra field 7075 with UTF-8 wins.
    """
    if member.flag_bits & _UTF8_FLAG or member.orig_filename.isascii():
        return member.orig_filename
    try:
        raw = member.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return member.orig_filename
    return _unicode_path(member.extra, raw) or _decoded(raw)


def _decoded(raw: bytes) -> str:
    for codec in ("utf-8", "gb18030"):
        try:
            return raw.decode(codec)
        except UnicodeDecodeError:
            continue
    return raw.decode("cp437")


def _unicode_path(extra: bytes, raw: bytes) -> str | None:
    """Info-ZIP's Unicode path: version 1, checksum of the raw name that it stands for, UTF-8 (APPNOTE 4.6.9)."""
    while len(extra) >= 4:
        field, size = int.from_bytes(extra[:2], "little"), int.from_bytes(extra[2:4], "little")
        value, extra = extra[4 : 4 + size], extra[4 + size :]
        if field == _UNICODE_PATH_FIELD and len(value) > 5 and value[0] == 1:
            if int.from_bytes(value[1:5], "little") != zlib.crc32(raw):
                return None
            try:
                return value[5:].decode("utf-8")
            except UnicodeDecodeError:
                return None
    return None
