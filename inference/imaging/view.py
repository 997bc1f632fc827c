"""How a stored picture is to be looked at: upright, as a left hand. The pixels stay as they are.

The same meaning as ``Orientation`` in frontend/src/core/viewport.ts; a test on both sides holds them together.
"""

from dataclasses import dataclass


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


AS_STORED = View()
