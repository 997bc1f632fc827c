"""The film check's network in Keras, and the same network written as ONNX.

Six convolutions and two dense layers, 15 million multiplications a picture. The floor that runs it knows no Keras, so
it travels as ONNX: batch normalisation is folded into the convolution before it, channels come first, and the outputs
stay log odds.
"""

from typing import Any

import keras
import numpy as np
import onnx
from keras import layers
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from inference.imaging.film_check import CHECKS, ORIENTATIONS, SIDE_PX

Array = NDArray[np.float32]

STAGES: tuple[tuple[int, ...], ...] = ((16,), (32, 32), (48, 48), (64,))
"""Channels of the convolutions between two poolings. All are 3 x 3 but the first, which is 5 x 5 and skips every
second pixel; the last is not pooled."""
DENSE_UNITS = 96
DROPOUT = 0.3
OPSET = 17
IR_VERSION = 10
"""Old enough for every onnxruntime that the application may run on."""


def build_network() -> keras.Model:
    """[B, 96, 96, 1] -> log odds of ``orientation`` [B, 8] and ``checks`` [B, 10]."""
    film = keras.Input((SIDE_PX, SIDE_PX, 1), name="film")
    x = film
    for stage, widths in enumerate(STAGES):
        for place, width in enumerate(widths):
            name = f"conv{stage}{place}"
            if stage == 0:  # padded by hand: Keras pads a strided convolution on one side more than on the other
                x = layers.ZeroPadding2D(2)(x)
                x = layers.Conv2D(width, 5, strides=2, use_bias=False, name=name)(x)
            else:
                x = layers.Conv2D(width, 3, padding="same", use_bias=False, name=name)(x)
            x = layers.BatchNormalization(momentum=0.97, name=f"{name}_norm")(x)
            x = layers.ReLU()(x)
        if stage + 1 < len(STAGES):
            x = layers.MaxPooling2D(2)(x)
    x = layers.Flatten()(x)
    x = layers.Dropout(DROPOUT)(x)
    x = layers.Dense(DENSE_UNITS, activation="relu", name="dense")(x)
    x = layers.Dropout(DROPOUT)(x)
    outputs = {
        "orientation": layers.Dense(ORIENTATIONS, name="orientation")(x),
        "checks": layers.Dense(len(CHECKS), name="checks")(x),
    }
    return keras.Model(film, outputs, name="film_check")


def to_onnx(model: keras.Model) -> bytes:
    """The trained network as an ONNX file: input ``film`` [N, 1, 96, 96], outputs ``orientation`` and ``checks``."""
    nodes: list[Any] = []
    tensors: list[Any] = []

    def constant(name: str, values: Array) -> str:
        tensors.append(numpy_helper.from_array(np.ascontiguousarray(values, dtype=np.float32), name))
        return name

    at = "film"
    for stage, widths in enumerate(STAGES):
        for place in range(len(widths)):
            name = f"conv{stage}{place}"
            kernel, bias = _folded(model.get_layer(name), model.get_layer(f"{name}_norm"))
            inputs = [at, constant(f"{name}_kernel", kernel), constant(f"{name}_bias", bias)]
            reach, stride = (2, 2) if stage == 0 else (1, 1)
            shape: dict[str, Any] = {"kernel_shape": [2 * reach + 1] * 2, "pads": [reach] * 4, "strides": [stride] * 2}
            nodes.append(helper.make_node("Conv", inputs, [name], **shape))
            nodes.append(helper.make_node("Relu", [name], [f"{name}_relu"]))
            at = f"{name}_relu"
        if stage + 1 < len(STAGES):
            nodes.append(helper.make_node("MaxPool", [at], [f"pool{stage}"], kernel_shape=[2, 2], strides=[2, 2]))
            at = f"pool{stage}"
    nodes.append(helper.make_node("Transpose", [at], ["channels_last"], perm=[0, 2, 3, 1]))
    nodes.append(helper.make_node("Flatten", ["channels_last"], ["flat"]))
    for name, source, target in (
        ("dense", "flat", "dense_out"),
        ("orientation", "dense_relu", "orientation"),
        ("checks", "dense_relu", "checks"),
    ):
        kernel, bias = (np.asarray(weights) for weights in model.get_layer(name).get_weights())
        inputs = [source, constant(f"{name}_kernel", kernel), constant(f"{name}_bias", bias)]
        nodes.append(helper.make_node("Gemm", inputs, [target]))
        if name == "dense":
            nodes.append(helper.make_node("Relu", ["dense_out"], ["dense_relu"]))
    graph = helper.make_graph(
        nodes,
        "film_check",
        [helper.make_tensor_value_info("film", TensorProto.FLOAT, ["films", 1, SIDE_PX, SIDE_PX])],
        [
            helper.make_tensor_value_info("orientation", TensorProto.FLOAT, ["films", ORIENTATIONS]),
            helper.make_tensor_value_info("checks", TensorProto.FLOAT, ["films", len(CHECKS)]),
        ],
        initializer=tensors,
    )
    written = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="chboneai")
    written.ir_version = IR_VERSION
    onnx.checker.check_model(written)
    return bytes(written.SerializeToString())


def from_onnx(network: bytes, films: Array) -> keras.Model:
    """A network to train on, from what :func:`to_onnx` wrote.

    Its normalisations were folded away; they are put back so that they change nothing on ``films`` [N, 96, 96, 1], a
    few hundred samples, from whose activations their statistics are taken.
    """
    weights = {
        tensor.name: numpy_helper.to_array(tensor) for tensor in onnx.load_from_string(network).graph.initializer
    }
    model = build_network()
    for name in ("dense", "orientation", "checks"):
        model.get_layer(name).set_weights([weights[f"{name}_kernel"], weights[f"{name}_bias"]])
    for stage, widths in enumerate(STAGES):
        for place in range(len(widths)):
            name = f"conv{stage}{place}"
            convolution, norm = model.get_layer(name), model.get_layer(f"{name}_norm")
            convolution.set_weights([weights[f"{name}_kernel"].transpose(2, 3, 1, 0)])
            activations = keras.Model(model.inputs, convolution.output).predict(films, batch_size=64, verbose=0)
            mean, variance = activations.mean(axis=(0, 1, 2)), activations.var(axis=(0, 1, 2))
            gamma = np.sqrt(variance + norm.epsilon)
            norm.set_weights([gamma, mean + weights[f"{name}_bias"], mean, variance])
    return model


def _folded(convolution: Any, norm: Any) -> tuple[Array, Array]:
    """Kernel [out, in, rows, columns] and bias of a convolution followed by a batch normalisation."""
    kernel = np.asarray(convolution.get_weights()[0], dtype=np.float64)
    gamma, beta, mean, variance = (np.asarray(weights, dtype=np.float64) for weights in norm.get_weights())
    scale = gamma / np.sqrt(variance + norm.epsilon)
    return (kernel * scale).transpose(3, 2, 0, 1).astype(np.float32), (beta - mean * scale).astype(np.float32)
