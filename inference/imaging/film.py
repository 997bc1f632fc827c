"""What a film is once it has been read: true grey values, a default window and the facts of its header."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Sex = Literal["M", "F"]
Laterality = Literal["L", "R"]
AgeSource = Literal["dates", "patient_age"]
SpacingKind = Literal["pixel", "imager"]
WindowFunction = Literal["linear", "linear_exact", "sigmoid"]


@dataclass(frozen=True, slots=True)
class Window:
    """A grey window on a film's values (DICOM PS3.3 C.11.2.1.2).

    Attributes:
        center: in the film's values.
        width: in the film's values, above 0.
        function: how values become grey; ``linear`` is DICOM's with its half-value offsets.
    """

    center: float
    width: float
    function: WindowFunction = "linear"


@dataclass(frozen=True, slots=True)
class FilmFacts:
    """What the header says that matters for a bone age. None where it says nothing usable; nothing is guessed.

    Attributes:
        sex: only M or F; any other value is None with the warning ``sex_not_usable``.
        chronological_age_months: decimal months at the day of the picture.
        age_source: ``dates`` (birth and acquisition or study date) or ``patient_age``.
        laterality: side of the hand as the header has it.
        view_position: such as PA or AP, one of a closed vocabulary.
        pixel_spacing_mm: (row distance, column distance) between pixel centres.
        spacing_kind: ``pixel`` (PixelSpacing) or ``imager`` (at the detector: larger than in the hand).
        modality: CR, DX or RG; PNG or JPEG for pictures.
        synthetic: whether the film is drawn, not taken.
        warnings: keys of :data:`inference.imaging.errors.FILM_WARNINGS`.
    """

    sex: Sex | None = None
    chronological_age_months: float | None = None
    age_source: AgeSource | None = None
    laterality: Laterality | None = None
    view_position: str | None = None
    pixel_spacing_mm: tuple[float, float] | None = None
    spacing_kind: SpacingKind | None = None
    modality: str = ""
    synthetic: bool = False
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Film:
    """A radiograph in memory.

    Attributes:
        pixels: float32 [rows, columns]; values after the modality LUT or rescale and, where the file has one, the VOI
            LUT; polarity applied last, so that bone is bright and the background dark.
        window: default window on these values.
        facts: what the header says.
        windows: all windows that the header names, on these values, the default one first; the default alone where it
            names none.
    """

    pixels: NDArray[np.float32]
    window: Window
    facts: FilmFacts
    windows: tuple[Window, ...] = ()

    def __post_init__(self) -> None:
        if not self.windows:
            object.__setattr__(self, "windows", (self.window,))

    @property
    def rows(self) -> int:
        return int(self.pixels.shape[0])

    @property
    def columns(self) -> int:
        return int(self.pixels.shape[1])
