"""The allow list: what a clean file may hold, and the form each value must have to pass.

Everything that is not listed is dropped, whatever its group. A listed value passes only as a word of a closed
vocabulary or as a number that is written anew, so that no free text and no bytes of the original pass through: a name
in Manufacturer or in ViewPosition goes nowhere. Starts from PS3.15 Table E.1-1 with the options Retain Patient
Characteristics (113108) and Retain Longitudinal Temporal Information with Modified Dates (113107).
"""

import math
from collections.abc import Callable, Sequence

import pydicom
from pydicom import uid
from pydicom.multival import MultiValue
from pydicom.valuerep import format_number_as_ds

Cleaner = Callable[[object], object | None]
"""Returns the value to write, or None to drop the element."""

IMAGE_TYPES = frozenset({"ORIGINAL", "DERIVED", "PRIMARY", "SECONDARY", "SYNTHETIC", ""})

MANUFACTURERS = (
    "SYNTHETIC PHANTOM", "AGFA", "ANGELL", "CANON", "CARESTREAM", "DRGEM", "DRTECH", "FUJIFILM", "GE HEALTHCARE",
    "HOLOGIC", "KODAK", "KONICA MINOLTA", "LANDWIND", "MINDRAY", "NEUSOFT", "PHILIPS", "RAYENCE", "SAMSUNG",
    "SHIMADZU", "SIEMENS", "SWISSRAY", "TOSHIBA", "UNITED IMAGING", "VAREX", "VARIAN", "VIEWORKS", "WANDONG",
)  # fmt: skip
"""A maker is kept as one of these names, which tell an unseen kind of device from a known one; model and serial are not
kept, being free text."""

SOP_CLASSES = frozenset(
    {
        uid.ComputedRadiographyImageStorage,
        uid.DigitalXRayImageStorageForPresentation,
        uid.SecondaryCaptureImageStorage,
    }
)
_BODY_PARTS = frozenset({"HAND", "WRIST", "FINGER", "THUMB", "FOREARM", "ARM", "EXTREMITY", "UP_EXM", "HANDWRIST"})
_VIEWS = frozenset({"AP", "PA", "LL", "RL", "LLD", "RLD", "LLO", "RLO", "OBLIQUE", "LATERAL"})
_ORIENTATION = frozenset("ALPRHF")


def _word(*allowed: str) -> Cleaner:
    words = frozenset(allowed)

    def clean(value: object) -> object | None:
        text = str(value).strip(" \0").upper()
        return text if text in words else None

    return clean


def _words(allowed: frozenset[str]) -> Cleaner:
    def clean(value: object) -> object | None:
        values = value if isinstance(value, (MultiValue, list, tuple)) else str(value).split("\\")
        kept = [text for text in (str(part).strip(" \0").upper() for part in values) if text in allowed]
        return kept or None

    return clean


def _decimals(value: object) -> object | None:
    try:
        values = [float(part) for part in (value if isinstance(value, (MultiValue, list, tuple)) else [value])]  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
    if not values or not all(math.isfinite(part) for part in values):
        return None
    # six significant digits are enough for any spacing, window or dose, and too few for a telephone number
    texts = [format_number_as_ds(float(f"{part:.6g}")) for part in values[:8]]
    return texts if len(texts) > 1 else texts[0]


def _integer(value: object) -> object | None:
    try:
        number = int(value)  # type: ignore[call-overload]
    except (TypeError, ValueError):
        return None
    return number if -65536 <= number <= 65536 else None


def _orientation(value: object) -> object | None:
    values = value if isinstance(value, (MultiValue, list, tuple)) else [value]
    texts = [str(part).strip(" \0").upper() for part in values]
    ok = len(texts) == 2 and all(0 < len(text) <= 3 and set(text) <= _ORIENTATION for text in texts)
    return texts if ok else None


