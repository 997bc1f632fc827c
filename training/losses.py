"""Losses of the detector. Source: CHBoneAI, formulas of focal loss and of the L2 loss of the boxes.

Each is a sum over what counts, divided by how much counts. Where a batch lies on several devices, ``total`` adds a
number up over them: so every device's share is divided by the count of the whole batch, and the shares add up to
the loss that one device would have found.
"""

from collections.abc import Callable
from typing import Any

from keras import ops

from inference.anatomy.regions import REGIONS
from inference.detector.network import MATURITY_CENTRE_MONTHS, MATURITY_SCALE_MONTHS, RoiOutput
from training.config import BoxLoss, FocalSettings
from training.targets import Targets

Total = Callable[[Any], Any]
SMOOTH_L1_BEND = 1.0 / 9.0
"""Where the loss turns from square to straight, in units of the coded box (as in common Faster R-CNN code)."""

MATURITY_BEND = 0.25
"""Where the maturity loss turns straight: 10 months, about the error of a single human reading."""


def on_one_device(value: Any) -> Any:
    """The total where there is one device: the value itself."""
    return value


def binary_focal(logits: Any, truth: Any, focal: FocalSettings) -> Any:
    """Focal loss of each logit; ``alpha`` weighs the positives, ``1 - alpha`` the negatives."""
    log_p, log_q = -ops.softplus(-logits), -ops.softplus(logits)
    p = ops.sigmoid(logits)
    positive = -focal.alpha * ops.power(1 - p, focal.gamma) * log_p
    negative = -(1 - focal.alpha) * ops.power(p, focal.gamma) * log_q
    return truth * positive + (1 - truth) * negative


def categorical_focal(logits: Any, classes: Any, focal: FocalSettings) -> Any:
    """Focal loss of softmax ``logits`` ``[..., C]`` against class numbers ``[...]``.

    Written with ``log_softmax``, as ``keras.losses.CategoricalFocalCrossentropy`` clips probabilities; a test holds
    the two together.
    """
    log_p = ops.take_along_axis(ops.log_softmax(logits, axis=-1), classes[..., None], axis=-1)[..., 0]
    return -focal.alpha * ops.power(1 - ops.exp(log_p), focal.gamma) * log_p


def box_loss(truth: Any, predicted: Any, kind: BoxLoss) -> Any:
    """Loss of coded boxes ``[..., 4]``, summed over the four numbers."""
    difference = ops.abs(truth - predicted)
    if kind == "l2":
        return ops.sum(ops.square(difference), axis=-1)
    bent = ops.where(
        difference < SMOOTH_L1_BEND, 0.5 * ops.square(difference) / SMOOTH_L1_BEND, difference - 0.5 * SMOOTH_L1_BEND
    )
    return ops.sum(bent, axis=-1)


def rpn_losses(
    logits: Any,
    deltas: Any,
    targets: Targets,
    focal: FocalSettings,
    kind: BoxLoss,
    total: Total = on_one_device,
) -> tuple[Any, Any]:
    """Objectness and box loss of the region proposal network, each per positive anchor."""
    count = ops.maximum(total(ops.sum(targets.positive)), 1.0)
    objectness = ops.sum(binary_focal(logits, targets.positive, focal) * targets.weight) / count
    return objectness, ops.sum(box_loss(targets.deltas, deltas, kind) * targets.positive) / count


def head_losses(
    output: RoiOutput, targets: Targets, focal: FocalSettings, kind: BoxLoss, total: Total = on_one_device
) -> tuple[Any, Any]:
    """Class and box loss of the second stage, each per positive proposal; the box of the true class only."""
    count = ops.maximum(total(ops.sum(targets.positive)), 1.0)
    classification = ops.sum(categorical_focal(output.logits, targets.classes, focal) * targets.weight) / count
    own = ops.maximum(targets.classes - 1, 0)[..., None, None]
    deltas = ops.take_along_axis(output.deltas, own, axis=2)[:, :, 0]
    return classification, ops.sum(box_loss(targets.deltas, deltas, kind) * targets.positive) / count


def maturity_loss(
    maturity: Any, present: Any, sex_is_female: Any, bone_age_months: Any, total: Total = on_one_device
) -> Any:
    """Smooth L1 of the bone ages by region and of their mean, half each, in units of ``MATURITY_SCALE_MONTHS``.

    By region, each feature carries an age of its own; in the mean, the regions learn to make up for each other.

    The sex chooses which of the two outputs of a region is compared; it never enters the network.

    Args:
        maturity: ``[B, 17, 2 * 17]``, the head's output for the 17 boxes in region order.
        present: ``[B, 17]`` 1 where the box is to be trusted.
        sex_is_female: ``[B]`` 0 or 1.
        bone_age_months: ``[B]``.
    """
    count = len(REGIONS)
    own = ops.stack([ops.diagonal(maturity[:, :, :count], 0, 1, 2), ops.diagonal(maturity[:, :, count:], 0, 1, 2)], 1)
    female = sex_is_female[:, None]
    predicted = own[:, 0] * (1 - female) + own[:, 1] * female
    truth = (bone_age_months - MATURITY_CENTRE_MONTHS) / MATURITY_SCALE_MONTHS
    counted = ops.maximum(ops.sum(present, axis=1), 1.0)
    of_hands = ops.sum(_maturity_distance(ops.sum(predicted * present, axis=1) / counted - truth))
    together = of_hands / total(ops.sum(ops.ones_like(truth)))
    of_regions = ops.sum(_maturity_distance(predicted - truth[:, None]) * present)
    return 0.5 * (of_regions / ops.maximum(total(ops.sum(present)), 1.0) + together)


def _maturity_distance(difference: Any) -> Any:
    away = ops.abs(difference)
    return ops.where(away < MATURITY_BEND, 0.5 * ops.square(away) / MATURITY_BEND, away - 0.5 * MATURITY_BEND)
