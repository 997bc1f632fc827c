"""A folder as a hospital might export it: small drawn films, the same film twice, and files that are no film."""

import random
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pydicom.uid

from tests.factories.films import changed, film

DRAWN = 12
"""Different pictures; films beyond that share a picture and differ in patient and UIDs."""

Kind = Literal["film", "same bytes", "same instance", "truncated", "text", "picture", "empty", "other modality"]
KINDS: tuple[tuple[Kind, int], ...] = (
    ("film", 70), ("same bytes", 6), ("same instance", 4), ("truncated", 6), ("text", 5), ("picture", 3), ("empty", 2),
    ("other modality", 4),
)  # fmt: skip
"""Kind of file and its share, in hundredths."""


@dataclass(frozen=True, slots=True)
class Planted:
    """A file of the folder.

    Attributes:
        instance: films of one number are one DICOM instance, of which exactly one may be imported; None: not a film.
    """

    path: Path
    data: bytes
    kind: Kind
    instance: int | None


def plant(folder: Path, *, count: int, seed: int) -> list[Planted]:
    """Write the files, in the order in which an import meets them; the same arguments give the same folder."""
    chance = random.Random(seed)
    kinds, shares = zip(*KINDS, strict=True)
    planted: list[Planted] = []
    for number in range(count):
        kind = chance.choices(kinds, shares)[0] if planted and planted[0].kind == "film" else "film"
        earlier = chance.choice([each for each in planted if each.kind == "film"] or [None])  # type: ignore[list-item]
        data, instance = _content(kind, number, seed, earlier)
        path = folder / f"{number // 100:02d}" / f"{number:05d}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        planted.append(Planted(path, data, kind, instance))
    return planted


def summary(planted: list[Planted]) -> str:
    """How many of each kind."""
    return ", ".join(f"{number} {kind}" for kind, number in Counter(each.kind for each in planted).most_common())


def _content(kind: Kind, number: int, seed: int, earlier: Planted | None) -> tuple[bytes, int | None]:
    match kind:
        case "film":
            return _film(number, seed), number
        case "same bytes":
            assert earlier is not None
            return earlier.data, earlier.instance
        case "same instance":
            assert earlier is not None
            return changed(earlier.data, StationName=f"S{number}"), earlier.instance
        case "truncated":
            whole = _film(number, seed)
            return whole[: len(whole) // 2], None
        case "text":
            return f"file {number} of the export\n".encode() * 40, None
        case "picture":
            return b"\x89PNG\r\n\x1a\n" + number.to_bytes(4, "big") * 50, None
        case "other modality":
            return changed(_film(number, seed), Modality="CT"), None
        case "empty":
            return b"", None


def _film(number: int, seed: int) -> bytes:
    def uid(level: str) -> str:
        return str(pydicom.uid.generate_uid(prefix="2.25.", entropy_srcs=[f"{level} {seed} {number}"]))

    return changed(
        film(number % DRAWN),
        PatientID=f"MRN{seed % 1000:03d}{number:06d}",
        AccessionNumber=f"ACC{number:08d}",
        StudyInstanceUID=uid("study"),
        SeriesInstanceUID=uid("series"),
        SOPInstanceUID=uid("instance"),
    )
