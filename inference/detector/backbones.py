"""Networks that turn a film into a feature map, and a RoI into a feature.

A backbone is a pair of functional Keras models: ``trunk`` (``[B, rows, columns, 1]`` -> map) and ``neck``
(``[N, roi, roi, C]`` -> ``[N, F]``). In the C4 design of the paper the trunk is ResNet up to conv4 (stride 16) and
the neck is conv5 with global pooling: the paper's 2048-d feature of a region.
"""

from dataclasses import dataclass
from typing import Any

import keras
from keras import layers

from inference.detector.config import DetectorConfig
from inference.detector.pointwise import pointwise

GROUPS = 32
IMAGENET_VALUES = "imagenet_values"
"""Name of the layer, never trained, that turns a film into what ImageNet weights were trained on."""
IMAGENET_MEANS = (103.939, 116.779, 123.68)
"""Of blue, green and red, 0..255: what ``keras.applications.resnet.preprocess_input`` takes off."""
RESNET_BLOCKS = {"resnet18": (2, 2, 2, 2), "resnet50": (3, 4, 6, 3), "resnet101": (3, 4, 23, 3)}


@dataclass(frozen=True, slots=True)
class BackboneParts:
    """``trunk`` and ``neck`` as in the module, and the trunk's ``stride`` in image pixels per cell."""

    trunk: Any
    neck: Any
    stride: int


