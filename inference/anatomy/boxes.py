"""A region's rectangle, and what can be measured on it.

One truth for coordinates, everywhere in the project: float pixels of the image as stored, origin at the outer corner
of the top-left pixel, x to the right, y down, half open, ``x0 < x1`` and ``y0 < y1``. A box may run past the frame:
boxes of real films do.
"""

from typing import NamedTuple


class Box(NamedTuple):
    """A rectangle in image pixels (see the module for the convention)."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        return self.y1 - self.y0

    @property
    def area(self) -> float:
        return max(0.0, self.width) * max(0.0, self.height)

    @property
    def centre(self) -> tuple[float, float]:
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2

    def is_valid(self) -> bool:
        """Whether all edges are finite numbers and the box has a positive width and height."""
        return all(abs(edge) < float("inf") for edge in self) and self.x0 < self.x1 and self.y0 < self.y1


def iou(a: Box, b: Box) -> float:
    """Intersection over union of two boxes, 0 to 1."""
    width = min(a.x1, b.x1) - max(a.x0, b.x0)
    height = min(a.y1, b.y1) - max(a.y0, b.y0)
    if width <= 0 or height <= 0:
        return 0.0
    intersection = width * height
    return intersection / (a.area + b.area - intersection)
