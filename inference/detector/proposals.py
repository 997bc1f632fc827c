"""From the region proposal network's output to a few dozen proposals per film."""

from typing import Any

from keras import ops

from inference.detector.backend import BACKEND
from inference.detector.box_coding import decode, pairwise_iou
from inference.detector.config import DetectorConfig


def propose(logits: Any, deltas: Any, anchors: Any, *, config: DetectorConfig, image_size: tuple[int, int]) -> Any:
    """Proposals ``[B, config.proposals, 4]`` in image pixels; unused places hold a box of no area.

    Args:
        logits: ``[B, A]`` that an anchor holds a region.
        deltas: ``[B, A, 4]`` its box, coded relative to the anchor.
        anchors: ``[A, 4]``.
        image_size: rows and columns; proposals are clipped to them, as a sample outside the map says nothing.
    """
    logits, deltas = ops.stop_gradient(logits), ops.stop_gradient(deltas)
    top = min(config.proposal_candidates, int(anchors.shape[0]))
    scores, index = ops.top_k(logits, top)
    boxes = decode(ops.take_along_axis(deltas, index[..., None], axis=1), ops.take(anchors, index, axis=0))
    rows, columns = image_size
    limit = ops.convert_to_tensor([columns, rows, columns, rows], dtype=boxes.dtype)
    boxes = ops.clip(boxes, 0.0, limit)
    chosen = BACKEND.suppress if BACKEND.has_fast_suppression() else suppress
    return ops.stop_gradient(chosen(boxes, scores, iou=config.proposal_iou, at_most=config.proposals))


def suppress(boxes: Any, scores: Any, *, iou: float, at_most: int) -> Any:
    """Greedy non-maximum suppression of ``boxes`` ``[B, K, 4]``, which come best first by ``scores`` ``[B, K]``.

    Returns:
        ``[B, at_most, 4]``: the kept boxes, best first, then boxes of zeros.
    """
    count = boxes.shape[1]
    place, slot = ops.arange(count), ops.arange(at_most)

    def keep_one(i: Any, state: tuple[Any, Any]) -> tuple[Any, Any]:
        alive, kept = state
        best = ops.argmax(alive, axis=1)
        box = ops.take_along_axis(boxes, best[:, None, None], axis=1)
        here = ops.logical_and((slot == i)[None, :, None], ops.max(alive, axis=1)[:, None, None] > 0)
        kept = ops.where(here, box, kept)
        gone = ops.logical_or(pairwise_iou(box, boxes)[:, 0] > iou, place[None] == best[:, None])
        return ops.where(gone, 0, alive), kept

    alive = ops.ones_like(scores, dtype="int32")
    kept = ops.zeros((ops.shape(boxes)[0], at_most, 4), dtype=boxes.dtype)
    return ops.fori_loop(0, at_most, keep_one, (alive, kept))[1]
