"""Films for the film check to learn from: real hands with made faults, lying any way, and pictures that are no hand."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.imaging.film_check import CHECKS, composed, network_input
from training.film_faults import (
    Hand,
    Picture,
    blurred,
    closely_framed,
    double_exposure,
    fingers_cut,
    forearm_cut,
    inverted,
    overexposed,
    turned,
    two_hands,
    underexposed,
    with_cast,
    with_metal,
)
from training.not_hands import shuffled, texture

NO_HAND_SHARE = 0.15
INVERTED_SHARE = 0.2
UPRIGHT_SHARE = 0.25
BLANKED_SHARE = 0.35
"""Share of the samples with the ground blanked round the hand, as in a film that was de-identified before."""
ZOOMED_OUT_SHARE = 0.35
CLOSELY_FRAMED_SHARE = 0.5
"""Share of the whole hands where the film ends near the fingers: without them, every near edge is taken for a cut."""
COLLIMATED_SHARE = 0.6
"""Of both, cut fingers and closely framed ones. More than in the measured films: a finger that ends on the ground is
far harder to see than one that ends at the edge of the film."""
UNTILTED_CUT_SHARE = 0.5

CONTENT_FAULTS: tuple[tuple[str, float], ...] = (
    ("fingers_cut", 0.34),
    ("forearm_cut", 0.13),
    ("two_hands", 0.05),
    ("double_exposure", 0.05),
    ("metal_or_cast", 0.12),
)
GREY_FAULTS: tuple[tuple[str, float], ...] = (("blurred", 0.1), ("overexposed", 0.09), ("underexposed", 0.09))
"""At most one of either kind in a sample, with these probabilities."""

NEEDED_REGIONS = {
    "fingers_cut": ("dp1", "pp1", "dp3", "pp3", "dp5", "pp5", "mc3"),
    "forearm_cut": ("carpals", "radius"),
    "metal_or_cast": ("carpals", "radius"),
}
"""A cut is only made where the detector knows the place."""


@dataclass(frozen=True)
class KnownHand:
    """A hand of the training part: ``lies`` is its true orientation as stored (0 for nearly all)."""

    hand: Hand
    lies: int = 0


@dataclass(frozen=True, slots=True)
class Sample:
    """One input of the network with what is true of it; nan (orientation: -1) where nothing is."""

    image: NDArray[np.float32]
    orientation: int
    truth: NDArray[np.float32]


@dataclass
class SampleMaker:
    """Draws samples; the same seed draws the same ones."""

    hands: Sequence[KnownHand]
    not_hands: Sequence[Picture]
    rng: np.random.Generator
    _makers: Mapping[str, Callable[[Hand], Picture]] = field(init=False)

    def __post_init__(self) -> None:
        rng = self.rng
        self._makers = {
            "fingers_cut": lambda hand: fingers_cut(hand, rng, collimated=COLLIMATED_SHARE),
            "forearm_cut": lambda hand: forearm_cut(hand, rng),
            "two_hands": lambda hand: two_hands(hand, self._any().hand, rng),
            "double_exposure": lambda hand: double_exposure(hand, self._any().hand, rng),
            "metal_or_cast": lambda hand: with_cast(hand, rng) if rng.random() < 0.5 else with_metal(hand, rng),
        }

    def batch(self, size: int) -> tuple[NDArray[np.float32], NDArray[np.int64], NDArray[np.float32]]:
        """Images ``[size, 96, 96, 1]``, orientations ``[size]``, truths ``[size, 10]``."""
        samples = [self.sample() for _ in range(size)]
        return (
            np.stack([sample.image for sample in samples])[..., None],
            np.array([sample.orientation for sample in samples]),
            np.stack([sample.truth for sample in samples]),
        )

    def sample(self) -> Sample:
        if self.rng.random() < NO_HAND_SHARE:
            truth = np.full(len(CHECKS), np.nan, np.float32)
            truth[CHECKS.index("hand")] = 0
            return Sample(network_input(self._no_hand()), -1, truth)
        return self._of_hand(self._any())

    def _any(self) -> KnownHand:
        return self.hands[int(self.rng.integers(len(self.hands)))]

    def _of_hand(self, known: KnownHand) -> Sample:
        rng = self.rng
        faults = {"hand"}
        if rng.random() < INVERTED_SHARE:
            faults.add("inverted")
        hand = _blanked(known.hand, rng) if rng.random() < BLANKED_SHARE else known.hand
        picture, content = hand.pixels, self._drawn_fault(CONTENT_FAULTS)
        if content and known.lies == 0 and all(region in hand.boxes for region in NEEDED_REGIONS.get(content, ())):
            picture = self._makers[content](hand)
            faults.add(content)
        picture = self._framed(picture, hand, known, content if content in faults else None)
        picture = np.power(picture, np.float32(np.exp(rng.uniform(-0.5, 0.5))))
        picture = self._with_grey_fault(picture, hand, faults)
        if "inverted" in faults:
            picture = inverted(picture)
        lie = 0 if rng.random() < UPRIGHT_SHARE else int(rng.integers(8))
        truth = np.array([name in faults for name in CHECKS], np.float32)
        if content in ("two_hands", "double_exposure") and content in faults:
            orientation = -1
        else:
            orientation = composed(lie, known.lies)
        for other in ("fingers_cut", "forearm_cut"):  # two hands or a shifted second one may well be cut
            if content in ("two_hands", "double_exposure") and content in faults:
                truth[CHECKS.index(other)] = np.nan
        return Sample(network_input(turned(picture, lie)), orientation, truth)

    def _framed(self, picture: Picture, hand: Hand, known: KnownHand, content: str | None) -> Picture:
        """Where the film ends, and how the hand lies in it by some degrees: never so that a whole hand is cut."""
        rng = self.rng
        close = content is None and known.lies == 0 and "dp3" in hand.boxes and rng.random() < CLOSELY_FRAMED_SHARE
        if close:
            picture = closely_framed(hand, rng, collimated=COLLIMATED_SHARE)
        if content is None and rng.random() < ZOOMED_OUT_SHARE:
            return _zoomed_out(picture, rng)
        untilted = UNTILTED_CUT_SHARE if close or content in ("fingers_cut", "forearm_cut") else 0.0
        if rng.random() < untilted:
            return picture
        return _tilted(picture, rng, degrees=3 if close else 8 if content is None else 5)

    def _with_grey_fault(self, picture: Picture, hand: Hand, faults: set[str]) -> Picture:
        fault = self._drawn_fault(GREY_FAULTS)
        if fault:
            faults.add(fault)
        if fault == "blurred":
            return blurred(picture, self.rng)
        if fault == "underexposed":
            return underexposed(picture, self.rng)
        if fault == "overexposed":
            bright = picture > np.median(picture)  # the hand may have been moved away from its mask
            mask = hand.mask & bright if hand.mask.shape == picture.shape else bright
            return overexposed(Hand(picture, {}, mask if mask.any() else bright), self.rng)
        return picture

    def _drawn_fault(self, faults: Sequence[tuple[str, float]]) -> str | None:
        draw = self.rng.random()
        for name, share in faults:
            if draw < share:
                return name
            draw -= share
        return None

    def _no_hand(self) -> Picture:
        rng = self.rng
        kind = rng.random()
        if kind < 0.5 and self.not_hands:
            picture = _random_part(self.not_hands[int(rng.integers(len(self.not_hands)))], rng)
        elif kind < 0.7:
            picture = shuffled(self._any().hand.pixels, rng)
        else:
            picture = texture(rng)
        picture = turned(picture, int(rng.integers(8)))
        return inverted(picture) if rng.random() < 0.4 else picture


def _blanked(hand: Hand, rng: np.random.Generator) -> Hand:
    ground = float(np.median(hand.pixels[~hand.mask])) if rng.random() < 0.8 and not hand.mask.all() else 0.0
    return Hand(np.where(hand.mask, hand.pixels, np.float32(ground)), hand.boxes, hand.mask)


def _zoomed_out(picture: Picture, rng: np.random.Generator) -> Picture:
    """The hand on a larger film: its own ground goes on, or a black frame lies round the field."""
    rows, columns = picture.shape
    wider, higher = np.exp(rng.uniform(0, 0.6, 2))
    size = (max(rows, round(rows * higher)), max(columns, round(columns * wider)))
    ground = (
        0.0 if rng.random() < 0.4 else float(np.median(np.concatenate([picture[0], picture[:, 0], picture[:, -1]])))
    )
    film = np.full(size, ground, np.float32)
    top, left = (int(rng.integers(0, free + 1)) for free in (size[0] - rows, size[1] - columns))
    film[top : top + rows, left : left + columns] = picture
    return film


def _tilted(picture: Picture, rng: np.random.Generator, *, degrees: float) -> Picture:
    rows, columns = picture.shape
    zoom = float(np.exp(rng.uniform(-0.12, 0.02)))
    matrix = cv2.getRotationMatrix2D((columns / 2, rows / 2), float(rng.uniform(-degrees, degrees)), zoom)
    tilted = cv2.warpAffine(picture, matrix, (columns, rows), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(tilted, dtype=np.float32)


def _random_part(picture: Picture, rng: np.random.Generator) -> Picture:
    side = int(rng.uniform(0.4, 1.0) * min(picture.shape))
    top, left = (int(rng.integers(0, size - side + 1)) for size in picture.shape)
    return picture[top : top + side, left : left + side]
