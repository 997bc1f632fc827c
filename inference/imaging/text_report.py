"""What the text check's answer means for a film, in the words of its report."""

from collections.abc import Callable
from typing import Any

from inference.imaging.text_check import WrittenRegion

CheckText = Callable[..., tuple[WrittenRegion, ...]]
"""Called as :func:`inference.imaging.text_check.written_regions`."""


def text_report(found: tuple[WrittenRegion, ...]) -> dict[str, Any]:
    """``pixels_clean``, ``blocking``, ``written_regions`` ([x0, y0, x1, y1] in pixels) and ``written_scores``."""
    return {
        "pixels_clean": not found,
        "blocking": "text_found" if found else None,
        "written_regions": [[region.x0, region.y0, region.x1, region.y1] for region in found],
        "written_scores": [region.score for region in found],
    }
