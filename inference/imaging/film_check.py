"""What a small network sees on a film at a glance: is it a hand, one hand, which way up, whole, of the right polarity.

It looks at the whole picture, squeezed to 96 x 96: enough for what lies where, not for detail (:mod:`sharpness` looks
at that). It is run on the film as it came, *before* anything outside the hand is blanked: afterwards a second hand is
gone, and on an inverted film the wrong half is. Nothing but numbers comes out, so they may be kept with the report of
the de-identification.

The film is shown in all eight ways that it can lie and the answers are averaged in log odds. Trained by
``python -m training fit-film-check``; the shipped network's manifest says on what, and what it achieved.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from inference.imaging.view import View

SIDE_PX = 96
"""The network's input is a square of this side, whatever the film's shape: squeezing commutes with turning."""

ROBUST_SHARES = (0.5, 99.5)
"""Percentiles of the squeezed picture that become 0 and 1."""

CHECKS = (
    "hand",
    "inverted",
    "two_hands",
    "fingers_cut",
    "forearm_cut",
    "blurred",
    "overexposed",
    "underexposed",
    "metal_or_cast",
    "double_exposure",
)
"""What the network answers, in the order of its second output; all but ``hand`` are faults."""

ORIENTATIONS = 8
"""Ways a film can lie: mirrored from 4 on, then ``n % 4`` quarter turns clockwise; 0 is upright as a left hand."""

FORMAT = "chboneai-film-check/1"
MANIFEST = "manifest.json"
NETWORK = "film_check.onnx"


class FilmCheckError(Exception):
    """The network that comes with the program is not there or was changed."""


@dataclass(frozen=True, slots=True)
class FilmCheck:
    """Answers of the network about one film.

    Attributes:
        orientation: probability of each of the :data:`ORIENTATIONS`; they sum to 1.
        probabilities: name of :data:`CHECKS` -> 0 to 1.
    """

    orientation: tuple[float, ...]
    probabilities: Mapping[str, float]

    @property
    def lies(self) -> int:
        """The likeliest of the :data:`ORIENTATIONS`."""
        return int(np.argmax(self.orientation))

    @property
    def is_inverted(self) -> bool:
        """Whether bone is more likely dark than bright: then the hand is to be looked for on the negative."""
        return self.probabilities["inverted"] > 0.5

    @property
    def view(self) -> View:
        """What brings a film that lies so upright."""
        return upright_view(self.lies)

    def to_json(self) -> dict[str, Any]:
        """Numbers only, rounded: fit for a report."""
        return {
            "orientation": [round(value, 4) for value in self.orientation],
            **{name: round(value, 4) for name, value in self.probabilities.items()},
        }

    @classmethod
    def from_json(cls, numbers: Mapping[str, Any]) -> "FilmCheck":
        """What :meth:`to_json` gave.

        Raises:
            ValueError: a number is missing.
        """
        try:
            return cls(
                tuple(float(value) for value in numbers["orientation"]),
                {name: float(numbers[name]) for name in CHECKS},
            )
        except KeyError as error:
            raise ValueError(f"The film check lacks {error}: examine the film again.") from error


def upright_view(orientation: int) -> View:
    """The view that undoes one of the :data:`ORIENTATIONS`: a mirrored turn undoes itself."""
    mirrored, turns = orientation >= 4, orientation % 4
    return View(quarter_turns=turns if mirrored else -turns % 4, mirrored=mirrored)


def composed(then: int, first: int) -> int:
    """The orientation of a film that lies like ``first`` and is then laid like ``then``."""
    mirrored = (then >= 4) != (first >= 4)
    turns = (then % 4 - first % 4) if then >= 4 else (then % 4 + first % 4)
    return 4 * mirrored + turns % 4


def network_input(pixels: NDArray[np.float32]) -> NDArray[np.float32]:
    """[96, 96], 0 to 1: squeezed by area average, then spread."""
    shrinking = max(pixels.shape) >= SIDE_PX
    method = cv2.INTER_AREA if shrinking else cv2.INTER_LINEAR
    small = cv2.resize(np.asarray(pixels, np.float32), (SIDE_PX, SIDE_PX), interpolation=method)
    low, high = np.percentile(small, ROBUST_SHARES)
    return np.asarray(np.clip((small - low) / max(float(high - low), 1e-6), 0, 1), dtype=np.float32)


def examine(pixels: NDArray[np.float32]) -> FilmCheck:
    """Looks at a film.

    Args:
        pixels: [rows, columns] of any size and range, polarity as the header has it (bone bright, if it is right).

    Raises:
        FilmCheckError: the network is not there or was changed.
    """
    seen = network_input(pixels)
    batch = np.stack([_laid(seen, way) for way in range(ORIENTATIONS)])[:, None]
    orientation, checks = _session().run(None, {"film": batch})
    logs = _log_softmax(np.asarray(orientation, dtype=np.float64))
    mean = np.array(
        [np.mean([logs[way, composed(way, lies)] for way in range(ORIENTATIONS)]) for lies in range(ORIENTATIONS)]
    )
    shares = np.exp(mean - mean.max())
    odds = np.mean(np.asarray(checks, dtype=np.float64), axis=0)
    return FilmCheck(
        tuple(float(share) for share in shares / shares.sum()),
        {name: float(1 / (1 + np.exp(-odd))) for name, odd in zip(CHECKS, odds, strict=True)},
    )


def _laid(picture: NDArray[np.float32], orientation: int) -> NDArray[np.float32]:
    mirrored = picture[:, ::-1] if orientation >= 4 else picture
    return np.rot90(mirrored, -(orientation % 4))


def _log_softmax(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    shifted = logits - logits.max(axis=1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)))


def shipped_check() -> Path:
    """Folder of the network that comes with the program.

    Raises:
        FilmCheckError: there is none, or more than one.
    """
    shipped = Path(__file__).parent.parent / "shipped_checks"
    found = [path for path in sorted(shipped.iterdir()) if (path / MANIFEST).is_file()] if shipped.is_dir() else []
    if len(found) != 1:
        raise FilmCheckError(f"{len(found)} film checks under {shipped}, one is expected: restore the program's files.")
    return found[0]


def read_network(folder: Path) -> bytes:
    """The network of a folder, verified against its manifest.

    Raises:
        FilmCheckError: incomplete, of another format, or not the file that was made.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        network = (folder / NETWORK).read_bytes()
    except (OSError, ValueError) as error:
        raise FilmCheckError(f"{folder} is no film check: {error}.") from error
    if manifest.get("format") != FORMAT:
        raise FilmCheckError(f"{folder} is not of the format {FORMAT}: use the version of the program that made it.")
    if hashlib.sha256(network).hexdigest() != manifest.get("files", {}).get(NETWORK):
        raise FilmCheckError(f"{NETWORK} of {folder} is not the file that was made: restore it.")
    return network


@lru_cache(maxsize=1)
def _session() -> onnxruntime.InferenceSession:
    """One a process, on one thread: gate processes run side by side."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(read_network(shipped_check()), options, providers=["CPUExecutionProvider"])
