"""Stored values become grey values, in the order of the standard: padding, modality, VOI, polarity last.

DICOM PS3.3 C.7.5.1.1.2 (padding, on stored values), C.11.1 (modality LUT), C.11.2 (VOI LUT and window), C.7.6.3.1.2
(photometric interpretation), C.11.6 (presentation LUT shape).
"""

from dataclasses import dataclass

import numpy as np
import pydicom
from numpy.typing import NDArray

from inference.imaging.errors import FilmError
from inference.imaging.film import Window, WindowFunction
from inference.imaging.header_facts import first_text

DEFAULT_WINDOW_PERCENTILES = (0.5, 99.8)
"""Where a film names no window: leaves out the lead marker's and the collimator's extremes, keeps all bone."""

_FUNCTIONS: dict[str, WindowFunction] = {"": "linear", "LINEAR": "linear", "LINEAR_EXACT": "linear_exact"}


@dataclass(frozen=True, slots=True)
class GreyValues:
    """Grey values [rows, columns] float32, bone bright, and the default window on them."""

    pixels: NDArray[np.float32]
    window: Window


@dataclass(frozen=True, slots=True)
class _Step:
    """Values with the range that they could span, which is what polarity turns them within."""

    values: NDArray[np.float32]
    low: float
    high: float


def grey_values(dataset: pydicom.Dataset, stored: NDArray[np.int32]) -> GreyValues:
    """Applies padding, modality LUT or rescale, VOI LUT and polarity.

    Args:
        dataset: header of the film.
        stored: int32 [rows, columns], stored values.

    Raises:
        FilmError: ``bad_lookup_table`` (impossible table), ``no_contrast`` (all pixels alike).
    """
    padding = padding_mask(dataset, stored)
    step = _modality(dataset, stored)
    window: Window | None
    if _has_lut(dataset, "VOILUTSequence"):
        step = _through_lut(dataset.VOILUTSequence[0], step.values.astype(np.int64), "VOILUTSequence")
        window = Window(center=(step.low + step.high + 1) / 2, width=step.high - step.low + 1)
    else:
        window = _header_window(dataset)
    if is_inverted(dataset):
        step, window = _turned(step, window)
    pixels = _fill_padding(step.values, padding)
    return GreyValues(pixels=pixels, window=window or percentile_window(pixels))


def is_inverted(dataset: pydicom.Dataset) -> bool:
    """Whether high stored values are dark: MONOCHROME1 or the presentation LUT shape INVERSE.

    MONOCHROME1 requires INVERSE (PS3.3 C.8.11.1), so both together are one inversion.
    """
    photometric = first_text(dataset, "PhotometricInterpretation").upper()
    return photometric == "MONOCHROME1" or first_text(dataset, "PresentationLUTShape").upper() == "INVERSE"


def padding_mask(dataset: pydicom.Dataset, stored: NDArray[np.int32]) -> NDArray[np.bool_] | None:
    """Pixels outside the picture (PixelPaddingValue, with PixelPaddingRangeLimit a range), or None."""
    value = _padding_number(dataset, "PixelPaddingValue")
    if value is None:
        return None
    limit = _padding_number(dataset, "PixelPaddingRangeLimit")
    low, high = sorted((value, value if limit is None else limit))
    mask = (stored >= low) & (stored <= high)
    return mask if mask.any() and not mask.all() else None


def percentile_window(pixels: NDArray[np.float32]) -> Window:
    """A window from the values themselves.

    Raises:
        FilmError: ``no_contrast``.
    """
    low, high = (float(edge) for edge in np.percentile(pixels[::4, ::4], DEFAULT_WINDOW_PERCENTILES))
    if high <= low:
        low, high = float(pixels.min()), float(pixels.max())
    if high <= low:
        raise FilmError("no_contrast")
    return Window(center=(low + high) / 2, width=high - low, function="linear_exact")


def _padding_number(dataset: pydicom.Dataset, keyword: str) -> int | None:
    value = dataset.get(keyword)
    if value is None or value == "":
        return None
    try:
        number = int(value)
    except (TypeError, ValueError):
        return None
    bits = int(dataset.BitsAllocated)
    if int(dataset.PixelRepresentation) == 1 and number >= 1 << (bits - 1):
        return number - (1 << bits)  # written as US in a file whose pixels are signed
    return number


