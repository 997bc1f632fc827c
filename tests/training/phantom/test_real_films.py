import warnings
from io import BytesIO

import numpy as np
import pydicom
import pytest

from tests.factories.real_films import real_films


@pytest.mark.real_data
def test_all_24_pictures_are_wrapped_with_a_name_in_header_and_pixels(real_data):
    seen = []
    for film in real_films(real_data):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            file = pydicom.dcmread(BytesIO(film.data))
            stored = file.pixel_array
        bright = stored if film.photometric == "MONOCHROME2" else 4095 - stored
        assert np.array_equal(bright, film.pixels)
        x0, y0, x1, y1 = film.text
        changed = film.pixels != film.plain
        assert changed[y0:y1, x0:x1].sum() == changed.sum() > 200
        assert str(file.PatientName) == f"{film.patient.family_name}^{film.patient.given_name}"
        assert file.PatientSex == film.sex
        assert "SYNTHETIC" not in file.ImageType
        seen.append((film.id, file.Modality, film.photometric))
    assert len(seen) == 24
    assert sum(id_.startswith("dha") for id_, _, _ in seen) == 6
    assert {(kind, photometric) for _, kind, photometric in seen} == {
        (kind, photometric) for kind in ("CR", "DX") for photometric in ("MONOCHROME1", "MONOCHROME2")
    }
