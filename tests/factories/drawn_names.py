"""Made-up names, numbers and dates written on a film at random: where, how large, which way round, how bright.

What was written is handed out with the film: the share of ink in each pixel, and the way back from the film to the line
as it reads, so that a test can ask what is left of it.
"""

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.factories.made_up_writing import Kind, Writing, made_up_lines, write

Place = Literal["corner", "beside", "over", "anywhere"]

KINDS: dict[Kind, float] = {
    "latin": 0.26, "chinese": 0.24, "mixed": 0.10, "id": 0.10, "date": 0.10, "lines": 0.14, "marker": 0.06,
}  # fmt: skip
PLACES: dict[Place, float] = {"corner": 0.2, "beside": 0.35, "over": 0.3, "anywhere": 0.15}

SMALLEST_SHARE, LARGEST_SHARE = 0.004, 0.045
"""Height of a sign as a share of the film's longer side; drawn evenly over the logarithm."""

SMALLEST_LATIN_PX, SMALLEST_CHINESE_PX = 7, 11
"""Nobody can read less, however it was drawn."""

ANY_ANGLE_SHARE = 0.3
MIRRORED_SHARE = 0.2
DARK_SHARE = 0.25
PLATE_SHARE = 0.1
BY_HAND_SHARE = 0.12
"""Shares of names at an angle that is no quarter turn, mirrored, dark, on a plate, uneven as if by hand."""

FAINTEST = 0.18
"""Ink stands out from what it is written on by at least this share of the film's range, where strokes are full."""


@dataclass(frozen=True, slots=True)
class DrawnName:
    """A film with writing on it.

    Attributes:
        pixels: as the film handed in, with the writing.
        ink: float32 [rows, columns], share of each pixel that is ink.
        writing: the lines as they read.
        degrees, mirrored: how the lines lie on the film, turned after mirroring.
        contrast: median difference that the ink makes in the middle of its strokes, as a share of the film's range.
    """

    pixels: NDArray[np.uint16]
    ink: NDArray[np.float32]
    writing: Writing
    kind: Kind
    place: Place
    degrees: float
    mirrored: bool
    dark: bool
    plate: bool
    by_hand: bool
    contrast: float
    to_film: NDArray[np.float64]

    def laid_flat(self, picture: NDArray[np.float32]) -> NDArray[np.float32]:
        """The part of any picture of this film that the lines stand on, as they read."""
        flat: NDArray[np.float32] = cv2.warpAffine(
            picture,
            self.to_film,
            self.writing.ink.shape[::-1],
            flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )
        return flat

    def line_crops(self, picture: NDArray[np.float32]) -> list[NDArray[np.float32]]:
        """The same, line by line."""
        flat = self.laid_flat(picture)
        return [flat[top:bottom] for top, bottom in self.writing.line_rows]


def draw_name(
    pixels: NDArray[np.uint16], hand: NDArray[np.bool_], *, rng: np.random.Generator, chinese: bool = True
) -> DrawnName:
    """Writes on a copy of the film; tries again until the ink stands out from its ground.

    Args:
        pixels: [rows, columns], 0 to 4095.
        hand: where the hand is, to write beside it or over it.
        chinese: False where no font for it is installed.
    """
    while True:
        drawn = _drawn_once(pixels, hand, rng, chinese=chinese)
        if drawn is not None and drawn.contrast >= FAINTEST:
            return drawn


def _drawn_once(
    pixels: NDArray[np.uint16], hand: NDArray[np.bool_], rng: np.random.Generator, *, chinese: bool
) -> DrawnName | None:
    """None where the writing does not fit on the film."""
    kind = _chosen(rng, {k: share for k, share in KINDS.items() if chinese or k not in ("chinese", "mixed")})
    place = _chosen(rng, PLACES)
    lines = made_up_lines(kind, rng, chinese=chinese)
    smallest = SMALLEST_LATIN_PX if all(line.isascii() for line in lines) else SMALLEST_CHINESE_PX
    smallest *= 2 if kind == "marker" else 1  # its initials are half as high
    share = float(np.exp(rng.uniform(np.log(SMALLEST_SHARE), np.log(LARGEST_SHARE))))
    by_hand = kind != "marker" and bool(rng.uniform() < BY_HAND_SHARE)
    writing = write(lines, kind, max(smallest, share * max(pixels.shape)), rng, by_hand=by_hand)
    fits = 0.9 * min(pixels.shape) / max(writing.ink.shape)
    if fits * writing.sign_px < smallest:
        return None
    writing = writing.shrunk(fits) if fits < 1 else writing
    canvas = writing.ink
    degrees = float(rng.uniform(0, 360) if rng.uniform() < ANY_ANGLE_SHARE else rng.choice((0, 0, 0, 90, 180, 270)))
    mirrored = bool(rng.uniform() < MIRRORED_SHARE)
    to_film = _placement(
        canvas.shape, pixels.shape, _centre(place, hand, canvas.shape, rng), degrees, mirrored=mirrored
    )
    ink = _on_film(canvas, to_film, pixels.shape)
    plate, dark = bool(rng.uniform() < PLATE_SHARE), bool(rng.uniform() < DARK_SHARE)
    under = _on_film(np.ones_like(canvas), to_film, pixels.shape) if plate else None
    written, contrast = _inked(pixels, ink, under, rng, dark=dark)
    return DrawnName(
        pixels=written,
        ink=ink,
        writing=writing,
        kind=kind,
        place=place,
        degrees=degrees,
        mirrored=mirrored,
        dark=dark,
        plate=plate,
        by_hand=by_hand,
        contrast=contrast,
        to_film=to_film,
    )


