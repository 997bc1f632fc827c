"""Pictures that are no hand: what the film check learns to refuse.

Real radiographs of other parts of the body are few where this was made; tiles of hands in another order, and drawings,
stand in for the rest. How it does on kinds of film that it has never seen is measured, not known.
"""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pydicom
from numpy.typing import NDArray

from training.film_faults import Picture, spread, turned

STORED_SIDE_PX = 256
"""Pictures are kept at this size: the network sees them smaller still."""
SMALLEST_SIDE_PX = 32
SAME_PICTURE_CORRELATION = 0.98


def read_pictures(paths: Sequence[Path]) -> dict[str, Picture]:
    """Every picture among these files and folders that can be read at all, DICOM of any kind included: name -> 0..1.

    Colour becomes grey, and of several frames the first is taken; a film that intake would refuse is still no hand. Of
    pictures that are nearly the same (one in eight encodings) the first is kept.
    """
    pictures: dict[str, Picture] = {}
    files = [file for path in paths for file in ([path] if path.is_file() else sorted(path.rglob("*")))]
    for file in files:
        values = _values(file) if file.is_file() else None
        if values is None or min(values.shape) < SMALLEST_SIDE_PX or values.min() == values.max():
            continue
        picture = spread(cv2.resize(values, (STORED_SIDE_PX, STORED_SIDE_PX), interpolation=cv2.INTER_AREA))
        if not any(_alike(picture, other) for other in pictures.values()):
            pictures[file.name] = picture
    return pictures


def _alike(one: Picture, other: Picture) -> bool:
    return float(np.corrcoef(one.ravel(), other.ravel())[0, 1]) > SAME_PICTURE_CORRELATION


def _values(file: Path) -> NDArray[np.float32] | None:
    with file.open("rb") as opened:
        is_dicom = opened.read(132)[128:] == b"DICM"
    if not is_dicom:
        decoded = cv2.imread(str(file), cv2.IMREAD_GRAYSCALE | cv2.IMREAD_ANYDEPTH)
        if decoded is not None:
            return np.asarray(decoded, dtype=np.float32)
    try:
        values = np.asarray(pydicom.dcmread(file, force=True).pixel_array, dtype=np.float32)
    except Exception:  # whatever a strange file breaks, it is not a picture to learn from
        return None
    if values.ndim >= 3 and values.shape[-1] == 3:
        values = values.mean(axis=-1)
    return values.reshape(-1, *values.shape[-2:])[0] if values.ndim >= 2 else None


def shuffled(picture: Picture, rng: np.random.Generator) -> Picture:
    """The picture's tiles in another order: greys and texture of a hand, but none."""
    parts = int(rng.integers(3, 7))
    rows, columns = (size // parts for size in picture.shape)
    tiles = [
        turned(picture[i * rows : (i + 1) * rows, j * columns : (j + 1) * columns], int(rng.choice([0, 2, 4, 6])))
        for i in range(parts)
        for j in range(parts)
    ]
    order = rng.permutation(len(tiles))
    return np.vstack([np.hstack([tiles[order[i * parts + j]] for j in range(parts)]) for i in range(parts)])


def texture(rng: np.random.Generator, side: int = 100) -> Picture:
    """Something that is no radiograph: coloured noise, ramps, bars, discs, lines, or a sum of two of these."""
    return spread(sum((_one_texture(rng, side) for _ in range(int(rng.integers(1, 3)))), np.zeros((side, side))))


def _one_texture(rng: np.random.Generator, side: int) -> NDArray[np.float64]:
    y, x = np.mgrid[0:side, 0:side] / side
    kind = rng.integers(6)
    if kind == 0:  # noise with a spectrum between white and cloud
        frequency = np.hypot(*np.meshgrid(np.fft.fftfreq(side), np.fft.fftfreq(side)))
        frequency[0, 0] = 1 / side
        waves = np.fft.fft2(rng.normal(size=(side, side))) / frequency ** float(rng.uniform(0, 2))
        return np.asarray(spread(np.real(np.fft.ifft2(waves))), dtype=np.float64)
    angle = rng.uniform(0, 2 * np.pi)
    along = x * np.cos(angle) + y * np.sin(angle)
    if kind == 1:
        return np.asarray(along)
    if kind == 2:
        return np.asarray(np.sin(along * rng.uniform(5, 60)) > rng.uniform(-0.5, 0.9), dtype=np.float64)
    drawn = np.zeros((side, side), np.float32)
    for _ in range(int(rng.integers(1, 9))):
        at = tuple(int(v) for v in rng.integers(0, side, 2))
        if kind == 3:
            axes = tuple(int(v) for v in rng.integers(3, side // 2, 2))
            cv2.ellipse(drawn, at, axes, float(rng.uniform(0, 180)), 0, 360, float(rng.uniform(0.3, 1)), -1)
        elif kind == 4:
            to = tuple(int(v) for v in rng.integers(0, side, 2))
            cv2.line(drawn, at, to, float(rng.uniform(0.3, 1)), int(rng.integers(1, 12)))
        else:
            text = "".join(chr(int(v)) for v in rng.integers(65, 91, 8))
            cv2.putText(drawn, text, at, cv2.FONT_HERSHEY_SIMPLEX, float(rng.uniform(0.3, 1)), 1.0, 1)
    return np.asarray(cv2.GaussianBlur(drawn, (0, 0), float(rng.uniform(0.3, 3))), dtype=np.float64)
