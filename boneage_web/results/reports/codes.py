"""Coded words of the structured report: standard ones where there are any, else the project's own.

DICOM has no concept for a bone age (none among the context groups of pydicom 3.0), so LOINC's is used. What starts
with 99CHBA is the project's own.
"""

from highdicom.coding_schemes import CodingSchemeIdentificationItem
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code

OWN = "99CHBA"
SCHEME = CodingSchemeIdentificationItem(
    designator=OWN, name="CHBoneAI project codes", responsible_organization="CHBoneAI"
)
BONE_AGE = Code("37362-1", "LN", "XR Bones Bone age")
AGE = Code("30525-0", "LN", "Age")
MONTHS = Code("mo", "UCUM", "month")
NO_UNIT = Code("1", "UCUM", "no units")
DIFFERENCE = Code("difference", OWN, "Bone age minus chronological age")
SDS = Code("sds", OWN, "SDS of bone age")
SD = Code("sd", OWN, "SD of bone age at this age")
INTERVAL_LOW = Code("interval-low", OWN, "Lower end of the estimate's interval")
INTERVAL_HIGH = Code("interval-high", OWN, "Upper end of the estimate's interval")
UNCORRECTED = Code("model-uncorrected", OWN, "Model without the site's correction")
CORRECTED = Code("model-corrected", OWN, "Model with the site's correction")
CONTRIBUTION = Code("contribution", OWN, "Contribution to the model's age")
CONFIDENCE = Code("detection-score", OWN, "Score of the region's detection")
BASIS = Code("basis", OWN, "How the bone age was found")
CLASS = Code("class", OWN, "Class of the bone age")
STATUS = Code("status", OWN, "Status of the result")
USE = Code("use", OWN, "Permitted use")
RESEARCH = Code("research", OWN, "Research use only")
SYNTHETIC = Code("synthetic", OWN, "Synthetic data")
DATA = Code("data", OWN, "Kind of data")
CLASSES = {name: Code(name, OWN, f"Bone age {name}") for name in ("delayed", "normal", "advanced")}
BASES = {
    "model": Code("model", OWN, "Estimate of a model"),
    "calibrated": Code("calibrated", OWN, "Estimate of a model with the site's correction"),
    "consensus": Code("consensus", OWN, "Approved consensus of blinded readers"),
    "correction": Code("correction", OWN, "Age given by the signing reader"),
}
STATUSES = {name: Code(name, OWN, name) for name in ("preliminary", "signed", "amended")}
PART_AGES = {
    "carpals": Code("carpals-age", OWN, "Bone age of the carpals alone"),
    "no_carpals": Code("no-carpals-age", OWN, "Bone age without the carpals"),
}
HAND = codes.SCT.Hand
LATERALITY = {"L": codes.SCT.Left, "R": codes.SCT.Right}
HAND_RADIOGRAPHY = BONE_AGE


def region_code(region: str, name: str) -> Code:
    """A region of the hand, as the project names it."""
    return Code(f"region-{region}", OWN, name)
