"""The detector on JAX: everything is ``keras.ops``; only compiling is JAX's own."""

from collections.abc import Callable
from typing import Any

import jax
import keras


def compiled(function: Callable[..., Any], network: Any) -> Callable[..., Any]:
    """See :class:`inference.detector.backend.Backend`.

    JAX freezes what a function reads from outside into its graph, so the weights go in as an argument at each call.
    """
    variables = list(network.variables)

    def call(values: list[Any], *arguments: Any) -> Any:
        with keras.StatelessScope(state_mapping=list(zip(variables, values, strict=True))):
            return function(*arguments)

    graph = jax.jit(call)
    return lambda *arguments: graph([variable.value for variable in variables], *arguments)


def has_fast_roi_align() -> bool:
    """JAX has no operation of its own for it."""
    return False


def roi_align(feature_map: Any, boxes: Any, *, stride: float, size: int, sampling: int) -> Any:
    raise NotImplementedError


def has_fast_suppression() -> bool:
    """JAX has no operation of its own for it."""
    return False


def suppress(boxes: Any, scores: Any, *, iou: float, at_most: int) -> Any:
    raise NotImplementedError
