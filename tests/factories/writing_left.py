"""How much of a drawn name can still be read in a picture: judged by what was drawn, not by the check under test.

Two judges, and either is enough. *Strokes*: the ink that was drawn still shows, sign beside sign, in the picture's fine
structure. *Reading*: the line, laid flat where it is known to stand, is read by brute force, in several sizes and both
polarities, and has signs of what was written side by side. The second uses the network that the check reads with, but
is told where to look and what to look for; the first uses none.
"""

from dataclasses import dataclass
from difflib import SequenceMatcher

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.imaging.text_engine import text_engine
from tests.factories.drawn_names import DrawnName

LETTERS_SIDE_BY_SIDE = 3
CHARACTERS_SIDE_BY_SIDE = 1
"""From here on something can be read: three letters or digits in a row (two initials are all of a marker's), or one
Chinese character."""

ALIKE = 0.5
"""Correlation of ink and picture, their coarse structure taken away, from which the strokes of a place still show."""

FAINTEST_SHARE = 0.015
"""... if they differ from their ground by this share of the film's range: four grey levels of 256."""


@dataclass(frozen=True, slots=True)
class WritingLeft:
    """What is left: signs side by side whose strokes show, and signs side by side that were read."""

    strokes: float
    read: int
    enough: int

    @property
    def readable(self) -> bool:
        return self.strokes >= self.enough or self.read >= self.enough


def writing_left(name: DrawnName, picture: NDArray[np.float32]) -> WritingLeft:
    """What can be read of the name in a picture of the same size, bone bright or dark."""
    tones = float(np.subtract(*np.percentile(picture[::3, ::3], (99.8, 0.5))))
    found = []
    for line, ink, crop in zip(name.writing.lines, name.line_crops(name.ink), name.line_crops(picture), strict=True):
        needed = LETTERS_SIDE_BY_SIDE if line.isascii() else CHARACTERS_SIDE_BY_SIDE
        if name.kind == "marker":
            if len(line) == 1:
                continue  # the side alone tells nothing
            needed = 2
        found.append(WritingLeft(_strokes_left(ink, crop, tones, len(line)), _signs_read(line, crop), needed))
    return max(found, key=lambda left: max(left.strokes, left.read) / left.enough)


def _strokes_left(ink: NDArray[np.float32], crop: NDArray[np.float32], tones: float, signs: int) -> float:
    """Longest run of places whose strokes show, in signs of the line's mean width."""
    high = ink.shape[0]
    inked = np.flatnonzero(ink.max(axis=0) > 0.3)
    if not inked.size or tones <= 0:
        return 0.0
    width = max(4.0, (inked[-1] - inked[0] + 1) / signs)
    fine_ink, fine = (_fine(values, high) for values in (ink, crop))
    window = (max(3, round(width)), 2 * high + 1)

    def mean(values: NDArray[np.float32]) -> NDArray[np.float32]:
        blurred = cv2.blur(values, window, borderType=cv2.BORDER_REFLECT)
        return np.asarray(blurred[high // 2], np.float32)

    covariance = mean(fine_ink * fine) - mean(fine_ink) * mean(fine)
    spread_ink = mean(fine_ink**2) - mean(fine_ink) ** 2
    spread = mean(fine**2) - mean(fine) ** 2
    alike = np.abs(covariance) / np.sqrt(np.maximum(spread_ink * spread, 1e-9))
    amplitude = np.abs(covariance) / np.maximum(spread_ink, 1e-6) / tones
    shows = (alike > ALIKE) & (amplitude > FAINTEST_SHARE) & (spread_ink > 1e-4)
    shows[: inked[0]] = shows[inked[-1] + 1 :] = False
    longest = run = 0
    for one in shows:
        run = run + 1 if one else 0
        longest = max(longest, run)
    return longest / width


def _fine(values: NDArray[np.float32], high: int) -> NDArray[np.float32]:
    return np.asarray(values - cv2.GaussianBlur(values, (0, 0), max(1.5, 0.4 * high)), np.float32)


def _signs_read(line: str, crop: NDArray[np.float32]) -> int:
    """Most signs of the line that were read side by side; of a line in Chinese, characters only."""
    if float(crop.max() - crop.min()) < 1e-6:
        return 0
    views = []
    for low_share, high_share in ((0, 100), (10, 99.5)):
        low, high = np.percentile(crop, (low_share, high_share))
        grey = np.clip((crop - low) * (255 / max(float(high - low), 1e-6)), 0, 255).astype(np.uint8)
        pad = crop.shape[0] // 4
        views += [grey, cv2.copyMakeBorder(255 - grey, pad, pad, pad, pad, cv2.BORDER_REPLICATE)]
    wanted = _plain(line, characters=not line.isascii())
    best = 0
    for reading in text_engine().read(views):
        there = _plain(reading.text, characters=not line.isascii())
        best = max(best, SequenceMatcher(None, wanted, there, autojunk=False).find_longest_match().size)
    return best


def _plain(text: str, *, characters: bool) -> str:
    return "".join(sign for sign in text.upper() if sign.isalnum() and not (characters and sign.isascii()))
