"""The network as two ONNX graphs, for the engines that serve it (:mod:`inference.detector.engines`).

``find``     image ``[B, 1, rows, columns]`` -> map ``[B, h, w, C]``, objectness ``[B, A]``, deltas ``[B, A, 4]``
``look_at``  map and, for R boxes a film, the weights of RoIAlign's bins: ``down`` ``[B, R, s, h]``, ``across``
             ``[B, R, 1, s, w]`` -> features ``[B * R, F]``, logits ``[B * R, 1 + classes]``, deltas ``[B * R, classes,
             4]`` and, where the network has them, maturity ``[B * R, 2 * 17]``

What lies between (decoding, suppression of overlapping proposals, weights of bins) is NumPy
(:mod:`inference.detector.exported`), so that it is the same for every engine. The graphs are written layer by layer
from Keras' own description of the network, channels first, as both engines compute: the traced TensorFlow graph keeps
channels last and pays for turning the map round, and needs one more package. The same network gives the same bytes.

``python -m inference.detector.onnx_export DETECTOR_DIR OUT_DIR`` writes them for
:mod:`inference.detector.engine_cache`, in a process of its own, so that a serving process never holds Keras.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

from inference.detector.detect import Detector
from inference.detector.engine_cache import FACTS, FIND, LOOK_AT

OPSET = 18
IR_VERSION = 10


class ExportError(Exception):
    """The network holds a layer that cannot be written to ONNX; the message names it."""


class _Graph:
    """Collects nodes and weights; a weight is stored once under the name it was asked for."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.weights: list[Any] = []
        self.count = 0

    def weight(self, value: Any, dtype: str = "f4") -> str:
        name = f"w{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(value, dtype), name))
        return name

    def node(self, kind: str, *inputs: str, name: str | None = None, **attributes: Any) -> str:
        self.count += 1
        output = name or f"t{self.count}"
        self.nodes.append(helper.make_node(kind, list(inputs), [output], **attributes))
        return output

    def model(self, name: str, inputs: list[Any], outputs: dict[str, int]) -> bytes:
        """The bytes of the graph; ``outputs`` says how many axes each has."""
        infos = [
            helper.make_tensor_value_info(output, TensorProto.FLOAT, [f"{output}_{i}" for i in range(axes)])
            for output, axes in outputs.items()
        ]
        graph = helper.make_graph(self.nodes, name, inputs, infos, self.weights)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
        raw: bytes = model.SerializeToString(deterministic=True)
        return raw


def export(detector: Detector) -> dict[str, bytes]:
    """File name -> content: the two graphs and what a serving process has to know of them."""
    network, config = detector.network, detector.config
    facts = {
        "stride": network.stride,
        "size_multiple_px": detector.size_multiple_px,
        "feature_size": detector.feature_size,
    }
    return {
        FIND: _find(network),
        LOOK_AT: _look_at(network, config),
        FACTS: json.dumps(facts, sort_keys=True).encode(),
    }


def _find(network: Any) -> bytes:
    graph = _Graph()
    image = helper.make_tensor_value_info("image", TensorProto.FLOAT, ["films", 1, "rows", "columns"])
    (feature_map,) = _layers(graph, network.trunk, "image")
    outputs = {graph.node("Transpose", feature_map, perm=[0, 2, 3, 1], name="map"): 4}
    flat, boxes = _layers(graph, network.rpn, feature_map)
    outputs |= {graph.node("Identity", flat, name="logits"): 2, graph.node("Identity", boxes, name="deltas"): 3}
    return graph.model("find", [image], outputs)


