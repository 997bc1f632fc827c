"""Films of a snapshot as the detector's training sees them: prepared, labelled, augmented, in batches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from inference.anatomy.boxes import Box
from inference.anatomy.geometry import expected_boxes
from inference.anatomy.regions import REGION_BY_ID, REGION_IDS
from inference.imaging.preprocess import Preprocessing
from training.augment import AugmentSettings, change_exposure, draw_matrix, move_boxes, warp
from training.snapshot import Snapshot, SnapshotRadiograph

Floats = npt.NDArray[np.float32]

USUAL_SQUEEZE = 0.78
"""Width / height of a hand film where nobody knows it (median of 327 real hands; their spread is 0.12)."""
ZONE_GROWTH = 0.25
"""An unlabelled region's zone reaches this share of its distance to the nearest labelled region further out."""
CACHE_LIMIT_BYTES = 1_500_000_000


@dataclass(frozen=True, slots=True)
class Example:
    """One film, prepared; boxes in its pixels.

    Attributes:
        image: ``[rows, columns]`` uint8, the prepared 0..1 values times 255.
        boxes: ``[17, 4]``, zeros where there is none.
        labelled: ``[17]`` 1 where a box was drawn.
        zones: ``[17, 4]`` where unlabelled regions are to be expected (see `training.targets`).
        squeeze: width / height of the film before it was made square; 1 where its aspect was kept.
        female, bone_age_months: nan where unknown.
    """

    image: npt.NDArray[np.uint8]
    boxes: Floats
    labelled: Floats
    zones: Floats
    squeeze: float
    female: float
    bone_age_months: float


@dataclass(frozen=True, slots=True)
class Batch:
    """Stacked examples: ``images`` ``[B, rows, columns, 1]`` float32 0..1, the rest as in :class:`Example`."""

    images: Floats
    boxes: Floats
    labelled: Floats
    zones: Floats
    female: Floats
    bone_age_months: Floats


class Films:
    """The prepared films of a snapshot; those that fit into memory are prepared once."""

    def __init__(self, snapshot: Snapshot, preprocessing: Preprocessing) -> None:
        self.snapshot, self.preprocessing = snapshot, preprocessing
        self._cache: dict[str, Example] = {}
        self._cached_bytes = 0

    def example(self, radiograph: SnapshotRadiograph, boxes: Mapping[str, Box] | None = None) -> Example:
        """The film with its labels, or with ``boxes`` (prepared pixels, all that is there) in their place."""
        found = self._cache.get(radiograph.id)
        if found is None:
            found = self._prepare(radiograph)
            if self._cached_bytes + found.image.nbytes < CACHE_LIMIT_BYTES:
                self._cache[radiograph.id] = found
                self._cached_bytes += found.image.nbytes
        if boxes is None:
            return found
        array, labelled = box_arrays(boxes)
        return Example(
            found.image, array, labelled, np.zeros_like(array), found.squeeze, found.female, found.bone_age_months
        )

    def drawn_boxes(self, radiograph: SnapshotRadiograph) -> dict[str, Box]:
        """The boxes that people drew, in pixels of the prepared film."""
        drawn = self.example(radiograph)
        return {region: Box(*map(float, drawn.boxes[i])) for i, region in enumerate(REGION_IDS) if drawn.labelled[i]}

    def _prepare(self, radiograph: SnapshotRadiograph) -> Example:
        prepared = self.preprocessing.prepare(
            self.snapshot.picture(radiograph).astype(np.float32), film_aspect=film_aspect(radiograph)
        )
        boxes = {
            region: prepared.to_original.box_from_original(box)
            for region, box in self.snapshot.boxes(radiograph.id).items()
        }
        array, labelled = box_arrays(boxes)
        rows, columns = prepared.image.shape
        known_absent = self.snapshot.absent(radiograph.id)
        return Example(
            image=np.rint(prepared.image * 255).astype(np.uint8),
            boxes=array,
            labelled=labelled,
            zones=unlabelled_zones(boxes, known_absent, rows=rows, columns=columns),
            squeeze=_squeeze(radiograph, self.preprocessing),
            female=float("nan") if radiograph.sex is None else float(radiograph.sex == "F"),
            bone_age_months=float("nan") if radiograph.bone_age_months is None else radiograph.bone_age_months,
        )


