"""Faults made on real hands, with known truth: what the film check learns from and is measured on.

Every fault takes a picture ``[rows, columns]`` float32, bone bright, spread over 0..1, and gives a new one. Lengths are
in *cells*, the longer side / 512, and at least one pixel: a fault is as coarse on a small picture as it has to be to
exist there at all, and equally large on the hand for every film of 512 pixels and more (a cell is about 0.4 mm of it).

These faults are made, not found: nobody has films of broken X-ray tubes with a truth. What they leave open is said with
each of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.anatomy.boxes import Box

Picture = NDArray[np.float32]

CELLS = 512
"""Cells along the longer side."""

COLLIMATED_SHARE = 0.3
"""Share of the cuts that a collimator makes; the others are where the film ends."""


@dataclass(frozen=True)
class Hand:
    """A film of a hand, upright, and where its regions are.

    Attributes:
        pixels: float32 [rows, columns], 0 to 1, bone bright.
        boxes: region -> box in these pixels; empty where nobody knows.
        mask: the widened hand, bool [rows, columns].
    """

    pixels: Picture
    boxes: Mapping[str, Box]
    mask: NDArray[np.bool_]


def cell_px(picture: Picture) -> float:
    """Pixels of a cell of this picture."""
    return max(1.0, max(picture.shape) / CELLS)


def spread(pixels: NDArray[np.generic]) -> Picture:
    """Any grey values over 0..1 by their 0.5 and 99.5 % values, clipped."""
    values = np.asarray(pixels, dtype=np.float32)
    low, high = np.percentile(values, (0.5, 99.5))
    return np.asarray(np.clip((values - low) / max(float(high - low), 1e-6), 0, 1), dtype=np.float32)


def inverted(picture: Picture) -> Picture:
    """Bone dark, as where the header names the wrong photometric interpretation."""
    return np.asarray(1 - picture, dtype=np.float32)


def turned(picture: Picture, orientation: int) -> Picture:
    """One of the eight ways a film can lie: mirrored if ``orientation >= 4``, then ``orientation % 4`` quarter turns
    clockwise. It is :class:`inference.imaging.view.View`'s own order, so 0 is upright as a left hand."""
    mirrored = picture[:, ::-1] if orientation >= 4 else picture
    return np.ascontiguousarray(np.rot90(mirrored, -(orientation % 4)))


def blurred(picture: Picture, rng: np.random.Generator) -> Picture:
    """Out of focus (Gaussian) or moved (along a line), by a standard deviation of 2 to 3.5 cells: 0.8 to 1.4 mm."""
    sigma = float(rng.uniform(2.0, 3.5)) * cell_px(picture)
    if rng.random() < 0.5:
        return np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma), dtype=np.float32)
    length = sigma * np.sqrt(12)  # the standard deviation of a line is its length / sqrt(12)
    size = 2 * int(np.ceil(length / 2)) + 1
    kernel = np.zeros((size, size), np.float32)
    angle, middle = rng.uniform(0, np.pi), (size - 1) / 2
    reach = length / 2 * np.array([np.cos(angle), np.sin(angle)])
    ends = [tuple(round(float(v)) for v in (middle + side * reach) * 16) for side in (-1, 1)]
    cv2.line(kernel, ends[0], ends[1], 1.0, 1, cv2.LINE_AA, 4)
    return np.asarray(cv2.filter2D(picture, -1, kernel / kernel.sum()), dtype=np.float32)


def overexposed(hand: Hand, rng: np.random.Generator) -> Picture:
    """Clipped at the white end: a quarter to two thirds of the hand has one value, as after a wrong look-up table."""
    inside = hand.pixels[hand.mask] if hand.mask.any() else hand.pixels
    top = float(np.quantile(inside, rng.uniform(0.33, 0.75)))
    return np.asarray(np.minimum(hand.pixels, top) / max(top, 1e-6), dtype=np.float32)


def underexposed(picture: Picture, rng: np.random.Generator) -> Picture:
    """Too few photons: noise with a standard deviation of 8 to 16 % of the range in each cell, which is what is left
    of a film that was lightened after the fact. Noise is white; that of a real detector is not quite."""
    cell = cell_px(picture)
    sigma = float(rng.uniform(0.08, 0.16)) * cell
    noise = rng.normal(0, sigma, picture.shape).astype(np.float32)
    return np.asarray(np.clip(picture * 0.8 + 0.1 + noise * np.sqrt(0.5 + picture), 0, 1), dtype=np.float32)


