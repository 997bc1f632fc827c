"""Grey truth: what becomes of every real DICOM file, and whether pydicom and DCMTK see the same greys.

``python -m tests.benchmarks grey_truth`` with BONEAGE_REAL_DATA set prints a table for docs/benchmarks.md.
"""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom.pixels import apply_modality_lut, apply_voi

from inference.imaging.deidentify import deidentify
from inference.imaging.errors import FilmError
from inference.imaging.film import Film
from inference.imaging.grey_values import is_inverted
from inference.imaging.read import read_film
from inference.imaging.render import display_image, window_to_8bit
from tests.factories.unread import UNREAD

_KEY = b"a key of the benchmark, 32 bytes "


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file.

    Attributes:
        name: of the file.
        refused: code, or None if it was read.
        checksum: first 16 hexadecimal digits of SHA-256 over the display values, uint16 little endian, row by row.
        shape, windows: rows and columns; windows offered.
        gate: ``clean``, or why the clean copy is not shown (test patterns and chests are no hands).
        off_pydicom: largest difference from pydicom's own modality and VOI step, in grey values.
        off_dcmtk: largest difference from DCMTK's picture in the first window, of 255 greys; None if it makes none.
    """

    name: str
    refused: str | None = None
    checksum: str = ""
    shape: tuple[int, int] = (0, 0)
    windows: int = 0
    gate: str = ""
    off_pydicom: float | None = None
    off_dcmtk: int | None = None


def outcomes(folder: Path) -> Iterator[Outcome]:
    """Of every file in the folder, in the order of their names."""
    for path in sorted(folder.iterdir()):
        yield outcome_of(path)


def outcome_of(path: Path) -> Outcome:
    data = path.read_bytes()
    try:
        film = read_film(data)
    except FilmError as error:
        return Outcome(path.name, refused=error.code)
    return Outcome(
        name=path.name,
        checksum=checksum(film),
        shape=(film.rows, film.columns),
        windows=len(film.windows),
        gate=_gate(data),
        off_pydicom=_off_pydicom(film, pydicom.dcmread(BytesIO(data), force=True)),
        off_dcmtk=_off_dcmtk(film, path),
    )


def checksum(film: Film) -> str:
    """Of what the browser is given."""
    return hashlib.sha256(display_image(film).values.astype("<u2").tobytes()).hexdigest()[:16]


def _gate(data: bytes) -> str:
    """The text check is left out: it has a benchmark of its own."""
    try:
        return deidentify(data, key=_KEY, **UNREAD).report["blocking"] or "clean"
    except FilmError as error:
        return error.code


def _off_pydicom(film: Film, dataset: pydicom.Dataset) -> float | None:
    """Polarity is not among what pydicom applies: turned values are compared up to the constant they add up to."""
    try:
        values = apply_modality_lut(dataset.pixel_array, dataset)
    except (AttributeError, NotImplementedError, RuntimeError, ValueError):
        return None
    if "VOILUTSequence" in dataset:
        values = apply_voi(np.asarray(values).astype(np.int32), dataset, index=0)
    theirs = np.asarray(values, np.float64)
    if is_inverted(dataset):
        both = film.pixels + theirs
        return float(both.max() - both.min())
    return float(np.abs(film.pixels - theirs).max())


def _off_dcmtk(film: Film, path: Path) -> int | None:
    if shutil.which("dcm2pnm") is None:
        return None
    header = pydicom.dcmread(path, stop_before_pixels=True, force=True)
    voi = ["+Wl", "1"] if "VOILUTSequence" in header else ["+Wi", "1"] if "WindowCenter" in header else None
    if voi is None:
        return None
    theirs = _dcmtk_picture(path, voi)
    if theirs is None or theirs.shape != film.pixels.shape:
        return None
    window = film.windows[0]
    ours = window_to_8bit(film.pixels, window.center, window.width, window.function)
    return int(np.abs(ours.astype(int) - theirs).max())


def _dcmtk_picture(path: Path, voi: Sequence[str]) -> NDArray[np.uint8] | None:
    with TemporaryDirectory() as folder:
        target = Path(folder) / "picture.png"
        for tool in ("dcmj2pnm", "dcml2pnm", "dcm2pnm"):
            command = [tool, "-O", *voi, "+on", str(path), str(target)]
            done = subprocess.run(command, capture_output=True, check=False)
            if done.returncode == 0 and target.exists():
                picture = cv2.imread(str(target), cv2.IMREAD_GRAYSCALE)
                return None if picture is None else np.asarray(picture, np.uint8)
    return None


def table(rows: Sequence[Outcome]) -> str:
    """Markdown."""
    lines = [
        "| file | outcome | SHA-256 of display values | rows x columns | windows | gate | off pydicom | off DCMTK |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        if row.refused:
            lines.append(f"| {row.name} | refused: {row.refused} | | | | | | |")
            continue
        apart = "" if row.off_pydicom is None else f"{row.off_pydicom:g}"
        dcmtk = "" if row.off_dcmtk is None else f"{row.off_dcmtk}"
        shape = f"{row.shape[0]} x {row.shape[1]}"
        lines.append(
            f"| {row.name} | accepted | `{row.checksum}` | {shape} | {row.windows} | {row.gate} | {apart} | {dcmtk} |"
        )
    return "\n".join(lines)


def main(arguments: Sequence[str]) -> None:
    folder = os.environ.get("BONEAGE_REAL_DATA")
    if not folder:
        print("needs real files: set BONEAGE_REAL_DATA to their folder")
        return
    rows = list(outcomes(Path(folder) / "dicom"))
    print(table(rows))
    accepted = [row for row in rows if row.refused is None]
    print(f"\n{len(rows)} files: {len(accepted)} accepted, {len(rows) - len(accepted)} refused")


if __name__ == "__main__":
    main([])
