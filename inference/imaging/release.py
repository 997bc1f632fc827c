"""A blocked film is released: what a person drew over is blanked, and the film looked at once more.

Takes only what :mod:`deidentify` wrote: the header is clean already, the pixels are not yet.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Protocol

import numpy as np
import pydicom

from inference.imaging.clean_header import IMPLEMENTATION_UID, record_method, set_pixels, written
from inference.imaging.clean_pixels import blanked
from inference.imaging.decode import stored_values
from inference.imaging.grey_values import grey_values
from inference.imaging.text_check import written_regions
from inference.imaging.text_report import CheckText, text_report


class Rectangle(Protocol):
    """Edges in stored pixels, x to the right, y down; may run past the picture."""

    @property
    def x0(self) -> float: ...
    @property
    def y0(self) -> float: ...
    @property
    def x1(self) -> float: ...
    @property
    def y1(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Released:
    """A film after a person looked at it.

    Attributes:
        data: DICOM file, explicit VR little endian; PatientIdentityRemoved says NO if writing is still seen.
        report: ``pixels_clean``, ``blocking`` (None or ``text_found``), ``written_regions`` and ``written_scores`` as
            in :class:`inference.imaging.deidentify.Deidentified`, ``methods``; ``redacted_share`` of the film,
            ``judged_by`` (``check`` or ``person``).
    """

    data: bytes
    report: dict[str, Any]


def release(
    data: bytes,
    rectangles: Sequence[Rectangle],
    *,
    no_writing: bool = False,
    check_text: CheckText = written_regions,
) -> Released:
    """Blanks what was drawn over and says whether the film may go.

    Args:
        data: a blocked copy, as :func:`inference.imaging.deidentify.deidentify` wrote it.
        rectangles: where writing is; each is set to the ground next to it, in stored values.
        no_writing: a person states that what is left is no writing; the check is not asked again.
        check_text: looks for writing, see :mod:`inference.imaging.text_check`.

    Raises:
        ValueError: not a copy of ours, or nothing drawn on the picture and nothing stated.
        FilmError: ``no_contrast``: the rectangles cover the whole picture.
    """
    film = pydicom.dcmread(BytesIO(data))
    if film.file_meta.get("ImplementationClassUID") != IMPLEMENTATION_UID:
        raise ValueError("only a copy written by this program can be released")
    stored = stored_values(film)
    frames = [frame for frame in (_whole_pixels(edges, stored.shape) for edges in rectangles) if frame is not None]
    if not frames and not no_writing:
        raise ValueError("nothing was drawn on the picture and nothing was stated")
    redacted = blanked(stored, frames)
    found = () if no_writing else check_text(grey_values(film, redacted).pixels)
    record_method(film, pixels_clean=not found)
    set_pixels(film, redacted)
    return Released(
        data=written(film),
        report={
            **text_report(found),
            "methods": [item.CodeValue for item in film.DeidentificationMethodCodeSequence],
            "redacted_share": round(float(np.mean(redacted != stored)), 4),
            "judged_by": "person" if no_writing else "check",
        },
    )


def _whole_pixels(edges: Rectangle, shape: tuple[int, ...]) -> tuple[int, int, int, int] | None:
    """All pixels that the rectangle touches, or None if it lies outside the picture or has no area."""
    rows, columns = shape
    x0, x1 = max(0, math.floor(edges.x0)), min(columns, math.ceil(edges.x1))
    y0, y1 = max(0, math.floor(edges.y0)), min(rows, math.ceil(edges.y1))
    return (x0, y0, x1, y1) if x0 < x1 and y0 < y1 else None
