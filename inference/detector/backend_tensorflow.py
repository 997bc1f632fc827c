"""The detector on TensorFlow. Boxes are turned to TensorFlow's ``y`` first at the door of each operation."""

from collections.abc import Callable
from typing import Any

import tensorflow as tf


def as_written(function: Callable[..., Any]) -> Callable[..., Any]:
    """A graph of a function that branches on shapes and settings alone, never on the value of a tensor: TensorFlow need
    not first rewrite its source and all that it calls, which costs seconds of every start."""
    graph: Callable[..., Any] = tf.function(function, autograph=False)
    return graph


def compiled(function: Callable[..., Any], network: Any) -> Callable[..., Any]:
    """See :class:`inference.detector.backend.Backend`; a graph reads the variables where they are."""
    graph = as_written(function)
    return lambda *arguments: graph(*(tf.convert_to_tensor(argument) for argument in arguments))


def has_fast_roi_align() -> bool:
    """On a CPU ``crop_and_resize`` is ten times faster. On a GPU TensorFlow refuses its gradient where determinism is
    asked for (tensorflow/tensorflow pull request 48905), and a training that can be resumed asks for it."""
    return not tf.config.list_physical_devices("GPU")


def roi_align(feature_map: Any, boxes: Any, *, stride: float, size: int, sampling: int) -> Any:
    """RoIAlign by ``tf.image.crop_and_resize``; see :func:`inference.detector.roi_align.roi_align`."""
    shape = tf.shape(feature_map)
    batch, count = tf.shape(boxes)[0], tf.shape(boxes)[1]
    flat = tf.reshape(boxes, [-1, 4]) / stride
    samples = size * sampling
    step = (flat[:, 2:] - flat[:, :2]) / samples
    # Cell coordinates: the centre of cell 0 is 0. The first and last samples sit half a step inside the box.
    first, last = flat[:, :2] + 0.5 * step - 0.5, flat[:, 2:] - 0.5 * step - 0.5
    extent = tf.cast(tf.stack([shape[2], shape[1]]) - 1, flat.dtype)
    first, last = first / extent, last / extent
    corners = tf.stack([first[:, 1], first[:, 0], last[:, 1], last[:, 0]], axis=-1)
    owner = tf.repeat(tf.range(batch), count)
    crops = tf.image.crop_and_resize(feature_map, corners, owner, (samples, samples))
    if sampling > 1:
        crops = tf.nn.avg_pool2d(crops, sampling, sampling, "VALID")
    return tf.reshape(crops, tf.concat([[batch, count], tf.shape(crops)[1:]], axis=0))


def has_fast_suppression() -> bool:
    """One kernel, against a loop of some sixty steps."""
    return True


def suppress(boxes: Any, scores: Any, *, iou: float, at_most: int) -> Any:
    """Greedy suppression by ``combined_non_max_suppression``; see :func:`inference.detector.proposals.suppress`."""
    kept = tf.image.combined_non_max_suppression(
        tf.gather(boxes, [1, 0, 3, 2], axis=-1)[:, :, None, :],
        tf.sigmoid(scores)[..., None],
        max_output_size_per_class=at_most,
        max_total_size=at_most,
        iou_threshold=iou,
        score_threshold=0.0,
        clip_boxes=False,
    )
    return tf.gather(kept.nmsed_boxes, [1, 0, 3, 2], axis=-1)
