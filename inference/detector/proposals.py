"""From the region proposal network's output to a few dozen proposals per film."""

from typing import Any

import tensorflow as tf
from keras import ops

from inference.detector.box_coding import decode
from inference.detector.config import DetectorConfig


def propose(logits: Any, deltas: Any, anchors: Any, *, config: DetectorConfig, image_size: tuple[int, int]) -> Any:
    """Proposals ``[B, config.proposals, 4]`` in image pixels; unused places hold a box of no area.

    Args:
        logits: ``[B, A]`` that an anchor holds a region.
        deltas: ``[B, A, 4]`` its box, coded relative to the anchor.
        anchors: ``[A, 4]``.
        image_size: rows and columns; proposals are clipped to them, as a sample outside the map says nothing.
    """
    top = min(config.proposal_candidates, int(anchors.shape[0]))
    scores, index = ops.top_k(logits, top)
    boxes = decode(ops.take_along_axis(deltas, index[..., None], axis=1), ops.take(anchors, index, axis=0))
    rows, columns = image_size
    limit = ops.convert_to_tensor([columns, rows, columns, rows], dtype=boxes.dtype)
    boxes = ops.clip(boxes, 0.0, limit)
    yx = tf.gather(boxes, [1, 0, 3, 2], axis=-1)[:, :, None, :]
    kept = tf.image.combined_non_max_suppression(
        yx,
        tf.sigmoid(scores)[..., None],
        max_output_size_per_class=config.proposals,
        max_total_size=config.proposals,
        iou_threshold=config.proposal_iou,
        score_threshold=0.0,
        clip_boxes=False,
    )
    return tf.stop_gradient(tf.gather(kept.nmsed_boxes, [1, 0, 3, 2], axis=-1))
