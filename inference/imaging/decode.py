"""Stored values out of pixel data, in every transfer syntax that a CR or DX arrives in.

Decoders are permissively licensed: pydicom's own (uncompressed, deflated, RLE), GDCM (JPEG, JPEG lossless, JPEG-LS,
JPEG 2000), pyjpegls (JPEG-LS) and OpenJPEG (high-throughput JPEG 2000).
"""

import gdcm
import numpy as np
import pydicom
from numpy.typing import NDArray
from openjpeg.utils import decode as decode_jpeg2000
from pydicom import uid
from pydicom.encaps import encapsulate, get_frame
from pydicom.pixels import get_decoder, pixel_array

from inference.imaging.codestream import CodestreamError, stated_frame, without_applications
from inference.imaging.errors import FilmError

PLUGIN_BY_SYNTAX: dict[str, str] = {
    uid.JPEGBaseline8Bit: "gdcm",
    uid.JPEGExtended12Bit: "gdcm",
    uid.JPEGLossless: "gdcm",
    uid.JPEGLosslessSV1: "gdcm",
    uid.JPEGLSLossless: "pyjpegls",
    uid.JPEGLSNearLossless: "pyjpegls",
    uid.JPEG2000Lossless: "gdcm",
    uid.JPEG2000: "gdcm",
}
"""Which decoder is asked: one per syntax, so that the same film gives the same values on every machine."""

PROCESSES_BY_SYNTAX: dict[str, tuple[int, ...]] = {
    uid.JPEGBaseline8Bit: (0xC0,),
    uid.JPEGExtended12Bit: (0xC0, 0xC1),
    uid.JPEGLossless: (0xC3,),
    uid.JPEGLosslessSV1: (0xC3,),
    uid.JPEGLSLossless: (0xF7,),
    uid.JPEGLSNearLossless: (0xF7,),
    uid.JPEG2000Lossless: (0,),
    uid.JPEG2000: (0,),
    uid.HTJ2KLossless: (0,),
    uid.HTJ2KLosslessRPCL: (0,),
    uid.HTJ2K: (0,),
}
"""Frame markers that a syntax may hold (T.81 table B.1): another one is another codec than the header names."""

HTJ2K_SYNTAXES = frozenset({uid.HTJ2KLossless, uid.HTJ2KLosslessRPCL, uid.HTJ2K})

JPEG_EXTENDED_PRECISION_BITS = 12
"""Process 4 codes 12 bits whatever BitsStored says; its ringing may run past BitsStored and is clipped to it."""

LOSSY_SYNTAXES = frozenset(
    {uid.JPEGBaseline8Bit, uid.JPEGExtended12Bit, uid.JPEGLSNearLossless, uid.JPEG2000, uid.HTJ2K}
)


def stored_values(dataset: pydicom.Dataset) -> NDArray[np.int32]:
    """Decodes one grey frame.

    Args:
        dataset: with file meta, Rows, Columns, BitsAllocated (8 or 16), BitsStored, HighBit and PixelData; that it is
            grey and single-frame has been checked.

    Returns:
        int32 [rows, columns], the stored values alone: bits outside BitsStored (old overlays) are gone.

    Raises:
        FilmError: ``truncated`` or ``undecodable``.
    """
    syntax = dataset.file_meta.TransferSyntaxUID
    if not syntax.is_encapsulated:
        return _native(dataset)
    try:
        cells = _decoded(dataset, syntax)
    except Exception:  # decoders raise whatever they like, with bytes of the file in the text: none of it is passed on
        raise FilmError("undecodable", syntax=syntax_name(syntax)) from None
    if cells.shape != (int(dataset.Rows), int(dataset.Columns)):
        raise FilmError("undecodable", syntax=syntax_name(syntax))
    if syntax in LOSSY_SYNTAXES:
        return _within_stored_bits(cells, dataset)
    # a cell of run lengths is laid out as a native one; codestreams hold the value alone
    shift = int(dataset.HighBit) - int(dataset.BitsStored) + 1 if syntax == uid.RLELossless else 0
    return _stored_bits(cells & ((1 << int(dataset.BitsAllocated)) - 1), dataset, shift=shift)


def syntax_name(syntax: uid.UID) -> str:
    """The standard's name of a transfer syntax; a private or unknown one is not repeated, being free text."""
    return str(syntax.name) if syntax in uid.UID_dictionary else "unknown transfer syntax"


