"""Zips as they come: Chinese names, litter, damage, and those that are made to do harm."""

import io
import os
import random
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.gateway.archives import ArchiveError, ArchiveLimits, FoundFile, films_of_archive, is_archive
from annotations.gateway.file_names import LONGEST_SHOWN_CHARACTERS, is_litter, is_unfinished, shown

FILM = b"\0" * 128 + b"DICM" + os.urandom(5000)
SMALL = ArchiveLimits(members=20, member_bytes=1 << 20, total_bytes=8 << 20, ratio=50, ratio_from_bytes=1 << 16)


def packed(*members: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


def opened(data: bytes, limits: ArchiveLimits = SMALL) -> list[FoundFile]:
    return list(films_of_archive(io.BytesIO(data), limits=limits))


def ends(data: bytes, limits: ArchiveLimits = SMALL) -> list[str]:
    """How each member ended: ``ok`` or the code of its reason."""
    return [member.reason.code if member.reason else "ok" for member in opened(data, limits)]


def link(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def with_raw_name(name: bytes, *, flag: int = 0, extra: bytes = b"") -> bytes:
    """A zip with one film, its name these bytes: written by hand, since zipfile writes UTF-8."""
    body, checksum = zlib.compress(FILM, 6)[2:-4], zlib.crc32(FILM)
    sizes = struct.pack("<IIIHH", checksum, len(body), len(FILM), len(name), len(extra))
    local = b"PK\3\4" + struct.pack("<HHHHH", 20, flag, 8, 0, 0) + sizes + name + extra
    central = b"PK\1\2" + struct.pack("<HHHHHH", 20, 20, flag, 8, 0, 0) + sizes
    central += struct.pack("<HHHII", 0, 0, 0, 0, 0) + name + extra
    end = b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), len(local) + len(body), 0)
    return local + body + central + end


def unicode_path(raw: bytes, text: str) -> bytes:
    value = b"\1" + struct.pack("<I", zlib.crc32(raw)) + text.encode()
    return struct.pack("<HH", 0x7075, len(value)) + value


def encrypted(data: bytes) -> bytes:
    """The flag of encryption set in both headers of the only member."""
    raw = bytearray(data)
    raw[6] |= 1
    raw[raw.index(b"PK\1\2") + 8] |= 1
    return bytes(raw)


def overlapping() -> bytes:
    """Two members that are the same bytes: the second entry of the directory points at the first member."""
    first = packed(("a.dcm", FILM))
    start, end = first.index(b"PK\1\2"), first.index(b"PK\5\6")
    entry, tail = first[start:end], bytearray(first[end:])
    struct.pack_into("<HHI", tail, 8, 2, 2, 2 * len(entry))
    return first[:start] + entry * 2 + bytes(tail)


def damaged_in_the_middle() -> bytes:
    raw = bytearray(packed(("a.dcm", FILM), ("b.dcm", FILM), ("c.dcm", FILM), method=zipfile.ZIP_STORED))
    raw[raw.index(b"b.dcm") + 1000] ^= 0xFF
    return bytes(raw)


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (lambda: packed(("a.dcm", FILM), ("b/c", FILM)), ["ok", "ok"]),
        (lambda: packed(("a.dcm", FILM), method=zipfile.ZIP_STORED), ["ok"]),
        (lambda: packed(), []),
        (lambda: packed(("d/", b""), ("d/a", FILM)), ["ok"]),
        (lambda: packed(("__MACOSX/._a.dcm", b"x"), (".DS_Store", b"x"), ("x/Thumbs.db", b"x"), ("a", FILM)), ["ok"]),
        (lambda: packed(("DICOMDIR", b"x"), ("CD\\dicomdir", b"x"), ("IM1", FILM)), ["ok"]),
        (lambda: packed(("../../etc/a", FILM), ("/root/a", FILM), ("C:\\a", FILM), ("CON", FILM)), ["ok"] * 4),
        (lambda: packed((link("a"), b"/etc/passwd"), ("b", FILM)), ["archive_link", "ok"]),
        (lambda: encrypted(packed(("a.dcm", FILM))), ["archive_encrypted"]),
        (lambda: packed(("a", FILM), method=zipfile.ZIP_BZIP2), ["archive_method"]),
        (lambda: packed(("a", FILM), method=zipfile.ZIP_LZMA), ["archive_method"]),
        (damaged_in_the_middle, ["ok", "archive_member_damaged", "ok"]),
        (lambda: packed(("a", b"\0" * (1 << 20)), ("b", FILM)), ["archive_bomb", "ok"]),
        (lambda: packed(("a", os.urandom((1 << 20) + 1)), ("b", FILM)), ["archive_member_too_large", "ok"]),
        (lambda: packed(("in.zip", packed(("a", FILM), ("b", FILM))), ("c", FILM)), ["ok", "ok", "ok"]),
        (lambda: packed(("1", packed(("2", packed(("a", FILM))), ("b", FILM)))), ["archive_nested", "ok"]),
        (lambda: packed(("in.zip", packed(("a", FILM))[:-30]), ("c", FILM)), ["archive_damaged", "ok"]),
        (lambda: packed(("in.zip", packed(*[(str(k), b"") for k in range(19)])), ("c", FILM)),
         ["archive_too_many_members", "ok"]),
        (lambda: packed(("same", FILM), ("same", FILM)), ["ok", "ok"]),
    ],
)  # fmt: skip
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_each_member_has_its_own_end(made: Callable[[], bytes], expected: list[str]) -> None:
    assert ends(made()) == expected


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (lambda: packed(("a", FILM))[:-40], "archive_damaged"),
        (lambda: b"PK\3\4" + b"\0" * 5000, "archive_damaged"),
        (lambda: b"", "archive_damaged"),
        (overlapping, "archive_overlapping"),
        (lambda: packed(*[(str(k), b"") for k in range(21)]), "archive_too_many_members"),
        (lambda: packed(*[("n" * 2000 + str(k), b"") for k in range(15)]), "archive_too_many_members"),
        (lambda: packed(*[(str(k), os.urandom(1 << 20)) for k in range(9)], method=zipfile.ZIP_STORED),
         "archive_too_large"),
        (lambda: with_raw_name(b"\xff\xfe", flag=0x800), "archive_damaged"),
    ],
)  # fmt: skip
def test_the_whole_archive_is_refused_before_anything_is_given_out(made: Callable[[], bytes], code: str) -> None:
    given_out: list[FoundFile] = []
    with pytest.raises(ArchiveError) as refused:
        given_out.extend(films_of_archive(io.BytesIO(made()), limits=SMALL))
    assert (refused.value.reason.code, given_out) == (code, [])
    assert refused.value.reason.message
    assert refused.value.reason.message_zh


