"""Real hands with made faults, for measuring the quality gate: pictures, their parts, and one function a fault.

The pictures stay where they are (BONEAGE_REAL_DATA); the faults are those of :mod:`training.film_faults`.
"""

import csv
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.anatomy.boxes import Box
from inference.imaging.hand_mask import find_hand
from training.film_check_samples import NEEDED_REGIONS
from training.film_faults import (
    Hand,
    Picture,
    blurred,
    double_exposure,
    fingers_cut,
    forearm_cut,
    inverted,
    overexposed,
    spread,
    turned,
    two_hands,
    underexposed,
    with_cast,
    with_metal,
)
from training.not_hands import read_pictures, shuffled, texture
from training.split import HashSplit

SMALL = "100 px"
ARCHIVES = {"300 x 390": "medium_300x390.zip", "500 x 625": "medium_500x625.zip"}
GROUPS = (SMALL, *ARCHIVES, "full", "atlas")
PICTURES = (".png", ".jpg", ".jpeg")

UNSEEN_STRANGERS = (
    "J2KI__RG1_J2KI", "REF__RG3_UNC", "OutOfBoundsOverlay.dcm", "OBXXXX1A_2frame.dcm",
    "OT__1.2.276.0.7230010.3.200.1.19.1", "bad_sequence.dcm", "explicit_VR-UN.dcm", "parametric_map_float.dcm",
)  # fmt: skip
"""Pictures of ``dicom/`` that are no hand and that the shipped network never saw: a chest, a leg, a breast, ultrasound,
a test pattern, two CTs and an MR."""


@dataclass(frozen=True)
class RealHand:
    """One picture as it lies in the collection.

    Attributes:
        id: as in the labels table, or of the atlas.
        group: one of :data:`GROUPS`.
        part: ``train``, ``validation`` or ``test`` of the project's split; everything larger than 100 px is test.
        grey: uint8 [rows, columns].
    """

    id: str
    group: str
    part: str
    grey: NDArray[np.uint8]

    @cached_property
    def pixels(self) -> NDArray[np.float32]:
        return self.grey.astype(np.float32)

    def as_hand(self, boxes: Mapping[str, Box]) -> Hand:
        return Hand(spread(self.grey), boxes, find_hand(self.pixels).mask)


def real_hands(real_data: Path) -> Iterator[RealHand]:
    """All of them: 100 px, then the larger ones."""
    rsna = real_data / "rsna"
    larger: list[tuple[str, str, NDArray[np.uint8]]] = []
    for group, archive in ARCHIVES.items():
        larger += [(_id_of(name), group, grey) for name, grey in _of_zip(rsna / archive)]
    for path in sorted((rsna / "full").iterdir()):
        larger.append((_id_of(path.name), "full", _grey(path.read_bytes())))
    with (rsna / "labels.csv").open(encoding="utf-8", newline="") as file:
        ids = {row["id"] for row in csv.DictReader(file)}
    split = HashSplit(2017, 0.1875, 0.1, frozenset(id_ for id_, _, _ in larger) & ids)
    for name, grey in _of_zip(rsna / "images_100px.zip"):
        if _id_of(name) in ids:
            yield RealHand(_id_of(name), SMALL, split.part_of(_id_of(name)), grey)
    for id_, group, grey in larger:
        yield RealHand(id_, group, "test", grey)
    for path in sorted((real_data / "dha").iterdir()):
        if path.suffix in PICTURES:
            yield RealHand(path.stem, "atlas", "test", _grey(path.read_bytes()))


def strangers(real_data: Path) -> dict[str, Picture]:
    """Pictures of :data:`UNSEEN_STRANGERS`, 256 x 256."""
    return read_pictures([real_data / "dicom" / name for name in UNSEEN_STRANGERS])


def _of_zip(path: Path) -> Iterator[tuple[str, NDArray[np.uint8]]]:
    with zipfile.ZipFile(path) as archive:
        for name in sorted(archive.namelist()):
            if name.lower().endswith(PICTURES):
                yield name, _grey(archive.read(name))


def _grey(data: bytes) -> NDArray[np.uint8]:
    grey = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert grey is not None
    return np.asarray(grey, dtype=np.uint8)


def _id_of(name: str) -> str:
    return Path(name).stem.split("_")[0]


@dataclass(frozen=True)
class Faulty:
    """A film with a fault: ``lies`` is how it lies (None where that has no answer)."""

    fault: str
    picture: Picture
    lies: int | None


Maker = Callable[[Hand, Hand, np.random.Generator], Picture]

GREY_AND_CONTENT: dict[str, Maker] = {
    "inverted": lambda hand, _, __: inverted(hand.pixels),
    "fingers cut": lambda hand, _, rng: fingers_cut(hand, rng),
    "forearm cut": lambda hand, _, rng: forearm_cut(hand, rng),
    "two hands": two_hands,
    "blurred": lambda hand, _, rng: blurred(hand.pixels, rng),
    "overexposed": lambda hand, _, rng: overexposed(hand, rng),
    "underexposed": lambda hand, _, rng: underexposed(hand.pixels, rng),
    "metal": lambda hand, _, rng: with_metal(hand, rng),
    "cast": lambda hand, _, rng: with_cast(hand, rng),
    "double exposure": double_exposure,
}
LIES = {"turned 90": 1, "turned 180": 2, "turned 270": 3, "mirrored": 4}
NEEDED = {
    "fingers cut": NEEDED_REGIONS["fingers_cut"],
    "forearm cut": NEEDED_REGIONS["forearm_cut"],
    "cast": NEEDED_REGIONS["metal_or_cast"],
}
NOT_A_HAND = ("not a hand: film", "not a hand: tiles", "not a hand: drawn")
FAULTS = ("none", *LIES, *GREY_AND_CONTENT, *NOT_A_HAND)


def make_fault(
    fault: str, hand: Hand, other: Hand, rng: np.random.Generator, unknown: Mapping[str, Picture]
) -> Faulty | None:
    """The fault on this hand (which lies upright), or None where its place on the hand is not known."""
    if fault == "none":
        return Faulty(fault, hand.pixels, 0)
    if fault in LIES:
        return Faulty(fault, turned(hand.pixels, LIES[fault]), LIES[fault])
    if fault == "not a hand: film":
        picture = unknown[str(rng.choice(sorted(unknown)))]
        return Faulty(fault, _some_part(picture, rng), None)
    if fault == "not a hand: tiles":
        return Faulty(fault, shuffled(hand.pixels, rng), None)
    if fault == "not a hand: drawn":
        return Faulty(fault, texture(rng), None)
    if any(region not in hand.boxes for region in NEEDED.get(fault, ())):
        return None
    lies = None if fault in ("two hands", "double exposure") else 0
    return Faulty(fault, GREY_AND_CONTENT[fault](hand, other, rng), lies)


def _some_part(picture: Picture, rng: np.random.Generator) -> Picture:
    """The whole picture or two thirds and more of it, lying any way."""
    side = round(float(rng.uniform(0.67, 1)) * min(picture.shape))
    top, left = (int(rng.integers(0, size - side + 1)) for size in picture.shape)
    return turned(picture[top : top + side, left : left + side], int(rng.integers(8)))
