"""Bytes become a DICOM data set of which every element has been read, or are refused before they cost much.

A few bytes can ask for a lot: a deflated file for gigabytes, a header for a million elements. What no film needs is
refused early. An element that cannot be read is dropped, unless grey values depend on it.
"""

import logging
import warnings
import zlib
from collections.abc import Callable
from io import BytesIO

import pydicom
from pydicom.filereader import _read_file_meta_info, read_partial
from pydicom.tag import BaseTag
from pydicom.uid import UID, DeflatedExplicitVRLittleEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

from inference.imaging.errors import FilmError

# pydicom warns of odd values with the value in the text, also when it converts them later: identity in a log
pydicom.config.settings.reading_validation_mode = pydicom.config.IGNORE
logging.getLogger("pydicom").setLevel(logging.CRITICAL)

MAXIMUM_MEGAPIXELS = 19
"""A 43 x 43 cm detector at 0.1 mm has 18.5 million pixels; a header that claims more is an attack or an error. A film
of 19 million takes half a gigabyte to read and to clean, and more than that again to look for letters in."""

MOST_INFLATED_BYTES = 72 << 20
"""Of a deflated data set: the largest film that is read, at 16 bits, and a header."""

MOST_HEADER_BYTES = 32 << 20
MOST_ELEMENTS = 20_000
MOST_ITEMS = 50_000
"""Elements at the top, and items of sequences (fragments of pixel data are items too), beyond which it is no film's
header but an attempt to keep the reader busy; real headers have some hundreds of either."""

DEEPEST_SEQUENCE = 32

_ITEM_TAGS = (b"\xfe\xff\x00\xe0", b"\xff\xfe\xe0\x00")
_PIXEL_TAGS = frozenset({0x7FE00008, 0x7FE00009, 0x7FE00010})
_GREY_TAGS = frozenset(
    int(tag)
    for tag in (
        pydicom.datadict.tag_for_keyword(keyword)
        for keyword in (
            "TransferSyntaxUID", "SamplesPerPixel", "PhotometricInterpretation", "NumberOfFrames", "Rows", "Columns",
            "BitsAllocated", "BitsStored", "HighBit", "PixelRepresentation", "PixelPaddingValue",
            "PixelPaddingRangeLimit", "RescaleSlope", "RescaleIntercept", "ModalityLUTSequence", "VOILUTSequence",
            "PresentationLUTShape", "PixelData",
        )
    )
    if tag is not None
)  # fmt: skip
"""Without these, values would be shown that are not the film's: none of them is dropped."""


def parsed(data: bytes) -> pydicom.FileDataset:
    """Reads a DICOM file to its last element.

    Args:
        data: the file, with or without the 128-byte preamble.

    Raises:
        FilmError: ``unknown_format``, ``unreadable_header`` or ``too_large`` (a deflated file that swells).
    """
    has_magic = data[128:132] == b"DICM"
    if not has_magic and not _looks_like_bare_dicom(data):
        raise FilmError("unknown_format")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            dataset = _read(data, has_magic=has_magic)
            _convert_all(dataset.file_meta, depth=0)
            _convert_all(dataset, depth=0)
    except FilmError:
        raise
    except Exception:  # a damaged header raises anything, with bytes of the file in the text: none of it is passed on
        raise FilmError("unreadable_header") from None
    syntax = dataset.file_meta.get("TransferSyntaxUID")
    if syntax is None:
        explicit = data[4:6].isalpha() and data[4:6].isupper()
        syntax = ExplicitVRLittleEndian if explicit else ImplicitVRLittleEndian
    dataset.file_meta.add_new(pydicom.tag.Tag("TransferSyntaxUID"), "UI", UID(str(syntax)))
    return dataset


def _looks_like_bare_dicom(data: bytes) -> bool:
    """A data set without preamble starts in group 2 or 8, little endian, with a low element number."""
    return len(data) > 132 and data[0] in (0x02, 0x08) and data[1] == 0 and data[3] == 0 and data[2] in range(0, 0x20)


def _read(data: bytes, *, has_magic: bool) -> pydicom.FileDataset:
    file = BytesIO(data)
    file.seek(132 if has_magic else 0)
    meta = _read_file_meta_info(file)
    if meta.get("TransferSyntaxUID") != DeflatedExplicitVRLittleEndian:
        return _read_all(data)
    dataset = _read_all(_inflated(data[file.tell() :]))
    dataset.file_meta = meta
    return dataset


def _inflated(data: bytes) -> bytes:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    inflated = inflater.decompress(data, MOST_INFLATED_BYTES)
    if inflater.unconsumed_tail:
        raise FilmError("too_large", limit=MAXIMUM_MEGAPIXELS)
    return inflated


def _read_all(data: bytes) -> pydicom.FileDataset:
    if sum(data.count(tag) for tag in _ITEM_TAGS) > MOST_ITEMS:
        raise FilmError("unreadable_header")
    file = BytesIO(data)
    dataset = read_partial(file, stop_when=_counting(file), force=True)
    assert isinstance(dataset, pydicom.FileDataset)
    return dataset


def _counting(file: BytesIO) -> Callable[[BaseTag, str | None, int], bool]:
    """Never stops the reader, but refuses a header that is too long."""
    elements = 0

    def count(tag: BaseTag, vr: str | None, length: int) -> bool:
        nonlocal elements
        elements += 1
        if elements > MOST_ELEMENTS or (tag in _PIXEL_TAGS and file.tell() > MOST_HEADER_BYTES):
            raise FilmError("unreadable_header")
        return False

    return count


def _convert_all(dataset: pydicom.Dataset, *, depth: int) -> None:
    """Turns every element's bytes into its value now, not half way through, and drops what has none."""
    if depth > DEEPEST_SEQUENCE:
        raise FilmError("unreadable_header")
    for tag in list(dataset.keys()):
        try:
            element = dataset[tag]
            if element.VR == "PN":
                str(element.value)  # decodes the name's characters
        except Exception:
            if depth == 0 and tag in _GREY_TAGS:
                raise
            del dataset._dict[tag]
            continue
        if element.VR == "SQ":
            for item in element.value or ():
                _convert_all(item, depth=depth + 1)
