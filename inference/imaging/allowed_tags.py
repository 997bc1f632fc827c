"""The allow list: what a clean file may hold, and the form each value must have to pass.

Everything that is not listed is dropped, whatever its group. A listed value passes only as a word of a closed
vocabulary or as a number within the bounds of what it measures, written anew, so that no free text and no bytes of the
original pass through: a name in Manufacturer goes nowhere, nor does a telephone number in KVP. Starts from PS3.15
Table E.1-1 with the options Retain Patient Characteristics (113108) and Retain Longitudinal Temporal Information with
Modified Dates (113107).
"""

import math
from collections.abc import Callable

import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom import uid
from pydicom.multival import MultiValue
from pydicom.valuerep import format_number_as_ds

from inference.imaging.grey_values import Table, header_windows, padding_mask, tables
from inference.imaging.header_facts import PLAUSIBLE_SPACING_MM, VIEW_POSITIONS

Cleaner = Callable[[object], object | None]
"""Returns the value to write, or None to drop the element."""

MANUFACTURERS: dict[str, tuple[str, ...]] = {
    "SYNTHETIC PHANTOM": (), "AGFA": (), "ANGELL": (), "CANON": (), "CARESTREAM": (), "DRGEM": (), "DRTECH": (),
    "FUJIFILM": ("FUJI",), "GE HEALTHCARE": ("GE MEDICAL",), "HOLOGIC": (), "KODAK": ("EASTMAN KODAK",),
    "KONICA MINOLTA": ("KONICA",), "LANDWIND": (), "MINDRAY": (), "NEUSOFT": (), "PHILIPS": (), "RAYENCE": (),
    "SAMSUNG": (), "SHIMADZU": (), "SIEMENS": (), "SWISSRAY": (), "TOSHIBA": (), "UNITED IMAGING": ("UIH",),
    "VAREX": (), "VARIAN": (), "VIEWORKS": (), "WANDONG": (),
}  # fmt: skip
"""A maker is kept as one of these names (beside them other beginnings of it), which tell an unseen kind of device from
a known one; model and serial are not kept, being free text."""

SOP_CLASSES = frozenset(
    {
        uid.ComputedRadiographyImageStorage,
        uid.DigitalXRayImageStorageForPresentation,
        uid.SecondaryCaptureImageStorage,
    }
)

IMAGE_TYPES = frozenset({"ORIGINAL", "DERIVED", "PRIMARY", "SECONDARY", "SYNTHETIC", ""})
MOST_IMAGE_TYPES = 8
"""Values of ImageType that are kept; real ones have two to five."""

WORDS: dict[str, frozenset[str]] = {
    "Modality": frozenset({"CR", "DX", "RG"}),
    "PresentationIntentType": frozenset({"FOR PRESENTATION"}),
    "PatientSex": frozenset({"M", "F", "O"}),
    "BodyPartExamined": frozenset(
        {"HAND", "WRIST", "FINGER", "THUMB", "FOREARM", "ARM", "EXTREMITY", "UP_EXM", "HANDWRIST"}
    ),
    "ViewPosition": VIEW_POSITIONS,
    "Laterality": frozenset({"L", "R"}),
    "ImageLaterality": frozenset({"L", "R", "U", "B"}),
    "FieldOfViewHorizontalFlip": frozenset({"YES", "NO"}),
    "PhotometricInterpretation": frozenset({"MONOCHROME1", "MONOCHROME2"}),
    "PixelIntensityRelationship": frozenset({"LIN", "LOG"}),
    "RescaleType": frozenset({"US", "OD", "HU"}),
    "VOILUTFunction": frozenset({"LINEAR", "LINEAR_EXACT", "SIGMOID"}),
    "PresentationLUTShape": frozenset({"IDENTITY", "INVERSE"}),
    "LossyImageCompression": frozenset({"00", "01"}),
}
"""Keyword -> the words that pass."""

_AXES = ("AP", "LR", "HF")
ORIENTATIONS = frozenset(
    first + second + third
    for one, two, three in [(a, b, c) for a in _AXES for b in _AXES for c in _AXES if len({a, b, c}) == 3]
    for first in one
    for second in ("", *two)
    for third in (("", *three) if second else ("",))
)
"""Directions of the patient (PS3.3 C.7.6.1.1.1): one to three letters, one of each axis."""

VOCABULARY = frozenset(
    {*MANUFACTURERS, *ORIENTATIONS, *IMAGE_TYPES, *(word for words in WORDS.values() for word in words)} - {""}
)
"""Every word that can pass."""


def _words(allowed: frozenset[str]) -> Cleaner:
    def clean(value: object) -> object | None:
        text = str(value).strip(" \0").upper()
        return text if text in allowed else None

    return clean


def _image_type(value: object) -> object | None:
    values = value if isinstance(value, (MultiValue, list, tuple)) else str(value).split("\\")
    kept = [text for text in (str(part).strip(" \0").upper() for part in values) if text in IMAGE_TYPES]
    return kept[:MOST_IMAGE_TYPES] if any(kept) else None


