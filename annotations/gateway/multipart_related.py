"""multipart/related, read as it comes in (RFC 2046 section 5.1, RFC 2387): one part in memory at a time, and bounded.

Django's own parser knows only forms. Here a part's name means nothing and its bytes are all that counts.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from email.message import Message

CHUNK_BYTES = 64 * 1024
LONGEST_HEADERS_BYTES = 8 * 1024
LONGEST_BOUNDARY_CHARACTERS = 70
_LINE = b"\r\n"


class MultipartError(Exception):
    """The body is not what its Content-Type says. The message says how, and quotes nothing of it."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part: its media type in lower case without parameters, and its bytes; None when they are more than allowed."""

    media_type: str
    data: bytes | None


@dataclass(frozen=True, slots=True)
class ContentType:
    """A media type in lower case, with its parameters (names in lower case)."""

    media_type: str
    parameters: Mapping[str, str]

    @classmethod
    def parse(cls, value: str) -> "ContentType":
        """Of a Content-Type header; quoted parameters are unquoted."""
        message = Message()
        message["Content-Type"] = value.replace("\r", " ").replace("\n", " ")
        pairs = message.get_params(failobj=[])
        parameters = {name.lower(): text for name, text in pairs[1:]}
        return cls(pairs[0][0].lower() if pairs else "", parameters)


def parts(read: Callable[[int], bytes], boundary: str, *, part_limit_bytes: int) -> Iterator[Part]:
    """Every part of a body, in order.

    Args:
        read: gives at most so many bytes, and none at the end of the body.
        boundary: parameter of the Content-Type.
        part_limit_bytes: what is more is read on and thrown away; the part comes without bytes.

    Raises:
        MultipartError: no boundary, headers without an end, or a body that ends before its closing delimiter.
    """
    if not 1 <= len(boundary) <= LONGEST_BOUNDARY_CHARACTERS or not boundary.isascii():
        raise MultipartError("The boundary has 1 to 70 ASCII characters.")
    body = _Body(read)
    delimiter = _LINE + b"--" + boundary.encode()
    body.unread(_LINE)  # the first delimiter need not follow a line
    body.until(delimiter, limit_bytes=0)
    while not _is_last(body):
        headers = body.until(_LINE + _LINE, limit_bytes=LONGEST_HEADERS_BYTES)
        if headers is None:
            raise MultipartError("The headers of a part are too long.")
        yield Part(_media_type(headers), body.until(delimiter, limit_bytes=part_limit_bytes))


def _is_last(body: "_Body") -> bool:
    """After a delimiter: ``--`` closes the body; else the line ends, and headers follow (perhaps none)."""
    if body.peek(2) == b"--":
        return True
    if body.until(_LINE, limit_bytes=LONGEST_HEADERS_BYTES) is None:
        raise MultipartError("The line of a delimiter is too long.")
    body.unread(_LINE)  # so that no headers at all end like some headers: in an empty line
    return False


def _media_type(headers: bytes) -> str:
    for line in headers.replace(b"\r\n ", b" ").replace(b"\r\n\t", b" ").split(_LINE):
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-type":
            return ContentType.parse(value.decode("latin-1").strip()).media_type
    return ""


class _Body:
    """Bytes that come in pieces, searched for what ends something."""

    def __init__(self, read: Callable[[int], bytes]) -> None:
        self._read = read
        self._buffer = bytearray()

    def unread(self, data: bytes) -> None:
        self._buffer[:0] = data

    def peek(self, count: int) -> bytes:
        while len(self._buffer) < count:
            self._more()
        return bytes(self._buffer[:count])

    def until(self, ending: bytes, *, limit_bytes: int) -> bytes | None:
        """What stands before ``ending``, which is consumed; None, and nothing kept, when it is more than the limit."""
        kept: bytearray | None = bytearray()
        while True:
            at = self._buffer.find(ending)
            # the last bytes may be the beginning of the ending
            sure = at if at >= 0 else max(0, len(self._buffer) - len(ending) + 1)
            if kept is not None and len(kept) + sure <= limit_bytes:
                kept += self._buffer[:sure]
            elif sure:
                kept = None
            del self._buffer[: sure + len(ending) if at >= 0 else sure]
            if at >= 0:
                return bytes(kept) if kept is not None else None
            self._more()

    def _more(self) -> None:
        chunk = self._read(CHUNK_BYTES)
        if not chunk:
            raise MultipartError("The body ends before its closing delimiter.")
        self._buffer += chunk
