"""Pictures as the models see them that look at a whole hand."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray


def standardised(picture: NDArray[Any], size_px: int) -> NDArray[np.float32]:
    """A grey picture squeezed into a square and brought to mean 0, standard deviation 1."""
    square = cv2.resize(picture.astype(np.float32), (size_px, size_px), interpolation=cv2.INTER_AREA)
    return ((square - square.mean()) / (square.std() + 1e-3)).astype(np.float32)
