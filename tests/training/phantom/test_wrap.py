import warnings
from datetime import date
from io import BytesIO

import numpy as np
import pydicom
import pytest
from pydicom.uid import ComputedRadiographyImageStorage, DigitalXRayImageStorageForPresentation

from training.phantom import phantom_dicom, phantom_patient, render_phantom
from training.phantom.wrap import SYNTHETIC_MANUFACTURER, burned_in_phantom

SIZE = (500, 400)


@pytest.fixture(scope="module")
def phantom():
    return render_phantom(bone_age_months=100, sex="F", seed=6, size=SIZE, mirrored=False)


@pytest.fixture(scope="module")
def patient():
    return phantom_patient(seed=6, sex="F", chronological_age_months=94.5, study_date=date(2016, 5, 17))


def opened(data):
    """Reads the file and every value in it, letting no warning pass."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        file = pydicom.dcmread(BytesIO(data))
        for element in file.iterall():
            assert element.keyword
            assert element.value is not None or element.VM == 0
    return file


@pytest.mark.parametrize(
    ("kind", "sop_class"), [("DX", DigitalXRayImageStorageForPresentation), ("CR", ComputedRadiographyImageStorage)]
)
@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
def test_header_is_complete_and_opens_without_a_warning(phantom, patient, kind, sop_class, photometric):
    file = opened(phantom_dicom(phantom, patient=patient, kind=kind, photometric=photometric))
    assert file.SOPClassUID == file.file_meta.MediaStorageSOPClassUID == sop_class
    assert file.SOPInstanceUID == file.file_meta.MediaStorageSOPInstanceUID
    assert file.Modality == kind
    assert file.PhotometricInterpretation == photometric
    assert (file.BitsAllocated, file.BitsStored, file.HighBit, file.PixelRepresentation) == (16, 12, 11, 0)
    assert (file.Rows, file.Columns) == SIZE
    assert file.ImagerPixelSpacing == pytest.approx([phantom.pixel_spacing_mm] * 2)
    assert file.BurnedInAnnotation == "YES"
    assert (file.get("Laterality") or file.get("ImageLaterality")) == "L"
    assert file.ViewPosition == "PA"
    assert float(file.WindowWidth) > 100
    assert 0 < float(file.WindowCenter) < 4095


def test_header_carries_the_patient_that_must_be_removed(phantom, patient):
    file = opened(phantom_dicom(phantom, patient=patient))
    assert str(file.PatientName) == f"{patient.family_name}^{patient.given_name}"
    assert file.PatientID == patient.patient_id
    assert file.PatientSex == "F"
    assert file.AccessionNumber == patient.accession
    birth, study = (date.fromisoformat(text) for text in (file.PatientBirthDate, file.StudyDate))
    assert (study - birth).days / 30.4375 == pytest.approx(94.5, abs=0.02)
    assert file.PatientAge == "007Y"


def test_synthetic_marks(phantom, patient):
    file = opened(phantom_dicom(phantom, patient=patient))
    assert "SYNTHETIC" in file.ImageType
    assert file.Manufacturer == SYNTHETIC_MANUFACTURER == "SYNTHETIC PHANTOM"


def test_both_polarities_hold_the_same_picture(phantom, patient):
    dark = opened(phantom_dicom(phantom, patient=patient, photometric="MONOCHROME1"))
    bright = opened(phantom_dicom(phantom, patient=patient, photometric="MONOCHROME2"))
    assert np.array_equal(4095 - dark.pixel_array, bright.pixel_array)
    assert float(dark.WindowCenter) == pytest.approx(4095 - float(bright.WindowCenter), abs=0.2)


def test_polarity_alternates_with_the_seed(patient):
    found = set()
    for seed in (6, 7):
        phantom = render_phantom(bone_age_months=60, sex="M", seed=seed, size=(200, 160))
        found.add(opened(phantom_dicom(phantom, patient=patient)).PhotometricInterpretation)
    assert found == {"MONOCHROME1", "MONOCHROME2"}


@pytest.mark.parametrize("seed", range(8))
def test_name_is_burned_in_beside_hand_and_marker(seed, patient):
    phantom = render_phantom(bone_age_months=20 + 25 * seed, sex="F", seed=seed, size=SIZE)
    pixels, (x0, y0, x1, y1) = burned_in_phantom(phantom, patient)
    changed = pixels != phantom.pixels
    assert changed[y0:y1, x0:x1].sum() > 200
    outside = changed.copy()
    outside[y0:y1, x0:x1] = False
    assert not outside.any()
    assert not (changed & phantom.hand).any()
    assert pixels[y0:y1, x0:x1].max() == 4095
    if phantom.marker_px is not None:
        mx0, my0, mx1, my1 = phantom.marker_px
        assert not changed[my0:my1, mx0:mx1].any()


def test_the_file_holds_the_burned_in_pixels(phantom, patient):
    file = opened(phantom_dicom(phantom, patient=patient, photometric="MONOCHROME2"))
    assert np.array_equal(file.pixel_array, burned_in_phantom(phantom, patient)[0])


def test_same_phantom_and_patient_same_bytes(phantom, patient):
    assert phantom_dicom(phantom, patient=patient) == phantom_dicom(phantom, patient=patient)


def test_a_missing_sex_is_an_empty_element(phantom):
    nobody = phantom_patient(seed=6, sex=None, chronological_age_months=11.2, study_date=date(2016, 5, 17))
    file = opened(phantom_dicom(phantom, patient=nobody))
    assert file.PatientSex == ""
    assert file.PatientAge == "011M"
