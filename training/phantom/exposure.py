"""From attenuation to the grey values of a film: exposure, collimation, the lead marker, blur and noise."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

MAXIMUM = 4095
"""Twelve bits stored."""
_REFERENCE = 0.60
"""Attenuation that reaches full white at gain 1."""


@dataclass(frozen=True, slots=True)
class Exposure:
    """How one film was taken: base grey, gain and gamma of the picture, SD of the noise (all of 0..1)."""

    base: float
    gain: float
    gamma: float
    noise: float


def draw_exposure(rng: np.random.Generator, *, poor: bool) -> Exposure:
    """A usual exposure, or a poor one: flat and noisy."""
    base, gain = float(rng.uniform(0.03, 0.16)), float(rng.uniform(0.66, 0.84))
    gamma, noise = float(rng.uniform(0.74, 0.95)), float(rng.uniform(0.004, 0.008))
    if poor:
        return Exposure(base=0.36, gain=0.22, gamma=gamma, noise=0.016)
    return Exposure(base, gain, gamma, noise)


def expose(attenuation: NDArray[np.float32], exposure: Exposure, *, rng: np.random.Generator) -> NDArray[np.float32]:
    """Grey values 0..1 before noise: bone bright, air dark, a slope across the field (heel effect)."""
    rows, columns = attenuation.shape
    sharp = cv2.GaussianBlur(attenuation, (0, 0), 0.75)
    grey = exposure.base + exposure.gain * np.power(np.maximum(sharp, 0.0) / _REFERENCE, exposure.gamma)
    heel, side = rng.uniform(-0.05, 0.05, 2)
    slope = 1 + heel * np.linspace(-1, 1, rows)[:, None] + side * np.linspace(-1, 1, columns)[None, :]
    # Above 0.8 the curve bends, so that the forearm's cortex does not clip.
    bright = grey * slope
    bent = np.where(bright > 0.8, 0.8 + 0.2 * np.tanh((bright - 0.8) / 0.2), bright)
    return np.asarray(bent, np.float32)


def collimate(grey: NDArray[np.float32], *, hand: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.float32]:
    """Most films show the edge of the collimated field; outside lies a black shutter or the unexposed plate."""
    rows, columns = grey.shape
    shown, shutter = rng.uniform() < 0.7, rng.uniform() < 0.7
    inset, angle = rng.uniform(0.012, 0.05, 4), float(rng.normal(0.0, 1.2))
    if not shown:
        return grey
    left, top, right, bottom = inset * (columns, rows, columns, rows)
    corners = np.array([[left, top], [columns - right, top], [columns - right, rows - bottom], [left, rows - bottom]])
    turn = cv2.getRotationMatrix2D((columns / 2, rows / 2), angle, 1.0)
    field = np.zeros((rows, columns), np.uint8)
    cv2.fillConvexPoly(field, np.round(corners @ turn[:, :2].T + turn[:, 2]).astype(np.int32), 255)
    if bool((hand[: int(0.88 * rows)] > 0)[field[: int(0.88 * rows)] == 0].any()):
        return grey  # a radiographer opens the field before cutting off a finger
    soft = cv2.GaussianBlur(field, (0, 0), max(0.6, 0.0016 * rows)).astype(np.float32) / 255
    outside = 0.0 if shutter else float(np.median(grey[hand == 0])) + 0.10
    rim = 0.0 if shutter else 0.10 * 4 * soft * (1 - soft)
    return np.asarray(grey * soft + outside * (1 - soft) + rim, np.float32)


def lead_marker(
    grey: NDArray[np.float32], *, hand: NDArray[np.uint8], unit_px: float, rng: np.random.Generator
) -> tuple[int, int, int, int] | None:
    """Lays a plate with a leaden L and two initials beside the hand, in place; its frame, or None without room."""
    rows, columns = grey.shape
    height, width = max(10, int(0.42 * unit_px)), max(6, int(0.22 * unit_px))
    plate = np.full((height, width), 0.045, np.float32)
    scale = height / 62
    thick = max(1, round(2.6 * scale))
    initials = "".join(chr(ord("A") + int(k)) for k in rng.integers(0, 26, 2))
    cv2.putText(plate, "L", (int(0.2 * width), int(0.58 * height)), cv2.FONT_HERSHEY_DUPLEX, 1.2 * scale, 1.0, thick)
    at = (int(0.12 * width), int(0.92 * height))
    cv2.putText(plate, initials, at, cv2.FONT_HERSHEY_DUPLEX, 0.52 * scale, 1.0, max(1, thick // 2))
    turned = _turned(plate, float(rng.normal(0.0, 9.0)))
    h, w = turned.shape
    free = cv2.dilate(hand, np.ones((9, 9), np.uint8)) == 0
    spots = [(0.06, 0.62), (0.06, 0.78), (0.86, 0.10), (0.84, 0.72), (0.06, 0.06), (0.80, 0.80)]
    for spot in rng.permutation(len(spots)):
        fx, fy = spots[spot]
        x, y = int(fx * columns), int(fy * rows)
        if x + w <= columns and y + h <= rows and bool(free[y : y + h, x : x + w].all()):
            grey[y : y + h, x : x + w] = np.maximum(
                grey[y : y + h, x : x + w], np.minimum(grey[y : y + h, x : x + w] + turned, 0.97)
            )
            return x, y, x + w, y + h
    return None


def _turned(plate: NDArray[np.float32], degrees: float) -> NDArray[np.float32]:
    height, width = plate.shape
    side = int(np.ceil(np.hypot(height, width)))
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    turn[:, 2] += ((side - width) / 2, (side - height) / 2)
    return np.asarray(cv2.warpAffine(plate, turn, (side, side), flags=cv2.INTER_LINEAR), np.float32)


def digitise(grey: NDArray[np.float32], exposure: Exposure, *, rng: np.random.Generator) -> NDArray[np.uint16]:
    """Adds quantum noise with the grain of a detector, and quantises to twelve bits."""
    white = rng.standard_normal(grey.shape, dtype=np.float32)
    grain = 0.7 * white + 0.9 * cv2.GaussianBlur(white, (0, 0), 0.8)
    noisy = grey + exposure.noise * grain * np.sqrt(0.35 + np.clip(grey, 0.0, 1.0))
    noisy[grey <= 0.0] = 0.0
    return np.round(np.clip(noisy, 0.0, 1.0) * MAXIMUM).astype(np.uint16)
