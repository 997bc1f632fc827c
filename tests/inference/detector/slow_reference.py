"""The same definitions, written slowly and plainly, for comparison."""

import numpy as np


def iou(a, b):
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    inter = max(width, 0.0) * max(height, 0.0)
    union = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - inter
    return inter / union if union > 0 else 0.0


def non_maximum_suppression(boxes, scores, limit, at_most):
    """Indices of kept boxes, best first: each kept box removes all weaker ones that overlap it by more than limit."""
    order = sorted(range(len(boxes)), key=lambda i: -scores[i])
    kept = []
    for i in order:
        if all(iou(boxes[i], boxes[j]) <= limit for j in kept):
            kept.append(i)
    return kept[:at_most]


def roi_align(feature_map, box, *, stride, size, sampling):
    """RoIAlign from its definition (He et al. 2017): samples inside each bin, bilinear, averaged."""
    x0, y0, x1, y1 = (edge / stride for edge in box)
    result = np.zeros((size, size, feature_map.shape[2]))
    for row in range(size):
        for column in range(size):
            for i in range(sampling):
                for j in range(sampling):
                    y = y0 + (row + (i + 0.5) / sampling) * (y1 - y0) / size
                    x = x0 + (column + (j + 0.5) / sampling) * (x1 - x0) / size
                    result[row, column] += bilinear(feature_map, y - 0.5, x - 0.5)
    return result / sampling**2


def bilinear(feature_map, y, x):
    """Value between cells; cell centres stand at whole numbers; outside the outer centres it is 0."""
    rows, columns, _ = feature_map.shape
    if not (0 <= y <= rows - 1 and 0 <= x <= columns - 1):
        return np.zeros(feature_map.shape[2])
    top, left = int(np.floor(y)), int(np.floor(x))
    bottom, right = min(top + 1, rows - 1), min(left + 1, columns - 1)
    dy, dx = y - top, x - left
    return (
        feature_map[top, left] * (1 - dy) * (1 - dx)
        + feature_map[top, right] * (1 - dy) * dx
        + feature_map[bottom, left] * dy * (1 - dx)
        + feature_map[bottom, right] * dy * dx
    )
