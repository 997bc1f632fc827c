"""An exported detector at work: films in, boxes and 17 x F features out, without Keras.

The two graphs of :mod:`inference.detector.onnx_export` run in an engine; what lies between them stands here, in NumPy,
and follows :mod:`inference.detector.proposals`, :mod:`inference.detector.box_coding` and
:mod:`inference.detector.roi_align` step by step. A test compares each step, and whole films.
"""

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from inference.anatomy.regions import REGIONS
from inference.detector.anchors import make_anchors
from inference.detector.config import LARGEST_LOG_SCALE, SMALLEST_SIDE_PX, DetectorConfig
from inference.detector.found import Detection, Finds

Floats = npt.NDArray[np.float32]

FILMS_TOGETHER = 4
"""Films that go through the network in one pass at the most: more do not go faster and take memory."""


class Graph(Protocol):
    """One graph in an engine: named inputs in, outputs in the graph's order out."""

    def __call__(self, inputs: Mapping[str, Any]) -> list[Floats]: ...


class ExportedDetector(Finds):
    """Two graphs and the shape of the detector they came from. Any shape of film, any size of batch.

    Films of a batch are shared out over ``lanes``: threads that each look at some of them.
    """

    def __init__(self, config: DetectorConfig, facts: bytes, find: Graph, look_at: Graph, *, lanes: int = 1) -> None:
        known = json.loads(facts)
        self.config, self.feature_size = config, int(known["feature_size"])
        self.size_multiple_px: int = known["size_multiple_px"]
        self.stride: int = known["stride"]
        self._find, self._look_at = find, look_at
        self._lanes = ThreadPoolExecutor(lanes, "detector") if lanes > 1 else None
        self._lane_count = lanes

    def detect_batch(self, images: Sequence[Floats]) -> list[Detection]:
        """Find the regions of films of one and the same shape."""
        if self._lanes is None or len(images) < 2:
            return super().detect_batch(images)
        size = min(FILMS_TOGETHER, -(-len(images) // self._lane_count))
        parts = [images[i : i + size] for i in range(0, len(images), size)]
        return [found for part in self._lanes.map(super().detect_batch, parts) for found in part]

    def find(self, images: Sequence[Floats]) -> tuple[Floats, tuple[Floats, Floats]]:
        """First pass: the map ``[B, h, w, C]``, and the proposals' class boxes and probabilities."""
        multiple, config = self.size_multiple_px, self.config
        rows, columns = images[0].shape
        size = -(-rows // multiple) * multiple, -(-columns // multiple) * multiple
        stacked = np.zeros((len(images), 1, *size), np.float32)
        stacked[:, 0, :rows, :columns] = np.stack(images)
        feature_map, logits, deltas = self._find({"image": stacked})
        anchors = _anchors(config, self.stride * config.anchor_step, *size)
        proposals = np.stack(
            [propose(logits[i], deltas[i], anchors, config=config, image_size=size) for i in range(len(images))]
        )
        _, class_logits, class_deltas, *_ = self._looked_at(feature_map, proposals)
        boxes = decode(class_deltas, proposals[:, :, None, :])
        real = (proposals[..., 2:] - proposals[..., :2]).min(axis=-1, keepdims=True) > 0
        return feature_map, (boxes, np.where(real, softmax(class_logits), np.float32(0)))

    def describe(self, feature_map: Floats, boxes: Floats) -> Floats:
        """Second pass: features ``[B, 17, F]`` pooled again from the final boxes ``[B, 17, 4]``."""
        features, _, _, *maturity = self._looked_at(feature_map, boxes)
        if not maturity:
            return features
        count = len(REGIONS)
        own = [np.diagonal(maturity[0][:, :, i : i + count], 0, 1, 2) for i in (0, count)]
        return np.concatenate([features, np.stack(own, axis=-1)], axis=-1)

    def _looked_at(self, feature_map: Floats, boxes: Floats) -> list[Floats]:
        """The head's outputs on ``boxes`` ``[B, R, 4]``, each ``[B, R, ...]``."""
        config, (rows, columns) = self.config, feature_map.shape[1:3]
        cells = boxes / np.float32(self.stride)
        inputs = {
            "map": feature_map,
            "down": bin_weights(cells[..., 1], cells[..., 3], rows, config.roi_size, config.roi_sampling),
            "across": bin_weights(cells[..., 0], cells[..., 2], columns, config.roi_size, config.roi_sampling)[
                :, :, None
            ],
        }
        return [output.reshape(*boxes.shape[:2], *output.shape[1:]) for output in self._look_at(inputs)]


def propose(
    logits: Floats, deltas: Floats, anchors: Floats, *, config: DetectorConfig, image_size: tuple[int, int]
) -> Floats:
    """Proposals ``[config.proposals, 4]`` of one film in image pixels; unused places hold a box of no area.

    Args:
        logits: ``[A]`` that an anchor holds a region.
        deltas: ``[A, 4]`` its box, coded relative to the anchor.
        anchors: ``[A, 4]``.
        image_size: rows and columns.
    """
    top = min(config.proposal_candidates, len(anchors))
    best = np.argpartition(-logits, top - 1)[:top]
    best = best[np.lexsort((best, -logits[best]))]
    rows, columns = image_size
    boxes = np.clip(decode(deltas[best], anchors[best]), 0, np.array([columns, rows, columns, rows], np.float32))
    kept = np.zeros((config.proposals, 4), np.float32)
    chosen = boxes[suppressed(boxes, iou=config.proposal_iou, at_most=config.proposals)]
    kept[: len(chosen)] = chosen
    return kept


def suppressed(boxes: Floats, *, iou: float, at_most: int) -> list[int]:
    """Greedy non-maximum suppression of ``boxes`` ``[K, 4]``, which come best first; places of those that stay."""
    x0, y0, x1, y1 = np.ascontiguousarray(boxes.T)
    area = (x1 - x0) * (y1 - y0)
    alive = np.ones(len(boxes), np.bool_)
    kept: list[int] = []
    place = 0
    while place < len(boxes) and len(kept) < at_most:
        kept.append(place)
        width = np.minimum(x1, x1[place]) - np.maximum(x0, x0[place])
        height = np.minimum(y1, y1[place]) - np.maximum(y0, y0[place])
        inter = np.maximum(width, 0) * np.maximum(height, 0)
        alive &= inter <= iou * np.maximum(area + area[place] - inter, 1e-9)
        alive[: place + 1] = False
        place = int(alive.argmax()) if alive.any() else len(boxes)
    return kept


def decode(deltas: Floats, proposals: Floats) -> Floats:
    """Corner boxes ``[..., 4]`` from deltas relative to proposals; see :mod:`inference.detector.box_coding`."""
    size = np.maximum(proposals[..., 2:] - proposals[..., :2], np.float32(SMALLEST_SIDE_PX))
    centre = proposals[..., :2] + np.float32(0.5) * (proposals[..., 2:] - proposals[..., :2])
    centre = centre + deltas[..., :2] * size
    half = np.float32(0.5) * size * np.exp(np.clip(deltas[..., 2:], -LARGEST_LOG_SCALE, LARGEST_LOG_SCALE))
    return np.concatenate([centre - half, centre + half], axis=-1, dtype=np.float32)


def bin_weights(low: Floats, high: Floats, cells: int, size: int, sampling: int) -> Floats:
    """How much each of ``cells`` counts in each of ``size`` bins of a side from ``low`` to ``high``, in cells.

    Bilinear sampling at ``sampling`` points a bin, and their mean; the centre of cell 0 is 0.5, and a sample beyond the
    centres of the outer cells counts as 0.

    Returns:
        ``[..., size, cells]``.
    """
    share = (np.arange(size * sampling, dtype=np.float32) + np.float32(0.5)) / np.float32(size * sampling)
    place = low[..., None] + share * (high - low)[..., None] - np.float32(0.5)
    near = np.maximum(0, 1 - np.abs(place[..., None] - np.arange(cells, dtype=np.float32)))
    near *= ((place >= 0) & (place <= cells - 1))[..., None]
    binned: Floats = near.reshape(*low.shape, size, sampling, cells).mean(axis=-2, dtype=np.float32)
    return binned


def softmax(logits: Floats) -> Floats:
    """Over the last axis."""
    raised = np.exp(logits - logits.max(axis=-1, keepdims=True))
    shares: Floats = raised / raised.sum(axis=-1, keepdims=True)
    return shares


@lru_cache(maxsize=16)
def _anchors(config: DetectorConfig, stride: int, rows: int, columns: int) -> Floats:
    return make_anchors(
        rows=-(-rows // stride),
        columns=-(-columns // stride),
        stride=stride,
        sizes_px=config.anchor_sizes_px,
        ratios=config.anchor_ratios,
    )
