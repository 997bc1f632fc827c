"""What compressed pixel data says of itself, read before a decoder sees it.

Decoders are written in C and believe the codestream. One that claims a picture of another size than the header's, or
a million tiles, is refused here instead of being tried.

Standard: ITU-T T.81 B.2.2 (JPEG frame header), T.87 C.2.2 (JPEG-LS), T.800 A.5.1 and A.6.1 (JPEG 2000 SIZ and COD).
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

MOST_TILES = 4096
"""Of a JPEG 2000 picture: 20 million pixels in tiles of 128 x 128 are 1 300."""

MOST_PRECINCTS = 1 << 20
MOST_LAYERS = 1024
MOST_DECOMPOSITIONS = 32
"""What the standard allows; real films have 5 or 6."""

_JPEG_START = b"\xff\xd8"
_JPEG_FRAMES = frozenset({*range(0xC0, 0xD0), 0xF7}) - {0xC4, 0xC8, 0xCC}
_JPEG_SCAN = 0xDA
_JPEG_APPLICATIONS = frozenset({*range(0xE0, 0xF0), 0xFE})
_JPEG_SEGMENTS = _JPEG_FRAMES | _JPEG_APPLICATIONS | {0xC4, 0xDB, 0xDD, 0xF8, _JPEG_SCAN}
"""Frame, application, comment; Huffman and quantisation tables, restart interval, JPEG-LS parameters; scan."""

_J2K_START = b"\xff\x4f\xff\x51"
_JP2_START = b"\0\0\0\x0cjP  \r\n\x87\n"
_COD = b"\xff\x52"


class CodestreamError(ValueError):
    """The codestream is damaged or asks for more than a film needs."""


@dataclass(frozen=True, slots=True)
class StatedFrame:
    """Size of the picture in pixels, number of its components, bits of a value; JPEG's frame marker, else 0."""

    rows: int
    columns: int
    components: int
    bits: int
    process: int = 0


def stated_frame(codestream: bytes) -> StatedFrame:
    """What a JPEG, JPEG-LS or JPEG 2000 codestream says that it holds.

    Raises:
        CodestreamError: it says nothing, or asks for more than a film needs.
    """
    try:
        if codestream.startswith(_JPEG_START):
            return _jpeg_frame(codestream)
        if codestream.startswith(_JP2_START):
            codestream = codestream[max(0, codestream.find(_J2K_START)) :]
        if codestream.startswith(_J2K_START):
            return _jpeg2000_frame(codestream)
    except (struct.error, IndexError):
        raise CodestreamError("the codestream breaks off") from None
    raise CodestreamError("no codestream of a known kind")


def _jpeg_frame(codestream: bytes) -> StatedFrame:
    frame: StatedFrame | None = None
    for marker, start, _ in _segments(codestream):
        if marker in _JPEG_FRAMES:
            if frame is not None:
                raise CodestreamError("two pictures in one codestream")
            bits, rows, columns, components = struct.unpack_from(">BHHB", codestream, start + 4)
            frame = StatedFrame(rows, columns, components, bits, process=marker)
    if frame is None:
        raise CodestreamError("no picture before its data")
    return frame


def without_applications(codestream: bytes) -> bytes:
    """A JPEG without application segments and comments before its data: no grey picture needs them.

    GDCM ends its process when one of them is odd, and they are a place for text.
    """
    kept = bytearray(_JPEG_START)
    end = len(_JPEG_START)
    for marker, start, end in _segments(codestream):
        if marker not in _JPEG_APPLICATIONS:
            kept += codestream[start:end]
    return bytes(kept) + codestream[end:]


def _segments(codestream: bytes) -> Iterator[tuple[int, int, int]]:
    """Marker, start and end of each segment up to the start of the scan, with nothing between them."""
    at = len(_JPEG_START)
    while True:
        if codestream[at] != 0xFF:
            raise CodestreamError("bytes where a marker should stand")
        marker = codestream[at + 1]
        if marker not in _JPEG_SEGMENTS:
            raise CodestreamError("a marker that no such header has")
        end = at + 2 + int(struct.unpack_from(">H", codestream, at + 2)[0])
        if end < at + 4 or end > len(codestream):
            raise CodestreamError("a segment of an impossible length")
        yield marker, at, end
        if marker == _JPEG_SCAN:
            return
        at = end


def _jpeg2000_frame(codestream: bytes) -> StatedFrame:
    size = struct.unpack_from(">HH8IH", codestream, 4)
    length, _, right, bottom, left, top, tile_columns, tile_rows, tile_left, tile_top, components = size
    columns, rows = right - left, bottom - top
    if components < 1 or min(rows, columns, tile_columns, tile_rows) < 1 or tile_left > left or tile_top > top:
        raise CodestreamError("an impossible picture")
    depth, step_across, step_down = struct.unpack_from(">BBB", codestream, 4 + 36 + 2)[:3]
    if (step_across, step_down) != (1, 1):
        raise CodestreamError("a subsampled component")
    tiles = -(-(right - tile_left) // tile_columns) * -(-(bottom - tile_top) // tile_rows)
    if tiles > MOST_TILES:
        raise CodestreamError("too many tiles")
    _check_coding(codestream, 4 + length, min(rows, tile_rows), min(columns, tile_columns), tiles)
    return StatedFrame(rows, columns, components, (depth & 0x7F) + 1)


def _check_coding(codestream: bytes, at: int, tile_rows: int, tile_columns: int, tiles: int) -> None:
    """Looks up the COD segment of the main header: how many layers, resolutions and precincts a tile has."""
    while codestream[at : at + 2] != _COD:
        if codestream[at] != 0xFF or codestream[at + 1] in (0x90, 0x93, 0xD9):  # the first tile: there was none
            raise CodestreamError("no coding style")
        at += 2 + struct.unpack_from(">H", codestream, at + 2)[0]
    style, _, layers, _, decompositions = struct.unpack_from(">BBHBB", codestream, at + 4)
    if not 1 <= layers <= MOST_LAYERS or decompositions > MOST_DECOMPOSITIONS:
        raise CodestreamError("too many layers or resolutions")
    precincts = 0
    for level in range(decompositions + 1):
        sizes = codestream[at + 14 + level] if style & 1 else 0xFF
        shrink = decompositions - level
        rows, columns = -(-tile_rows >> shrink), -(-tile_columns >> shrink)
        precincts += -(-rows >> (sizes >> 4)) * -(-columns >> (sizes & 0x0F))
    if precincts * tiles > MOST_PRECINCTS:
        raise CodestreamError("too many precincts")
