"""Graphs in OpenVINO, on a CPU."""

import os
from collections.abc import Mapping
from typing import Any

import numpy as np
import openvino

from inference.detector.exported import Floats
from inference.detector.precision import Precision, PrecisionError

DEVICE = "CPU"


def graph(model: bytes, precision: Precision) -> "OpenVinoGraph":
    """Compile a graph for any shape of input.

    Raises:
        PrecisionError: bfloat16 is asked of a processor that has none; computing it in steps of float32 would be slow.
    """
    core = openvino.Core()
    if precision == "bf16" and "BF16" not in core.get_property(DEVICE, "OPTIMIZATION_CAPABILITIES"):
        raise PrecisionError("This processor has no bfloat16: ask for the precision f32.")
    # Left to itself OpenVINO takes bfloat16 wherever the processor has it: the precision is always named.
    settings: dict[str, Any] = {"INFERENCE_PRECISION_HINT": precision, "PERFORMANCE_HINT": "LATENCY", "NUM_STREAMS": 1}
    if threads := os.environ.get("OMP_NUM_THREADS"):
        settings["INFERENCE_NUM_THREADS"] = int(threads)
    return OpenVinoGraph(core.compile_model(core.read_model(model), DEVICE, settings))


class OpenVinoGraph:
    """A compiled graph; used by one thread at a time."""

    def __init__(self, compiled: Any) -> None:
        self._request = compiled.create_infer_request()
        self._outputs = list(compiled.outputs)

    def __call__(self, inputs: Mapping[str, Any]) -> list[Floats]:
        answer = self._request.infer(dict(inputs), share_inputs=True)
        # copies: the next call overwrites the engine's own memory
        return [np.array(answer[output], np.float32) for output in self._outputs]
