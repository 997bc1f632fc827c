"""A film becomes what a model sees: one grey distribution, 0 to 1, one size; and boxes find the way back.

CHBoneAI, section on preprocessing: histogram matching brings every film to one reference distribution, then it is
resized and scaled to 0..1. Here the distribution matched is that *inside the hand*. Matched over the whole picture, a
hand's greys depend on how much black ground, collimator and lead marker lie round it, and a film whose ground was
blanked at intake would come out differently from the same film as taken.

The same settings serve training and prediction: they travel in the artifact as JSON.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.anatomy.boxes import Box
from inference.imaging.hand_mask import find_hand

Geometry = Literal["aspect", "paper-literal"]

REFERENCE_POINTS = 256
"""Grey values of the reference, at cumulative shares evenly spaced from 0 to 1."""

ROBUST_SHARES = (0.01, 0.99)
"""Shares of the hand's pixels that become 0 and 1 where there is no reference."""

LOOKUP_LEVELS = 4096
"""Levels of the lookup table between the darkest and the brightest pixel of the hand."""

FORMAT = 1


class Transform(NamedTuple):
    """From pixels of the film as stored to pixels of the prepared picture: ``x * scale_x``, ``y * scale_y``.

    Both count from the outer corner of the top-left pixel, so there is no half-pixel term and the way back is exact.
    """

    scale_x: float
    scale_y: float

    def box_to_original(self, box: Box) -> Box:
        """A box of the prepared picture in pixels of the film as stored."""
        return Box(box.x0 / self.scale_x, box.y0 / self.scale_y, box.x1 / self.scale_x, box.y1 / self.scale_y)

    def box_from_original(self, box: Box) -> Box:
        """A box of the film as stored in pixels of the prepared picture."""
        return Box(box.x0 * self.scale_x, box.y0 * self.scale_y, box.x1 * self.scale_x, box.y1 * self.scale_y)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A picture for a model.

    Attributes:
        image: float32 [h, w], 0 to 1.
        to_original: the geometry, both ways.
    """

    image: NDArray[np.float32]
    to_original: Transform


@dataclass(frozen=True)
class Preprocessing:
    """Settings of one model's preprocessing.

    Attributes:
        geometry: ``aspect`` (shortest side ``size_px``, aspect kept) or ``paper-literal`` (squeezed to a square).
        size_px: see geometry.
        reference_cdf: grey values 0..1 at :data:`REFERENCE_POINTS` evenly spaced cumulative shares, not falling; None
            spreads the hand's 1 to 99 % range instead.
        detail_px: None, or the side of the square that a larger picture is first squeezed to (area average), so that
            a model trained on small pictures sees the same detail on a film of full size.
        blank_ground: whether everything outside the widened hand becomes 0, as intake does to a film.
        longest_px: upper limit of the longer side in ``aspect``; a picture that would exceed it is shrunk further.
    """

    geometry: Geometry = "aspect"
    size_px: int = 800
    reference_cdf: tuple[float, ...] | None = None
    detail_px: int | None = None
    blank_ground: bool = True
    longest_px: int | None = None

    def __post_init__(self) -> None:
        if self.geometry not in ("aspect", "paper-literal"):
            raise ValueError(f"Unknown geometry {self.geometry!r}: choose aspect or paper-literal.")
        if self.size_px < 16 or (self.detail_px is not None and self.detail_px < 16):
            raise ValueError("size_px and detail_px must be at least 16.")
        if self.reference_cdf is not None:
            _check_reference(self.reference_cdf)

    def prepare(self, pixels: NDArray[np.float32], *, film_aspect: float | None = None) -> Prepared:
        """Prepares one picture; deterministic.

        Args:
            pixels: [rows, columns], bone bright, any range.
            film_aspect: width / height of the film where the picture was squeezed out of it; None means as stored.
        """
        rows, columns = pixels.shape
        height, width = self.prepared_shape(rows, columns, film_aspect=film_aspect)
        detail = self._limit_detail(np.ascontiguousarray(pixels, dtype=np.float32))
        image = self._match(_resized(detail, height, width), detail)
        return Prepared(image=image, to_original=Transform(width / columns, height / rows))

    def prepared_shape(self, rows: int, columns: int, *, film_aspect: float | None = None) -> tuple[int, int]:
        """(height, width) that :meth:`prepare` gives for a picture of this size."""
        if self.geometry == "paper-literal":
            return self.size_px, self.size_px
        aspect = film_aspect if film_aspect is not None else columns / rows
        height, width = (self.size_px, self.size_px * aspect) if aspect >= 1 else (self.size_px / aspect, self.size_px)
        shrink = min(1.0, self.longest_px / max(height, width)) if self.longest_px else 1.0
        return max(16, round(height * shrink)), max(16, round(width * shrink))

    def to_json(self) -> str:
        """Settings as JSON for the artifact."""
        return json.dumps({"format": FORMAT, **asdict(self)}, indent=1, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> "Preprocessing":
        """Reads what :meth:`to_json` wrote.

        Raises:
            ValueError: another format, an unknown or impossible setting.
        """
        fields: dict[str, Any] = json.loads(text)
        if fields.pop("format", None) != FORMAT:
            raise ValueError("The preprocessing settings have another format: use the artifact's own version.")
        unknown = set(fields) - set(cls.__dataclass_fields__)
        if unknown:
            raise ValueError(f"Unknown preprocessing settings: {', '.join(sorted(unknown))}.")
        if fields.get("reference_cdf") is not None:
            fields["reference_cdf"] = tuple(float(value) for value in fields["reference_cdf"])
        return cls(**fields)

    def _limit_detail(self, pixels: NDArray[np.float32]) -> NDArray[np.float32]:
        rows, columns = pixels.shape
        if self.detail_px is None or (rows <= self.detail_px and columns <= self.detail_px):
            return pixels
        shape = (min(columns, self.detail_px), min(rows, self.detail_px))
        small: NDArray[np.float32] = cv2.resize(pixels, shape, interpolation=cv2.INTER_AREA)
        return small

    def _match(self, image: NDArray[np.float32], detail: NDArray[np.float32]) -> NDArray[np.float32]:
        """Grey matching by the hand's distribution in the picture before it was enlarged."""
        hand = find_hand(detail)
        inside = detail[hand.mask] if hand.plausible else detail.ravel()
        matched = _through_table(image, inside, self.reference_cdf)
        if self.blank_ground and hand.plausible:
            mask = cv2.resize(hand.mask.astype(np.uint8), image.shape[::-1], interpolation=cv2.INTER_NEAREST)
            matched *= mask
        return matched


