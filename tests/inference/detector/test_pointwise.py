"""Convolutions of 1 x 1 that step over cells, where oneDNN writes beyond its memory."""

import keras
import numpy as np
import pytest

from inference.detector.backbones import build_backbone
from inference.detector.pointwise import pointwise
from training.baselines.whole_picture import WholePictureConfig, build_network
from training.config import PRESETS, load_preset


def networks(preset):
    parts = build_backbone(load_preset(preset).detector)
    return parts.trunk, parts.neck


def dangerous(network):
    """What oneDNN cannot train without writing beyond its memory (uxlfoundation/oneDNN#6035, AVX-512)."""
    return [
        layer.name
        for layer in network.layers
        if isinstance(layer, keras.layers.Conv2D)
        and (layer.kernel_size, max(layer.strides) > 1, layer.input.shape[-1] < 16) == ((1, 1), True, True)
    ]


@pytest.mark.parametrize("preset", PRESETS)
def test_no_network_has_a_convolution_that_writes_beyond_its_memory(preset):
    assert [dangerous(network) for network in networks(preset)] == [[], []]


def test_neither_has_the_whole_pictures_network_however_narrow():
    assert dangerous(build_network(WholePictureConfig(size_px=32, widths=(4, 8)))) == []


@pytest.mark.parametrize("channels", [4, 15, 16, 24])
@pytest.mark.parametrize("rows", [7, 8])
def test_cells_that_are_picked_first_come_to_the_same(channels, rows):
    x = keras.Input((None, None, channels))
    ours = keras.Model(x, pointwise(x, 6, 2, name="ours"))
    plain = keras.Model(x, keras.layers.Conv2D(6, 1, 2, "same", use_bias=False)(x))
    plain.set_weights(ours.get_weights())
    map_ = np.random.default_rng(channels + rows).normal(size=(2, rows, 9, channels)).astype(np.float32)
    np.testing.assert_allclose(ours(map_), plain(map_), rtol=1e-5, atol=1e-6)
