"""A picture of a hand wrapped as a DX or CR object, with a patient in the header and burned into the pixels.

Modules after DICOM PS3.3: A.26 (Digital X-Ray Image) and A.2 (Computed Radiography Image). What is synthetic says so
twice: ``SYNTHETIC`` among the values of Image Type (0008,0008), and the manufacturer's name.
"""

from io import BytesIO
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import (
    ComputedRadiographyImageStorage,
    DigitalXRayImageStorageForPresentation,
    ExplicitVRLittleEndian,
    generate_uid,
)

from training.phantom.burn_in import Frame, burn_in
from training.phantom.patient import PhantomPatient
from training.phantom.phantom import Phantom

Kind = Literal["DX", "CR"]
Photometric = Literal["MONOCHROME1", "MONOCHROME2"]
SYNTHETIC_MANUFACTURER = "SYNTHETIC PHANTOM"
_INSTITUTION = "Made-up Hospital"
_OPERATOR = "Made-up^Radiographer"


def phantom_dicom(
    phantom: Phantom, *, patient: PhantomPatient, kind: Kind = "DX", photometric: Photometric | None = None
) -> bytes:
    """The film as a DICOM file; MONOCHROME1 for odd seeds, unless said otherwise.

    The same phantom and patient give the same bytes, UIDs included.
    """
    pixels, _ = burned_in_phantom(phantom, patient)
    if photometric is None:
        photometric = "MONOCHROME1" if phantom.seed % 2 else "MONOCHROME2"
    low, high = np.percentile(phantom.pixels[phantom.hand], (0.5, 99.7))
    return wrap_picture(
        pixels,
        patient=patient,
        kind=kind,
        photometric=photometric,
        bits_stored=12,
        window=(float(low) - 0.12 * float(high - low), float(high)),
        pixel_spacing_mm=phantom.pixel_spacing_mm,
        synthetic=True,
    )


def burned_in_phantom(phantom: Phantom, patient: PhantomPatient) -> tuple[NDArray[np.uint16], Frame]:
    """The film's pixels with the patient's lines in a corner beside hand and marker, and the frame of that text."""
    avoid = cv2.dilate(phantom.hand.astype(np.uint8), np.ones((7, 7), np.uint8)) > 0
    if phantom.marker_px is not None:
        x0, y0, x1, y1 = phantom.marker_px
        avoid[y0:y1, x0:x1] = True
    return burn_in(phantom.pixels, patient.burned_in_lines(), white=4095, avoid=avoid)


def wrap_picture(
    pixels: NDArray[np.uint16],
    *,
    patient: PhantomPatient,
    kind: Kind,
    photometric: Photometric,
    bits_stored: int,
    window: tuple[float, float],
    pixel_spacing_mm: float | None,
    synthetic: bool,
) -> bytes:
    """Any grey picture (bone bright) as a DICOM file of a left hand, postero-anterior.

    Args:
        pixels: uint16 (rows, columns), less than ``2 ** bits_stored``; text is already in it.
        patient: goes into the header.
        kind: DX or CR object.
        photometric: MONOCHROME1 stores the values turned over.
        bits_stored: 8 to 16; always 16 allocated.
        window: lowest and highest value worth seeing, on ``pixels``.
        pixel_spacing_mm: side of a pixel at the detector, or None if nobody knows it.
        synthetic: adds the two marks.
    """
    full = 2**bits_stored - 1
    low, high = window
    stored, centre = pixels, (low + high) / 2
    if photometric == "MONOCHROME1":
        stored, centre = (full - pixels).astype(np.uint16), full - centre
    sop_class = DigitalXRayImageStorageForPresentation if kind == "DX" else ComputedRadiographyImageStorage
    file = _file(sop_class, patient, kind)
    _describe_patient(file, patient)
    _describe_study(file, patient, kind)
    _describe_image(file, kind=kind, photometric=photometric, synthetic=synthetic)
    file.WindowCenter, file.WindowWidth = f"{centre:.1f}", f"{max(1.0, high - low):.1f}"
    if pixel_spacing_mm is not None:
        file.ImagerPixelSpacing = [f"{pixel_spacing_mm:.4f}"] * 2
    file.SamplesPerPixel, file.PhotometricInterpretation = 1, photometric
    file.Rows, file.Columns = stored.shape
    file.BitsAllocated, file.BitsStored, file.HighBit, file.PixelRepresentation = 16, bits_stored, bits_stored - 1, 0
    file.PixelData = np.ascontiguousarray(stored, dtype="<u2").tobytes()
    out = BytesIO()
    file.save_as(out, enforce_file_format=True)
    return out.getvalue()


