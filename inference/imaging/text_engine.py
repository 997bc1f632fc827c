"""Two small networks that find and read lines of text: PP-OCRv6, from the files in the rapidocr wheel, on OpenVINO.

OpenVINO runs the finder in 0.4 s of one core where ONNX Runtime takes 1.4 (1536 x 1024), and no answer differs by more
than 0.0002. That time buys the looks at several sizes (:mod:`text_lines`).

The models are opened where the wheel put them, by path; rapidocr itself is never imported, so that nothing it does on
the side (a download when a file is missing, log lines that quote what was read) can happen here. What is read is
handed to the caller and kept nowhere.
"""

import importlib.util
import math
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import openvino

DETECTOR = "PP-OCRv6_det_small.onnx"
RECOGNISER = "PP-OCRv6_rec_small.onnx"

DETECTOR_GRID_PX = 32
"""The detector's input sides are multiples of this."""

AT_ONCE_PX, OVERLAP_PX = 1_600_000, 4 * DETECTOR_GRID_PX
"""The detector needs some 340 bytes for each pixel that it sees at once: a larger picture goes through in strips that
overlap by so many of its rows or columns. A line cut in two is still two pieces of a line."""

KERNELS_KEPT = 200
"""OpenVINO keeps what it compiled for each shape, and every film and line is of another: by default 5000 pieces. This
many cost 2 % of the time (films of 1500 x 1000) and let memory settle."""

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
        self._detector = _compiled(_network(folder / DETECTOR), threads)
        recogniser = _network(folder / RECOGNISER)
        self._recogniser = _compiled(recogniser, threads)
        listed = recogniser.get_rt_info(["framework", "character"]).value.splitlines()
        self._signs = ("", *listed, " ")
        """Place 0 is CTC's blank."""

    def text_probability(self, grey: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Probability of each pixel to lie in the core of a line of text, float32 [rows, columns], 0 to 1.

        Args:
            grey: uint8 [rows, columns]; both sides multiples of :data:`DETECTOR_GRID_PX`.
        """
        along = int(grey.shape[1] > grey.shape[0])
        result = np.empty(grey.shape, np.float32)
        for start, end in _strips(grey.shape[along], grey.shape[1 - along]):
            strip = (slice(start, end), slice(None))[:: 1 - 2 * along]
            found = self._probability_of(grey[strip])
            # halfway through what two strips share, the later one takes over
            begin = start + OVERLAP_PX // 2 if start else 0
            rest = (slice(begin, end), slice(None))[:: 1 - 2 * along]
            inside = (slice(begin - start, None), slice(None))[:: 1 - 2 * along]
            result[rest] = found[inside]
        return result

    def _probability_of(self, grey: NDArray[np.uint8]) -> NDArray[np.float32]:
        plane = grey.astype(np.float32) / np.float32(127.5) - np.float32(1)
        probability: NDArray[np.float32] = _run(self._detector, np.broadcast_to(plane, (1, 3, *plane.shape)))[0, 0]
        return probability

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


def _network(path: Path) -> "openvino.Model":
    # a web process imports this module by way of others but never loads an engine
    import openvino  # noqa: PLC0415

    if not path.is_file():
        raise FileNotFoundError(f"{path.name} is missing from the package rapidocr; install requirements anew")
    return openvino.Core().read_model(str(path))


def _compiled(network: "openvino.Model", threads: int) -> "openvino.CompiledModel":
    import openvino  # noqa: PLC0415

    settings = {
        "INFERENCE_NUM_THREADS": threads,
        "NUM_STREAMS": 1,
        "CPU_RUNTIME_CACHE_CAPACITY": KERNELS_KEPT,
        # left to itself it takes bfloat16 where the processor has it, and a film would pass on one machine only
        "INFERENCE_PRECISION_HINT": "f32",
    }
    return openvino.Core().compile_model(network, "CPU", settings)


def _run(network: "openvino.CompiledModel", values: NDArray[np.float32]) -> Any:
    return network(np.ascontiguousarray(values))[0]


def _strips(length: int, width: int) -> Iterator[tuple[int, int]]:
    """Starts and ends of as few strips as can be, each of at most :data:`AT_ONCE_PX` pixels, along ``length``."""
    longest = max(2 * OVERLAP_PX, AT_ONCE_PX // width)
    count = 1 if length <= longest else math.ceil((length - OVERLAP_PX) / (longest - OVERLAP_PX))
    step = math.ceil((length - OVERLAP_PX) / count / DETECTOR_GRID_PX) * DETECTOR_GRID_PX
    for number in range(count):
        yield number * step, min(length, (number + 1) * step + OVERLAP_PX)


def _line_batch(lines: Sequence[NDArray[np.uint8]]) -> NDArray[np.float32]:
    """float32 [lines, 3, 48, widest], grey -1 to 1, padded with its middle on the right."""
    widths = [max(8, round(line.shape[1] * LINE_HEIGHT_PX / line.shape[0])) for line in lines]
    batch = np.zeros((len(lines), 3, LINE_HEIGHT_PX, max(widths)), np.float32)
    for number, (line, width) in enumerate(zip(lines, widths, strict=True)):
        scaled = cv2.resize(line, (width, LINE_HEIGHT_PX), interpolation=cv2.INTER_LINEAR)
        batch[number, :, :, :width] = scaled.astype(np.float32) / np.float32(127.5) - np.float32(1)
    return batch