def fingers_cut(hand: Hand, rng: np.random.Generator, *, collimated: float = COLLIMATED_SHARE) -> Picture:
    """The film ends in the middle finger between the middle of the distal and that of the proximal phalanx, or (three
    of ten) in the thumb or the little finger. Needs ``dp3, pp3`` (``dp1, pp1`` / ``dp5, pp5``)."""
    columns = hand.pixels.shape[1]
    side = rng.random()
    if side < 0.7:
        line = round(_between(hand, "dp3", "pp3", 1, rng))
        keep = np.s_[max(line, 1) :, :]
    elif side < 0.85:
        keep = _beyond(_between(hand, "dp1", "pp1", 0, rng), _middle(hand, "mc3", 0), columns)
    else:
        keep = _beyond(_between(hand, "dp5", "pp5", 0, rng), _middle(hand, "mc3", 0), columns)
    return _cut(hand.pixels, keep, rng, collimated=collimated)


def closely_framed(hand: Hand, rng: np.random.Generator, *, collimated: float) -> Picture:
    """No fault: the film ends above the fingertips or beside the hand, near to it, a little soft tissue
    beyond the bones being left (in parts of the middle finger's distal phalanx). Needs ``dp3``."""
    columns = hand.pixels.shape[1]
    phalanx_px = hand.boxes["dp3"].y1 - hand.boxes["dp3"].y0
    side = rng.random()
    near = float(rng.random()) ** 2
    keep: tuple[slice, slice]
    if side < 0.6:
        free = max(0.0, min(box.y0 for box in hand.boxes.values()) - 0.25 * phalanx_px)
        keep = np.s_[int(free * (1 - near)) :, :]
    elif side < 0.8:
        free = max(0.0, columns - max(box.x1 for box in hand.boxes.values()) - 0.5 * phalanx_px)
        keep = np.s_[:, : columns - int(free * (1 - near))]
    else:
        free = max(0.0, min(box.x0 for box in hand.boxes.values()) - 0.5 * phalanx_px)
        keep = np.s_[:, int(free * (1 - near)) :]
    return _cut(hand.pixels, keep, rng, collimated=collimated)


def forearm_cut(hand: Hand, rng: np.random.Generator) -> Picture:
    """The film ends between the middle of the carpals and the growth plate of the radius, which is lost with the
    ulna's. Needs ``carpals, radius``."""
    line = round(_between(hand, "carpals", "radius", 1, rng))
    return _cut(hand.pixels, np.s_[: max(line, 1), :], rng)


def two_hands(left: Hand, other: Hand, rng: np.random.Generator) -> Picture:
    """A left hand and a right one (another child's, mirrored) side by side, apart or with their grounds overlapping;
    half of the pairs on one even ground, as on one plate."""
    rows = left.pixels.shape[0]
    even = rng.random() < 0.5
    first, second = (np.where(hand.mask, hand.pixels, 0) if even else hand.pixels for hand in (left, other))
    right = cv2.resize(second[:, ::-1], first.shape[::-1], interpolation=cv2.INTER_AREA)
    lapped = round(first.shape[1] * float(rng.uniform(0.0, 0.15)))
    shift = round(rows * float(rng.uniform(-0.12, 0.12)))
    right = _shifted(right, shift)
    pair = (right, first) if rng.random() < 0.5 else (first, right)
    wide = np.zeros((rows, 2 * first.shape[1] - lapped), np.float32)
    wide[:, : pair[0].shape[1]] = pair[0]
    start = wide.shape[1] - pair[1].shape[1]
    wide[:, start:] = np.maximum(wide[:, start:], pair[1])
    return wide


def double_exposure(hand: Hand, other: Hand, rng: np.random.Generator) -> Picture:
    """Two hands on one plate: their mean, the second one shifted by 8 to 30 % and lying any way. Shadows of a plate
    that was not erased are fainter than this; they are not made."""
    size = hand.pixels.shape[::-1]
    second = cv2.resize(turned(other.pixels, int(rng.integers(8))), size, interpolation=cv2.INTER_AREA)
    reach = rng.uniform(0.08, 0.3, 2) * rng.choice([-1, 1], 2) * size
    matrix = np.array([[1, 0, reach[0]], [0, 1, reach[1]]], np.float32)
    moved = cv2.warpAffine(second, matrix, size, borderMode=cv2.BORDER_REPLICATE)
    share = float(rng.uniform(0.4, 0.6))
    return np.asarray(share * hand.pixels + (1 - share) * moved, dtype=np.float32)


