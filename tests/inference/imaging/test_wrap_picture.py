"""Pictures as DICOM objects without a patient: the same pixels, the same film again, the way up that labelImg shows."""

import zlib
from io import BytesIO

import cv2
import numpy as np
import pydicom
import pytest
from PIL import Image, ImageOps

from inference.imaging.errors import FilmError
from inference.imaging.pseudonyms import patient_pseudonym
from inference.imaging.read import read_film
from inference.imaging.wrap_picture import wrap_picture

KEY = b"k" * 32
GREY = np.random.default_rng(3).integers(0, 255, (90, 70)).astype(np.uint8)


def png(pixels: np.ndarray) -> bytes:
    return cv2.imencode(".png", pixels)[1].tobytes()


@pytest.mark.parametrize("pixels", [GREY, GREY.astype(np.uint16) * 257, GREY[:89, :69]], ids=["8", "16", "odd"])
def test_the_pixels_are_those_of_the_picture(pixels: np.ndarray) -> None:
    wrapped = wrap_picture(png(pixels))
    assert (wrapped.rows, wrapped.columns) == pixels.shape
    assert np.array_equal(read_film(wrapped.data).pixels, pixels)


def test_a_picture_says_nothing_that_is_not_known() -> None:
    header = pydicom.dcmread(BytesIO(wrap_picture(png(GREY)).data))
    assert (header.Modality, header.PatientID, header.PatientSex, header.StudyDate) == ("RG", "", "", "")
    facts = read_film(wrap_picture(png(GREY)).data).facts
    assert (facts.sex, facts.chronological_age_months, facts.laterality, facts.pixel_spacing_mm) == (None,) * 4


def test_the_same_pixels_are_the_same_film_and_others_another_patient() -> None:
    one = wrap_picture(png(GREY))
    assert wrap_picture(cv2.imencode(".png", GREY, [cv2.IMWRITE_PNG_COMPRESSION, 1])[1].tobytes()) == one
    other = wrap_picture(png(255 - GREY))
    assert other.sop_instance_uid != one.sop_instance_uid
    headers = [pydicom.dcmread(BytesIO(each.data)) for each in (one, other)]
    assert len({patient_pseudonym(header, key=KEY) for header in headers}) == 2
    assert len({header.StudyInstanceUID for header in headers}) == 2


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_stands_as_its_orientation_says(orientation: int) -> None:
    out = BytesIO()
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(GREY).save(out, "PNG", exif=exif)
    shown = np.asarray(ImageOps.exif_transpose(Image.open(BytesIO(out.getvalue()))))
    assert np.array_equal(read_film(wrap_picture(out.getvalue()).data).pixels, shown)


def test_a_jpeg_is_marked_as_compressed_with_loss() -> None:
    wrapped = wrap_picture(cv2.imencode(".jpg", GREY)[1].tobytes())
    assert "lossy_compression" in read_film(wrapped.data).facts.warnings


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "unknown_format"),
        (b"GIF89a", "unknown_format"),
        (png(GREY)[:500], "truncated"),
        (b"\x89PNG\r\n\x1a\nnothing IEND", "undecodable"),
        (png(np.zeros((90, 70), np.uint8)), "no_contrast"),
        (png(np.dstack([GREY, 255 - GREY, GREY])), "colour"),
    ],
)
def test_a_picture_that_is_none_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(FilmError) as error:
        wrap_picture(data)
    assert error.value.code == code


def test_a_picture_that_would_unpack_to_gigabytes_is_refused_unread() -> None:
    small = bytearray(png(GREY))
    small[16:24] = (60_000).to_bytes(4, "big") * 2
    small[29:33] = zlib.crc32(bytes(small[12:29])).to_bytes(4, "big")
    with pytest.raises(FilmError) as error:
        wrap_picture(bytes(small))
    assert error.value.code == "too_large"
