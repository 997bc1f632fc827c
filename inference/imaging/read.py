"""A file becomes a film, or is refused with a reason.

The kind is told by the bytes (DICOM with or without preamble, PNG, JPEG), never by the name. Refusals come in the
order in which a person would want to hear them: what the file is, then what its picture is, then what its header says.
"""

from dataclasses import replace
from pathlib import Path

import pydicom
from pydicom.uid import UID, MediaStorageDirectoryStorage, UID_dictionary

from inference.imaging.decode import LOSSY_SYNTAXES, stored_values, syntax_name
from inference.imaging.errors import FILM_ERRORS, FILM_WARNINGS, FilmError
from inference.imaging.film import Film, FilmFacts, Window
from inference.imaging.grey_values import grey_values
from inference.imaging.header_facts import film_facts, first_text
from inference.imaging.parse import MAXIMUM_MEGAPIXELS, parsed
from inference.imaging.picture import JPEG_MAGIC, PNG_MAGIC, read_picture

__all__ = ["FILM_ERRORS", "FILM_WARNINGS", "Film", "FilmError", "FilmFacts", "Window", "read_dicom", "read_film"]

MODALITIES = frozenset({"CR", "DX", "RG"})
"""Computed and digital radiography, and digitised film. Anything else has grey values that mean something else."""

MINIMUM_SIDE_PX = 64
"""Below this the growth plates of a finger are under a pixel wide; the smallest real pictures tried have 100."""

_KNOWN_MODALITIES = frozenset(
    {"BI", "CR", "CT", "DX", "ECG", "ES", "GM", "IO", "IVUS", "KO", "MG", "MR", "NM", "OP", "OPT", "OT", "PR", "PT"}
    | {"PX", "REG", "RF", "RG", "RTDOSE", "RTIMAGE", "RTPLAN", "RTSTRUCT", "SC", "SEG", "SM", "SR", "US", "XA", "XC"}
)


def read_film(source: Path | bytes) -> Film:
    """Reads a radiograph from DICOM, PNG or JPEG.

    Args:
        source: a path or the file's bytes.

    Raises:
        FilmError: with a code of :data:`FILM_ERRORS`; see there.
    """
    data = source.read_bytes() if isinstance(source, Path) else source
    if not data:
        raise FilmError("empty_file")
    if data.startswith((PNG_MAGIC, JPEG_MAGIC)):
        film = read_picture(data)
    else:
        dataset = read_dicom(data)
        stored = stored_values(dataset)
        facts = film_facts(dataset)
        if is_lossy(dataset):
            facts = replace(facts, warnings=(*facts.warnings, "lossy_compression"))
        grey = grey_values(dataset, stored)
        film = Film(pixels=grey.pixels, window=grey.windows[0], facts=facts, windows=grey.windows)
    if min(film.rows, film.columns) < MINIMUM_SIDE_PX:
        raise FilmError("too_small", limit=MINIMUM_SIDE_PX)
    return film


def read_dicom(data: bytes) -> pydicom.FileDataset:
    """Parses a DICOM file and checks that it is one grey radiograph that this project reads.

    Args:
        data: the file, with or without the 128-byte preamble.

    Raises:
        FilmError: anything but decoding and dates, see :data:`FILM_ERRORS`.
    """
    dataset = parsed(data)
    _check_kind(dataset)
    _check_pixels(dataset)
    modality = first_text(dataset, "Modality").upper()
    if modality not in MODALITIES:
        shown = modality if modality in _KNOWN_MODALITIES else "not stated" if not modality else "not a known one"
        raise FilmError("unsupported_modality", modality=shown)
    if first_text(dataset, "PresentationIntentType").upper() == "FOR PROCESSING":
        raise FilmError("for_processing")
    return dataset


def is_lossy(dataset: pydicom.Dataset) -> bool:
    """Whether the film was ever compressed with loss, by its header or its transfer syntax."""
    declared = first_text(dataset, "LossyImageCompression") == "01"
    return declared or dataset.file_meta.TransferSyntaxUID in LOSSY_SYNTAXES


def _check_kind(dataset: pydicom.FileDataset) -> None:
    if dataset.file_meta.get("MediaStorageSOPClassUID") == MediaStorageDirectoryStorage or (
        "DirectoryRecordSequence" in dataset
    ):
        raise FilmError("dicomdir")
    if "FloatPixelData" in dataset or "DoubleFloatPixelData" in dataset:
        raise FilmError("float_pixels")
    if "PixelData" not in dataset:
        raise FilmError("truncated" if "Rows" in dataset or not len(dataset) else "not_an_image")


def _check_pixels(dataset: pydicom.FileDataset) -> None:
    try:
        rows, columns = int(dataset.Rows), int(dataset.Columns)
        allocated, stored, high = int(dataset.BitsAllocated), int(dataset.BitsStored), int(dataset.HighBit)
        samples = int(dataset.get("SamplesPerPixel") or 1)
        frames = int(dataset.get("NumberOfFrames") or 1)
        representation = int(dataset.PixelRepresentation)
    except (AttributeError, TypeError, ValueError, OverflowError):
        raise FilmError("unsupported_pixel_type") from None
    photometric = first_text(dataset, "PhotometricInterpretation").upper()
    if photometric == "PALETTE COLOR":
        raise FilmError("multi_frame" if frames > 1 else "palette_colour")
    if samples != 1 or photometric not in ("MONOCHROME1", "MONOCHROME2"):
        raise FilmError("colour")
    if frames != 1:
        raise FilmError("multi_frame")
    cells_fit = 1 < stored <= allocated and stored - 1 <= high < allocated
    if allocated not in (8, 16) or not cells_fit or representation not in (0, 1):
        raise FilmError("unsupported_pixel_type")
    if min(rows, columns) < MINIMUM_SIDE_PX:
        raise FilmError("too_small", limit=MINIMUM_SIDE_PX)
    if rows * columns > MAXIMUM_MEGAPIXELS * 1_000_000:
        raise FilmError("too_large", limit=MAXIMUM_MEGAPIXELS)
    if not dataset.PixelData:
        raise FilmError("truncated")
    if not isinstance(dataset.PixelData, bytes):
        raise FilmError("unsupported_pixel_type")
    syntax = dataset.file_meta.TransferSyntaxUID
    if not isinstance(syntax, UID):  # two of them, in a damaged file
        raise FilmError("unreadable_header")
    if syntax not in UID_dictionary or syntax.type != "Transfer Syntax":
        raise FilmError("undecodable", syntax=syntax_name(syntax))
