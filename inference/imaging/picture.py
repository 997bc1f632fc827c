"""PNG and JPEG pictures as films: 8 or 16 bits, grey, or three equal channels, which are grey too."""

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.imaging.codestream import CodestreamError, stated_frame
from inference.imaging.errors import FilmError
from inference.imaging.film import Film, FilmFacts, Window
from inference.imaging.parse import MAXIMUM_MEGAPIXELS

PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
JPEG_MAGIC = b"\xff\xd8\xff"

JPEG_COLOUR_NOISE = 12
"""Largest difference between channels, in 8-bit steps, that a JPEG of a grey picture may have.

Grey saved as colour JPEG differs by 0 to 3 through rounding of the colour transform, at most 8 where chroma was
subsampled next to a lead marker; a toned photograph differs by far more.
"""

COLOURED_SHARE = 0.001
"""Share of pixels that may exceed the noise before a picture counts as coloured: a stray mark is not a photograph."""


def read_picture(data: bytes) -> Film:
    """Reads a PNG or JPEG.

    Args:
        data: the file.

    Raises:
        FilmError: ``truncated``, ``undecodable``, ``too_large``, ``colour``, ``no_contrast``.
    """
    is_png = data.startswith(PNG_MAGIC)
    if is_png and b"IEND" not in data[-64:]:
        raise FilmError("truncated")
    if not is_png and b"\xff\xd9" not in data[-4096:]:
        raise FilmError("truncated")
    rows, columns = _stated_size(data, is_png=is_png)
    if rows * columns > MAXIMUM_MEGAPIXELS * 1_000_000:
        raise FilmError("too_large", limit=MAXIMUM_MEGAPIXELS)
    image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if image is None:
        raise FilmError("undecodable", syntax="PNG" if is_png else "JPEG")
    grey = _grey(image, tolerance=0 if is_png else JPEG_COLOUR_NOISE)
    if grey.min() == grey.max():
        raise FilmError("no_contrast")
    top = 255.0 if grey.dtype == np.uint8 else 65535.0
    return Film(
        pixels=grey.astype(np.float32),
        window=Window(center=top / 2, width=top, function="linear_exact"),
        facts=FilmFacts(modality="PNG" if is_png else "JPEG", synthetic=is_png and b"tEXtSynthetic\x00yes" in data),
    )


def _stated_size(data: bytes, *, is_png: bool) -> tuple[int, int]:
    """Rows and columns as the file states them, before anything is decoded: few bytes can claim a wall of pixels."""
    if is_png:  # the first chunk is IHDR (ISO 15948, 5.6 and 11.2.2)
        return int.from_bytes(data[20:24], "big"), int.from_bytes(data[16:20], "big")
    try:
        frame = stated_frame(data)
    except CodestreamError:
        raise FilmError("undecodable", syntax="JPEG") from None
    return frame.rows, frame.columns


def _grey(image: NDArray[np.uint8], *, tolerance: int) -> NDArray[np.uint8]:
    if image.dtype not in (np.uint8, np.uint16):
        raise FilmError("float_pixels")
    if image.ndim == 2:
        return image
    colours = image[..., :3]
    if colours.shape[2] < 3:
        return np.ascontiguousarray(image[..., 0])
    spread = colours.max(axis=2).astype(np.int32) - colours.min(axis=2)
    if float(np.mean(spread > tolerance)) > COLOURED_SHARE:
        raise FilmError("colour")
    return np.ascontiguousarray(np.median(colours, axis=2).astype(image.dtype))
