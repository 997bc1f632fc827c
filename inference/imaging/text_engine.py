"""Two small networks that find and read lines of text: PP-OCRv6, from the files in the rapidocr wheel, on ONNX Runtime.

The models are opened where the wheel put them, by path; rapidocr itself is never imported, so that nothing it does on
the side (a download when a file is missing, log lines that quote what was read) can happen here. What is read is
handed to the caller and kept nowhere.
"""

import importlib.util
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import onnxruntime

DETECTOR = "PP-OCRv6_det_small.onnx"
RECOGNISER = "PP-OCRv6_rec_small.onnx"

DETECTOR_GRID_PX = 32
"""The detector's input sides are multiples of this."""

LINE_HEIGHT_PX = 48
BATCH_LINES = 2
"""What the recogniser takes: lines of this height, as many at once. It answers with 18 710 numbers for each eight
pixels of width: eight long lines at once took 120 MB and were no faster."""


class Reading(NamedTuple):
    """What a line was read as, and the mean probability of its signs, 0 to 1 (0 where nothing was read)."""

    text: str
    score: float


class TextEngine:
    """Detector and recogniser of one process.

    Args:
        threads: for each network's run. A gate runs one process a core, so one is right there.

    Raises:
        FileNotFoundError: if the rapidocr wheel or a model in it is missing.
    """

    def __init__(self, *, threads: int = 1) -> None:
        folder = _model_folder()
        self._detector = _session(folder / DETECTOR, threads)
        self._recogniser = _session(folder / RECOGNISER, threads)
        listed = self._recogniser.get_modelmeta().custom_metadata_map["character"].splitlines()
        self._signs = ("", *listed, " ")
        """Place 0 is CTC's blank."""

    def text_probability(self, grey: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Probability of each pixel to lie in the core of a line of text, float32 [rows, columns], 0 to 1.

        Args:
            grey: uint8 [rows, columns]; both sides multiples of :data:`DETECTOR_GRID_PX`.
        """
        plane = grey.astype(np.float32) / np.float32(127.5) - np.float32(1)
        result: NDArray[np.float32] = _run(self._detector, np.broadcast_to(plane, (1, 3, *plane.shape)))[0, 0]
        return result

    def read(self, lines: Sequence[NDArray[np.uint8]]) -> list[Reading]:
        """Reads lines lying from left to right, each uint8 [rows, columns]; one reading each, in their order."""
        readings = [Reading("", 0.0)] * len(lines)
        by_width = sorted(range(len(lines)), key=lambda number: lines[number].shape[1] / lines[number].shape[0])
        for start in range(0, len(lines), BATCH_LINES):
            batch = by_width[start : start + BATCH_LINES]
            scores = _run(self._recogniser, _line_batch([lines[number] for number in batch]))
            for number, line_scores in zip(batch, scores, strict=True):
                readings[number] = self._decoded(line_scores)
        return readings

    def _decoded(self, scores: NDArray[np.float32]) -> Reading:
        """CTC: the best sign of each step, repetitions and blanks left out."""
        best = scores.argmax(axis=1)
        counts = best != 0
        counts[1:] &= best[1:] != best[:-1]
        if not counts.any():
            return Reading("", 0.0)
        text = "".join(self._signs[sign] for sign in best[counts])
        return Reading(text.strip(), float(scores.max(axis=1)[counts].mean()))


_lock = Lock()


def text_engine(*, threads: int = 1) -> TextEngine:
    """The engine of this process, loaded at the first call (about half a second)."""
    with _lock:
        return _engine(threads)


@lru_cache(maxsize=1)
def _engine(threads: int) -> TextEngine:
    return TextEngine(threads=threads)


def _model_folder() -> Path:
    # find_spec of a top-level package reads no code of it
    found = importlib.util.find_spec("rapidocr")
    if found is None or found.origin is None:
        raise FileNotFoundError("the package rapidocr, whose models the text check uses, is not installed")
    return Path(found.origin).parent / "models"


def _session(model: Path, threads: int) -> "onnxruntime.InferenceSession":
    # a web process imports this module by way of others but never loads an engine
    import onnxruntime  # noqa: PLC0415

    if not model.is_file():
        raise FileNotFoundError(f"{model.name} is missing from the package rapidocr; install requirements anew")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # An arena without patterns keeps one film's worth. Measured on films of changing size: 0.49 GB at the most and
    # 1.05 s a film, against 0.56 GB with patterns, and 0.64 GB and 1.2 s without an arena.
    options.enable_cpu_mem_arena = True
    options.enable_mem_pattern = False
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])


def _run(session: "onnxruntime.InferenceSession", values: NDArray[np.float32]) -> Any:
    return session.run(None, {session.get_inputs()[0].name: np.ascontiguousarray(values)})[0]


def _line_batch(lines: Sequence[NDArray[np.uint8]]) -> NDArray[np.float32]:
    """float32 [lines, 3, 48, widest], grey -1 to 1, padded with its middle on the right."""
    widths = [max(8, round(line.shape[1] * LINE_HEIGHT_PX / line.shape[0])) for line in lines]
    batch = np.zeros((len(lines), 3, LINE_HEIGHT_PX, max(widths)), np.float32)
    for number, (line, width) in enumerate(zip(lines, widths, strict=True)):
        scaled = cv2.resize(line, (width, LINE_HEIGHT_PX), interpolation=cv2.INTER_LINEAR)
        batch[number, :, :, :width] = scaled.astype(np.float32) / np.float32(127.5) - np.float32(1)
    return batch
