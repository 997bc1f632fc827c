"""Training on TensorFlow: one device, or several with ``tf.distribute.MirroredStrategy``."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import tensorflow as tf

from inference.detector.backend_tensorflow import as_written
from training.devices import Losses, dealt, enough
from training.losses import on_one_device


def chosen(count: int) -> "OneDevice | MirroredDevices":
    """See :func:`training.devices.devices`."""
    if count == 1:
        return OneDevice()
    there = tf.config.list_logical_devices("GPU") or tf.config.list_logical_devices("CPU")
    return MirroredDevices([device.name for device in enough(there, count)])


def _gradients(losses: Callable[[], list[Any]], variables: list[Any]) -> tuple[list[Any], list[Any]]:
    with tf.GradientTape() as tape:
        found = losses()
    gradients = tape.gradient(found[-1], variables)
    return found, [tf.zeros_like(v) if g is None else g for g, v in zip(gradients, variables, strict=True)]


class OneDevice:
    """TensorFlow's own choice of device. See :class:`training.devices.Devices`."""

    count = 1

    def scope(self) -> AbstractContextManager[Any]:
        return nullcontext()

    def trainer(
        self, network: Any, optimizer: Any, losses: Losses, finish: Callable[[list[Any]], list[Any]]
    ) -> Callable[[tuple[Any, ...], int], Any]:
        variables = network.trainable_variables

        def step(arrays: tuple[Any, ...], boxed: int) -> Any:
            found, gradients = _gradients(lambda: losses(arrays, boxed, on_one_device, True), variables)
            optimizer.apply_gradients(list(zip(finish(gradients), variables, strict=True)))
            return tf.stack(found)

        compiled = as_written(step)
        return lambda arrays, boxed: compiled(tuple(map(tf.convert_to_tensor, arrays)), boxed)

    def onlooker(self, network: Any, losses: Losses) -> Callable[[tuple[Any, ...], int], Any]:
        def look(arrays: tuple[Any, ...], boxed: int) -> Any:
            return tf.stack(losses(arrays, boxed, on_one_device, False))

        compiled = as_written(look)
        return lambda arrays, boxed: compiled(tuple(map(tf.convert_to_tensor, arrays)), boxed)

    def make_deterministic(self) -> None:
        """Without it sums run in whatever order the threads finish. It costs some 3 % of the time on a CPU."""
        tf.config.experimental.enable_op_determinism()


class MirroredDevices(OneDevice):
    """Every device has all weights and a share of each batch. See :class:`training.devices.Devices`."""

    def __init__(self, names: list[str]) -> None:
        self.count = len(names)
        self.strategy = tf.distribute.MirroredStrategy(names)

    def scope(self) -> AbstractContextManager[Any]:
        return self.strategy.scope()

    def trainer(
        self, network: Any, optimizer: Any, losses: Losses, finish: Callable[[list[Any]], list[Any]]
    ) -> Callable[[tuple[Any, ...], int], Any]:
        strategy, variables, count = self.strategy, network.trainable_variables, self.count

        def over_all(value: Any) -> Any:
            return tf.distribute.get_replica_context().all_reduce(tf.distribute.ReduceOp.SUM, value)

        def step_of_one(arrays: tuple[Any, ...], boxed: int) -> Any:
            found, gradients = _gradients(lambda: losses(arrays, boxed, over_all, True), variables)
            whole = finish(over_all(gradients))
            # Keras adds the gradients of the devices up once more.
            optimizer.apply_gradients([(g / count, v) for g, v in zip(whole, variables, strict=True)])
            return tf.stack(found)

        def step(shares: tuple[Any, ...], boxed: int) -> Any:
            return strategy.reduce(tf.distribute.ReduceOp.SUM, strategy.run(step_of_one, (shares, boxed)), axis=None)

        compiled = as_written(step)

        def deal_and_step(arrays: tuple[Any, ...], boxed: int) -> Any:
            shares = dealt(arrays, boxed, count)

            def own(place: Any) -> tuple[Any, ...]:
                return tuple(map(tf.convert_to_tensor, shares[place.replica_id_in_sync_group]))

            return compiled(strategy.experimental_distribute_values_from_function(own), boxed // count)

        return deal_and_step
