"""The devices that one training runs on: one, or several that each take an equal share of every batch."""

import importlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Protocol, cast

import keras

import inference.detector.backend  # noqa: F401  says which backends there are before one is looked for here


class DevicesError(ValueError):
    """More devices than the machine has, or a batch that cannot be dealt out; the message says what to change."""


Losses = Callable[[tuple[Any, ...], int, Callable[[Any], Any], bool], list[Any]]
"""Of the arrays of a batch, how many of its first films are labelled for detection, the total over devices, and whether
it is for training: losses, of which the last is to be made smaller."""


class Devices(Protocol):
    """What ``training.devices_<backend>`` has, made for a number of devices."""

    count: int

    def scope(self) -> AbstractContextManager[Any]:
        """Where network and optimizer are to be made."""
        ...

    def trainer(
        self, network: Any, optimizer: Any, losses: Losses, finish: Callable[[list[Any]], list[Any]]
    ) -> Callable[[tuple[Any, ...], int], Any]:
        """A step: arrays of a batch and ``boxed`` in, losses out; ``finish`` is applied to the summed gradients."""
        ...

    def onlooker(self, network: Any, losses: Losses) -> Callable[[tuple[Any, ...], int], Any]:
        """Losses alone, on one device, with the network as it serves."""
        ...

    def make_deterministic(self) -> None:
        """From now on equal inputs give equal results, for the whole process."""
        ...


def devices(count: int) -> Devices:
    """The first ``count`` devices: GPUs where there is any, else the processor's.

    Raises:
        DevicesError: fewer are there.
    """
    module = importlib.import_module(f"training.devices_{keras.backend.backend()}")
    return cast(Devices, module.chosen(count))


def enough(there: list[Any], count: int) -> list[Any]:
    """The first ``count`` of the devices that are there."""
    if not 1 <= count <= len(there):
        names = ", ".join(str(getattr(device, "name", device)) for device in there)
        raise DevicesError(f"{count} devices are asked for; there are {len(there)}: {names}.")
    return there[:count]


def dealt(arrays: tuple[Any, ...], boxed: int, count: int) -> list[tuple[Any, ...]]:
    """Each device's share: an equal part of the films labelled for detection, then one of the others.

    Raises:
        DevicesError: a part cannot be shared out evenly.
    """
    others = len(arrays[0]) - boxed
    if boxed % count or others % count:
        raise DevicesError(f"{boxed} boxed and {others} other films cannot be dealt out evenly to {count} devices.")
    a, b = boxed // count, others // count
    picks = [[*range(i * a, (i + 1) * a), *range(boxed + i * b, boxed + (i + 1) * b)] for i in range(count)]
    return [tuple(array[pick] for array in arrays) for pick in picks]
