"""The site's own correction applied to one age of one model. The uncorrected age always stands beside it."""

from typing import Any

from boneage_web.results.models import CalibrationStatus, LocalCalibration, Prediction


def active_calibration(model_version: Any) -> LocalCalibration | None:
    """The correction in use for a model version (its id)."""
    rows = LocalCalibration.objects.filter(model_version=model_version, status=CalibrationStatus.ACTIVE)
    return rows.select_related("activated_by").first()


def calibrated(prediction: Prediction) -> dict[str, Any] | None:
    """What the active correction makes of a prediction; None without one, or without an age.

    Outside the ages that the line was fitted on there is none: `bone_age_months` is None and `outside` true.
    """
    calibration = active_calibration(prediction.model_version_id)
    if calibration is None or prediction.bone_age_months is None:
        return None
    line = calibration.lines.get(prediction.sex or "")
    raw = prediction.bone_age_months
    outside = line is None or not line["low_months"] <= raw <= line["high_months"]
    corrected = None if line is None or outside else max(0.0, _on(line, raw))
    low, high = prediction.interval_low_months, prediction.interval_high_months
    interval = None
    if line is not None and corrected is not None and low is not None and high is not None:
        interval = sorted(max(0.0, _on(line, edge)) for edge in (low, high))
    return {
        "id": str(calibration.pk),
        "bone_age_months": corrected,
        "interval_months": interval,
        "outside": outside,
        "line": line,
        "cases": sum(each["n"] for each in calibration.lines.values()),
        "activated_at": calibration.activated_at.isoformat() if calibration.activated_at else None,
    }


def _on(line: dict[str, float], months: float) -> float:
    return float(line["intercept_months"] + line["slope"] * months)
