"""Convolutions of 1 x 1 pixel, which mix channels and look at no neighbour."""

from typing import Any

from keras import layers

FEWEST_CHANNELS = 16
"""A block of channels of oneDNN on AVX-512, in which TensorFlow works on a CPU."""


def pointwise(x: Any, filters: int, stride: int = 1, *, name: str | None = None) -> Any:
    """A 1 x 1 convolution, without bias, of every ``stride``-th cell of ``x`` ([B, rows, columns, C]).

    Of fewer than 16 channels the cells are picked first, which comes to the same: training the strided convolution,
    oneDNN writes beyond its memory there (github.com/uxlfoundation/oneDNN/issues/6035; TensorFlow 2.21), and the
    process dies at some later moment.
    """
    if stride > 1 and x.shape[-1] < FEWEST_CHANNELS:
        x = layers.MaxPooling2D(1, stride, name=name and f"{name}_cells")(x)
        stride = 1
    return layers.Conv2D(filters, 1, stride, use_bias=False, name=name)(x)
