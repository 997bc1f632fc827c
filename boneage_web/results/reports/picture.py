"""The film as people see it, with the model's boxes, as 8-bit RGB; for the PDF and the secondary capture."""

import gzip
from collections.abc import Mapping, Sequence
from typing import Any

import cv2
import numpy as np
from django.core.files.storage import default_storage
from numpy.typing import NDArray

from annotations.models import Radiograph
from inference.anatomy.boxes import Box
from inference.anatomy.regions import TYPE_OF_REGION
from inference.imaging.film import WindowFunction
from inference.imaging.render import window_to_8bit
from inference.imaging.view import View

RGB = NDArray[np.uint8]
_COLOURS = {
    "radius": (213, 94, 0),
    "ulna": (240, 228, 66),
    "carpals": (0, 158, 115),
    "metacarpal": (86, 180, 233),
    "proximal_phalanx": (230, 159, 0),
    "distal_phalanx": (204, 121, 167),
}
"""As on the pages (frontend/src/generated/regions.ts); a test compares them."""


def film_picture(radiograph: Radiograph, boxes: Sequence[Mapping[str, Any]], *, longest_px: int) -> RGB:
    """[rows, columns, 3]: upright, in its default window, its longer side ``longest_px`` pixels or the film's own.

    Raises:
        FileNotFoundError: the film's copy is gone from the store.
    """
    with default_storage.open(radiograph.pixels_name) as file:
        values = np.frombuffer(gzip.decompress(file.read()), "<u2").reshape(radiograph.rows, radiograph.columns)
    scale = min(1.0, longest_px / max(values.shape))
    size = (max(1, round(radiograph.columns * scale)), max(1, round(radiograph.rows * scale)))
    small = cv2.resize(values, size, interpolation=cv2.INTER_AREA)
    function: WindowFunction = radiograph.windows[0]["function"] if radiograph.windows else "linear"
    grey = window_to_8bit(small, radiograph.window_center, radiograph.window_width, function)
    view = View(radiograph.view_quarter_turns, radiograph.view_mirrored)
    picture: RGB = np.ascontiguousarray(np.repeat(view.of(grey)[:, :, None], 3, axis=2))
    thick = max(1, round(max(picture.shape) / 500))
    for box in boxes:
        x0, y0, x1, y1 = (round(edge * scale) for edge in _as_seen(box, view, radiograph))
        cv2.rectangle(picture, (x0, y0), (x1, y1), _COLOURS[TYPE_OF_REGION[box["region"]]], thick, cv2.LINE_AA)
    return picture


def _as_seen(box: Mapping[str, Any], view: View, radiograph: Radiograph) -> Box:
    """A stored box on the picture as looked at: mirrored, then turned clockwise."""
    x0, y0, x1, y1 = box["x0"], box["y0"], box["x1"], box["y1"]
    rows, columns = radiograph.rows, radiograph.columns
    if view.mirrored:
        x0, x1 = columns - x1, columns - x0
    for _ in range(view.quarter_turns):
        x0, y0, x1, y1 = rows - y1, x0, rows - y0, x1
        rows, columns = columns, rows
    return Box(x0, y0, x1, y1)
