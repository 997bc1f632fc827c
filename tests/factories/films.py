"""DICOM films of phantoms, with an invented patient in header and pixels."""

from datetime import date
from functools import lru_cache
from io import BytesIO
from typing import Any, Literal

import pydicom

from training.phantom.patient import PhantomPatient
from training.phantom.phantom import render_phantom
from training.phantom.wrap import phantom_dicom

SMALL = (400, 300)


@lru_cache(maxsize=32)
def film(seed: int = 1, *, sex: Literal["M", "F"] | None = "F", patient: int | None = None) -> bytes:
    """A film of a ten-year-old; the same arguments give the same bytes. ``patient`` lets two films share one."""
    number = seed if patient is None else patient
    who = PhantomPatient(
        family_name="Zhengxing",
        given_name=f"Mingzi{number}",
        patient_id=f"MRN{number:06d}",
        birth_date=date(2009, 3, 1 + number % 28),
        study_date=date(2019, 4, 2),
        sex=sex,
        accession=f"ACC{seed:06d}",
    )
    phantom = render_phantom(bone_age_months=120, sex=sex or "F", seed=seed, size=SMALL, mirrored=False)
    return phantom_dicom(phantom, patient=who)


def changed(data: bytes, **elements: Any) -> bytes:
    """The film with these elements set, or removed where the value is None."""
    dataset = pydicom.dcmread(BytesIO(data))
    for keyword, value in elements.items():
        if value is None:
            delattr(dataset, keyword)
        else:
            setattr(dataset, keyword, value)
    out = BytesIO()
    dataset.save_as(out, enforce_file_format=True)
    return out.getvalue()


def identifiers(data: bytes) -> list[str]:
    """What must be nowhere afterwards: names, ids, dates and UIDs of the header."""
    dataset = pydicom.dcmread(BytesIO(data), stop_before_pixels=True)
    family, _, given = str(dataset.PatientName).partition("^")
    texts = [family, given, dataset.PatientID, dataset.AccessionNumber, dataset.PatientBirthDate, dataset.StudyDate]
    return [str(text) for text in [*texts, dataset.StudyInstanceUID, dataset.SOPInstanceUID] if text]
