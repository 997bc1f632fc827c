"""A linear correction of the head's ages for each sex, kept apart from the head and shown as such.

Deeplasia recalibrates by sex in the same way (and on about a hundred hands of a hospital of its own). Off by default:
it removes a bias of the hands that it is fitted on, and carries it to those that are not like them.
"""

import numpy as np
from numpy.typing import NDArray

from training.snapshot import SnapshotError

LEAST_HANDS = 50
"""Of each sex: with fewer, the slope is mostly noise."""


def linear_correction(predicted: NDArray[np.float64], truths: NDArray[np.float64]) -> tuple[float, float]:
    """(intercept in months, slope) of the truth on the prediction, by least squares.

    Args:
        predicted: [n] bone ages in months that the head gave to hands it had not learnt from.
        truths: [n] of the same hands.

    Raises:
        SnapshotError: fewer than :data:`LEAST_HANDS`, or predictions that do not vary.
    """
    if len(predicted) < LEAST_HANDS or float(np.std(predicted)) < 1e-6:
        raise SnapshotError(
            f"A correction by sex needs {LEAST_HANDS} held-back hands of each sex whose ages vary; there are "
            f"{len(predicted)}. Leave it off."
        )
    slope, intercept = np.polyfit(predicted, truths, 1)
    return float(intercept), float(slope)
