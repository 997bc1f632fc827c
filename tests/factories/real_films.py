"""Real pictures of hands wrapped as CR and DX files, with a made-up patient in the header and in the pixels.

The pictures stay where they are: the folder is handed in (tests find it through BONEAGE_REAL_DATA), and nothing of it
is copied into the project. There is no real DICOM file of a hand among them, hence the wrapping.

The children's names, numbers and dates are made up. The birth date is reckoned back from the stated bone age, because
the chronological age of these children is not known: an age in such a header says nothing about the child.
"""

import csv
from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from training.phantom.burn_in import Frame, burn_in
from training.phantom.patient import PhantomPatient, phantom_patient
from training.phantom.schedule import Sex
from training.phantom.wrap import Kind, wrap_picture

_WHITE = 4095
_BUSY_SD = 9.0
"""Local SD of grey (0..255) above which a place shows something that text should not cover."""


@dataclass(frozen=True, slots=True)
class RealFilm:
    """One wrapped picture.

    Attributes:
        id: ``rsna-1380``, ``dha-3177``.
        source: the picture's file.
        data: the DICOM file.
        sex, bone_age_months: as the labels beside the pictures state them.
        patient: made up; its name and number stand in header and pixels.
        pixels: uint16 (rows, columns), 12 bits, bone bright, with the text.
        plain: the same without the text.
        text: frame of the text in pixels.
        kind, photometric: how it is wrapped.
    """

    id: str
    source: Path
    data: bytes
    sex: Sex
    bone_age_months: float
    patient: PhantomPatient
    pixels: NDArray[np.uint16]
    plain: NDArray[np.uint16]
    text: Frame
    kind: Kind
    photometric: str


def real_films(real_data: Path, *, only: Container[str] | None = None) -> Iterator[RealFilm]:
    """The 18 near-native pictures of the RSNA challenge and the 6 of the Digital Hand Atlas, one by one.

    Args:
        real_data: folder that holds ``rsna/full``, ``rsna/labels.csv`` and ``dha``.
        only: ids to wrap; None wraps all.

    Raises:
        FileNotFoundError: if it does not.
        KeyError: if a picture has no label.
    """
    for number, (id_, path, sex, months) in enumerate(_labelled(real_data)):
        if only is None or id_ in only:
            yield _wrapped(number, id_, path, sex, months)


def _labelled(real_data: Path) -> list[tuple[str, Path, Sex, float]]:
    rsna = {row["id"]: row for row in _rows(real_data / "rsna" / "labels.csv")}
    found: list[tuple[str, Path, Sex, float]] = []
    for path in sorted((real_data / "rsna" / "full").iterdir()):
        row = rsna[path.stem.split("_")[0]]
        found.append((f"rsna-{row['id']}", path, _sex(row["sex"]), float(row["bone_age_months"])))
    for row in _rows(real_data / "dha" / "labels.csv"):
        path = real_data / "dha" / row["image_here"]
        found.append((f"dha-{row['dha_id']}", path, _sex(row["sex"]), float(row["age_or_bone_age_months"])))
    return found


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _sex(text: str) -> Sex:
    if text == "M":
        return "M"
    if text == "F":
        return "F"
    raise ValueError(f"neither M nor F: {text!r}")


def _wrapped(number: int, id_: str, path: Path, sex: Sex, bone_age_months: float) -> RealFilm:
    picture = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    if picture is None:
        raise FileNotFoundError(f"{path} is not a picture that can be read")
    plain = np.round(picture.astype(np.float32) * (_WHITE / 255)).astype(np.uint16)
    patient = phantom_patient(
        seed=90_000 + number,
        sex=sex,
        chronological_age_months=bone_age_months,
        study_date=date(2017, 3, 1) + timedelta(days=7 * number),
    )
    pixels, text = burn_in(plain, patient.burned_in_lines(), white=_WHITE, avoid=_busy(picture))
    kind: Kind = "DX" if number % 2 else "CR"
    photometric = "MONOCHROME1" if number % 3 == 1 else "MONOCHROME2"
    low, high = np.percentile(plain, (1.0, 99.8))
    data = wrap_picture(
        pixels,
        patient=patient,
        kind=kind,
        photometric="MONOCHROME1" if photometric == "MONOCHROME1" else "MONOCHROME2",
        bits_stored=12,
        window=(float(low), float(high)),
        pixel_spacing_mm=None,
        synthetic=False,
    )
    return RealFilm(id_, path, data, sex, bone_age_months, patient, pixels, plain, text, kind, photometric)


def _busy(picture: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Where the picture shows something: bone, skin, a marker. Knows nothing of the hand mask that is to be tested."""
    grey = picture.astype(np.float32)
    size = max(5, min(picture.shape) // 60) | 1
    mean = cv2.blur(grey, (size, size))
    deviation = np.sqrt(np.maximum(cv2.blur(grey * grey, (size, size)) - mean * mean, 0.0))
    return np.asarray(deviation > _BUSY_SD)
