"""Anchors: the rectangles from which the region proposal network starts."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


def make_anchors(
    *, rows: int, columns: int, stride: float, sizes_px: tuple[float, ...], ratios: tuple[float, ...]
) -> Floats:
    """Anchors of a feature map, ``[rows * columns * sizes * ratios, 4]``.

    An anchor's centre is the centre of its cell, ``(column + 0.5) * stride``; its area is ``size ** 2`` and its
    height / width one of ``ratios``. Order: row, column, size, ratio, which is how the network's output is reshaped.
    """
    shapes = np.array([(size / ratio**0.5, size * ratio**0.5) for size in sizes_px for ratio in ratios], np.float32)
    y, x = np.meshgrid(
        (np.arange(rows, dtype=np.float32) + 0.5) * stride,
        (np.arange(columns, dtype=np.float32) + 0.5) * stride,
        indexing="ij",
    )
    centres = np.stack([x, y], axis=-1)[:, :, None, :]
    half = shapes[None, None] / 2
    return np.concatenate([centres - half, centres + half], axis=-1).reshape(-1, 4).astype(np.float32)
