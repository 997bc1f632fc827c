"""Films out of a zip, one by one, each with its own end; an archive that is made to do harm does none.

Nothing is unpacked to the disk and no name of a member is used as a path, so absolute paths, ``..``, drive letters and
device names are only text. One archive within the archive is opened; what lies deeper is refused. At any moment one
member is in memory (with the archive around it, where it is nested), and never more of it than the limit allows.
"""

import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO

from annotations.gateway.file_names import is_litter, member_name, shown
from annotations.services.intake_outcome import Reason

MEBIBYTE, GIBIBYTE = 1 << 20, 1 << 30
_ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1
_LOCAL_HEADER_BYTES = 30
_CHUNK_BYTES = 256 * 1024
_DIRECTORY_BYTES_PER_MEMBER = 1024
_BY_UNIX = 3


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """How much an archive may hold.

    Attributes:
        members: files, those of a nested archive included.
        member_bytes: of one file, unpacked.
        total_bytes: of all files, unpacked.
        ratio: unpacked to packed size of a file above ``ratio_from_bytes``. Deflate ends at 1032; a film with nine
            tenths of its pixels plain black stays below 30.
    """

    members: int = 20_000
    member_bytes: int = 150 * MEBIBYTE
    total_bytes: int = 64 * GIBIBYTE
    ratio: int = 200
    ratio_from_bytes: int = MEBIBYTE


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file, in a folder or an archive: its bytes, or why there are none. ``name`` is for the sender's eyes alone."""

    name: str
    data: bytes | None = None
    reason: Reason | None = None


class ArchiveError(Exception):
    """Nothing of the archive is taken. ``reason`` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.code)
        self.reason = reason


@dataclass(slots=True)
class _Budget:
    limits: ArchiveLimits
    members: int = 0
    unpacked_bytes: int = 0

    def add(self, infos: list[zipfile.ZipInfo]) -> None:
        """Counts what the directory declares, before a byte is unpacked."""
        self.members += len(infos)
        self.unpacked_bytes += sum(info.file_size for info in infos)
        if self.members > self.limits.members:
            raise ArchiveError(Reason.at_door("archive_too_many_members", limit=self.limits.members))
        if self.unpacked_bytes > self.limits.total_bytes:
            raise ArchiveError(Reason.at_door("archive_too_large", limit=self.limits.total_bytes // GIBIBYTE))


def is_archive(head: bytes) -> bool:
    """Whether a file that begins like this is a zip. Needs 132 bytes: a DICOM preamble may be anything."""
    return head.startswith(_ZIP_MAGIC) and head[128:132] != b"DICM"


def films_of_archive(source: Path | IO[bytes], *, limits: ArchiveLimits | None = None) -> Iterator[FoundFile]:
    """Every file of a zip, in its order. Directories, hidden files, Finder's files and DICOMDIR are passed over.

    Raises:
        ArchiveError: the whole archive is refused; before any member is given out, unless a nested one exceeds it.
    """
    budget = _Budget(limits or ArchiveLimits())
    with ExitStack() as stack:
        if isinstance(source, Path):
            try:
                source = stack.enter_context(source.open("rb"))
            except OSError:
                raise ArchiveError(Reason.at_door("unreadable_file")) from None
        yield from _members(source, budget, within="")


def _members(file: IO[bytes], budget: _Budget, *, within: str) -> Iterator[FoundFile]:
    with _opened(file, budget.limits) as archive:
        infos = [info for info in archive.infolist() if not info.filename.endswith("/")]
        _check_overlap(archive)
        budget.add(infos)
        for info in infos:
            if not is_litter(member_name(info)):
                yield from _member(archive, info, budget, within=within)


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: _Budget, *, within: str) -> Iterator[FoundFile]:
    name = within + shown(member_name(info))
    reason = _refusal(info, budget.limits)
    data = None if reason else _unpacked(archive, info)
    if data is None:
        yield FoundFile(name, reason=reason or Reason.at_door("archive_member_damaged"))
    elif not is_archive(data[:132]):
        yield FoundFile(name, data=data)
    elif within:
        yield FoundFile(name, reason=Reason.at_door("archive_nested"))
    else:
        try:
            yield from _members(BytesIO(data), budget, within=f"{name}/")
        except ArchiveError as error:
            yield FoundFile(name, reason=error.reason)


def _opened(file: IO[bytes], limits: ArchiveLimits) -> zipfile.ZipFile:
    try:
        # zipfile reads the whole directory into memory: its size is looked at first, with zipfile's own eyes
        end = zipfile._EndRecData(file)  # type: ignore[attr-defined]
        if not end or end[5] <= limits.members * _DIRECTORY_BYTES_PER_MEMBER:
            return zipfile.ZipFile(file)
    except Exception:  # zipfile raises what it likes, with names in the text: none of it is passed on
        raise ArchiveError(Reason.at_door("archive_damaged")) from None
    raise ArchiveError(Reason.at_door("archive_too_many_members", limit=limits.members))


def _check_overlap(archive: zipfile.ZipFile) -> None:
    """No two members may lie on the same bytes: that is how ten megabytes unpack to hundreds of terabytes."""
    end = archive.start_dir
    for info in sorted(archive.infolist(), key=lambda info: info.header_offset, reverse=True):
        if info.header_offset + _LOCAL_HEADER_BYTES + info.compress_size > end:
            raise ArchiveError(Reason.at_door("archive_overlapping"))
        end = info.header_offset


def _refusal(info: zipfile.ZipInfo, limits: ArchiveLimits) -> Reason | None:
    """Why a member is not even unpacked, by what the directory says of it."""
    kind = stat.S_IFMT(info.external_attr >> 16) if info.create_system == _BY_UNIX else 0
    if kind not in (0, stat.S_IFREG):
        return Reason.at_door("archive_link")
    if info.flag_bits & _ENCRYPTED:
        return Reason.at_door("archive_encrypted")
    if info.compress_type not in _METHODS:
        return Reason.at_door("archive_method")
    if info.file_size > limits.member_bytes:
        return Reason.at_door("archive_member_too_large", limit=limits.member_bytes // MEBIBYTE)
    if info.file_size > limits.ratio_from_bytes and info.file_size > limits.ratio * info.compress_size:
        return Reason.at_door("archive_bomb", limit=limits.ratio)
    return None


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes | None:
    """The bytes of a member; None when it is damaged. Never more than the directory declares, which was checked."""
    out = BytesIO()
    try:
        with archive.open(info) as member:
            while chunk := member.read(_CHUNK_BYTES):
                out.write(chunk)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError):
        return None
    return out.getvalue() if out.tell() == info.file_size else None
