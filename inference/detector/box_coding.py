"""Boxes as the network sees them: targets relative to a proposal, and overlaps.

Source: CHBoneAI, formulas of the box regression: for a proposal P and a true box G (centre x, y, width, height)
``tx = (Gx - Px) / Pw``, ``ty = (Gy - Py) / Ph``, ``tw = ln(Gw / Pw)``, ``th = ln(Gh / Ph)``.
"""

from typing import Any

from keras import ops

from inference.detector.config import LARGEST_LOG_SCALE, SMALLEST_SIDE_PX


def _centre_and_size(boxes: Any) -> tuple[Any, Any]:
    size = ops.maximum(boxes[..., 2:] - boxes[..., :2], SMALLEST_SIDE_PX)
    return boxes[..., :2] + 0.5 * (boxes[..., 2:] - boxes[..., :2]), size


def encode(boxes: Any, proposals: Any) -> Any:
    """Targets ``[..., 4]`` (tx, ty, tw, th) of true ``boxes`` seen from ``proposals``; both ``[..., 4]`` corners."""
    proposal_centre, proposal_size = _centre_and_size(proposals)
    centre, size = _centre_and_size(boxes)
    return ops.concatenate([(centre - proposal_centre) / proposal_size, ops.log(size / proposal_size)], axis=-1)


def decode(deltas: Any, proposals: Any) -> Any:
    """The inverse of :func:`encode`: corner boxes ``[..., 4]``."""
    proposal_centre, proposal_size = _centre_and_size(proposals)
    centre = proposal_centre + deltas[..., :2] * proposal_size
    half = 0.5 * proposal_size * ops.exp(ops.clip(deltas[..., 2:], -LARGEST_LOG_SCALE, LARGEST_LOG_SCALE))
    return ops.concatenate([centre - half, centre + half], axis=-1)


def pairwise_iou(a: Any, b: Any) -> Any:
    """Intersection over union of every box of ``a`` ``[..., N, 4]`` with every box of ``b`` ``[..., M, 4]``."""
    a_, b_ = ops.expand_dims(a, -2), ops.expand_dims(b, -3)
    low = ops.maximum(a_[..., :2], b_[..., :2])
    high = ops.minimum(a_[..., 2:], b_[..., 2:])
    inter = ops.prod(ops.maximum(high - low, 0.0), axis=-1)
    area_a = ops.prod(ops.maximum(a_[..., 2:] - a_[..., :2], 0.0), axis=-1)
    area_b = ops.prod(ops.maximum(b_[..., 2:] - b_[..., :2], 0.0), axis=-1)
    return inter / ops.maximum(area_a + area_b - inter, 1e-9)
