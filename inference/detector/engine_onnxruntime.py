"""Graphs in ONNX Runtime, on a CPU; as in :mod:`inference.detector.engine_openvino` one core looks at one film."""

from collections.abc import Mapping
from typing import Any

import onnxruntime

from inference.detector.exported import Floats
from inference.detector.precision import Precision, PrecisionError


def require(precision: Precision) -> None:
    """Say no to a precision before anything is made for it.

    Raises:
        PrecisionError: this engine computes in f32 only.
    """
    if precision != "f32":
        raise PrecisionError("ONNX Runtime has no bfloat16 on a CPU: ask for the precision f32, or for openvino.")


def graph(model: bytes, precision: Precision, *, cores: int, cores_per_film: int) -> "OnnxRuntimeGraph":
    """Prepare a graph for any shape of input.

    Raises:
        PrecisionError: as :func:`require`.
    """
    require(precision)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = min(cores, cores_per_film)
    return OnnxRuntimeGraph(onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"]))


class OnnxRuntimeGraph:
    """A prepared graph; any number of threads may use it."""

    def __init__(self, session: Any) -> None:
        self._session = session

    def __call__(self, inputs: Mapping[str, Any]) -> list[Floats]:
        outputs: list[Floats] = self._session.run(None, dict(inputs))
        return outputs
