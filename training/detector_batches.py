"""The batches of a detector's training: which hands come in which step, and how they are changed.

A batch follows from the seed, the phase and the number of its step alone, so that a run taken up again sees what an
unbroken one would have seen.
"""

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np

from inference.progress import OnProgress, Progress
from training.config import DetectorTraining
from training.films import Batch, Example, Films, drawn, make_batch
from training.snapshot import SnapshotRadiograph


class DetectorBatches:
    """Batches of one training. ``multiple_px``: what the sides of a batch's pictures are multiples of."""

    def __init__(self, films: Films, settings: DetectorTraining, *, multiple_px: int, on_progress: OnProgress) -> None:
        self.films, self.settings, self.multiple_px, self.on_progress = films, settings, multiple_px, on_progress

    def examples(self, radiographs: Sequence[SnapshotRadiograph]) -> list[Example]:
        """The hands with their drawn boxes."""
        examples = []
        for i, radiograph in enumerate(radiographs):
            if i % 100 == 0:
                self.on_progress(Progress("prepare", i, len(radiographs), "Preparing films"))
            examples.append(self.films.example(radiograph))
        return examples

    def boxed(self, boxed: Sequence[Example], step: int, per_device: int, phase: int = 1) -> Batch:
        """Hands with drawn boxes, ``per_device`` for each device."""
        settings = self.settings
        count = per_device * settings.devices
        chosen = [boxed[i] for i in drawn(len(boxed), count, step, (settings.seed, phase))]
        return make_batch(chosen, self._rng(phase, step), settings.augment, multiple_px=self.multiple_px)

    def mixed(self, boxed: Sequence[Example], aged: Sequence[Example], step: int) -> Batch:
        """First hands with drawn boxes, then hands with a bone age and jittered boxes."""
        settings = self.settings
        first = self.boxed(boxed, step, settings.auxiliary_boxed, phase=2)
        rng = self._rng(3, step)
        count = settings.auxiliary_batch * settings.devices
        chosen = [aged[i] for i in drawn(len(aged), count, step, (settings.seed, 3))]
        second = make_batch(chosen, rng, settings.augment, multiple_px=self.multiple_px)
        size = np.tile(second.boxes[..., 2:] - second.boxes[..., :2], 2)
        jitter = rng.normal(0, settings.box_jitter, second.boxes.shape).astype(np.float32) * size
        second = dataclasses.replace(second, boxes=second.boxes + jitter)
        return Batch(*(np.concatenate(pair) for pair in zip(_fields(first), _fields(second), strict=True)))

    def unchanged(self, radiographs: Sequence[SnapshotRadiograph]) -> list[Batch]:
        """The hands as they are, in order."""
        settings, examples = self.settings, self.examples(radiographs)
        return [
            make_batch(examples[i : i + settings.batch], np.random.default_rng(0), None, multiple_px=self.multiple_px)
            for i in range(0, len(examples), settings.batch)
        ]

    def _rng(self, phase: int, step: int) -> np.random.Generator:
        return np.random.default_rng([self.settings.seed, phase, step])


def _fields(batch: Batch) -> list[Any]:
    return [getattr(batch, field.name) for field in dataclasses.fields(batch)]
