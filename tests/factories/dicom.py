"""DICOM films for tests: a picture wrapped as a hospital would send it, with a patient in header and pixels."""

from io import BytesIO

import cv2
import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom import uid
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset

SOP_CLASS_BY_MODALITY = {
    "DX": uid.DigitalXRayImageStorageForPresentation,
    "CR": uid.ComputedRadiographyImageStorage,
}


def hand_dicom(
    pixels: NDArray,
    *,
    patient_name: str = "Zhang^Xiaoming",
    patient_id: str = "HOSP-0012345",
    sex: str | None = "F",
    birth_date: str | None = "20100615",
    study_date: str | None = "20200615",
    modality: str = "DX",
    photometric: str = "MONOCHROME2",
    transfer_syntax: str = uid.ExplicitVRLittleEndian,
    burn_in: str | None = None,
    bits_stored: int | None = None,
    laterality: str | None = "L",
    spacing_mm: float | None = 0.15,
    image_type: tuple[str, ...] = ("ORIGINAL", "PRIMARY"),
    number: int = 1,
    extra: dict[str, object] | None = None,
) -> bytes:
    """A film as bytes.

    Args:
        pixels: uint8 or uint16 [rows, columns], bone bright; stored inverted for MONOCHROME1.
        burn_in: text drawn into the top left corner, white.
        transfer_syntax: an uncompressed or deflated one, RLE or JPEG-LS lossless.
        number: tells films of one patient apart: part of all UIDs.
        extra: further elements by keyword; None deletes one.
    """
    grey = np.array(pixels)
    top = (1 << bits_stored) - 1 if bits_stored else int(np.iinfo(grey.dtype).max)
    if burn_in:
        grey = burned_in(grey, burn_in, value=top)
    if photometric == "MONOCHROME1":
        grey = (top - grey.astype(np.int64)).astype(grey.dtype)
    dataset = FileDataset("", {}, file_meta=FileMetaDataset(), preamble=b"\0" * 128)
    _add_patient(dataset, patient_name, patient_id, sex, birth_date, study_date)
    _add_image(dataset, grey, modality, photometric, bits_stored, laterality, spacing_mm, image_type, number)
    for keyword, value in (extra or {}).items():
        if value is None:
            dataset.pop(keyword, None)
        else:
            setattr(dataset, keyword, value)
    return as_bytes(dataset, transfer_syntax)


