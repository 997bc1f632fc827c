"""Stored values become grey values, in the order of the standard: padding, modality, VOI, polarity last.

DICOM PS3.3 C.7.5.1.1.2 (padding, on stored values), C.11.1 (modality LUT), C.11.2 (VOI LUT and window), C.7.6.3.1.2
(photometric interpretation), C.11.6 (presentation LUT shape).
"""

from dataclasses import dataclass

import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom.multival import MultiValue
from pydicom.sequence import Sequence

from inference.imaging.errors import FilmError
from inference.imaging.film import Window, WindowFunction
from inference.imaging.header_facts import first_text

DEFAULT_WINDOW_PERCENTILES = (0.5, 99.8)
"""Where a film names no window: leaves out the lead marker's and the collimator's extremes, keeps all bone."""

_FUNCTIONS: dict[str, WindowFunction] = {"": "linear", "LINEAR": "linear", "LINEAR_EXACT": "linear_exact"}


WIDEST_WINDOW = 16
"""Widest window, in ranges of the possible values: a wider one shows one even grey."""

MOST_WINDOWS = 8
"""Windows of a header that are offered; real ones have one to four."""

RESCALE_SLOPES = (1e-5, 1e4)
RESCALE_INTERCEPT_AT_MOST = 1e6
"""Size of a rescale: values of a detector are whole numbers of at most 16 bits, and anything made of them stays within
a few powers of ten. What lies outside was never a rescale."""