def _fill_padding(pixels: NDArray[np.float32], padding: NDArray[np.bool_] | None) -> NDArray[np.float32]:
    filled = pixels if padding is None else np.where(padding, pixels[~padding].min(), pixels)
    if filled.min() == filled.max():
        raise FilmError("no_contrast")
    return np.ascontiguousarray(filled, dtype=np.float32)


def _modality(dataset: pydicom.Dataset, stored: NDArray[np.int32]) -> _Step:
    if _has_lut(dataset, "ModalityLUTSequence"):
        return _through_lut(dataset.ModalityLUTSequence[0], stored.astype(np.int64), "ModalityLUTSequence")
    bits, signed = int(dataset.BitsStored), int(dataset.PixelRepresentation) == 1
    low, high = (-(1 << (bits - 1)), (1 << (bits - 1)) - 1) if signed else (0, (1 << bits) - 1)
    slope = _decimal(dataset, "RescaleSlope", 1.0) or 1.0
    intercept = _decimal(dataset, "RescaleIntercept", 0.0)
    ends = sorted((low * slope + intercept, high * slope + intercept))
    values = stored.astype(np.float32)
    if (slope, intercept) != (1.0, 0.0):
        values = values * np.float32(slope) + np.float32(intercept)
    return _Step(values=values, low=ends[0], high=ends[1])


def _decimal(dataset: pydicom.Dataset, keyword: str, default: float) -> float:
    try:
        value = float(first_text(dataset, keyword) or default)
    except ValueError:
        return default
    return value if abs(value) < float("inf") else default


def _has_lut(dataset: pydicom.Dataset, keyword: str) -> bool:
    sequence = dataset.get(keyword)
    return bool(sequence) and "LUTData" in sequence[0] and "LUTDescriptor" in sequence[0]


def _through_lut(item: pydicom.Dataset, values: NDArray[np.int64], tag: str) -> _Step:
    """Looks values up; inputs below the first entry take it, inputs above the last take that (C.11.1.1.1)."""
    try:
        entries, first, bits = (int(number) for number in item.LUTDescriptor)
    except (TypeError, ValueError):
        raise FilmError("bad_lookup_table", tag=tag) from None
    entries = entries or 65536  # 2^16 does not fit the 16 bits of the descriptor and is written as 0
    if first >= 32768 and values.min() < 0:
        first -= 65536
    table = _lut_entries(item, entries, tag)
    if not 8 <= bits <= 16:
        raise FilmError("bad_lookup_table", tag=tag)
    looked_up = table[np.clip(values - first, 0, entries - 1)].astype(np.float32)
    return _Step(values=looked_up, low=0.0, high=float((1 << bits) - 1))


def _lut_entries(item: pydicom.Dataset, entries: int, tag: str) -> NDArray[np.uint16]:
    data = item.LUTData
    if isinstance(data, bytes):
        little = item.is_little_endian is not False
        packed = len(data) < 2 * entries
        table = np.frombuffer(data, dtype="u1" if packed else "<u2" if little else ">u2").astype(np.uint16)
    else:
        table = np.atleast_1d(np.asarray(data, dtype=np.int64)).astype(np.uint16)
    if table.size < entries:
        raise FilmError("bad_lookup_table", tag=tag)
    return table[:entries]


def _header_window(dataset: pydicom.Dataset) -> Window | None:
    """The first window of the header; one whose width no standard allows counts as none."""
    try:
        center = float(first_text(dataset, "WindowCenter"))
        width = float(first_text(dataset, "WindowWidth"))
    except ValueError:
        return None
    name = first_text(dataset, "VOILUTFunction").upper()
    function: WindowFunction = "sigmoid" if name == "SIGMOID" else _FUNCTIONS.get(name, "linear")
    if not (abs(center) < float("inf") and 0 < width < float("inf")) or (function == "linear" and width < 1):
        return None
    return Window(center=center, width=width, function=function)


def _turned(step: _Step, window: Window | None) -> tuple[_Step, Window | None]:
    """Turns values within their possible range, and the window with them, so that the same picture is bright."""
    ends = step.low + step.high
    turned = _Step(values=(np.float32(ends) - step.values), low=step.low, high=step.high)
    if window is None:
        return turned, None
    offset = 1.0 if window.function == "linear" else 0.0  # DICOM's linear window is symmetric about center - 0.5
    return turned, Window(center=ends - window.center + offset, width=window.width, function=window.function)