def fit_reference(images: Iterable[NDArray[np.float32]]) -> tuple[float, ...]:
    """The reference distribution: the mean, over films, of the hand's quantiles, each film spread over 0..1 first.

    Args:
        images: float32 [rows, columns], bone bright; training films only, or a test set leaks into it.

    Returns:
        :data:`REFERENCE_POINTS` grey values, not falling, from 0 to 1.

    Raises:
        ValueError: no film with a hand among them.
    """
    total = np.zeros(REFERENCE_POINTS)
    count = 0
    for image in images:
        pixels = np.ascontiguousarray(image, dtype=np.float32)
        hand = find_hand(pixels)
        if not hand.plausible:
            continue
        total += _spread(_quantiles(pixels[hand.mask]))
        count += 1
    if not count:
        raise ValueError("No hand was found on any of the films: the reference needs at least one.")
    reference = total / count
    return tuple(float(round(value, 6)) for value in np.maximum.accumulate(reference))


def _check_reference(reference: tuple[float, ...]) -> None:
    values = np.asarray(reference, dtype=np.float64)
    falls = bool(np.any(np.diff(values) < 0)) if values.size else True
    if values.size != REFERENCE_POINTS or falls or values[0] < 0 or values[-1] > 1:
        raise ValueError(f"reference_cdf must hold {REFERENCE_POINTS} grey values from 0 to 1 that never fall.")


def _quantiles(values: NDArray[np.float32]) -> NDArray[np.float64]:
    return np.quantile(values, np.linspace(0, 1, REFERENCE_POINTS)).astype(np.float64)


def _spread(quantiles: NDArray[np.float64]) -> NDArray[np.float64]:
    """Quantiles with the robust range over 0..1, clipped."""
    low, high = (quantiles[round(share * (REFERENCE_POINTS - 1))] for share in ROBUST_SHARES)
    spread: NDArray[np.float64] = np.clip((quantiles - low) / max(high - low, 1e-9), 0, 1)
    return spread


def _through_table(
    image: NDArray[np.float32], inside: NDArray[np.float32], reference: tuple[float, ...] | None
) -> NDArray[np.float32]:
    """Monotone lookup that takes the hand's distribution to the reference; below the hand 0, above it the top."""
    quantiles = _quantiles(inside)
    low, high = float(quantiles[0]), float(quantiles[-1])
    if high <= low:
        return np.zeros_like(image)
    target = _spread(quantiles) if reference is None else np.asarray(reference)
    # a grey shared by many pixels takes the middle of its shares, so that ties neither darken nor brighten
    unique, start = np.unique(quantiles, return_index=True)
    stop = np.append(start[1:], REFERENCE_POINTS)
    middle = np.array([target[a:b].mean() for a, b in zip(start, stop, strict=True)])
    table = np.interp(np.linspace(low, high, LOOKUP_LEVELS), unique, middle).astype(np.float32)
    levels = (image - np.float32(low)) * np.float32((LOOKUP_LEVELS - 1) / (high - low))
    index = np.clip(levels + np.float32(0.5), 0, LOOKUP_LEVELS - 1).astype(np.uint16)
    matched: NDArray[np.float32] = np.take(table, index)
    return matched


def _resized(pixels: NDArray[np.float32], height: int, width: int) -> NDArray[np.float32]:
    """Area average where it shrinks, cubic where it grows."""
    rows, columns = pixels.shape
    if (rows, columns) == (height, width):
        return pixels
    shrinks = height * width < rows * columns
    method = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
    resized: NDArray[np.float32] = cv2.resize(pixels, (width, height), interpolation=method)
    return resized
