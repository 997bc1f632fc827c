"""Features of a part of the hand that know nothing of the rest: the carpals alone, and the hand without them.

A feature pooled at a region is not only of that region: the trunk of the network has seen its surroundings, and the
shipped detector's region ages hardly change when the region's own box is blanked (docs/decisions/0053). So leaving
regions out of the age head gives no age of a part. Here the *picture* is blanked first: everything outside the carpals'
box, or what is inside it, and the features are taken from what is left, at the boxes found on the whole film.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from inference.anatomy.regions import REGION_BY_ID, REGIONS

Floats = NDArray[np.float32]

CARPALS = REGION_BY_ID["carpals"].index


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the hand.

    Attributes:
        id: ``carpals`` or ``no_carpals``.
        regions: those that are looked at.
        name_en, name_zh: as read on screen.
    """

    id: str
    regions: frozenset[str]
    name_en: str
    name_zh: str


PARTS: tuple[Part, ...] = (
    Part("carpals", frozenset({"carpals"}), "carpals alone", "仅腕骨"),
    Part("no_carpals", frozenset(region.id for region in REGIONS) - {"carpals"}, "without the carpals", "除腕骨外"),
)
PART_BY_ID: dict[str, Part] = {part.id: part for part in PARTS}


def part_head_dir(artifact: Path, part: str) -> Path:
    """Where an artifact keeps the head that was fitted on a part; not every artifact has one."""
    return artifact / f"age_head_{part}"


class TwoPass(Protocol):
    """A detector whose second pass can be asked for the features at given boxes."""

    def find(self, images: Sequence[Floats]) -> tuple[Any, Any]: ...

    def describe(self, feature_map: Any, boxes: Floats) -> Floats: ...


def covered(part: Part, image: Floats, carpals: Floats) -> Floats:
    """A prepared picture [rows, columns] with all blanked that is not of the part.

    Outside the carpals' box (x0, y0, x1, y1) the picture becomes 0, its ground; inside it becomes the hand's median,
    so that no hole is left that looks like a wrist without bones.
    """
    rows, columns = image.shape
    x0, x1 = (round(min(max(float(x), 0), columns)) for x in (carpals[0], carpals[2]))
    y0, y1 = (round(min(max(float(y), 0), rows)) for y in (carpals[1], carpals[3]))
    if part.id == "carpals":
        only = np.zeros_like(image)
        only[y0:y1, x0:x1] = image[y0:y1, x0:x1]
        return only
    without = image.copy()
    hand = image[image > 0]
    without[y0:y1, x0:x1] = np.median(hand) if hand.size else 0
    return without


def part_features(
    part: Part, detector: TwoPass, images: Sequence[Floats], boxes: Floats, scores: Floats
) -> tuple[Floats, Floats]:
    """Features [B, 17, F] and scores [B, 17] of a part, zeros for every region that is not of it.

    A film on which no carpals were found has none of the part's features: what is not known to be covered is not used.

    Args:
        images: prepared pictures of one shape.
        boxes: [B, 17, 4] in their pixels, found on the whole pictures.
        scores: [B, 17], 0 where a region is missing.
    """
    kept = np.array([region.id in part.regions for region in REGIONS])
    known = scores[:, CARPALS] > 0
    left = [covered(part, image, box[CARPALS]) for image, box in zip(images, boxes, strict=True)]
    feature_map, _ = detector.find(left)
    features = detector.describe(feature_map, boxes.astype(np.float32))
    there = np.where(kept[None] & known[:, None], scores, 0).astype(np.float32)
    return np.where(there[..., None] > 0, features, 0).astype(np.float32), there
