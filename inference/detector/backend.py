"""What differs between Keras' backends, in one module for each: compiling, and operations that one of them has faster.

The network, its losses and its training are written with ``keras.ops`` and run on TensorFlow and on JAX alike. Which of
them it is was said to Keras before it was imported (``KERAS_BACKEND``), TensorFlow by default.
"""

import importlib
from collections.abc import Callable
from typing import Any, Protocol, cast

import keras

BACKENDS = ("tensorflow", "jax")


class Backend(Protocol):
    """What a module ``inference.detector.backend_<name>`` has."""

    def compiled(self, function: Callable[..., Any], network: Any) -> Callable[..., Any]:
        """``function`` of arrays as a graph that always sees the present weights of ``network``.

        Compiled anew for each shape of its arguments; results are the backend's tensors.
        """
        ...

    def has_fast_roi_align(self) -> bool:
        """Whether :meth:`roi_align` is to be used on this machine in place of the one in ``keras.ops``."""
        ...

    def roi_align(self, feature_map: Any, boxes: Any, *, stride: float, size: int, sampling: int) -> Any:
        """As :func:`inference.detector.roi_align.roi_align`."""
        ...

    def has_fast_suppression(self) -> bool:
        """Whether :meth:`suppress` is to be used in place of the one in ``keras.ops``."""
        ...

    def suppress(self, boxes: Any, scores: Any, *, iou: float, at_most: int) -> Any:
        """As :func:`inference.detector.proposals.suppress`."""
        ...


def _chosen() -> Backend:
    name = keras.backend.backend()
    if name not in BACKENDS:
        raise RuntimeError(f"The detector runs on {' or '.join(BACKENDS)}; KERAS_BACKEND is {name}.")
    return cast(Backend, importlib.import_module(f"inference.detector.backend_{name}"))


BACKEND = _chosen()
