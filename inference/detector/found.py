"""What a detector found on a film, whichever engine looked; no learning library here."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from inference.anatomy.boxes import Box
from inference.anatomy.regions import REGION_IDS
from inference.detector.config import DetectorConfig
from inference.detector.select import Selected, select_regions

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class ScoredBox:
    """A box with the detector's score, 0 to 1."""

    box: Box
    score: float


@dataclass(frozen=True, slots=True)
class Detection:
    """What was found on one film.

    Attributes:
        boxes: region -> box in pixels of the prepared image; a missing region is not in it.
        features: ``[17, F]`` float32 in region order, zeros where the region is missing.
        scores: ``[17]`` float32, 0 where the region is missing.
    """

    boxes: dict[str, ScoredBox]
    features: Floats
    scores: Floats


class Finds(ABC):
    """A detector that serves: Keras' own (:class:`inference.detector.detect.Detector`) or an exported one.

    Attributes:
        config: what decides the detector's shape.
        feature_size: F of the 17 x F features.
    """

    config: DetectorConfig
    feature_size: int

    @abstractmethod
    def find(self, images: Sequence[Floats]) -> tuple[Any, tuple[Floats, Floats]]:
        """First pass: the feature map, in whatever form :meth:`describe` takes it, and the proposals' class boxes and
        probabilities."""

    @abstractmethod
    def describe(self, feature_map: Any, boxes: Floats) -> Floats:
        """Second pass: features ``[B, 17, F]`` pooled again from the final boxes ``[B, 17, 4]``."""

    def select(self, class_boxes: Floats, probabilities: Floats) -> list[Selected]:
        """At most one box per region for each film of a batch."""
        return [
            select_regions(
                boxes.astype(np.float64),
                chances.astype(np.float64),
                classes=self.config.classes,
                score_floor=self.config.score_floor,
            )
            for boxes, chances in zip(class_boxes, probabilities, strict=True)
        ]

    def detect(self, image: Floats) -> Detection:
        """Find the regions of one prepared film ``[rows, columns]``, 0..1."""
        return self.detect_batch([image])[0]

    def detect_batch(self, images: Sequence[Floats]) -> list[Detection]:
        """Find the regions of films of one and the same shape, in one pass of the network."""
        if not images:
            return []
        feature_map, proposals = self.find(images)
        selected = self.select(*proposals)
        boxes = np.stack([one.boxes for one in selected]).astype(np.float32)
        described = self.describe(feature_map, boxes)
        return [detection(one, features) for one, features in zip(selected, described, strict=True)]


def detection(selected: Selected, features: Floats) -> Detection:
    """The answer for one film from its chosen boxes and their features ``[17, F]``."""
    there = selected.scores > 0
    return Detection(
        boxes={
            region: ScoredBox(Box(*map(float, selected.boxes[i])), float(selected.scores[i]))
            for i, region in enumerate(REGION_IDS)
            if there[i]
        },
        features=np.where(there[:, None], features, 0).astype(np.float32),
        scores=selected.scores.astype(np.float32),
    )
