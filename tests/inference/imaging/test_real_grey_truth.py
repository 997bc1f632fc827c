"""Every real DICOM file: its outcome, and the very values that a browser is given."""

import pytest

from inference.imaging.errors import FilmError
from inference.imaging.read import read_film
from tests.benchmarks.grey_truth import Outcome, checksum, outcome_of, table

pytestmark = pytest.mark.real_data

RADIOGRAPH = "88a4f665c24b2e9a"
"""The one radiograph, uncompressed and in each of its lossless encodings."""

ACCEPTED = {
    "CR-MONO1-10-chest": "1801ed261c5d5b8f",
    "CR-ModalitySequenceLUT.dcm": "82580effbebda175",
    "CR__1.3.6.1.4.1.21367.0.1.15.1246": "82b0a0a9d074c218",
    "CR__1.3.6.1.4.1.5962.1.1.65535.104.1.1239106253.3786.0": "7dcbb3f8f1013762",
    "CR__1.3.6.1.4.1.5962.1.1.65535.204.1.1239106254.3826.0": "cc2774d6d860d8e1",
    "DX__1.3.6.1.4.1.5962.1.1.65535.103.1.1239106253.3783.0": "7dcbb3f8f1013762",
    "DX__1.3.6.1.4.1.5962.1.1.65535.203.1.1239106254.3825.0": "cc2774d6d860d8e1",
    "J2KI__RG1_J2KI": "4158e2c1a5e346fc",
    "J2KI__RG3_J2KI": "1cf6189c5cbf3277",
    "J2KR__RG3_J2KR": RADIOGRAPH,
    "JLSL__RG3_JLSL": RADIOGRAPH,
    "JLSN__RG3_JLSN": "6d137a9d49e9a493",
    "JPLL__RG3_JPLL": RADIOGRAPH,
    "JPLY__RG3_JPLY": "ef4492a425e737f0",
    "REF__RG3_UNC": RADIOGRAPH,
    "RLE__RG3_RLE": RADIOGRAPH,
}

REFUSED = {
    "DICOMDIR": "dicomdir",
    "GH133.dcm": "unsupported_modality",
    "OBXXXX1A_2frame.dcm": "multi_frame",
    "OT__1.2.276.0.7230010.3.200.1.19.1": "unsupported_modality",
    "OT__1.2.276.0.7230010.3.200.2.10.1": "unsupported_modality",
    "OutOfBoundsOverlay.dcm": "unsupported_modality",
    "SC_rgb.dcm": "colour",
    "TestPattern_Palette.dcm": "palette_colour",
    "bad_sequence.dcm": "unsupported_modality",
    "emri_small_jpeg_2k_lossless_too_short.dcm": "truncated",
    "explicit_VR-UN.dcm": "unsupported_modality",
    "liver_deflate.dcm": "multi_frame",
    "mlut_18.dcm": "unsupported_modality",
    "parametric_map_float.dcm": "float_pixels",
    "test_SR.dcm": "not_an_image",
    "vlut_04.dcm": "unsupported_modality",
}


def test_every_file_is_listed(real_data):
    assert {path.name for path in (real_data / "dicom").iterdir()} == {*ACCEPTED, *REFUSED}


@pytest.mark.parametrize("name", ACCEPTED)
def test_accepted_with_these_values(real_data, name):
    assert checksum(read_film(real_data / "dicom" / name)) == ACCEPTED[name]


@pytest.mark.parametrize("name", REFUSED)
def test_refused_for_this_reason(real_data, name):
    with pytest.raises(FilmError) as caught:
        read_film(real_data / "dicom" / name)
    assert caught.value.code == REFUSED[name]


@pytest.mark.parametrize("name", ["CR-ModalitySequenceLUT.dcm", "CR__1.3.6.1.4.1.21367.0.1.15.1246"])
def test_pydicom_and_dcmtk_see_the_same_greys(real_data, name):
    outcome = outcome_of(real_data / "dicom" / name)
    assert outcome.off_pydicom == 0
    assert outcome.off_dcmtk in (None, 0, 1)


def test_the_table_has_a_row_a_file():
    rows = [Outcome("a", refused="colour"), Outcome("b", checksum="0" * 16, shape=(9, 9), off_pydicom=0.0)]
    assert table(rows).count("\n") == 3
