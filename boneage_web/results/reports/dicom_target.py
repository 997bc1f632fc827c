"""Under which patient, examination and film an object is filed: the film's own cleaned header, or the original one.

An object goes out under the stand-ins that the site itself shows (research), or under what the vault gives back
(clinical). Nothing else differs between the two.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydicom.charset import convert_encodings
from pydicom.dataset import Dataset

from boneage_web import __version__
from inference.imaging.original_identity import OriginalIdentity, identity_header

MANUFACTURER = "CHBoneAI project"
SERIES_DESCRIPTION = "Bone age, research use only"
_NAMES = uuid.UUID("c0f6a7f0-6a0e-4a58-9f0c-0b8f0f6f4f55")
_COPIED = (
    "PatientID",
    "PatientName",
    "PatientBirthDate",
    "StudyInstanceUID",
    "StudyDate",
    "StudyTime",
    "AccessionNumber",
    "SeriesInstanceUID",
    "SOPInstanceUID",
    "SOPClassUID",
)


@dataclass(frozen=True, slots=True)
class Target:
    """A header that stands for the film, and the character set that its texts go out in."""

    evidence: Dataset
    character_set: str

    def can_write(self, text: str) -> bool:
        """Whether the archive's character set has all its characters."""
        codecs = convert_encodings(self.character_set.split("\\"))
        return all(any(_has(codec, letter) for codec in codecs) for letter in text)


def _has(codec: str, letter: str) -> bool:
    try:
        letter.encode(codec)
    except (UnicodeError, LookupError):
        return False
    return True


def research_target(film: Dataset, facts: Mapping[str, Any]) -> Target:
    """The stand-ins of the site. ``film``: the cleaned copy's header."""
    evidence = _evidence(film, facts)
    return Target(evidence, "ISO_IR 192")


def clinical_target(identity: OriginalIdentity, facts: Mapping[str, Any]) -> Target:
    """The original patient, examination and film."""
    header = identity_header(identity)
    character_set = identity.specific_character_set or "ISO_IR 6"
    return Target(_evidence(header, facts), character_set)


def _evidence(header: Dataset, facts: Mapping[str, Any]) -> Dataset:
    evidence = Dataset()
    for keyword in _COPIED:
        setattr(evidence, keyword, header.get(keyword, ""))
    for keyword in ("IssuerOfPatientID",):
        if header.get(keyword):
            setattr(evidence, keyword, header.get(keyword))
    evidence.PatientSex = facts["sex"] or ""
    evidence.StudyID = ""
    evidence.ReferringPhysicianName = ""
    evidence.Rows, evidence.Columns = facts["radiograph"]["rows"], facts["radiograph"]["columns"]
    evidence.Modality = facts["study"]["modality"]
    return evidence


def object_uid(facts: Mapping[str, Any], what: str, target: Target) -> str:
    """`2.25.<number>`; the same version of the same result gets the same, so that sending twice is one object."""
    key = f"{what}:{facts['study']['id']}:{facts['version'] or 0}:{target.evidence.SOPInstanceUID}"
    return f"2.25.{uuid.uuid5(_NAMES, key).int}"


def finish(made: Dataset, target: Target) -> Dataset:
    """What highdicom does not take: issuer, character set, who made it."""
    made.SpecificCharacterSet = (
        target.character_set.split("\\") if "\\" in target.character_set else target.character_set
    )
    if target.character_set == "ISO_IR 6":
        del made.SpecificCharacterSet  # the default repertoire is said by saying nothing
    if "IssuerOfPatientID" in target.evidence:
        made.IssuerOfPatientID = target.evidence.IssuerOfPatientID
    made.SeriesDescription = SERIES_DESCRIPTION
    made.ManufacturerModelName = "CHBoneAI"
    made.SoftwareVersions = __version__
    return made