class _Blocks:
    """Layers with one kind of normalisation and one place of the stride in a bottleneck."""

    def __init__(self, normalisation: str, layout: str = "plain") -> None:
        self.normalisation = normalisation
        self.epsilon, self.stride_first = (1.001e-5, True) if layout == "imagenet" else (1e-5, False)

    def norm(self, x: Any, name: str) -> Any:
        if self.normalisation == "group":
            channels = x.shape[-1]
            return layers.GroupNormalization(GROUPS if channels % GROUPS == 0 else 8, name=name)(x)
        return layers.BatchNormalization(
            momentum=0.97, epsilon=self.epsilon, trainable=self.normalisation != "frozen", name=name
        )(x)

    def conv(self, x: Any, filters: int, kernel: int, stride: int = 1, *, name: str, act: bool = True) -> Any:
        if stride > 1 and kernel > 1:  # pad both sides: "same" would shift the map by the parity of the size
            x = layers.ZeroPadding2D((kernel - 1) // 2, name=f"{name}_pad")(x)
            x = layers.Conv2D(filters, kernel, stride, "valid", use_bias=False, name=name)(x)
        elif kernel == 1:
            x = pointwise(x, filters, stride, name=name)
        else:
            x = layers.Conv2D(filters, kernel, padding="same", use_bias=False, name=name)(x)
        x = self.norm(x, f"{name}_norm")
        return layers.ReLU(name=f"{name}_relu")(x) if act else x

    def basic(self, x: Any, filters: int, stride: int, name: str) -> Any:
        """Residual block of two 3 x 3 convolutions (ResNet-18)."""
        y = self.conv(x, filters, 3, stride, name=f"{name}_1")
        y = self.conv(y, filters, 3, name=f"{name}_2", act=False)
        if stride > 1 or x.shape[-1] != filters:
            x = self.conv(x, filters, 1, stride, name=f"{name}_0", act=False)
        return layers.ReLU(name=f"{name}_out")(layers.Add(name=f"{name}_add")([x, y]))

    def bottleneck(self, x: Any, filters: int, stride: int, name: str) -> Any:
        """Residual block 1 x 1, 3 x 3, 1 x 1 (ResNet-50 and deeper; the stride sits in one of the first two)."""
        first, second = (stride, 1) if self.stride_first else (1, stride)
        y = self.conv(x, filters, 1, first, name=f"{name}_1")
        y = self.conv(y, filters, 3, second, name=f"{name}_2")
        y = self.conv(y, 4 * filters, 1, name=f"{name}_3", act=False)
        if stride > 1 or x.shape[-1] != 4 * filters:
            x = self.conv(x, 4 * filters, 1, stride, name=f"{name}_0", act=False)
        return layers.ReLU(name=f"{name}_out")(layers.Add(name=f"{name}_add")([x, y]))


def _resnet(config: DetectorConfig) -> BackboneParts:
    """ResNet in the C4 design (He et al. 2016; Ren et al. 2015)."""
    blocks = _Blocks(config.normalisation, config.layout)
    counts = RESNET_BLOCKS[config.backbone]
    block = blocks.basic if config.backbone == "resnet18" else blocks.bottleneck

    def stage(x: Any, number: int, filters: int, stride: int) -> Any:
        for i in range(counts[number - 2]):
            x = block(x, filters, stride if i == 0 else 1, f"conv{number}_block{i + 1}")
        return x

    x = image = keras.Input((None, None, 1), name="image")
    if config.layout == "imagenet":
        x = layers.Conv2D(  # grey 0..1 as three colours 0..255 less their means; a convolution, as exports know those
            len(IMAGENET_MEANS),
            1,
            kernel_initializer=keras.initializers.Constant(255.0),
            bias_initializer=keras.initializers.Constant([-mean for mean in IMAGENET_MEANS]),
            trainable=False,
            dtype="float32",
            name=IMAGENET_VALUES,
        )(x)
    x = blocks.conv(x, 64, 7, 2, name="conv1")
    if config.layout == "imagenet":
        x = layers.ZeroPadding2D(1, name="pool1_pad")(x)
        x = layers.MaxPooling2D(3, 2, "valid", name="pool1")(x)
    else:
        x = layers.MaxPooling2D(3, 2, "same", name="pool1")(x)
    x = stage(x, 2, 64, 1)
    x = stage(x, 3, 128, 2)
    x = stage(x, 4, 256, 2)
    trunk = keras.Model(image, x, name="trunk")
    crop = keras.Input((config.roi_size, config.roi_size, x.shape[-1]), name="crop")
    pooled = layers.GlobalAveragePooling2D(name="pool5")(stage(crop, 5, 512, 2))
    return BackboneParts(trunk, keras.Model(crop, pooled, name="neck"), 16)


def _pyramid(
    config: DetectorConfig, *, stem: int, stages: tuple[int, ...], depths: tuple[int, ...], width: int
) -> BackboneParts:
    """A small residual network whose coarse maps, which see the whole hand, are added to a fine one (stride 4).

    The fine map keeps regions of 10 px apart; the coarse ones tell a ring finger from a middle finger.
    """
    blocks = _Blocks(config.normalisation)
    image = keras.Input((None, None, 1), name="image")
    x = blocks.conv(image, stem, 3, 2, name="stem")
    maps = []
    for i, (filters, depth) in enumerate(zip(stages, depths, strict=True)):
        for j in range(depth):
            x = blocks.basic(x, filters, 2 if j == 0 else 1, f"stage{i + 1}_block{j + 1}")
        maps.append(x)
    context = layers.GlobalAveragePooling2D(keepdims=True, name="context_pool")(x)
    context = layers.Conv2D(width, 1, activation="relu", name="context")(context)
    y = layers.Add(name="context_add")([blocks.conv(x, width, 1, name="lateral_last", act=False), context])
    for i in reversed(range(len(stages) - 1)):
        y = layers.UpSampling2D(2, interpolation="bilinear", name=f"up{i + 1}")(y)
        y = layers.Add(name=f"merge{i + 1}")([y, blocks.conv(maps[i], width, 1, name=f"lateral{i + 1}", act=False)])
    y = blocks.conv(layers.ReLU(name="merged")(y), width, 3, name="fused")
    trunk = keras.Model(image, y, name="trunk")
    crop = keras.Input((config.roi_size, config.roi_size, width), name="crop")
    z = blocks.conv(crop, width, 3, name="roi1")
    z = blocks.conv(z, width * 2, 3, 2, name="roi2")
    pooled = layers.GlobalAveragePooling2D(name="roi_pool")(z)
    return BackboneParts(trunk, keras.Model(crop, pooled, name="neck"), 4)


def build_backbone(config: DetectorConfig) -> BackboneParts:
    """The parts named by ``config.backbone``, with fresh weights from Keras' global seed."""
    if config.backbone == "light":
        return _pyramid(config, stem=24, stages=(48, 80, 128, 160), depths=(1, 2, 2, 2), width=64)
    if config.backbone == "tiny":
        return _pyramid(config, stem=8, stages=(16, 24, 32), depths=(1, 1, 1), width=32)
    return _resnet(config)
