"""What models said, what people signed, and the references it is held against; one file per noun."""

from boneage_web.results.models.calibration import CalibrationStatus, LocalCalibration
from boneage_web.results.models.examination import FilmExamination
from boneage_web.results.models.height import HeightMeasurement
from boneage_web.results.models.prediction import Prediction
from boneage_web.results.models.reference import ReferenceChoice, SdReference
from boneage_web.results.models.signed import Basis, SignedResult

__all__ = [
    "Basis",
    "CalibrationStatus",
    "FilmExamination",
    "HeightMeasurement",
    "LocalCalibration",
    "Prediction",
    "ReferenceChoice",
    "SdReference",
    "SignedResult",
]
