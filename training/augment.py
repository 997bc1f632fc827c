"""Flips, rotations and exposure: one film seen as many. Source: CHBoneAI ("flips and rotations as augmentation").

A mirrored or upturned hand keeps its region ids: the detector must know a thumb on either side.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class AugmentSettings:
    """How far a film may be changed; each value is the end of a uniform range, all zero changes nothing.

    ``mirror_share`` and ``upside_down_share`` are the shares of films that are flipped left to right and top to bottom.
    """

    mirror_share: float = 0.5
    upside_down_share: float = 0.0
    rotation_degrees: float = 15.0
    scale_share: float = 0.12
    aspect_share: float = 0.06
    shift_share: float = 0.06
    gamma_share: float = 0.25
    brightness: float = 0.05
    noise: float = 0.01


def draw_matrix(
    rng: np.random.Generator, settings: AugmentSettings, *, columns: int, rows: int, squeeze: float
) -> Floats:
    """A random affine matrix ``[2, 3]`` from a picture to another of the same size.

    ``squeeze`` is width / height of the film over that of the picture: the rotation happens in the film's own
    proportions, otherwise it would shear the hand.
    """
    angle = np.deg2rad(rng.uniform(-1, 1) * settings.rotation_degrees)
    zoom = np.exp(rng.uniform(-1, 1) * settings.scale_share + rng.uniform(-1, 1, 2) * settings.aspect_share)
    mirror = -1.0 if rng.random() < settings.mirror_share else 1.0
    # Drawn only where it is wanted, so that the other presets' films stay those that their figures were measured with.
    upturn = -1.0 if settings.upside_down_share and rng.random() < settings.upside_down_share else 1.0
    shift = rng.uniform(-1, 1, 2) * settings.shift_share * np.array([columns, rows])
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    proportions = np.diag([squeeze, 1.0])
    linear = np.linalg.inv(proportions) @ turn @ proportions @ np.diag([mirror, upturn]) @ np.diag(zoom)
    centre = np.array([columns / 2, rows / 2])
    return np.column_stack([linear, centre - linear @ centre + shift]).astype(np.float32)


def move_boxes(boxes: Floats, matrix: Floats) -> Floats:
    """Boxes ``[N, 4]`` after an affine ``matrix`` ``[2, 3]``.

    The new box bounds the moved *ellipse* inside the old one: bones are round, and bounding the moved rectangle would
    let boxes grow with every rotation.
    """
    centre = (boxes[:, :2] + boxes[:, 2:]) / 2
    half = (boxes[:, 2:] - boxes[:, :2]) / 2
    moved = centre @ matrix[:, :2].T + matrix[:, 2]
    reach = np.sqrt((half**2) @ (matrix[:, :2] ** 2).T)
    return np.concatenate([moved - reach, moved + reach], axis=1).astype(np.float32)


def warp(image: Floats, matrix: Floats) -> Floats:
    """The picture after ``matrix``, background black; pixel centres stand at half-integers, as boxes do."""
    half = np.array([0.5, 0.5], np.float32)
    shifted = np.column_stack([matrix[:, :2], matrix[:, :2] @ half + matrix[:, 2] - half])
    rows, columns = image.shape
    return cv2.warpAffine(image, shifted, (columns, rows), flags=cv2.INTER_LINEAR, borderValue=0)


def change_exposure(image: Floats, rng: np.random.Generator, settings: AugmentSettings) -> Floats:
    """Another gamma, brightness and grain; values stay within 0..1."""
    gamma = np.exp(rng.uniform(-1, 1) * settings.gamma_share)
    changed = np.power(image, np.float32(gamma)) + np.float32(rng.uniform(-1, 1) * settings.brightness)
    if settings.noise > 0:
        changed = changed + rng.normal(0, settings.noise, image.shape).astype(np.float32)
    return np.clip(changed, 0, 1, dtype=np.float32)
