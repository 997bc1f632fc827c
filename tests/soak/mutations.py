"""Ways to spoil a file: bits, bytes, lengths, pieces cut out, doubled, moved, or taken from another file."""

import random
from collections.abc import Callable, Sequence

HEADER_BYTES = 3000
"""Most changes go here: the pixels of a small film are most of its bytes and the least of its risks."""

_NUMBERS = (0, 1, 2, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0xFFFFFFFE, 0x10000)
_VRS = (
    b"OB",
    b"OW",
    b"SQ",
    b"UN",
    b"UT",
    b"PN",
    b"DS",
    b"IS",
    b"US",
    b"UL",
    b"AT",
    b"LO",
    b"DA",
    b"FD",
    b"UI",
    b"\0\0",
)
_PIECES = (
    b"\xfe\xff\x00\xe0\xff\xff\xff\xff", b"\xfe\xff\x0d\xe0\0\0\0\0", b"\xfe\xff\xdd\xe0\0\0\0\0",
    b"\x28\0\x10\0US\x02\0", b"\x28\0\x11\0US\x02\0\xff\xff", b"\x28\0\0\x01US\x02\0",
    b"\x28\0\x01\x01US\x02\0\x01\0", b"\xff\x4f\xff\x51", b"\xff\xd8\xff", b"\xff\xc3", b"\xff\xc4", b"\xff\x52",
    b"\\\\\\\\", b"\x1b$)A", b"\xe0\x7f\x10\0OW\0\0", b"1e999", b"NaN",
)  # fmt: skip


def mutated(data: bytes, rng: random.Random, *, others: Sequence[bytes]) -> bytes:
    """A copy with one to eight changes."""
    spoiled = bytearray(data)
    for _ in range(min(8, 1 + int(rng.expovariate(0.6)))):
        rng.choice(_CHANGES)(spoiled, rng, others)
        if not spoiled:
            break
    return bytes(spoiled)


def _place(data: bytearray, rng: random.Random) -> int:
    """Mostly in the header, sometimes where the pixel data begins, else anywhere."""
    draw = rng.random()
    if draw < 0.15:
        start = data.find(b"\xe0\x7f\x10\x00")
        if start >= 0:
            return min(len(data) - 1, start + rng.randrange(200))
    return rng.randrange(min(len(data), HEADER_BYTES) if draw < 0.8 else len(data))


def _bit(data: bytearray, rng: random.Random, others: Sequence[bytes]) -> None:
    data[_place(data, rng)] ^= 1 << rng.randrange(8)


def _byte(data: bytearray, rng: random.Random, others: Sequence[bytes]) -> None:
    data[_place(data, rng)] = rng.randrange(256)


def _number(data: bytearray, rng: random.Random, others: Sequence[bytes]) -> None:
    at, size = _place(data, rng), rng.choice((1, 2, 4))
    data[at : at + size] = (rng.choice(_NUMBERS) & ((1 << 8 * size) - 1)).to_bytes(size, rng.choice(("little", "big")))


def _vr(data: bytearray, rng: random.Random, others: Sequence[bytes]) -> None:
    """Another representation for an element: the place of an old one is found by its two capitals."""
    for _ in range(20):
        at = _place(data, rng)
        if data[at : at + 2].isalpha() and data[at : at + 2].isupper():
            data[at : at + 2] = rng.choice(_VRS)
            return


def _cut(data: bytearray, rng: random.Random, others: Sequence[bytes]) -> None:
    at = _place(data, rng)
    del data[at : at + rng.choice((1, 2, 4, 8, 16, 64, 512))]


def _end(data: bytearray, rng: random.Random, others: Sequence[bytes]) -> None:
    del data[_place(data, rng) :]


def _double(data: bytearray, rng: random.Random, others: Sequence[bytes]) -> None:
    at, size = _place(data, rng), rng.choice((2, 8, 16, 64, 256))
    data[at:at] = data[at : at + size] * rng.choice((1, 1, 2, 50))


def _move(data: bytearray, rng: random.Random, others: Sequence[bytes]) -> None:
    at, size, to = _place(data, rng), rng.choice((8, 16, 64, 256)), _place(data, rng)
    piece = data[at : at + size]
    data[to : to + size] = piece


def _piece(data: bytearray, rng: random.Random, others: Sequence[bytes]) -> None:
    at, piece = _place(data, rng), rng.choice(_PIECES)
    data[at : at + (len(piece) if rng.random() < 0.5 else 0)] = piece


def _other(data: bytearray, rng: random.Random, others: Sequence[bytes]) -> None:
    other = rng.choice(others)
    at, size = rng.randrange(len(other)), rng.choice((8, 32, 128, 1024))
    to = _place(data, rng)
    data[to : to + rng.choice((0, size))] = other[at : at + size]


_CHANGES: tuple[Callable[[bytearray, random.Random, Sequence[bytes]], None], ...] = (
    _bit, _bit, _byte, _byte, _number, _number, _number, _vr, _vr, _cut, _end, _double, _move, _piece, _other,
)  # fmt: skip