@pytest.mark.parametrize(
    ("raw", "flag", "extra", "name"),
    [
        ("张小明/左手.dcm".encode("gbk"), 0, b"", "张小明/左手.dcm"),
        ("𠮷氏.dcm".encode("gb18030"), 0, b"", "𠮷氏.dcm"),
        ("张小明.dcm".encode(), 0, b"", "张小明.dcm"),
        ("张小明.dcm".encode(), 0x800, b"", "张小明.dcm"),
        (b"plain.dcm", 0, b"", "plain.dcm"),
        (b"M\x81ller", 0, unicode_path(b"M\x81ller", "Müller"), "Müller"),
        (b"M\xff", 0, unicode_path(b"another", "Müller"), "M\u00a0"),
        (b"a\x1b[31mb\n", 0, b"", "a\ufffd[31mb\ufffd"),
        ("a\u202egpj.dcm".encode(), 0x800, b"", "a\ufffdgpj.dcm"),
    ],
)
def test_names_are_shown_as_their_author_saw_them(raw: bytes, flag: int, extra: bytes, name: str) -> None:
    (member,) = opened(with_raw_name(raw, flag=flag, extra=extra))
    assert (member.name, member.data) == (name, FILM)


def test_a_nested_member_is_named_by_its_way(tmp_path: Path) -> None:
    path = tmp_path / "out.zip"
    path.write_bytes(packed(("in.zip", packed(("x/a.dcm", FILM)))))
    assert [member.name for member in films_of_archive(path)] == ["in.zip/x/a.dcm"]
    assert sorted(tmp_path.iterdir()) == [path], "nothing is unpacked to the disk"
    with pytest.raises(ArchiveError) as refused:
        list(films_of_archive(tmp_path / "nowhere.zip"))
    assert refused.value.reason.code == "unreadable_file"


def test_a_film_whose_preamble_looks_like_a_zip_is_a_film() -> None:
    assert is_archive(packed(("a", FILM)))
    assert not is_archive(b"PK\3\4" + FILM[4:])
    assert not is_archive(FILM)


@given(st.integers(0, 2**32), st.integers(1, 40))
def test_damage_anywhere_ends_in_members_or_a_refusal(seed: int, flips: int) -> None:
    raw = bytearray(packed(("a.dcm", FILM), ("张.dcm", FILM), ("in.zip", packed(("b", FILM)))))
    rng = random.Random(seed)
    for _ in range(flips):
        raw[rng.choice((rng.randrange(len(raw)), len(raw) - 1 - rng.randrange(250)))] = rng.randrange(256)
    try:
        members = opened(bytes(raw))
    except ArchiveError:
        return
    assert all((member.data is None) != (member.reason is None) for member in members)


def test_names_that_say_a_file_is_no_film_or_not_whole() -> None:
    assert is_litter(".hidden")
    assert is_litter("a/__MACOSX/b")
    assert not is_litter("a.b/IM000001")
    assert is_unfinished("film.dcm.PART")
    assert not is_unfinished("partial.dcm")
    assert len(shown("x" * 5000)) == LONGEST_SHOWN_CHARACTERS + 1
