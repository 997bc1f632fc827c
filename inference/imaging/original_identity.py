"""What a result needs to find its way back to the child it belongs to; read from the header before it is cleaned.

No more than that: a report or secondary capture repeats the patient and study of the film (PS3.3 C.7.1.1, C.7.2.1)
and refers to it by its UIDs (PS3.3 C.17.2). Why each element is needed stands in docs/identity.md.
"""

from dataclasses import asdict, dataclass, fields

import pydicom
from pydicom.multival import MultiValue


@dataclass(frozen=True, slots=True, repr=False)
class OriginalIdentity:
    """Elements of the original header as text, empty where the header has none; several values parted by a backslash.

    Its repr shows nothing, so that no log, traceback or failing test does.

    Attributes:
        specific_character_set: (0008,0005) as it was. Written with it again, every text has the bytes it came with.
    """

    specific_character_set: str
    patient_id: str
    issuer_of_patient_id: str
    patient_name: str
    patient_birth_date: str
    accession_number: str
    study_date: str
    study_time: str
    study_instance_uid: str
    series_instance_uid: str
    sop_instance_uid: str
    sop_class_uid: str

    def __repr__(self) -> str:
        return "OriginalIdentity(...)"

    @property
    def leads_back(self) -> bool:
        """Whether a result can be filed: it needs the patient's number, and the film's and its examination's UIDs."""
        return all(getattr(self, name) for name in NEEDED) and "\ufffd" not in self.patient_id


NEEDED = ("patient_id", "study_instance_uid", "series_instance_uid", "sop_instance_uid", "sop_class_uid")
"""Without one of these nobody could say whose result it is, or of which film."""

KEYWORDS: dict[str, str] = {
    "specific_character_set": "SpecificCharacterSet",
    "patient_id": "PatientID",
    "issuer_of_patient_id": "IssuerOfPatientID",
    "patient_name": "PatientName",
    "patient_birth_date": "PatientBirthDate",
    "accession_number": "AccessionNumber",
    "study_date": "StudyDate",
    "study_time": "StudyTime",
    "study_instance_uid": "StudyInstanceUID",
    "series_instance_uid": "SeriesInstanceUID",
    "sop_instance_uid": "SOPInstanceUID",
    "sop_class_uid": "SOPClassUID",
}
"""Field -> keyword of the DICOM dictionary."""
assert KEYWORDS.keys() == {each.name for each in fields(OriginalIdentity)}


def original_identity(header: pydicom.Dataset) -> OriginalIdentity:
    """Reads it from a header that still has it; text is decoded by the header's own character set."""
    return OriginalIdentity(**{name: _text(header, keyword) for name, keyword in KEYWORDS.items()})


def identity_header(identity: OriginalIdentity) -> pydicom.Dataset:
    """The same elements as a DICOM data set, for the head of what is sent back; empty ones are present and empty."""
    header = pydicom.Dataset()
    for name, value in asdict(identity).items():
        setattr(header, KEYWORDS[name], value)
    if not identity.specific_character_set:
        del header.SpecificCharacterSet  # present and empty it would mean the same, but no encoder expects it
    return header


def _text(header: pydicom.Dataset, keyword: str) -> str:
    value = header.get(keyword)
    if isinstance(value, MultiValue):
        return "\\".join(str(part).strip(" \0") for part in value)
    return "" if value is None else str(value).strip(" \0")
