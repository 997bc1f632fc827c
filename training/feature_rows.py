"""Region features of many radiographs as arrays; how they are found is in `training.region_features`."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class RegionFeatures:
    """What a detector saw of some radiographs, in their order.

    Attributes:
        ids: radiograph ids.
        features: [N, 17, F] float32, zeros where a region is missing.
        scores: [N, 17] float32, 0 where a region is missing.
        boxes: [N, 17, 4] float32, in pixels of the stored picture, zeros where a region is missing.
    """

    ids: tuple[str, ...]
    features: Floats
    scores: Floats
    boxes: Floats

    def rows(self, ids: Sequence[str]) -> "RegionFeatures":
        """The rows of the given ids, in the given order."""
        place = {id_: i for i, id_ in enumerate(self.ids)}
        picks = np.array([place[id_] for id_ in ids], dtype=np.int64)
        return RegionFeatures(tuple(ids), self.features[picks], self.scores[picks], self.boxes[picks])