def with_metal(hand: Hand, rng: np.random.Generator) -> Picture:
    """A ring, bangle, plate with screws or wire: white, sharp, on the hand. Shapes are drawn; real ones vary more."""
    picture = hand.pixels.copy()
    rows, columns = picture.shape
    unit = max(rows, columns) / 100
    y, x = _point_inside(hand, rng)
    angle = float(rng.uniform(0, 180))
    white = float(rng.uniform(0.97, 1.0))
    kind = rng.integers(4)
    if kind == 0:  # a ring or bangle, seen from the side
        axes = (round(float(rng.uniform(4, 13)) * unit), round(float(rng.uniform(1, 3)) * unit))
        cv2.ellipse(picture, (x, y), axes, angle, 0, 360, white, max(1, round(1.6 * unit)), cv2.LINE_AA)
    elif kind == 1:  # a plate with screws
        length, width = float(rng.uniform(14, 30)) * unit, float(rng.uniform(2.5, 4.5)) * unit
        cv2.fillPoly(picture, [cv2.boxPoints(((x, y), (length, width), angle)).astype(np.int32)], white, cv2.LINE_AA)
        along = np.array([np.cos(np.deg2rad(angle)), np.sin(np.deg2rad(angle))])
        for share in np.linspace(-0.4, 0.4, 4):
            foot = np.array([x, y]) + share * length * along
            tip = foot + 3.5 * unit * np.array([-along[1], along[0]])
            ends = tuple(tuple(int(v) for v in point) for point in (foot, tip))
            cv2.line(picture, ends[0], ends[1], white, max(1, round(unit)), cv2.LINE_AA)
    elif kind == 2:  # a wire
        reach = float(rng.uniform(10, 25)) * unit * np.array([np.cos(np.deg2rad(angle)), np.sin(np.deg2rad(angle))])
        ends = tuple((int(x + sign * reach[0]), int(y + sign * reach[1])) for sign in (-1, 1))
        cv2.line(picture, ends[0], ends[1], white, max(1, round(1.3 * unit)), cv2.LINE_AA)
    else:  # a disc: button, coin, watch
        cv2.circle(picture, (x, y), round(float(rng.uniform(3, 7)) * unit), white, cv2.FILLED, cv2.LINE_AA)
    return picture


def with_cast(hand: Hand, rng: np.random.Generator) -> Picture:
    """Plaster round wrist and forearm: a bright band wider than the arm with bright edges and a weave, bones faint
    inside. Drawn; fibreglass and splints look otherwise. Needs ``radius, carpals``."""
    rows, columns = hand.pixels.shape
    top = max(0, round(_middle(hand, "carpals", 1) - float(rng.uniform(-0.02, 0.25)) * rows))
    arm = np.flatnonzero(hand.mask[min(rows - 1, round(_middle(hand, "radius", 1)))])
    left, right = (int(arm.min()), int(arm.max())) if arm.size else (columns // 3, 2 * columns // 3)
    left = max(0, left - round(float(rng.uniform(0.01, 0.06)) * columns))
    right = min(columns, right + round(float(rng.uniform(0.01, 0.06)) * columns))
    across = np.linspace(-1, 1, max(2, right - left), dtype=np.float32)
    wall = 0.25 + 0.3 * np.abs(across) ** 4  # thickest where the beam runs along the shell
    grain = cv2.resize(rng.normal(0, 1, (48, 24)).astype(np.float32), (right - left, rows - top))
    layer = wall[None, :] + 0.05 * grain
    picture = hand.pixels.copy()
    inside = picture[top:, left:right]
    picture[top:, left:right] = np.clip(float(rng.uniform(0.5, 0.8)) * inside + layer[:, : inside.shape[1]], 0, 1)
    return picture


def _middle(hand: Hand, region: str, axis: int) -> float:
    return hand.boxes[region].centre[axis]


def _between(hand: Hand, first: str, second: str, axis: int, rng: np.random.Generator) -> float:
    share = float(rng.uniform(0, 1))
    return (1 - share) * _middle(hand, first, axis) + share * _middle(hand, second, axis)


def _beyond(line: float, middle: float, columns: int) -> tuple[slice, slice]:
    """What is left of the picture on the hand's side of an upright line."""
    at = int(np.clip(round(line), 1, columns - 1))
    return np.s_[:, :at] if line > middle else np.s_[:, at:]


def _cut(
    picture: Picture, keep: tuple[slice, slice], rng: np.random.Generator, *, collimated: float = COLLIMATED_SHARE
) -> Picture:
    """The picture ends there, or a collimator does it: ground beyond the line."""
    if rng.random() < 1 - collimated:
        return np.ascontiguousarray(picture[keep])
    covered = np.full_like(picture, float(np.quantile(picture, 0.02)))
    covered[keep] = picture[keep]
    return covered


def _shifted(picture: Picture, rows: int) -> Picture:
    matrix = np.array([[1, 0, 0], [0, 1, rows]], np.float32)
    moved = cv2.warpAffine(picture, matrix, picture.shape[::-1], borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(moved, dtype=np.float32)


def _point_inside(hand: Hand, rng: np.random.Generator) -> tuple[int, int]:
    """A point of the hand, well inside where the mask is wide enough."""
    core = cv2.erode(hand.mask.astype(np.uint8), np.ones((3, 3), np.uint8), iterations=max(hand.mask.shape) // 33)
    rows, columns = np.nonzero(core if core.any() else hand.mask)
    pick = int(rng.integers(len(rows)))
    return int(rows[pick]), int(columns[pick])