def _ratio(value: object) -> object | None:
    parts = [_integer(part) for part in value] if isinstance(value, (MultiValue, list, tuple)) else []
    whole = [part for part in parts if isinstance(part, int) and part > 0]
    return whole if len(whole) == len(parts) == 2 else None


def _manufacturer(value: object) -> object | None:
    text = str(value).upper()
    return next((name for name in MANUFACTURERS if text.strip(" \0") == name or text.startswith(name.split()[0])), None)


ALLOWED: dict[str, Cleaner] = {
    "ImageType": _words(IMAGE_TYPES),
    "Modality": _word("CR", "DX", "RG"),
    "Manufacturer": _manufacturer,
    "PresentationIntentType": _word("FOR PRESENTATION"),
    "PatientSex": _word("M", "F", "O"),
    "BodyPartExamined": _word(*_BODY_PARTS),
    "ViewPosition": _word(*_VIEWS),
    "Laterality": _word("L", "R"),
    "ImageLaterality": _word("L", "R", "U", "B"),
    "PatientOrientation": _orientation,
    "FieldOfViewHorizontalFlip": _word("YES", "NO"),
    "FieldOfViewRotation": _decimals,
    "PixelSpacing": _decimals,
    "ImagerPixelSpacing": _decimals,
    "PixelAspectRatio": _ratio,
    "KVP": _decimals,
    "PhotometricInterpretation": _word("MONOCHROME1", "MONOCHROME2"),
    "PixelPaddingValue": _integer,
    "PixelPaddingRangeLimit": _integer,
    "PixelIntensityRelationship": _word("LIN", "LOG"),
    "PixelIntensityRelationshipSign": _integer,
    "RescaleSlope": _decimals,
    "RescaleIntercept": _decimals,
    "RescaleType": _word("US", "OD", "HU"),
    "WindowCenter": _decimals,
    "WindowWidth": _decimals,
    "VOILUTFunction": _word("LINEAR", "LINEAR_EXACT", "SIGMOID"),
    "PresentationLUTShape": _word("IDENTITY", "INVERSE"),
    "LossyImageCompression": _word("00", "01"),
}
"""Keyword -> what may pass. Identifiers, dates, age, pixel layout, tables and the de-identification's own record are
written by :mod:`inference.imaging.deidentify` itself and never copied."""

SEQUENCES_WITH_TABLES = ("ModalityLUTSequence", "VOILUTSequence")
"""The only sequences kept, one item each, and of it only the table: its explanation is free text."""


def copy_allowed(source: pydicom.Dataset, target: pydicom.Dataset) -> None:
    """Copies every allowed element whose value passes."""
    for keyword, clean in ALLOWED.items():
        value = source.get(keyword)
        if value is None or value == "":
            continue
        cleaned = clean(value)
        if cleaned is not None:
            setattr(target, keyword, cleaned)
    for keyword in SEQUENCES_WITH_TABLES:
        table = _table_only(source.get(keyword), bits_stored=int(source.BitsStored))
        if table is not None:
            setattr(target, keyword, [table])


def _table_only(sequence: Sequence[pydicom.Dataset] | None, *, bits_stored: int) -> pydicom.Dataset | None:
    """The first item's table, as many entries as its descriptor says and no bytes behind them."""
    if not sequence or "LUTData" not in sequence[0] or "LUTDescriptor" not in sequence[0]:
        return None
    try:
        entries, first, bits = (int(number) for number in sequence[0].LUTDescriptor)
    except (TypeError, ValueError):
        return None
    data = sequence[0].LUTData
    numbers = list(data) if not isinstance(data, (bytes, int)) else data
    count = entries or 65536
    item = pydicom.Dataset()
    # the first value is signed or not as the pixels are; its 16 bits are kept as they were
    item.add_new("LUTDescriptor", "US", [entries, first & 0xFFFF, bits])
    if isinstance(numbers, bytes):
        item.add_new("LUTData", "OW", numbers[: 2 * count])
    else:
        item.add_new("LUTData", "US", numbers[:count] if isinstance(numbers, list) else numbers)
    return item