def _squeeze(radiograph: SnapshotRadiograph, preprocessing: Preprocessing) -> float:
    if preprocessing.geometry == "aspect":
        return 1.0
    return film_aspect(radiograph) or USUAL_SQUEEZE


def film_aspect(radiograph: SnapshotRadiograph) -> float | None:
    """Width / height of the film as taken, None where the snapshot does not know it."""
    if radiograph.original_columns and radiograph.original_rows:
        return radiograph.original_columns / radiograph.original_rows
    return None


def box_arrays(boxes: Mapping[str, Box]) -> tuple[Floats, Floats]:
    """Boxes ``[17, 4]`` (zeros where missing) and which are there ``[17]``."""
    array, there = np.zeros((len(REGION_IDS), 4), np.float32), np.zeros(len(REGION_IDS), np.float32)
    for region, box in boxes.items():
        array[REGION_BY_ID[region].index], there[REGION_BY_ID[region].index] = box, 1.0
    return array, there


def unlabelled_zones(boxes: Mapping[str, Box], absent: frozenset[str], *, rows: int, columns: int) -> Floats:
    """Where regions may be that nobody labelled, ``[17, 4]``: no area for labelled and absent ones.

    The further a region is from all that is labelled, the less its place is known and the larger its zone. With too
    few labels to say anything, the whole picture is the zone of each.
    """
    zones = np.zeros((len(REGION_IDS), 4), np.float32)
    open_regions = [region for region in REGION_IDS if region not in boxes and region not in absent]
    expected = expected_boxes(boxes)
    centres = np.array([box.centre for box in boxes.values()]).reshape(-1, 2)
    for region in open_regions:
        i = REGION_BY_ID[region].index
        if region not in expected:
            zones[i] = (0, 0, columns, rows)
            continue
        box = expected[region]
        margin = ZONE_GROWTH * float(np.linalg.norm(centres - np.array(box.centre), axis=1).min())
        zones[i] = (box.x0 - margin, box.y0 - margin, box.x1 + margin, box.y1 + margin)
    return zones


def make_batch(
    examples: Sequence[Example], rng: np.random.Generator, augment: AugmentSettings | None, *, multiple_px: int
) -> Batch:
    """Stack examples, each augmented by its own draw; sides are padded with background to a common size."""
    rows = max(-(-example.image.shape[0] // multiple_px) * multiple_px for example in examples)
    columns = max(-(-example.image.shape[1] // multiple_px) * multiple_px for example in examples)
    images = np.zeros((len(examples), rows, columns, 1), np.float32)
    boxes, zones = [], []
    for i, example in enumerate(examples):
        height, width = example.image.shape
        image: Floats = example.image.astype(np.float32) / np.float32(255)
        moved, zone = example.boxes, example.zones
        if augment is not None:
            matrix = draw_matrix(rng, augment, columns=width, rows=height, squeeze=example.squeeze)
            image = change_exposure(warp(image, matrix), rng, augment)
            moved = move_boxes(moved, matrix) * example.labelled[:, None]
            zone = move_boxes(zone, matrix) * (zone[:, 2:3] > zone[:, :1])
        images[i, :height, :width, 0] = image
        boxes.append(moved)
        zones.append(zone)
    return Batch(
        images=images,
        boxes=np.stack(boxes),
        labelled=np.stack([example.labelled for example in examples]),
        zones=np.stack(zones),
        female=np.array([example.female for example in examples], np.float32),
        bone_age_months=np.array([example.bone_age_months for example in examples], np.float32),
    )


def drawn(count: int, batch: int, step: int, seed: Sequence[int]) -> list[int]:
    """Which of ``count`` examples step ``step`` sees: a pass over all in random order, then another.

    It follows from seed and step alone, so that a run taken up again sees what it would have seen.
    """
    places = [divmod(position, count) for position in range(step * batch, (step + 1) * batch)]
    return [int(_order(count, (*seed, turn))[place]) for turn, place in places]


@lru_cache(maxsize=8)
def _order(count: int, seed: tuple[int, ...]) -> npt.NDArray[np.int64]:
    return np.random.default_rng(seed).permutation(count)