def _decimals(low: float, high: float, *, count: int) -> Cleaner:
    """So many numbers from ``low`` to ``high``, to six significant digits: enough for any spacing or dose."""

    def clean(value: object) -> object | None:
        try:
            values = [float(part) for part in (value if isinstance(value, (MultiValue, list, tuple)) else [value])]  # type: ignore[arg-type]
        except (TypeError, ValueError, OverflowError):
            return None
        if len(values) != count or not all(math.isfinite(part) and low <= part <= high for part in values):
            return None
        texts = [_decimal_text(part) for part in values]
        return texts if count > 1 else texts[0]

    return clean


def _decimal_text(number: float) -> str:
    return str(format_number_as_ds(float(f"{number:.6g}")))


def _one_of(*allowed: int) -> Cleaner:
    def clean(value: object) -> object | None:
        try:
            number = float(value)  # type: ignore[arg-type]
        except (TypeError, ValueError, OverflowError):
            return None
        return int(number) if number in allowed else None

    return clean


def _orientation(value: object) -> object | None:
    values = value if isinstance(value, (MultiValue, list, tuple)) else [value]
    texts = [str(part).strip(" \0").upper() for part in values]
    return texts if len(texts) == 2 and all(text in ORIENTATIONS for text in texts) else None


def _ratio(value: object) -> object | None:
    try:
        vertical, horizontal = (int(part) for part in value)  # type: ignore[attr-defined]
    except (TypeError, ValueError, OverflowError):
        return None
    if not (0 < vertical < 10_000 and 0 < horizontal < 10_000):
        return None
    common = math.gcd(vertical, horizontal)
    return [vertical // common, horizontal // common]


def _manufacturer(value: object) -> object | None:
    text = str(value).strip(" \0").upper() + " "
    for name, beginnings in MANUFACTURERS.items():
        if any(text.startswith((f"{beginning} ", f"{beginning},")) for beginning in (name, *beginnings)):
            return name
    return None


ALLOWED: dict[str, Cleaner] = {
    **{keyword: _words(words) for keyword, words in WORDS.items()},
    "ImageType": _image_type,
    "Manufacturer": _manufacturer,
    "PatientOrientation": _orientation,
    "FieldOfViewRotation": _one_of(0, 90, 180, 270),
    "PixelSpacing": _decimals(*PLAUSIBLE_SPACING_MM, count=2),
    "ImagerPixelSpacing": _decimals(*PLAUSIBLE_SPACING_MM, count=2),
    "PixelAspectRatio": _ratio,
    "KVP": _decimals(20, 200, count=1),
    "PixelIntensityRelationshipSign": _one_of(-1, 1),
    "RescaleSlope": _decimals(-math.inf, math.inf, count=1),  # bounded where it is read: grey_values
    "RescaleIntercept": _decimals(-math.inf, math.inf, count=1),
}
"""Keyword -> what may pass. Identifiers, dates, age, pixel layout, windows, padding, tables and the
de-identification's own record are written one by one and never copied."""


def copy_allowed(source: pydicom.Dataset, target: pydicom.Dataset, stored: NDArray[np.int32]) -> None:
    """Copies every allowed element whose value passes; windows, padding and tables as far as they say something.

    Args:
        source: the original.
        target: the clean data set.
        stored: int32 [rows, columns], the cleaned stored values.
    """
    for keyword, clean in ALLOWED.items():
        value = source.get(keyword)
        if value is None or value == "":
            continue
        allowed = clean(value)
        if allowed is not None:
            setattr(target, keyword, allowed)
    windows = header_windows(source, stored)
    if windows:
        target.WindowCenter = [_decimal_text(window.center) for window in windows]
        target.WindowWidth = [_decimal_text(window.width) for window in windows]
    _copy_padding(source, target, stored)
    for keyword, table in tables(source, stored).items():
        setattr(target, keyword, [_table_item(table, with_type=keyword == "ModalityLUTSequence")])


def _copy_padding(source: pydicom.Dataset, target: pydicom.Dataset, stored: NDArray[np.int32]) -> None:
    """The range of the padding values that occur, whatever range was stated."""
    padding = padding_mask(source, stored)
    if padding is None:
        return
    low, high = int(stored[padding].min()), int(stored[padding].max())
    vr = "SS" if int(source.PixelRepresentation) == 1 else "US"
    target.add_new("PixelPaddingValue", vr, low)
    if high != low:
        target.add_new("PixelPaddingRangeLimit", vr, high)


def _table_item(table: Table, *, with_type: bool) -> pydicom.Dataset:
    """A table's numbers alone, without its explanation, which is free text."""
    item = pydicom.Dataset()
    # the first value is signed or not as its input is; its 16 bits are kept as they are
    item.add_new("LUTDescriptor", "US", [len(table.entries) % 65536, table.first & 0xFFFF, table.bits])
    if with_type:
        item.ModalityLUTType = "US"
    item.add_new("LUTData", "OW", table.entries.astype("<u2").tobytes())
    return item