def _look_at(network: Any, config: Any) -> bytes:
    graph = _Graph()
    channels, size = network.neck.input_shape[-1], config.roi_size
    inputs = [
        helper.make_tensor_value_info("map", TensorProto.FLOAT, ["films", "rows", "columns", channels]),
        helper.make_tensor_value_info("down", TensorProto.FLOAT, ["films", "boxes", size, "rows"]),
        helper.make_tensor_value_info("across", TensorProto.FLOAT, ["films", "boxes", 1, size, "columns"]),
    ]
    # RoIAlign falls apart into rows and columns. As products it takes half the time of OpenVINO's own RoiAlign (paper)
    # or a tenth (light), treats what lies beyond the map as training does, and rounds no coordinate to bfloat16.
    films, rows, columns = (graph.node("Shape", "map", start=i, end=i + 1) for i in range(3))
    boxes, one, rest = graph.node("Shape", "down", start=1, end=2), graph.weight([size], "i8"), graph.weight([-1], "i8")
    flat = graph.node("Reshape", "map", graph.node("Concat", films, rows, rest, axis=0))
    picked = graph.node("Reshape", "down", graph.node("Concat", films, rest, rows, axis=0))
    strips = graph.node("MatMul", picked, flat)
    shape = graph.node("Concat", films, boxes, one, columns, graph.weight([channels], "i8"), axis=0)
    crops = graph.node("MatMul", "across", graph.node("Reshape", strips, shape))
    crops = graph.node("Reshape", crops, graph.weight([-1, size, size, channels], "i8"))
    crops = graph.node("Transpose", crops, perm=[0, 3, 1, 2])
    (features,) = _layers(graph, network.neck, crops)
    found = [features, *_layers(graph, network.head, features)]
    names = {"features": 2, "head_logits": 2, "head_deltas": 3, "maturity": 2}
    for output, name in zip(found, names, strict=False):  # not every head has the last one
        graph.node("Identity", output, name=name)
    return graph.model("look_at", inputs, dict(list(names.items())[: len(found)]))


def _layers(graph: _Graph, model: Any, entry: str) -> list[str]:
    """Write a functional Keras model of one input; returns the names of its outputs."""
    names = {id(model.inputs[0]): entry}
    for layer in model.layers:
        kind = type(layer).__name__
        if kind == "InputLayer":
            continue
        if kind not in _WRITERS:
            raise ExportError(f"The layer {layer.name} is a {kind}, which the export does not know.")
        inputs = layer.input if isinstance(layer.input, list) else [layer.input]
        names[id(layer.output)] = _WRITERS[kind](graph, layer, *(names[id(one)] for one in inputs))
    return [names[id(output)] for output in model.outputs]


def _array(variable: Any) -> npt.NDArray[np.float32]:
    return np.asarray(variable.numpy() if hasattr(variable, "numpy") else variable, np.float32)


def _activated(graph: _Graph, layer: Any, x: str) -> str:
    name = layer.activation.__name__
    if name == "linear":
        return x
    if name != "relu":
        raise ExportError(f"The layer {layer.name} has the activation {name}, which the export does not know.")
    return graph.node("Relu", x)


def _padding(layer: Any) -> dict[str, Any]:
    """Keras' "same" puts the odd pixel behind, as SAME_UPPER does."""
    return {"auto_pad": "SAME_UPPER" if layer.padding == "same" else "VALID"}


def _convolution(graph: _Graph, layer: Any, x: str) -> str:
    if tuple(layer.dilation_rate) != (1, 1) or layer.groups != 1:
        raise ExportError(f"The layer {layer.name} is dilated or grouped, which the export does not know.")
    weights = [graph.weight(_array(layer.kernel).transpose(3, 2, 0, 1))]
    if layer.use_bias:
        weights.append(graph.weight(_array(layer.bias)))
    y = graph.node(
        "Conv", x, *weights, kernel_shape=list(layer.kernel_size), strides=list(layer.strides), **_padding(layer)
    )
    return _activated(graph, layer, y)


def _zero_padding(graph: _Graph, layer: Any, x: str) -> str:
    (top, bottom), (left, right) = layer.padding
    return graph.node("Pad", x, graph.weight([0, 0, top, left, 0, 0, bottom, right], "i8"))


def _batch_norm(graph: _Graph, layer: Any, x: str) -> str:
    parts = (layer.gamma, layer.beta, layer.moving_mean, layer.moving_variance)
    return graph.node("BatchNormalization", x, *(graph.weight(_array(part)) for part in parts), epsilon=layer.epsilon)


