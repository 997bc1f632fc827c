"""What a person should look at again in a set of boxes. Warnings, never blocks."""

from collections.abc import Mapping, Sequence

from inference.anatomy.boxes import Box
from inference.anatomy.geometry import geometry_warnings, hand_side


def box_warnings(
    boxes: Mapping[str, Box], *, rows: int, columns: int, laterality: str | None
) -> list[dict[str, str | Sequence[str]]]:
    """Warnings as ``{"code", "regions"}``: what geometry finds, boxes wholly outside the film, and a side that
    disagrees with the header's."""
    found: list[dict[str, str | Sequence[str]]] = [
        {"code": warning.code, "regions": list(warning.regions)} for warning in geometry_warnings(boxes)
    ]
    outside = [
        region for region, box in boxes.items() if box.x1 <= 0 or box.y1 <= 0 or box.x0 >= columns or box.y0 >= rows
    ]
    if outside:
        found.append({"code": "outside_film", "regions": outside})
    side = hand_side(boxes)
    if side is not None and laterality is not None and side != laterality:
        found.append({"code": "laterality", "regions": []})
    return found
