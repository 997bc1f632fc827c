"""One optimizer step of the detector, compiled once per shape of film, on one device or on several."""

import dataclasses
import math
from dataclasses import dataclass
from typing import Any

import keras
from keras import ops

from inference.detector.network import Network
from training.config import DetectorTraining, Schedule
from training.devices import Devices, devices
from training.films import Batch
from training.losses import Total, head_losses, maturity_loss, rpn_losses
from training.targets import anchor_targets, proposal_targets

LOSS_NAMES = ("rpn_class", "rpn_box", "class", "box", "maturity", "loss")


@dataclass(frozen=True, slots=True)
class StepInput:
    """Tensors of one step. The first ``boxed`` films have labels for detection, the rest only 17 boxes and an age."""

    images: Any
    boxes: Any
    labelled: Any
    zones: Any
    female: Any
    bone_age_months: Any


def learning_rate(schedule: Schedule, step: int, steps: int) -> float:
    """The learning rate of step ``step`` (from 0) of ``steps``."""
    if schedule.kind == "steps":
        return max(schedule.highest * 0.1 ** (step // schedule.divide_every), schedule.lowest)
    if step < schedule.warm_up:
        return schedule.highest * (step + 1) / schedule.warm_up
    share = (step - schedule.warm_up) / max(1, steps - schedule.warm_up)
    half_cosine = 0.5 * (1 + math.cos(math.pi * min(1.0, share)))
    return schedule.lowest + (schedule.highest - schedule.lowest) * half_cosine


def make_optimizer(settings: DetectorTraining) -> Any:
    """The optimizer of a run; its learning rate is set at each step, and gradients come to it clipped."""
    if settings.optimizer == "sgd":
        return keras.optimizers.SGD(1e-3, momentum=0.9, weight_decay=settings.weight_decay)
    optimizer = keras.optimizers.AdamW(1e-3, weight_decay=settings.weight_decay)
    optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    return optimizer


def clipped(gradients: list[Any], norm: float) -> list[Any]:
    """Gradients scaled so that the norm of all of them together is at most ``norm``."""
    length = ops.sqrt(sum(ops.sum(ops.square(gradient)) for gradient in gradients))
    scale = norm / ops.maximum(length, norm)
    return [gradient * scale for gradient in gradients]


class TrainStep:
    """Forward, losses, backward, update. Deterministic: nothing in it is drawn at random.

    With several devices a batch is dealt out to them and the step is the one that a single device would have made of
    the whole batch. Batch normalisation is the exception on TensorFlow, where each device has its own statistics.
    """

    def __init__(self, network: Network, optimizer: Any, settings: DetectorTraining, on: Devices | None = None) -> None:
        self.network, self.optimizer, self.settings = network, optimizer, settings
        self.devices = on or devices(1)
        with self.devices.scope():
            optimizer.build(network.trainable_variables)
        self._train = self.devices.trainer(
            network, optimizer, self._losses, lambda gradients: clipped(gradients, settings.clip_norm)
        )
        self._look = self.devices.onlooker(network, self._losses)

    def __call__(self, batch: Batch, boxed: int, rate: float) -> dict[str, float]:
        """One step on ``batch``, whose first ``boxed`` films are labelled for detection; the losses by name.

        Raises:
            DevicesError: the films cannot be dealt out evenly to the devices.
        """
        self.optimizer.learning_rate.assign(rate)
        return _by_name(self._train(_arrays(batch), boxed))

    def validation_losses(self, batch: Batch) -> dict[str, float]:
        """Losses of detection on ``batch`` as the network serves, changing nothing."""
        return _by_name(self._look(_arrays(batch), len(batch.images)))

    def _losses(self, arrays: tuple[Any, ...], boxed: int, total: Total, training: bool) -> list[Any]:
        """The losses in the order of ``LOSS_NAMES``; the last one is to be made smaller."""
        films = StepInput(*arrays)
        settings, network = self.settings, self.network
        size = (films.images.shape[1], films.images.shape[2])
        feature_map = network.trunk(films.images, training=training)
        boxes, labelled, zones = films.boxes[:boxed], films.labelled[:boxed], films.zones[:boxed]

        logits, deltas, proposals = network.propose(feature_map[:boxed], size, training=training)
        anchors = ops.convert_to_tensor(network.anchors(*size))
        rpn_class, rpn_box = rpn_losses(
            logits, deltas, anchor_targets(anchors, boxes, labelled, zones), settings.focal, settings.box_loss, total
        )
        # The true boxes join the proposals, so that the head has something to learn from the first step on.
        rois = ops.stop_gradient(ops.concatenate([proposals, boxes], axis=1))
        targets = proposal_targets(rois, boxes, labelled, zones, classes=network.config.classes)
        output = network.look_at(feature_map[:boxed], rois, training=training)
        head_class, head_box = head_losses(output, targets, settings.focal, settings.box_loss, total)
        loss = rpn_class + head_class + settings.box_loss_weight * (rpn_box + head_box)

        maturity = ops.zeros(())
        if films.images.shape[0] > boxed:
            rest = network.look_at(feature_map[boxed:], films.boxes[boxed:], training=training)
            maturity = maturity_loss(
                rest.maturity, films.labelled[boxed:], films.female[boxed:], films.bone_age_months[boxed:], total
            )
            loss = loss + settings.auxiliary_age_weight * maturity
        return [rpn_class, rpn_box, head_class, head_box, maturity, loss]


def _arrays(batch: Batch) -> tuple[Any, ...]:
    return tuple(getattr(batch, field.name) for field in dataclasses.fields(StepInput))


def _by_name(values: Any) -> dict[str, float]:
    return dict(zip(LOSS_NAMES, map(float, ops.convert_to_numpy(values)), strict=True))
