"""A PNG or JPEG of a radiograph as a DICOM object without a patient, so that it goes through the same gate as any film.

Secondary Capture (PS3.3 A.8.1) of modality RG, a digitised film: that is all that is known of such a picture. Sex, age,
side and spacing are not, and are left out. Its UIDs are made from its pixels: the same picture again is the same film,
and each picture is a patient of its own, since nobody says which belong together.
"""

import hashlib
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, SecondaryCaptureImageStorage

from inference.imaging.errors import FilmError
from inference.imaging.picture import JPEG_MAGIC, PNG_MAGIC, read_picture

_EXIF_ORIENTATION = 0x0112


@dataclass(frozen=True, slots=True)
class WrappedPicture:
    """A DICOM file, and what it is called and how large it is."""

    data: bytes
    sop_instance_uid: str
    columns: int
    rows: int


def wrap_picture(data: bytes) -> WrappedPicture:
    """Wrap a picture, bone bright, upright as its EXIF orientation says (as labelImg shows it).

    Args:
        data: PNG or JPEG; 8 or 16 bits, grey or three equal channels.

    Raises:
        FilmError: ``unknown_format``, and all that :func:`read_picture` refuses.
    """
    if not data.startswith((PNG_MAGIC, JPEG_MAGIC)):
        raise FilmError("unknown_format")
    film = read_picture(data)
    bits = 8 if film.window.width == 255 else 16
    pixels = np.ascontiguousarray(_upright(film.pixels, _orientation(data)), dtype="<u2" if bits == 16 else "u1")
    digest = hashlib.sha256(f"{bits} {pixels.shape}".encode() + pixels.tobytes()).digest()
    file = _file(digest)
    file.ImageType = ["DERIVED", "SECONDARY", "", "SYNTHETIC"] if film.facts.synthetic else ["DERIVED", "SECONDARY"]
    if data.startswith(JPEG_MAGIC):
        file.LossyImageCompression = "01"
    file.SamplesPerPixel, file.PhotometricInterpretation = 1, "MONOCHROME2"
    file.Rows, file.Columns = pixels.shape
    file.BitsAllocated = file.BitsStored = bits
    file.HighBit, file.PixelRepresentation = bits - 1, 0
    cells = pixels.tobytes()
    file.add_new("PixelData", "OW" if bits == 16 else "OB", cells + b"\0" * (len(cells) % 2))
    out = BytesIO()
    file.save_as(out, enforce_file_format=True)
    return WrappedPicture(out.getvalue(), str(file.SOPInstanceUID), pixels.shape[1], pixels.shape[0])


def _orientation(data: bytes) -> int:
    """EXIF orientation, 1 to 8 (TIFF 6.0, tag 274), of a picture that can be read."""
    try:
        with Image.open(BytesIO(data)) as picture:
            found = picture.getexif().get(_EXIF_ORIENTATION, 1)
    except (Image.DecompressionBombError, UnidentifiedImageError, OSError, ValueError, SyntaxError, TypeError):
        raise FilmError("undecodable", syntax="PNG" if data.startswith(PNG_MAGIC) else "JPEG") from None
    return found if isinstance(found, int) and 1 <= found <= 8 else 1


def _upright(pixels: NDArray[np.float32], orientation: int) -> NDArray[np.float32]:
    match orientation:
        case 2:
            return pixels[:, ::-1]
        case 3:
            return pixels[::-1, ::-1]
        case 4:
            return pixels[::-1]
        case 5:
            return pixels.T
        case 6:
            return pixels[::-1].T
        case 7:
            return pixels[::-1, ::-1].T
        case 8:
            return pixels[:, ::-1].T
    return pixels


def _file(digest: bytes) -> FileDataset:
    def made_uid(what: str) -> str:
        number = hashlib.sha256(what.encode() + digest).digest()[:16]
        return f"2.25.{int.from_bytes(number, 'big')}"

    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = SecondaryCaptureImageStorage
    meta.MediaStorageSOPInstanceUID = made_uid("image")
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    file = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    file.SOPClassUID, file.SOPInstanceUID = SecondaryCaptureImageStorage, meta.MediaStorageSOPInstanceUID
    file.StudyInstanceUID, file.SeriesInstanceUID = made_uid("study"), made_uid("series")
    file.PatientName = file.PatientID = file.PatientBirthDate = file.PatientSex = ""
    file.StudyDate = file.StudyTime = file.AccessionNumber = file.ReferringPhysicianName = file.StudyID = ""
    file.SeriesNumber = file.InstanceNumber = None
    file.Modality, file.ConversionType, file.BodyPartExamined = "RG", "DF", "HAND"
    return file