def _group_norm(graph: _Graph, layer: Any, x: str) -> str:
    """Group normalisation as a scale and a shift per channel, from moments of the channels.

    ONNX's own GroupNormalization, and the usual detour over InstanceNormalization, make both engines turn the map round
    twice a layer. This form leaves it as the convolutions have it: a chain of ResNet's blocks takes 81 % of the time in
    f32 and 57 % in bf16.
    """
    groups, gamma = layer.groups, _array(layer.gamma)
    channels = len(gamma)
    belongs = np.kron(np.eye(groups), np.ones((1, channels // groups)))  # [groups, channels]
    mean_of = graph.weight((belongs * groups / channels).reshape(groups, channels, 1, 1))
    axes = graph.weight([2, 3], "i8")
    length = graph.node("ReduceL2", x, axes, keepdims=1)
    size = graph.node("ReduceProd", graph.node("Shape", x, start=2, end=4), keepdims=1)
    cells = graph.node("Cast", size, to=TensorProto.FLOAT)
    square = graph.node("Conv", graph.node("Div", graph.node("Mul", length, length), cells), mean_of)
    mean = graph.node("Conv", graph.node("ReduceMean", x, axes, keepdims=1), mean_of)
    variance = graph.node("Sub", square, graph.node("Mul", mean, mean))
    # rounding may leave a little less than nothing where a group is constant
    variance = graph.node("Add", graph.node("Relu", variance), graph.weight(layer.epsilon))
    inverse = graph.node("Div", graph.weight(1.0), graph.node("Sqrt", variance))
    spread = (belongs.T * gamma[:, None]).reshape(channels, groups, 1, 1)
    scale = graph.node("Conv", inverse, graph.weight(spread))
    shift = graph.node(
        "Conv", graph.node("Mul", mean, inverse), graph.weight(-spread), graph.weight(_array(layer.beta))
    )
    return graph.node("Add", graph.node("Mul", x, scale), shift)


def _max_pool(graph: _Graph, layer: Any, x: str) -> str:
    return graph.node("MaxPool", x, kernel_shape=list(layer.pool_size), strides=list(layer.strides), **_padding(layer))


def _global_pool(graph: _Graph, layer: Any, x: str) -> str:
    return graph.node("ReduceMean", x, graph.weight([2, 3], "i8"), keepdims=int(layer.keepdims))


def _up_sampling(graph: _Graph, layer: Any, x: str) -> str:
    if layer.interpolation != "bilinear":
        raise ExportError(f"The layer {layer.name} interpolates by {layer.interpolation}, unknown to the export.")
    scales = graph.weight([1, 1, *layer.size])
    return graph.node("Resize", x, "", scales, mode="linear", coordinate_transformation_mode="half_pixel")


def _dense(graph: _Graph, layer: Any, x: str) -> str:
    y = graph.node("Gemm", x, graph.weight(_array(layer.kernel)), graph.weight(_array(layer.bias)))
    return _activated(graph, layer, y)


def _reshape(graph: _Graph, layer: Any, x: str) -> str:
    """Keras flattens with channels last."""
    if len(layer.input.shape) == 4:
        x = graph.node("Transpose", x, perm=[0, 2, 3, 1])
    return graph.node("Reshape", x, graph.weight([0, *layer.target_shape], "i8"))


_WRITERS: dict[str, Callable[..., str]] = {
    "Add": lambda graph, layer, a, b: graph.node("Add", a, b),
    "BatchNormalization": _batch_norm,
    "Conv2D": _convolution,
    "Dense": _dense,
    "GlobalAveragePooling2D": _global_pool,
    "GroupNormalization": _group_norm,
    "MaxPooling2D": _max_pool,
    "ReLU": lambda graph, layer, x: graph.node("Relu", x),
    "Reshape": _reshape,
    "UpSampling2D": _up_sampling,
    "ZeroPadding2D": _zero_padding,
}


def main(arguments: list[str]) -> int:
    """Write the files of the detector in the first folder into the second."""
    source, target = map(Path, arguments)
    for name, content in export(Detector.load(source)).items():
        (target / name).write_bytes(content)
    onnx.checker.check_model(str(target / FIND))
    onnx.checker.check_model(str(target / LOOK_AT))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
