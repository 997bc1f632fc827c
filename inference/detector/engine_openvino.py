"""Graphs in OpenVINO, on a CPU.

One core looks at one film, and several films are looked at side by side. Cores that share a film wait for each other
after each of a thousand steps: on a machine with other work that took 14 s where one core takes 0.8
(docs/benchmarks.md, "Inference engines"), and workers share theirs. ``cores_per_film`` is for a machine that does
nothing else.
"""

import queue
from collections.abc import Mapping
from typing import Any

import numpy as np
import openvino
from openvino import opset13 as opset

from inference.detector.exported import Floats
from inference.detector.precision import Precision, PrecisionError

DEVICE = "CPU"


def require(precision: Precision) -> None:
    """Say no to a precision before anything is made for it.

    Raises:
        PrecisionError: bfloat16 is asked of a processor that has none; computing it in steps of float32 would be slow.
    """
    if precision == "bf16" and "BF16" not in openvino.Core().get_property(DEVICE, "OPTIMIZATION_CAPABILITIES"):
        raise PrecisionError("This processor has no bfloat16: ask for the precision f32.")


def graph(model: bytes, precision: Precision, *, cores: int, cores_per_film: int) -> "OpenVinoGraph":
    """Compile a graph for any shape of input.

    Raises:
        PrecisionError: as :func:`require`.
    """
    require(precision)
    core = openvino.Core()
    _use_once(core)
    streams = max(1, cores // cores_per_film)
    settings = {
        # Left to itself OpenVINO takes bfloat16 wherever the processor has it: the precision is always named.
        "INFERENCE_PRECISION_HINT": precision,
        "INFERENCE_NUM_THREADS": cores,
        "NUM_STREAMS": streams,
        # A pinned thread waits for its core while the other is free.
        "ENABLE_CPU_PINNING": False,
    }
    return OpenVinoGraph(core.compile_model(core.read_model(model), DEVICE, settings), streams)


def _use_once(core: openvino.Core) -> None:
    """Ask a graph of nothing, in this one thread, before several ask at a time.

    The binding makes its tables of types at the first use. Two threads that come first at once can each hold what the
    other waits for, one of them Python's own lock: then the whole process stands still for ever (seen with 2026.4).
    """
    number = opset.parameter([1], np.float32)
    nothing = core.compile_model(openvino.Model([number], [number], "nothing"), DEVICE)
    answer = nothing.create_infer_request().infer({0: np.zeros(1, np.float32)}, share_inputs=True)
    np.array(answer[nothing.outputs[0]], np.float32)


class OpenVinoGraph:
    """A compiled graph; as many threads as it has streams use it at a time, others wait."""

    def __init__(self, compiled: Any, streams: int) -> None:
        self._outputs = list(compiled.outputs)
        self._free: queue.SimpleQueue[Any] = queue.SimpleQueue()
        for _ in range(streams):
            self._free.put(compiled.create_infer_request())

    def __call__(self, inputs: Mapping[str, Any]) -> list[Floats]:
        request = self._free.get()
        try:
            answer = request.infer(dict(inputs), share_inputs=True)
            # copies: the next call overwrites the engine's own memory
            return [np.array(answer[output], np.float32) for output in self._outputs]
        finally:
            self._free.put(request)
