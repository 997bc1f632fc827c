"""A last look at the bytes about to be kept: is anything left of what identified the patient?

It knows nothing of how the file was cleaned. It takes what identified the original (:mod:`identity_needles`) and
searches the finished file for it, in every encoding a name could be written in. The pixel values are left out: they are
the picture, and any three bytes occur in three million.

So that nothing is found by chance, what is short is looked for in texts only, where nothing stands but words of a
vocabulary; what is long is looked for in every byte, between elements and in tables too. Our own stand-ins are left
out: a shifted date may be anybody's birthday.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from inference.imaging.errors import FilmError

LONG_BYTES = 8
"""From this length on a needle cannot occur by chance in the bytes of a table or a number."""

ENCODINGS = (
    "utf-8", "gb18030", "big5", "big5hkscs", "shift_jis", "euc_jp", "iso2022_jp", "iso2022_jp_2", "euc_kr",
    "iso2022_kr", "utf-16-le", "utf-16-be", "latin-1", "iso8859_2", "iso8859_3", "iso8859_4",
    "iso8859_5", "iso8859_6", "iso8859_7", "iso8859_8", "iso8859_9", "iso8859_15",
    "tis_620", "koi8_r", "cp1251", "cp1252",
)  # fmt: skip
"""Of DICOM's character sets (PS3.3 C.12.1.1.2), and those that files hold against the standard. ISO 2022 IR 58 is
GB2312 with escapes before it: the same bytes as GB18030 has."""

_ESCAPE = re.compile(rb"\x1b[$()][@-Z]?[@-Z]?|[\x0e\x0f]")
_PREFIX = b"\0" * 128 + b"DICM"
_LONG_LENGTH_VRS = frozenset({b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"UC", b"UN", b"UR", b"UT"})
_TEXT_VRS = frozenset(
    {b"AE", b"CS", b"DA", b"DT", b"LO", b"LT", b"PN", b"SH", b"ST", b"TM", b"UC", b"UI", b"UR", b"UT"}
)
_ITEM_GROUP = b"\xfe\xff"
_PIXEL_DATA = b"\xe0\x7f\x10\x00"


@dataclass(frozen=True, slots=True)
class _Element:
    """Where one element's value lies."""

    tag: bytes
    vr: bytes
    start: int
    end: int


def assert_no_identity(file: bytes, *, needles: frozenset[str], stand_ins: frozenset[str] = frozenset()) -> None:
    """Searches a finished file.

    Args:
        file: explicit VR little endian, sequences and items with their lengths, pixel data last.
        needles: see :func:`inference.imaging.identity_needles.identity_needles`.
        stand_ins: values of ours, left out where one is an element's whole value.

    Raises:
        FilmError: ``identity_remains``, without saying what was found: also for a preamble that is not empty, a text
            that is not plain ASCII, or bytes behind the pixel data.
    """
    if not file.startswith(_PREFIX):
        raise FilmError("identity_remains")
    texts, stand_in_places = bytearray(), []
    ours = {text.encode() for text in stand_ins}
    pixels = end = len(_PREFIX)
    for element in _elements(file, len(_PREFIX)):
        end = element.end
        pixels = element.start if element.tag == _PIXEL_DATA else element.end
        if element.vr not in _TEXT_VRS:
            continue
        bare = file[element.start : element.end].rstrip(b" \0")
        if not all(0x20 <= byte < 0x7F for byte in bare):
            raise FilmError("identity_remains")
        if bare in ours:
            stand_in_places.append((element.start, element.end))
        else:
            texts += bare + b"\0"
    header = bytearray(file[:pixels])
    for start, stop in stand_in_places:
        header[start:stop] = bytes(stop - start)
    if end != len(file) or _occurs(needles, texts=bytes(texts).upper(), header=bytes(header).upper()):
        raise FilmError("identity_remains")


def _elements(file: bytes, start: int) -> Iterator[_Element]:
    """All elements with a value of their own, at any depth; headers of sequences and items are stepped over."""
    at = start
    while at < len(file):
        if file[at : at + 2] == _ITEM_GROUP:
            at += 8
            continue
        vr = file[at + 4 : at + 6]
        if vr in _LONG_LENGTH_VRS:
            length, value = int.from_bytes(file[at + 8 : at + 12], "little"), at + 12
        else:
            length, value = int.from_bytes(file[at + 6 : at + 8], "little"), at + 8
        if vr == b"SQ":
            at = value
            continue
        yield _Element(file[at : at + 4], vr, value, value + length)
        at = value + length


def _occurs(needles: frozenset[str], *, texts: bytes, header: bytes) -> bool:
    for needle in needles:
        if needle.isascii():  # texts are ASCII, so that nothing else can stand in them
            form = needle.encode()
            if _stands_in(texts, form, number=needle.isdigit()):
                return True
        if any(len(form) >= LONG_BYTES and form in header for form in _forms(needle)):
            return True
    return False


def _forms(needle: str) -> set[bytes]:
    """The needle's bytes in each encoding that has it, in upper case as the header they are looked for in."""
    forms: set[bytes] = set()
    for encoding in ("utf-8", "utf-16-le", "utf-16-be") if needle.isascii() else ENCODINGS:
        try:
            form = needle.encode(encoding)
            forms.add((_ESCAPE.sub(b"", form) if "2022" in encoding else form).upper())
        except UnicodeEncodeError:
            continue
    return forms


def _stands_in(texts: bytes, form: bytes, *, number: bool) -> bool:
    """A number counts only by itself: among the digits of a longer one a short one occurs by chance."""
    if form not in texts:
        return False
    return not number or re.search(rb"(?<![0-9.])0*" + re.escape(form) + rb"(?![0-9])", texts) is not None