def burned_in(grey: NDArray, text: str, *, value: int, at: tuple[float, float] = (0.02, 0.05)) -> NDArray:
    """A copy with text drawn at (x, y) as shares of width and height."""
    rows, columns = grey.shape
    drawn = np.zeros(grey.shape, np.uint8)
    place = (int(at[0] * columns), int(at[1] * rows))
    cv2.putText(drawn, text, place, cv2.FONT_HERSHEY_SIMPLEX, columns / 1400, 255, max(1, columns // 500))
    return np.where(drawn > 127, np.asarray(value, dtype=grey.dtype), grey)


def as_bytes(dataset: FileDataset, transfer_syntax: str = uid.ExplicitVRLittleEndian) -> bytes:
    """Writes a data set in any transfer syntax that pydicom and pyjpegls can write."""
    meta = dataset.file_meta
    meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    compress = transfer_syntax in (uid.RLELossless, uid.JPEGLSLossless, uid.JPEGLSNearLossless)
    meta.TransferSyntaxUID = uid.ExplicitVRLittleEndian if compress else uid.UID(transfer_syntax)
    if meta.TransferSyntaxUID == uid.ExplicitVRBigEndian and dataset.BitsAllocated == 16:
        dataset.PixelData = np.frombuffer(dataset.PixelData, "<u2").astype(">u2").tobytes()
    if compress:
        dataset.compress(uid.UID(transfer_syntax), generate_instance_uid=False)
    buffer = BytesIO()
    big = meta.TransferSyntaxUID == uid.ExplicitVRBigEndian
    encoding = {"implicit_vr": False, "little_endian": False} if big else {}
    pydicom.dcmwrite(buffer, dataset, enforce_file_format=True, **encoding)
    return buffer.getvalue()


def drawn_hand(rows: int = 500, columns: int = 400, *, dtype: type = np.uint16, top: int = 4000) -> NDArray:
    """A crude hand: palm, five fingers, forearm with two bones, soft edges; enough for a mask, not for an age."""
    canvas = np.zeros((rows, columns), np.float32)

    def stroke(x0: float, y0: float, x1: float, y1: float, width: float, value: float) -> None:
        layer = np.zeros_like(canvas)
        ends = ((int(x0 * columns), int(y0 * rows)), (int(x1 * columns), int(y1 * rows)))
        cv2.line(layer, *ends, value, max(1, int(width * columns)), cv2.LINE_AA)
        np.maximum(canvas, layer, out=canvas)

    tips = ((0.24, 0.27), (0.36, 0.14), (0.50, 0.10), (0.63, 0.15), (0.90, 0.42))
    roots = ((0.36, 0.52), (0.43, 0.48), (0.50, 0.47), (0.57, 0.49), (0.62, 0.66))
    for (x0, y0), (x1, y1) in zip(tips, roots, strict=True):
        stroke(x0, y0, x1, y1, 0.085, 0.45)
        stroke(x1, y1, 0.5, 0.72, 0.11, 0.5)
    stroke(0.5, 0.6, 0.5, 0.7, 0.26, 0.5)
    stroke(0.5, 0.72, 0.5, 1.05, 0.20, 0.5)
    for (x0, y0), (x1, y1) in zip(tips, roots, strict=True):
        stroke(x0, y0, x1, y1, 0.035, 0.8)
        stroke(x1, y1, 0.5, 0.70, 0.035, 0.85)
    stroke(0.46, 0.78, 0.45, 1.05, 0.06, 0.95)
    stroke(0.55, 0.78, 0.56, 1.05, 0.05, 0.9)
    canvas = cv2.GaussianBlur(canvas, (0, 0), columns / 150)
    noise = np.random.default_rng(5).normal(0, 0.004, canvas.shape)
    return np.clip((0.05 + 0.9 * canvas + noise) * top, 0, top).astype(dtype)


def _add_patient(
    dataset: Dataset, name: str, patient_id: str, sex: str | None, birth: str | None, study: str | None
) -> None:
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.PatientName = name
    dataset.PatientID = patient_id
    dataset.PatientSex = sex or ""
    dataset.PatientBirthDate = birth or ""
    dataset.StudyDate = study or ""
    dataset.StudyTime = "101500"
    dataset.AccessionNumber = "ACC7766554"
    dataset.ReferringPhysicianName = "Li^Hua"
    dataset.InstitutionName = "Test Children's Hospital"
    dataset.StudyID = "S445566"


def _add_image(
    dataset: Dataset,
    grey: NDArray,
    modality: str,
    photometric: str,
    bits_stored: int | None,
    laterality: str | None,
    spacing_mm: float | None,
    image_type: tuple[str, ...],
    number: int,
) -> None:
    dataset.SOPClassUID = SOP_CLASS_BY_MODALITY.get(modality, uid.SecondaryCaptureImageStorage)
    dataset.StudyInstanceUID = f"1.2.826.0.1.3680043.8.498.1.{number}"
    dataset.SeriesInstanceUID = f"1.2.826.0.1.3680043.8.498.2.{number}"
    dataset.SOPInstanceUID = f"1.2.826.0.1.3680043.8.498.3.{number}"
    dataset.Modality = modality
    dataset.ImageType = list(image_type)
    dataset.BodyPartExamined = "HAND"
    dataset.ViewPosition = "PA"
    if laterality:
        dataset.ImageLaterality = laterality
    if spacing_mm:
        dataset.ImagerPixelSpacing = [spacing_mm, spacing_mm]
    if modality == "DX":
        dataset.PresentationIntentType = "FOR PRESENTATION"
    bits = 8 * grey.dtype.itemsize
    dataset.SamplesPerPixel = 1
    dataset.PhotometricInterpretation = photometric
    dataset.Rows, dataset.Columns = grey.shape
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = bits, bits_stored or bits, (bits_stored or bits) - 1
    dataset.PixelRepresentation = 0
    cells = grey.astype("<u2" if bits == 16 else "u1").tobytes()
    dataset.add_new("PixelData", "OW" if bits == 16 else "OB", cells + b"\0" * (len(cells) % 2))