@dataclass(frozen=True, slots=True)
class GreyValues:
    """Grey values [rows, columns] float32, bone bright, and the windows on them, the default one first."""

    pixels: NDArray[np.float32]
    windows: tuple[Window, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A lookup table (C.11.1.1): input ``first`` gives ``entries[0]``; inputs beyond an end take that end's entry.

    Attributes:
        first: lowest input with an entry of its own.
        entries: uint16.
        bits: 8 to 16; entries mean grey from 0 to ``2 ** bits - 1``.
    """

    first: int
    entries: NDArray[np.uint16]
    bits: int


@dataclass(frozen=True, slots=True)
class _Step:
    """Values with the range that they could span, which is what polarity turns them within."""

    values: NDArray[np.float32]
    low: float
    high: float


def grey_values(dataset: pydicom.Dataset, stored: NDArray[np.int32]) -> GreyValues:
    """Applies padding, modality LUT or rescale, VOI LUT and polarity.

    A VOI LUT beats the windows beside it (C.11.2.1: one or the other); of several tables the first is applied.

    Args:
        dataset: header of the film.
        stored: int32 [rows, columns], stored values.

    Raises:
        FilmError: ``bad_lookup_table`` (impossible table or rescale), ``no_contrast`` (all pixels alike).
    """
    padding = padding_mask(dataset, stored)
    step = _modality(dataset, stored)
    windows: tuple[Window, ...]
    if _has_lut(dataset, "VOILUTSequence"):
        step = _looked_up(_table(dataset, "VOILUTSequence", signed=step.low < 0), step.values)
        windows = (Window(center=(step.low + step.high + 1) / 2, width=step.high - step.low + 1),)
    else:
        windows = _windows(dataset, step)
    if is_inverted(dataset):
        step, windows = _turned(step, windows)
    pixels = _fill_padding(step.values, padding)
    return GreyValues(pixels=pixels, windows=windows or (percentile_window(pixels),))


def header_windows(dataset: pydicom.Dataset, stored: NDArray[np.int32]) -> tuple[Window, ...]:
    """The windows of the header that show something, in its own units and order (before polarity and VOI LUT)."""
    return _windows(dataset, _modality(dataset, stored))


def tables(dataset: pydicom.Dataset, stored: NDArray[np.int32]) -> dict[str, Table]:
    """The tables that are applied, by keyword, each cut to the inputs that occur in these stored values.

    Raises:
        FilmError: ``bad_lookup_table``.
    """
    found: dict[str, Table] = {}
    if _has_lut(dataset, "ModalityLUTSequence"):
        table = _table(dataset, "ModalityLUTSequence", signed=int(dataset.PixelRepresentation) == 1)
        found["ModalityLUTSequence"] = _cut(table, stored)
    if _has_lut(dataset, "VOILUTSequence"):
        step = _modality(dataset, stored)
        table = _table(dataset, "VOILUTSequence", signed=step.low < 0)
        found["VOILUTSequence"] = _cut(table, step.values)
    return found


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
    except (TypeError, ValueError, OverflowError):
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
    signed = int(dataset.PixelRepresentation) == 1
    if _has_lut(dataset, "ModalityLUTSequence"):
        return _looked_up(_table(dataset, "ModalityLUTSequence", signed=signed), stored)
    bits = int(dataset.BitsStored)
    low, high = (-(1 << (bits - 1)), (1 << (bits - 1)) - 1) if signed else (0, (1 << bits) - 1)
    slope, intercept = _rescale(dataset)
    ends = sorted((low * slope + intercept, high * slope + intercept))
    values = stored.astype(np.float32)
    if (slope, intercept) != (1.0, 0.0):
        values *= np.float32(slope)
        values += np.float32(intercept)
    return _Step(values=values, low=ends[0], high=ends[1])


def _rescale(dataset: pydicom.Dataset) -> tuple[float, float]:
    """Slope and intercept, 1 and 0 where none is stated; one that cannot be read is not replaced."""
    try:
        slope = float(first_text(dataset, "RescaleSlope") or 1.0)
    except ValueError:
        raise FilmError("bad_lookup_table", tag="RescaleSlope") from None
    try:
        intercept = float(first_text(dataset, "RescaleIntercept") or 0.0)
    except ValueError:
        raise FilmError("bad_lookup_table", tag="RescaleIntercept") from None
    least, most = RESCALE_SLOPES
    if not least <= abs(slope) <= most:
        raise FilmError("bad_lookup_table", tag="RescaleSlope")
    if not abs(intercept) <= RESCALE_INTERCEPT_AT_MOST:
        raise FilmError("bad_lookup_table", tag="RescaleIntercept")
    return slope, intercept


def _has_lut(dataset: pydicom.Dataset, keyword: str) -> bool:
    sequence = dataset.get(keyword)
    if not sequence:
        return False
    if not isinstance(sequence, Sequence) or "LUTData" not in sequence[0] or "LUTDescriptor" not in sequence[0]:
        raise FilmError("bad_lookup_table", tag=keyword)
    return True


def _table(dataset: pydicom.Dataset, keyword: str, *, signed: bool) -> Table:
    """The first item's table.

    Args:
        signed: whether its inputs can be negative: then so is the descriptor's second value, however it is written.
    """
    item = dataset[keyword].value[0]
    try:
        entries, first, bits = (int(number) for number in item.LUTDescriptor)
    except (TypeError, ValueError, OverflowError):
        raise FilmError("bad_lookup_table", tag=keyword) from None
    entries = entries or 65536  # 2^16 does not fit the 16 bits of the descriptor and is written as 0
    if signed and first >= 32768:
        first -= 65536
    if not 8 <= bits <= 16 or entries < 0:
        raise FilmError("bad_lookup_table", tag=keyword)
    return Table(first=first, entries=_entries(item, entries, keyword), bits=bits)


def _entries(item: pydicom.Dataset, count: int, keyword: str) -> NDArray[np.uint16]:
    data = item.LUTData
    if isinstance(data, bytes):
        little = item.is_little_endian is not False
        packed = len(data) < 2 * count
        try:
            table = np.frombuffer(data, dtype="u1" if packed else "<u2" if little else ">u2", count=count)
        except ValueError:
            raise FilmError("bad_lookup_table", tag=keyword) from None
        return table.astype(np.uint16)
    try:
        numbers = np.atleast_1d(np.asarray(data, dtype=np.int64))
    except (TypeError, ValueError, OverflowError):
        raise FilmError("bad_lookup_table", tag=keyword) from None
    if numbers.ndim != 1 or numbers.size < count:
        raise FilmError("bad_lookup_table", tag=keyword)
    return numbers[:count].astype(np.uint16)


def _looked_up(table: Table, values: NDArray[np.int32] | NDArray[np.float32]) -> _Step:
    places = np.clip(values.astype(np.int32) - table.first, 0, table.entries.size - 1)
    return _Step(values=table.entries[places].astype(np.float32), low=0.0, high=float((1 << table.bits) - 1))


def _cut(table: Table, values: NDArray[np.int32] | NDArray[np.float32]) -> Table:
    """The entries that these values can reach, so that nothing is carried in the others."""
    last = table.entries.size - 1
    low, high = (min(max(int(edge) - table.first, 0), last) for edge in (values.min(), values.max()))
    return Table(first=table.first + low, entries=table.entries[low : high + 1], bits=table.bits)


def _windows(dataset: pydicom.Dataset, step: _Step) -> tuple[Window, ...]:
    """All pairs of center and width that show some of the possible values; others count as none."""
    name = first_text(dataset, "VOILUTFunction").upper()
    function: WindowFunction = "sigmoid" if name == "SIGMOID" else _FUNCTIONS.get(name, "linear")
    least = 1.0 if function == "linear" else 0.0
    span = step.high - step.low
    windows = []
    for center, width in zip(_numbers(dataset, "WindowCenter"), _numbers(dataset, "WindowWidth"), strict=False):
        usable = width >= least and width > 0 and width <= WIDEST_WINDOW * max(span, 1.0)
        if usable and step.low - span <= center <= step.high + span:
            windows.append(Window(center=center, width=width, function=function))
    return tuple(dict.fromkeys(windows))[:MOST_WINDOWS]


def _numbers(dataset: pydicom.Dataset, keyword: str) -> list[float]:
    """All values of an element, nan for one that is no number."""
    value = dataset.get(keyword)
    numbers = []
    for part in value if isinstance(value, MultiValue) else [] if value is None else [value]:
        try:
            numbers.append(float(part))
        except (TypeError, ValueError, OverflowError):
            numbers.append(float("nan"))
    return numbers


def _turned(step: _Step, windows: tuple[Window, ...]) -> tuple[_Step, tuple[Window, ...]]:
    """Turns values within their possible range, and the windows with them, so that the same picture is bright."""
    ends = step.low + step.high
    turned = _Step(values=(np.float32(ends) - step.values), low=step.low, high=step.high)
    # DICOM's linear window is symmetric about center - 0.5
    return turned, tuple(
        Window(ends - window.center + (1.0 if window.function == "linear" else 0.0), window.width, window.function)
        for window in windows
    )
