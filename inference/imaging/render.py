"""What the browser is given: 16-bit values with a default window, and a small JPEG. No 8-bit picture of the film."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.imaging.film import Film, Window, WindowFunction

UINT16_MAX = 65535


@dataclass(frozen=True, slots=True)
class DisplayImage:
    """A film as the browser shows it.

    Attributes:
        values: uint16 [rows, columns].
        window_center: default window, in units of ``values``.
        window_width: as above, at least 1.
        window_function: linear, linear_exact or sigmoid.
        windows: all windows of the film in units of ``values``, the default one first.
        slope: film value = values * slope + intercept.
        intercept: see slope.
    """

    values: NDArray[np.uint16]
    window_center: float
    window_width: float
    window_function: WindowFunction
    windows: tuple[Window, ...]
    slope: float
    intercept: float


def display_image(film: Film) -> DisplayImage:
    """A film's values as uint16: unchanged where they are whole numbers that fit, else spread over the whole range."""
    pixels = film.pixels
    low, high = float(pixels.min()), float(pixels.max())
    whole = low >= 0 and high <= UINT16_MAX and bool(np.array_equal(pixels, np.rint(pixels)))
    slope, intercept = (1.0, 0.0) if whole else ((high - low) / UINT16_MAX, low)
    values = pixels if whole else (pixels - np.float32(intercept)) / np.float32(slope)
    windows = tuple(_in_display_values(window, slope, intercept) for window in film.windows)
    return DisplayImage(
        values=np.clip(np.rint(values), 0, UINT16_MAX).astype(np.uint16),
        window_center=windows[0].center,
        window_width=windows[0].width,
        window_function=windows[0].function,
        windows=windows,
        slope=slope,
        intercept=intercept,
    )


def _in_display_values(window: Window, slope: float, intercept: float) -> Window:
    """The same greys on the scaled values: DICOM's linear window counts from center - 0.5 and over width - 1."""
    half, one = (0.5, 1.0) if window.function == "linear" else (0.0, 0.0)
    center = (window.center - half - intercept) / slope + half
    return Window(center, max(1.0, (window.width - one) / slope + one), window.function)


def window_to_8bit(
    values: NDArray[np.floating] | NDArray[np.integer], center: float, width: float, function: WindowFunction = "linear"
) -> NDArray[np.uint8]:
    """Grey for a screen, 0 black to 255 white (PS3.3 C.11.2.1.2 and C.11.2.1.3).

    Args:
        values: [rows, columns].
        center: in units of the values.
        width: in units of the values, above 0; for ``linear`` at least 1.
        function: see :class:`inference.imaging.film.Window`.
    """
    x = values.astype(np.float32)
    if function == "sigmoid":
        exponent = np.clip(-4 * (x - np.float32(center)) / np.float32(width), -80, 80)
        share = 1 / (1 + np.exp(exponent))
    elif function == "linear" and width > 1:
        share = (x - np.float32(center - 0.5)) / np.float32(width - 1) + np.float32(0.5)
    elif function == "linear":
        share = (x > center - 0.5).astype(np.float32)
    else:
        share = (x - np.float32(center)) / np.float32(width) + np.float32(0.5)
    grey: NDArray[np.uint8] = np.rint(np.clip(share, 0, 1) * 255).astype(np.uint8)
    return grey


def thumbnail_jpeg(film: Film, size: int = 256) -> bytes:
    """A small JPEG in the film's default window; its longer side has ``size`` pixels, or the film's own if smaller."""
    return small_jpeg(film.pixels, film.window, size)


def small_jpeg(values: NDArray[np.floating] | NDArray[np.integer], window: Window, size: int = 256) -> bytes:
    """The same of grey values [rows, columns] and a window on them."""
    rows, columns = values.shape
    scale = min(1.0, size / max(rows, columns))
    shape = (max(1, round(columns * scale)), max(1, round(rows * scale)))
    small = cv2.resize(values, shape, interpolation=cv2.INTER_AREA)
    grey = window_to_8bit(small, window.center, window.width, window.function)
    encoded, data = cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, 85])
    assert encoded, "a grey uint8 picture always encodes"
    return bytes(data)
