"""From 17 region features to 6: a weighted average inside each type of region.

Source: CHBoneAI, section on features ("a weighted average inside each type brings 17 x 2048 to 6 x 2048"; the weights
are not given).
"""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from inference.anatomy.regions import REGION_TYPES, REGIONS

Floats = NDArray[np.float32]
Weights = Literal["score", "mean"]

_TYPE_OF = np.array([REGION_TYPES.index(region.type) for region in REGIONS])
_MEMBERS = (np.arange(len(REGION_TYPES))[:, None] == _TYPE_OF[None]).astype(np.float32)


def average_by_type(features: Floats, scores: Floats, weights: Weights = "score") -> tuple[Floats, NDArray[np.bool_]]:
    """Average the features of each type.

    Args:
        features: ``[17, F]`` in region order.
        scores: ``[17]``, 0 where the region is missing; a missing region never counts.
        weights: ``score`` weighs a region by its detection score, ``mean`` weighs all found regions alike.

    Returns:
        Means ``[6, F]`` in type order (zeros where no region of the type was found), and which were found ``[6]``.
    """
    weight = scores if weights == "score" else (scores > 0)
    shares = _MEMBERS * weight.astype(np.float32)[None]
    total = shares.sum(axis=1, keepdims=True)
    found = total[:, 0] > 0
    means = (shares / np.where(total > 0, total, 1)) @ np.where(scores[:, None] > 0, features, 0)
    return means.astype(np.float32), found