def _file(sop_class: str, patient: PhantomPatient, kind: Kind) -> FileDataset:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = sop_class
    meta.MediaStorageSOPInstanceUID = _uid(patient, kind, "image")
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    file = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    file.SOPClassUID, file.SOPInstanceUID = sop_class, meta.MediaStorageSOPInstanceUID
    file.StudyInstanceUID, file.SeriesInstanceUID = _uid(patient, kind, "study"), _uid(patient, kind, "series")
    return file


def _uid(patient: PhantomPatient, kind: Kind, what: str) -> str:
    return str(generate_uid(entropy_srcs=[patient.patient_id, patient.accession, kind, what]))


def _describe_patient(file: Dataset, patient: PhantomPatient) -> None:
    file.PatientName = f"{patient.family_name}^{patient.given_name}"
    file.PatientID = patient.patient_id
    file.PatientBirthDate = f"{patient.birth_date:%Y%m%d}"
    file.PatientSex = patient.sex or ""
    file.PatientAge = _age_string(patient.chronological_age_months)


def _age_string(age_months: float) -> str:
    """Completed years from two years on, completed months before (VR AS)."""
    return f"{int(age_months // 12):03d}Y" if age_months >= 24 else f"{int(age_months):03d}M"


def _describe_study(file: Dataset, patient: PhantomPatient, kind: Kind) -> None:
    day, time = f"{patient.study_date:%Y%m%d}", "093000"
    file.StudyDate = file.SeriesDate = file.AcquisitionDate = file.ContentDate = day
    file.StudyTime = file.SeriesTime = file.AcquisitionTime = file.ContentTime = time
    file.AccessionNumber = patient.accession
    file.StudyID = patient.accession[-6:]
    file.ReferringPhysicianName = "Made-up^Referrer"
    file.OperatorsName = _OPERATOR
    file.InstitutionName = _INSTITUTION
    file.StudyDescription = "Left hand, bone age"
    file.SeriesNumber, file.InstanceNumber = 1, 1
    file.Modality = kind
    file.BodyPartExamined = "HAND"


def _describe_image(file: Dataset, *, kind: Kind, photometric: Photometric, synthetic: bool) -> None:
    file.SpecificCharacterSet = "ISO_IR 192"
    file.ImageType = ["DERIVED", "PRIMARY", "", "SYNTHETIC"] if synthetic else ["DERIVED", "PRIMARY"]
    file.Manufacturer = SYNTHETIC_MANUFACTURER if synthetic else "Test wrapper"
    file.ManufacturerModelName = "Phantom" if synthetic else "Picture in a DICOM frame"
    file.BurnedInAnnotation = "YES"
    file.PatientOrientation = ["R", "H"]
    file.ViewPosition = "PA"
    file.LossyImageCompression = "00"
    if kind == "CR":
        file.Laterality = "L"
        return
    file.ImageLaterality = "L"
    file.PresentationIntentType = "FOR PRESENTATION"
    file.PixelIntensityRelationship = "LOG"
    # The stored values fall with intensity in MONOCHROME2 (bone, few photons, is high) and rise in MONOCHROME1.
    file.PixelIntensityRelationshipSign = -1 if photometric == "MONOCHROME2" else 1
    file.RescaleIntercept, file.RescaleSlope, file.RescaleType = "0", "1", "US"
    file.PresentationLUTShape = "IDENTITY" if photometric == "MONOCHROME2" else "INVERSE"
    file.DetectorType = "SCINTILLATOR"
    file.AnatomicRegionSequence = Sequence([_code("85562004", "SCT", "Hand")])
    file.ViewCodeSequence = Sequence([_code("272479007", "SCT", "Posteroanterior projection")])
    file.AcquisitionContextSequence = Sequence([])


def _code(value: str, scheme: str, meaning: str) -> Dataset:
    code = Dataset()
    code.CodeValue, code.CodingSchemeDesignator, code.CodeMeaning = value, scheme, meaning
    return code


__all__ = ["SYNTHETIC_MANUFACTURER", "burned_in_phantom", "phantom_dicom", "wrap_picture"]
