"""One optimizer step of the detector, compiled once per shape of film."""

from dataclasses import dataclass
from typing import Any

import keras
import tensorflow as tf
from keras import ops

from inference.detector.network import Network
from training.config import DetectorTraining, Schedule
from training.films import Batch
from training.losses import head_losses, maturity_loss, rpn_losses
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
    half_cosine = 0.5 * (1 + float(ops.cos(3.141592653589793 * min(1.0, share))))
    return schedule.lowest + (schedule.highest - schedule.lowest) * half_cosine


def make_optimizer(settings: DetectorTraining) -> Any:
    """The optimizer of a run; its learning rate is set at each step."""
    if settings.optimizer == "sgd":
        return keras.optimizers.SGD(
            1e-3, momentum=0.9, weight_decay=settings.weight_decay, global_clipnorm=settings.clip_norm
        )
    optimizer = keras.optimizers.AdamW(1e-3, weight_decay=settings.weight_decay, global_clipnorm=settings.clip_norm)
    optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    return optimizer


class TrainStep:
    """Forward, losses, backward, update. Deterministic: nothing in it is drawn at random."""

    def __init__(self, network: Network, optimizer: Any, settings: DetectorTraining) -> None:
        self.network, self.optimizer, self.settings = network, optimizer, settings
        optimizer.build(network.trainable_variables)
        self._compiled = tf.function(self._step, reduce_retracing=False)

    def __call__(self, batch: Batch, boxed: int, rate: float) -> dict[str, float]:
        """One step on ``batch``, whose first ``boxed`` films are labelled for detection; the losses by name."""
        self.optimizer.learning_rate.assign(rate)
        tensors = StepInput(
            *(
                tf.convert_to_tensor(value)
                for value in (
                    batch.images,
                    batch.boxes,
                    batch.labelled,
                    batch.zones,
                    batch.female,
                    batch.bone_age_months,
                )
            )
        )
        values = self._compiled(
            tensors.images,
            tensors.boxes,
            tensors.labelled,
            tensors.zones,
            tensors.female,
            tensors.bone_age_months,
            boxed,
        )
        return dict(zip(LOSS_NAMES, map(float, values.numpy()), strict=True))

    def _step(self, images: Any, boxes: Any, labelled: Any, zones: Any, female: Any, months: Any, boxed: int) -> Any:
        variables = self.network.trainable_variables
        with tf.GradientTape() as tape:
            losses = self._losses(StepInput(images, boxes, labelled, zones, female, months), boxed)
        gradients = tape.gradient(losses[-1], variables)
        self.optimizer.apply_gradients(
            [(g if g is not None else tf.zeros_like(v), v) for g, v in zip(gradients, variables, strict=True)]
        )
        return tf.stack(losses)

    def _losses(self, films: StepInput, boxed: int) -> list[Any]:
        settings, network = self.settings, self.network
        size = (films.images.shape[1], films.images.shape[2])
        feature_map = network.trunk(films.images, training=True)
        boxes, labelled, zones = films.boxes[:boxed], films.labelled[:boxed], films.zones[:boxed]

        logits, deltas, proposals = network.propose(feature_map[:boxed], size, training=True)
        anchors = ops.convert_to_tensor(network.anchors(*size))
        rpn_class, rpn_box = rpn_losses(
            logits, deltas, anchor_targets(anchors, boxes, labelled, zones), settings.focal, settings.box_loss
        )
        # The true boxes join the proposals, so that the head has something to learn from the first step on.
        rois = tf.stop_gradient(ops.concatenate([proposals, boxes], axis=1))
        targets = proposal_targets(rois, boxes, labelled, zones, classes=network.config.classes)
        output = network.look_at(feature_map[:boxed], rois, training=True)
        head_class, head_box = head_losses(output, targets, settings.focal, settings.box_loss)
        total = rpn_class + head_class + settings.box_loss_weight * (rpn_box + head_box)

        maturity = tf.zeros(())
        if films.images.shape[0] > boxed:
            rest = network.look_at(feature_map[boxed:], films.boxes[boxed:], training=True)
            maturity = maturity_loss(
                rest.maturity, films.labelled[boxed:], films.female[boxed:], films.bone_age_months[boxed:]
            )
            total = total + settings.auxiliary_age_weight * maturity
        return [rpn_class, rpn_box, head_class, head_box, maturity, total]
