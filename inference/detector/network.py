"""The network in one place: trunk, region proposal network, RoI head."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import keras
import numpy as np
from keras import layers, ops

from inference.anatomy.regions import REGIONS
from inference.detector.anchors import Floats, make_anchors
from inference.detector.backbones import build_backbone
from inference.detector.config import DetectorConfig, TrainingPrecision
from inference.detector.proposals import propose
from inference.detector.roi_align import roi_align

PRIOR_OF_A_REGION = 0.01
"""Probability with which focal loss starts (Lin et al. 2017, section 4.1), so that background does not swamp it."""
MATURITY_CENTRE_MONTHS = 120.0
MATURITY_SCALE_MONTHS = 40.0
"""Bone ages are learned as (months - centre) / scale, about a standard normal variable in school children."""


@dataclass(frozen=True, slots=True)
class RoiOutput:
    """What the head says about each RoI; N is batch x RoIs.

    Attributes:
        features: ``[B, R, F]`` pooled features, without the maturity channels.
        logits: ``[B, R, 1 + classes]``, background first.
        deltas: ``[B, R, classes, 4]``.
        maturity: ``[B, R, 2 * 17]`` or None: scaled bone age of each region as a boy's (first 17), as a girl's.
    """

    features: Any
    logits: Any
    deltas: Any
    maturity: Any


def _rpn(channels: int, config: DetectorConfig) -> Any:
    """3 x 3 convolution, then objectness and box per anchor (Ren et al. 2015, section 3.1)."""
    anchors_per_cell = config.anchors_per_cell
    x = feature_map = keras.Input((None, None, channels), name="map")
    small = keras.initializers.RandomNormal(stddev=0.01)
    x = layers.Conv2D(
        min(512, channels), 3, strides=config.anchor_step, padding="same", activation="relu", name="rpn_conv"
    )(x)
    bias = keras.initializers.Constant(-np.log((1 - PRIOR_OF_A_REGION) / PRIOR_OF_A_REGION))
    logits = layers.Conv2D(
        anchors_per_cell, 1, kernel_initializer=small, bias_initializer=bias, dtype="float32", name="rpn_logits"
    )(x)
    deltas = layers.Conv2D(4 * anchors_per_cell, 1, kernel_initializer=small, dtype="float32", name="rpn_deltas")(x)
    return keras.Model(
        feature_map,
        [
            layers.Reshape((-1,), dtype="float32", name="rpn_flat_logits")(logits),
            layers.Reshape((-1, 4), dtype="float32", name="rpn_boxes")(deltas),
        ],
        name="rpn",
    )


def _head(features: int, config: DetectorConfig) -> Any:
    x = keras.Input((features,), name="feature")
    small = keras.initializers.RandomNormal(stddev=0.01)
    outputs = [
        layers.Dense(1 + config.class_count, kernel_initializer=small, dtype="float32", name="class_logits")(x),
        layers.Reshape((config.class_count, 4), dtype="float32", name="boxes")(
            layers.Dense(4 * config.class_count, kernel_initializer=small, dtype="float32", name="class_deltas")(x)
        ),
    ]
    if config.maturity_channels:
        outputs.append(layers.Dense(2 * len(REGIONS), kernel_initializer=small, dtype="float32", name="maturity")(x))
    return keras.Model(x, outputs, name="head")


@contextmanager
def _computing_in(precision: TrainingPrecision) -> Iterator[None]:
    """Layers made inside compute in ``precision`` and keep their weights in float32."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16" if precision == "bfloat16" else "float32")
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


class Network(keras.Model):
    """Faster R-CNN; its four parts are called one by one by training and by serving.

    With ``precision`` ``bfloat16`` trunk, neck and the region proposal network's convolution compute in bfloat16, for
    training on a GPU. Weights, logits, boxes, RoIAlign and features stay float32, so that a file of weights is the same
    whatever the precision.
    """

    def __init__(self, config: DetectorConfig, *, precision: TrainingPrecision = "float32") -> None:
        super().__init__(name="faster_rcnn", dtype="float32")
        self.config = config
        with _computing_in(precision):
            parts = build_backbone(config)
            self.trunk, self.neck, self.stride = parts.trunk, parts.neck, parts.stride
            self.rpn = _rpn(self.trunk.output_shape[-1], config)
            self.roi_feature_size = int(self.neck.output_shape[-1])
            self.head = _head(self.roi_feature_size, config)
        self.built = True

    @property
    def feature_size(self) -> int:
        """F of the 17 x F features, with the maturity channels where there are any."""
        return self.roi_feature_size + (2 if self.config.maturity_channels else 0)

    def anchors(self, rows: int, columns: int) -> Floats:
        """Anchors of an image of ``rows`` x ``columns`` pixels, ``[A, 4]``."""
        stride = self.stride * self.config.anchor_step
        return _anchors(self.config, stride, -(-rows // stride), -(-columns // stride))

    def propose(self, feature_map: Any, image_size: tuple[int, int], *, training: bool = False) -> tuple[Any, Any, Any]:
        """RPN logits ``[B, A]``, deltas ``[B, A, 4]`` and proposals ``[B, P, 4]``."""
        logits, deltas = self.rpn(feature_map, training=training)
        anchors = ops.convert_to_tensor(self.anchors(*image_size))
        return logits, deltas, propose(logits, deltas, anchors, config=self.config, image_size=image_size)

    def look_at(self, feature_map: Any, boxes: Any, *, training: bool = False) -> RoiOutput:
        """The head's opinion on ``boxes`` ``[B, R, 4]``."""
        config = self.config
        crops = roi_align(
            ops.cast(feature_map, "float32"),
            boxes,
            stride=self.stride,
            size=config.roi_size,
            sampling=config.roi_sampling,
        )
        lead = ops.shape(crops)[:2]
        flat = ops.reshape(crops, (-1, config.roi_size, config.roi_size, self.neck.input_shape[-1]))
        features = ops.cast(self.neck(flat, training=training), "float32")
        outputs = self.head(features, training=training)
        maturity = ops.reshape(outputs[2], (*lead, 2 * len(REGIONS))) if config.maturity_channels else None
        return RoiOutput(
            features=ops.reshape(features, (*lead, self.roi_feature_size)),
            logits=ops.reshape(outputs[0], (*lead, 1 + config.class_count)),
            deltas=ops.reshape(outputs[1], (*lead, config.class_count, 4)),
            maturity=maturity,
        )


@lru_cache(maxsize=16)
def _anchors(config: DetectorConfig, stride: int, rows: int, columns: int) -> Floats:
    return make_anchors(
        rows=rows, columns=columns, stride=stride, sizes_px=config.anchor_sizes_px, ratios=config.anchor_ratios
    )
