"""RoIAlign: a fixed grid of features from a box of any size, without rounding the box.

Source: He et al. 2017, Mask R-CNN, section 3. A test compares each form with a slow RoIAlign written from the
definition.
"""

from typing import Any

from keras import ops

from inference.detector.backend import BACKEND


def roi_align(feature_map: Any, boxes: Any, *, stride: float, size: int, sampling: int) -> Any:
    """Cut ``boxes`` out of ``feature_map``.

    Args:
        feature_map: ``[B, rows, columns, C]`` float32.
        boxes: ``[B, N, 4]`` corners in image pixels (``stride`` of them per cell).
        size: bins per side of the result.
        sampling: samples per bin and direction, averaged; each is a bilinear mix of the four nearest cells, whose
            values stand at the cells' centres. A sample outside the centres of the map's outer cells counts as 0.

    Returns:
        ``[B, N, size, size, C]``.
    """
    cut = BACKEND.roi_align if BACKEND.has_fast_roi_align() else roi_align_by_weights
    return cut(feature_map, boxes, stride=stride, size=size, sampling=sampling)


def roi_align_by_weights(feature_map: Any, boxes: Any, *, stride: float, size: int, sampling: int) -> Any:
    """:func:`roi_align` as two products with matrices of weights, one along each side.

    Bilinear sampling on a grid and the mean over a bin both fall apart into rows and columns. Unlike a gather, whose
    gradient adds into shared cells in any order, this is deterministic on every device.
    """
    rows, columns = feature_map.shape[1:3]
    cells = boxes / stride
    across = _weights(cells[..., 0], cells[..., 2], columns, size, sampling)
    down = _weights(cells[..., 1], cells[..., 3], rows, size, sampling)
    return ops.einsum("bnxw,bnywc->bnyxc", across, ops.einsum("bnyh,bhwc->bnywc", down, feature_map))


def _weights(low: Any, high: Any, cells: int, size: int, sampling: int) -> Any:
    """How much each of ``cells`` counts in each bin of a side from ``low`` to ``high``: ``[B, N, size, cells]``."""
    samples = size * sampling
    share = (ops.arange(samples, dtype="float32") + 0.5) / samples
    # The centre of cell 0 is 0.
    place = low[..., None] + share * (high - low)[..., None] - 0.5
    near = ops.relu(1.0 - ops.abs(place[..., None] - ops.arange(cells, dtype="float32")))
    inside = ops.logical_and(place >= 0, place <= cells - 1)
    weights = near * ops.cast(inside, "float32")[..., None]
    lead = ops.shape(weights)[:2]
    return ops.mean(ops.reshape(weights, (*lead, size, sampling, cells)), axis=3)