def _native(dataset: pydicom.Dataset) -> NDArray[np.int32]:
    expected = int(dataset.Rows) * int(dataset.Columns) * int(dataset.BitsAllocated) // 8
    if len(dataset.PixelData) < expected:
        raise FilmError("truncated")
    order = "<" if dataset.file_meta.TransferSyntaxUID.is_little_endian else ">"
    kind = f"{order}u{int(dataset.BitsAllocated) // 8}"
    raw = np.frombuffer(dataset.PixelData, dtype=kind, count=int(dataset.Rows) * int(dataset.Columns))
    cells = raw.reshape(int(dataset.Rows), int(dataset.Columns)).astype(np.int32)
    return _stored_bits(cells, dataset, shift=int(dataset.HighBit) - int(dataset.BitsStored) + 1)


def _stored_bits(cells: NDArray[np.int32], dataset: pydicom.Dataset, *, shift: int) -> NDArray[np.int32]:
    """Keeps the stored bits of each cell and extends their sign (PS3.5 section 8.1.1)."""
    stored = int(dataset.BitsStored)
    values = (cells >> shift) & ((1 << stored) - 1)
    if int(dataset.PixelRepresentation) == 1:
        values -= (values >> (stored - 1)) << stored
    return values


def _within_stored_bits(values: NDArray[np.int32], dataset: pydicom.Dataset) -> NDArray[np.int32]:
    """What a lossy codec rang beyond the stored bits is clipped to them."""
    top = 1 << int(dataset.BitsStored)
    low, high = (-(top >> 1), (top >> 1) - 1) if int(dataset.PixelRepresentation) == 1 else (0, top - 1)
    return np.clip(values, low, high)


def _decoded(dataset: pydicom.Dataset, syntax: uid.UID) -> NDArray[np.int32]:
    """Cells as the decoder gives them; raises anything."""
    if syntax == uid.RLELossless:
        return np.asarray(pixel_array(dataset, raw=True, decoding_plugin="pydicom"), dtype=np.int32)
    codestream = get_frame(dataset.PixelData, 0, number_of_frames=1)
    stated = stated_frame(codestream)
    same = (stated.rows, stated.columns, stated.components) == (int(dataset.Rows), int(dataset.Columns), 1)
    fits = 1 < stated.bits <= int(dataset.BitsAllocated)
    if not same or not fits or stated.process not in PROCESSES_BY_SYNTAX[syntax]:
        raise CodestreamError("another picture than the header's")
    if syntax in HTJ2K_SYNTAXES:
        return np.asarray(decode_jpeg2000(codestream), dtype=np.int32)
    if stated.process:
        codestream = without_applications(codestream)
    if syntax == uid.JPEGExtended12Bit and stated.bits > 8:
        return _jpeg_extended(dataset, codestream)
    values, _ = get_decoder(syntax).as_array(
        encapsulate([codestream]),
        raw=True,
        decoding_plugin=PLUGIN_BY_SYNTAX[syntax],
        pixel_keyword="PixelData",
        number_of_frames=1,
        samples_per_pixel=1,
        photometric_interpretation="MONOCHROME2",  # the polarity is not the decoder's business
        rows=int(dataset.Rows),
        columns=int(dataset.Columns),
        bits_allocated=int(dataset.BitsAllocated),
        bits_stored=int(dataset.BitsStored),
        pixel_representation=int(dataset.PixelRepresentation),
    )
    return np.asarray(values, dtype=np.int32)


def _jpeg_extended(dataset: pydicom.Dataset, codestream: bytes) -> NDArray[np.int32]:
    """12-bit lossy JPEG, which pydicom's plugin for GDCM declines although GDCM decodes it."""
    fragment = gdcm.Fragment()
    fragment.SetByteStringValue(codestream)
    fragments = gdcm.SequenceOfFragments.New()
    fragments.AddFragment(fragment)
    element = gdcm.DataElement(gdcm.Tag(0x7FE0, 0x0010))
    element.SetValue(fragments.__ref__())
    image = gdcm.Image()
    image.SetNumberOfDimensions(2)
    image.SetDimensions((int(dataset.Columns), int(dataset.Rows), 1))
    image.SetDataElement(element)
    image.SetPhotometricInterpretation(gdcm.PhotometricInterpretation(gdcm.PhotometricInterpretation.MONOCHROME2))
    image.SetTransferSyntax(gdcm.TransferSyntax(gdcm.TransferSyntax.JPEGExtendedProcess2_4))
    bits = JPEG_EXTENDED_PRECISION_BITS
    image.SetPixelFormat(gdcm.PixelFormat(1, 16, bits, bits - 1, 0))
    decoded = np.frombuffer(image.GetBuffer().encode("utf-8", "surrogateescape"), dtype="<u2")
    return decoded.reshape(int(dataset.Rows), int(dataset.Columns)).astype(np.int32)
