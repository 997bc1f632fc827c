"""Small, measured changes of a film, for asking a model how much its age moves: one kind, several steps each.

Steps are in the unit that stands with the kind. Geometry is changed about the picture's middle with the border
repeated, so that no black wedge tells that a picture was turned. Unlike `training.film_faults`, which spoils films so
that a gate learns to refuse them, most of these leave a film that a reader would accept.
"""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Change = Callable[[Floats, float, np.random.Generator], Floats]
"""(picture [rows, columns] float32 in 0..1, step, generator) -> picture of the same shape in 0..1."""


@dataclass(frozen=True)
class Kind:
    """One kind of change.

    Attributes:
        name: stable name.
        unit: of its steps.
        steps: sizes that are tried.
        change: see :data:`Change`.
    """

    name: str
    unit: str
    steps: tuple[float, ...]
    change: Change


def _warped(picture: Floats, matrix: NDArray[np.float64]) -> Floats:
    rows, columns = picture.shape
    warped = cv2.warpAffine(picture, matrix, (columns, rows), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.clip(warped, 0, 1).astype(np.float32)


def _about_the_middle(picture: Floats, degrees: float, scale: float) -> Floats:
    rows, columns = picture.shape
    return _warped(picture, cv2.getRotationMatrix2D(((columns - 1) / 2, (rows - 1) / 2), degrees, scale))


def _turn(picture: Floats, step: float, random: np.random.Generator) -> Floats:
    return _about_the_middle(picture, step, 1.0)


def _scale(picture: Floats, step: float, random: np.random.Generator) -> Floats:
    return _about_the_middle(picture, 0.0, 1 + step)


def _shift(picture: Floats, step: float, random: np.random.Generator) -> Floats:
    return _warped(picture, np.array([[1, 0, step * picture.shape[1]], [0, 1, step * picture.shape[0]]], np.float64))


def _shift_px(picture: Floats, step: float, random: np.random.Generator) -> Floats:
    return _warped(picture, np.array([[1, 0, step], [0, 1, step]], np.float64))


def _brightness(picture: Floats, step: float, random: np.random.Generator) -> Floats:
    return np.clip(picture + np.float32(step), 0, 1)


def _contrast(picture: Floats, step: float, random: np.random.Generator) -> Floats:
    middle = np.float32(picture.mean())
    return np.clip(middle + (picture - middle) * np.float32(1 + step), 0, 1)


def _gamma(picture: Floats, step: float, random: np.random.Generator) -> Floats:
    return (picture ** np.float32(1 + step)).astype(np.float32)


def _blur(picture: Floats, step: float, random: np.random.Generator) -> Floats:
    sigma = step * max(picture.shape)
    return np.clip(cv2.GaussianBlur(picture, (0, 0), sigma), 0, 1).astype(np.float32)


def _noise(picture: Floats, step: float, random: np.random.Generator) -> Floats:
    return np.clip(picture + random.normal(0, step, picture.shape), 0, 1).astype(np.float32)


def _inverted(picture: Floats, step: float, random: np.random.Generator) -> Floats:
    return (1 - picture).astype(np.float32)


def _mirrored(picture: Floats, step: float, random: np.random.Generator) -> Floats:
    return np.ascontiguousarray(picture[:, ::-1])


def _marker(picture: Floats, step: float, random: np.random.Generator) -> Floats:
    """A bright letter in an upper corner, as a lead marker lies; `step` is its height as a share of the picture's."""
    drawn = picture.copy()
    height = step * picture.shape[0]
    size = height / cv2.getTextSize("L", cv2.FONT_HERSHEY_SIMPLEX, 1.0, 1)[0][1]
    place = (int(0.04 * picture.shape[1]), int(0.05 * picture.shape[0] + height))
    cv2.putText(drawn, "L", place, cv2.FONT_HERSHEY_SIMPLEX, size, 1.0, max(1, round(height / 6)), cv2.LINE_AA)
    return drawn


KINDS: tuple[Kind, ...] = (
    Kind("shift_pixels", "pixels right and down", (0, 1, 2, 3), _shift_px),
    Kind("rotation", "degrees", (-30, -20, -10, -5, 5, 10, 20, 30, 90, 180), _turn),
    Kind("shift", "share of each side", (-0.1, -0.05, 0.05, 0.1), _shift),
    Kind("scale", "share", (-0.2, -0.1, 0.1, 0.2), _scale),
    Kind("brightness", "share of the grey range", (-0.3, -0.15, 0.15, 0.3), _brightness),
    Kind("contrast", "share", (-0.4, -0.2, 0.2, 0.4), _contrast),
    Kind("gamma", "exponent less 1", (-0.4, -0.2, 0.2, 0.4), _gamma),
    Kind("blur", "standard deviation, share of the longer side", (0.003, 0.006, 0.012, 0.02), _blur),
    Kind("noise", "standard deviation, share of the grey range", (0.01, 0.03, 0.06, 0.1), _noise),
    Kind("inversion", "", (1,), _inverted),
    Kind("mirrored", "", (1,), _mirrored),
    Kind("marker", "height, share of the picture's", (0.06, 0.12), _marker),
)
