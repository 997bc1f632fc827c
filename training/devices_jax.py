"""Training on JAX: one device, or several over which each batch is sharded."""

import os
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import Any

import jax
import keras
import numpy as np

from inference.detector.backend_jax import compiled
from training.devices import DevicesError, Losses, enough
from training.losses import on_one_device


def chosen(count: int) -> "JaxDevices":
    """See :func:`training.devices.devices`."""
    return JaxDevices(enough(jax.devices(), count))


class JaxDevices:
    """See :class:`training.devices.Devices`. JAX computes a sharded batch as one: all counts and statistics are of the
    whole batch, those of batch normalisation too."""

    def __init__(self, there: list[Any]) -> None:
        self.count = len(there)
        mesh = jax.sharding.Mesh(np.array(there), ("film",))
        self._dealt = jax.sharding.NamedSharding(mesh, jax.sharding.PartitionSpec("film"))
        self._everywhere = jax.sharding.NamedSharding(mesh, jax.sharding.PartitionSpec())

    def _placed(self, arrays: Sequence[Any], where: Any) -> list[Any]:
        """Arrays on the devices; with one device they stay where they are, or every step would compile once more."""
        return list(arrays) if self.count == 1 else [jax.device_put(array, where) for array in arrays]

    def scope(self) -> AbstractContextManager[Any]:
        return nullcontext()

    def trainer(
        self, network: Any, optimizer: Any, losses: Losses, finish: Callable[[list[Any]], list[Any]]
    ) -> Callable[[tuple[Any, ...], int], Any]:
        trainable, fixed = list(network.trainable_variables), list(network.non_trainable_variables)
        own = list(optimizer.variables)

        def loss_and_more(values: list[Any], others: list[Any], arrays: tuple[Any, ...], boxed: int) -> Any:
            known = [*zip(trainable, values, strict=True), *zip(fixed, others, strict=True)]
            with keras.StatelessScope(state_mapping=known) as scope:
                found = losses(arrays, boxed, on_one_device, True)
            return found[-1], (found, [_value(scope, variable) for variable in fixed])

        def step(values: list[Any], others: list[Any], state: list[Any], arrays: tuple[Any, ...], boxed: int) -> Any:
            (_, (found, others)), gradients = jax.value_and_grad(loss_and_more, has_aux=True)(
                values, others, arrays, boxed
            )
            values, state = optimizer.stateless_apply(state, finish(gradients), values)
            return keras.ops.stack(found), values, others, state

        compiled_step = jax.jit(step, static_argnames="boxed")

        def deal_and_step(arrays: tuple[Any, ...], boxed: int) -> Any:
            if len(arrays[0]) % self.count:
                raise DevicesError(f"{len(arrays[0])} films cannot be dealt out evenly to {self.count} devices.")
            before = [
                self._placed([variable.value for variable in variables], self._everywhere)
                for variables in (trainable, fixed, own)
            ]
            found, *after = compiled_step(*before, tuple(self._placed(arrays, self._dealt)), boxed)
            for variables, values in zip((trainable, fixed, own), after, strict=True):
                for variable, value in zip(variables, values, strict=True):
                    variable.assign(value)
            return found

        return deal_and_step

    def onlooker(self, network: Any, losses: Losses) -> Callable[[tuple[Any, ...], int], Any]:
        looks: dict[int, Callable[..., Any]] = {}

        def look(boxed: int, *arrays: Any) -> Any:
            return keras.ops.stack(losses(arrays, boxed, on_one_device, False))

        def compile_and_look(arrays: tuple[Any, ...], boxed: int) -> Any:
            if boxed not in looks:
                looks[boxed] = compiled(partial(look, boxed), network)
            return looks[boxed](*arrays)

        return compile_and_look

    def make_deterministic(self) -> None:
        """JAX is deterministic on a CPU. On a GPU it is so with ``--xla_gpu_deterministic_ops=true`` in ``XLA_FLAGS``,
        which has to be there before the program starts.

        Raises:
            DevicesError: it is not.
        """
        if jax.default_backend() == "gpu" and "xla_gpu_deterministic_ops=true" not in os.environ.get("XLA_FLAGS", ""):
            raise DevicesError("Start with XLA_FLAGS=--xla_gpu_deterministic_ops=true, or a run cannot be resumed.")


def _value(scope: Any, variable: Any) -> Any:
    value = scope.get_current_value(variable)
    return variable.value if value is None else value
