"""What the network should have said: targets of the anchors and of the proposals.

A hand may be labelled in part only (one public box set has no carpals, another has nothing but the wrist). What is
*not labelled* must never be taught as background, so each film carries, beside its 17 boxes:

- ``labelled`` ``[B, 17]``: regions with a box;
- ``zones`` ``[B, 17, 4]``: where a region without a label is to be expected (no area where it is labelled, or known to
  be absent). An anchor or proposal whose centre lies in a zone, and which matches no labelled box, counts for nothing.
"""

from dataclasses import dataclass
from typing import Any

from keras import ops

from inference.detector.box_coding import encode, pairwise_iou
from inference.detector.config import Classes, class_of_region

ANCHOR_POSITIVE_IOU = 0.5
ANCHOR_NEGATIVE_IOU = 0.35
"""Between the two an anchor counts for nothing. The RPN paper has 0.7 and 0.3, for objects far larger than a joint."""
PROPOSAL_POSITIVE_IOU = 0.5


@dataclass(frozen=True, slots=True)
class Targets:
    """Targets of N anchors or proposals.

    Attributes:
        classes: ``[B, N]`` int: 0 background, else the class of the matched region.
        deltas: ``[B, N, 4]`` coded box of the matched region (meaningless for background).
        weight: ``[B, N]`` 1 where the classification counts, 0 where it must not.
        positive: ``[B, N]`` 1 where a region is matched.
    """

    classes: Any
    deltas: Any
    weight: Any
    positive: Any


def inside(centres_of: Any, zones: Any) -> Any:
    """Whether the centre of each box ``[B, N, 4]`` lies in any of ``zones`` ``[B, Z, 4]``: ``[B, N]`` float."""
    centre = ops.expand_dims(0.5 * (centres_of[..., :2] + centres_of[..., 2:]), -2)
    zones_ = ops.expand_dims(zones, -3)
    within = ops.logical_and(centre >= zones_[..., :2], centre < zones_[..., 2:])
    return ops.cast(ops.any(ops.all(within, axis=-1), axis=-1), "float32")


def _matched(overlap: Any, boxes: Any, candidates: Any) -> tuple[Any, Any]:
    region = ops.argmax(overlap, axis=-1)
    return region, encode(ops.take_along_axis(boxes, region[..., None], axis=1), candidates)


def anchor_targets(anchors: Any, boxes: Any, labelled: Any, zones: Any) -> Targets:
    """Targets of ``anchors`` ``[A, 4]`` for films with ``boxes`` ``[B, 17, 4]``.

    Positive: overlap of at least ``ANCHOR_POSITIVE_IOU`` with a labelled box, or the best anchor of such a box.
    """
    candidates = ops.broadcast_to(anchors[None], (ops.shape(boxes)[0], *anchors.shape))
    overlap = pairwise_iou(candidates, boxes) * ops.expand_dims(labelled, 1)
    best = ops.max(overlap, axis=-1)
    best_of_region = ops.max(overlap, axis=1, keepdims=True)
    is_best = ops.any(ops.logical_and(overlap >= best_of_region - 1e-6, best_of_region > 0.05), axis=-1)
    positive = ops.cast(ops.logical_or(best >= ANCHOR_POSITIVE_IOU, is_best), "float32")
    negative = ops.cast(best < ANCHOR_NEGATIVE_IOU, "float32") * (1 - positive) * (1 - inside(candidates, zones))
    _, deltas = _matched(overlap, boxes, candidates)
    return Targets(ops.cast(positive, "int32"), deltas, positive + negative, positive)


def proposal_targets(proposals: Any, boxes: Any, labelled: Any, zones: Any, *, classes: Classes) -> Targets:
    """Targets of ``proposals`` ``[B, P, 4]``; a proposal without area counts for nothing."""
    overlap = pairwise_iou(proposals, boxes) * ops.expand_dims(labelled, 1)
    positive = ops.cast(ops.max(overlap, axis=-1) >= PROPOSAL_POSITIVE_IOU, "float32")
    real = ops.cast(ops.min(proposals[..., 2:] - proposals[..., :2], axis=-1) > 0, "float32")
    weight = real * ops.maximum(positive, 1 - inside(proposals, zones))
    region, deltas = _matched(overlap, boxes, proposals)
    number = ops.take(ops.convert_to_tensor(class_of_region(classes), dtype="int32"), region)
    return Targets(number * ops.cast(positive, "int32"), deltas, weight, positive * real)