def _chosen(rng: np.random.Generator, shares: dict[str, float]) -> str:
    names, weights = list(shares), np.array(list(shares.values()))
    return names[int(rng.choice(len(names), p=weights / weights.sum()))]


def _centre(
    place: Place, hand: NDArray[np.bool_], canvas: tuple[int, int], rng: np.random.Generator
) -> tuple[float, float]:
    rows, columns = hand.shape
    if place == "corner":
        # half of the longer side from the edges, so that a line that stands fits as well
        inset = 0.5 * max(canvas) + 0.01 * rows
        x, y = min(inset, columns / 2), min(0.5 * min(canvas) + 0.03 * rows, rows / 2)
        return (x if rng.uniform() < 0.5 else columns - x), (y if rng.uniform() < 0.5 else rows - y)
    step = max(1, max(hand.shape) // 400)
    thin = hand[::step, ::step].astype(np.uint8)
    if place == "over":
        wanted = thin > 0
    elif place == "beside":
        away = cv2.distanceTransform(1 - thin, cv2.DIST_L2, 3) * step
        wanted = (away > 0) & (away < 0.05 * max(hand.shape))
    else:
        wanted = np.ones(thin.shape, bool)
    ys, xs = np.nonzero(wanted if wanted.any() else np.ones(thin.shape, bool))
    one = int(rng.integers(len(xs)))
    return float(xs[one] * step), float(ys[one] * step)


def _placement(
    canvas: tuple[int, int], film: tuple[int, int], centre: tuple[float, float], degrees: float, *, mirrored: bool
) -> NDArray[np.float64]:
    """Canvas to film: mirrored, turned about its middle, moved so that all of it is on the film."""
    turn = np.deg2rad(degrees)
    cosine, sine = float(np.cos(turn)), float(np.sin(turn))
    linear = np.array(((cosine, -sine), (sine, cosine))) @ np.diag((-1.0 if mirrored else 1.0, 1.0))
    middle = np.array((canvas[1] - 1, canvas[0] - 1)) / 2
    reach = np.abs(linear) @ middle
    at = np.array(
        [np.clip(c, min(r, s / 2), max(s - 1 - r, s / 2)) for c, r, s in zip(centre, reach, film[::-1], strict=True)]
    )
    return np.column_stack((linear, np.round(at - linear @ middle)))


def _on_film(canvas: NDArray[np.float32], to_film: NDArray[np.float64], film: tuple[int, int]) -> NDArray[np.float32]:
    placed: NDArray[np.float32] = cv2.warpAffine(canvas, to_film, film[::-1], flags=cv2.INTER_LINEAR)
    return placed


def _inked(
    pixels: NDArray[np.uint16],
    ink: NDArray[np.float32],
    plate: NDArray[np.float32] | None,
    rng: np.random.Generator,
    *,
    dark: bool,
) -> tuple[NDArray[np.uint16], float]:
    """The film with ink of one tone, blurred a little with what is under it, and how far it stands out."""
    low, high = (float(value) for value in np.percentile(pixels, (0.5, 99.8)))
    tones = max(high - low, 1.0)
    # most devices write in white (or in black); some in a tone between, and film that was scanned is soft
    faint = float(rng.uniform(0.35, 0.9)) if rng.uniform() < 0.35 else 1.0
    tone, other = high - (1 - faint) * tones, low
    if dark:
        tone, other = low + (1 - faint) * tones, high
    soft = float(rng.uniform(0.3, 0.9)) if rng.uniform() < 0.3 else 0.0
    under = pixels.astype(np.float32)
    if plate is not None:
        under = under * (1 - plate) + other * plate
    share = cv2.GaussianBlur(ink, (0, 0), soft) if soft else ink
    written = np.clip(np.round(under * (1 - share) + tone * share), 0, 4095).astype(np.uint16)
    middle = share > 0.6 * float(share.max())
    contrast = float(np.median(np.abs(tone - under[middle])) * share.max() / tones) if middle.any() else 0.0
    return written, contrast
