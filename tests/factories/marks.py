"""Marks planted in a file, looked for in whatever was made of it. Needs nothing but Python."""

from collections.abc import Iterator

ENCODINGS = ("utf-8", "gb18030", "big5", "utf-16-le", "utf-16-be")


def remaining(data: bytes, marks: tuple[str, ...]) -> list[str]:
    """The marks that stand in these bytes, in any case and any of :data:`ENCODINGS`."""
    upper = data.upper()
    return [mark for mark in marks if any(form in upper for form in _forms(mark))]


def _forms(mark: str) -> Iterator[bytes]:
    for encoding in ENCODINGS:
        try:
            yield mark.encode(encoding).upper()
        except UnicodeEncodeError:
            continue
