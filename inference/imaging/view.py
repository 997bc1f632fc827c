"""How a stored picture is to be looked at: upright, as a left hand. The pixels stay as they are.

The same meaning as ``Orientation`` in frontend/src/core/viewport.ts; a test on both sides holds them together.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.anatomy.boxes import Box


@dataclass(frozen=True, slots=True)
class View:
    """Mirror first, then quarter turns.

    Attributes:
        quarter_turns: clockwise, 0 to 3.
        mirrored: left to right, before turning.
    """

    quarter_turns: int = 0
    mirrored: bool = False

    def __post_init__(self) -> None:
        if self.quarter_turns not in range(4):
            raise ValueError("quarter turns are counted from 0 to 3")

    def of(self, pixels: NDArray[Any]) -> NDArray[Any]:
        """A look at ``[rows, columns]`` pixels, mirrored and turned; no copy, the pixels stay as they are."""
        mirrored = pixels[:, ::-1] if self.mirrored else pixels
        return np.rot90(mirrored, -self.quarter_turns)

    def box_to_stored(self, box: Box, *, rows: int, columns: int) -> Box:
        """A box of the picture as looked at, in pixels of the stored picture of ``rows`` and ``columns``."""
        x0, y0, x1, y1 = box
        # undo the turns: a picture as looked at is as wide as the stored one, or as high after an odd turn
        match self.quarter_turns:
            case 1:
                x0, y0, x1, y1 = y0, rows - x1, y1, rows - x0
            case 2:
                x0, y0, x1, y1 = columns - x1, rows - y1, columns - x0, rows - y0
            case 3:
                x0, y0, x1, y1 = columns - y1, x0, columns - y0, x1
        return Box(columns - x1, y0, columns - x0, y1) if self.mirrored else Box(x0, y0, x1, y1)


AS_STORED = View()
