"""What is said of a child's predicted adult height, of a typed height and a bone age; or why there is none."""

from dataclasses import asdict
from typing import Any, Literal

from annotations.models import Study
from annotations.states import AgeSource, Sex
from boneage_web.results.models import Basis, HeightMeasurement
from inference.standards.adult_height import (
    BAYLEY_PINNEAU,
    AdultHeight,
    adult_height_range_cm,
    predict_adult_height,
)

MACHINE = (Basis.MODEL, Basis.CALIBRATED)


def adult_height_facts(
    study: Study,
    height: HeightMeasurement | None,
    *,
    basis: Basis,
    bone_age_months: float | None,
    interval_months: list[float] | None,
) -> dict[str, Any] | None:
    """The prediction with the height that it rests on; None where no height was typed.

    Without sex, bone age or chronological age there is no category, so no prediction; `refusal` says which is missing,
    or that the table ends. `range_cm` is what the interval of the bone age makes of it; `range_refusal` says why there
    is none.
    """
    if height is None or height.height_cm is None:
        return None
    age, sex = study.chronological_age_months, study.sex
    found: AdultHeight | None = None
    refusal = _missing(sex, age, bone_age_months)
    within, range_refusal = None, None
    if refusal is None and age is not None and bone_age_months is not None:
        of: Literal["M", "F"] = "M" if sex == Sex.MALE else "F"
        known = {"height_cm": height.height_cm, "chronological_age_months": age}
        found = predict_adult_height(of, bone_age_months=bone_age_months, **known)
        if found.predicted_cm is None:
            refusal = "outside_table"
        elif interval_months is None:
            range_refusal = "no_interval"
        else:
            within = adult_height_range_cm(of, bone_ages_months=(interval_months[0], interval_months[1]), **known)
            range_refusal = None if within else "outside_table"
    return {
        "height": {
            "number": height.number,
            "height_cm": height.height_cm,
            "days_from_film": height.days_from_film,
            "stated_at": height.stated_at.isoformat(),
        },
        "basis": str(basis),
        "model_age": basis in MACHINE,
        "age_may_be_higher": study.age_source == AgeSource.PATIENT_AGE,
        "category": found.category if found else None,
        "percent": found.percent if found else None,
        "predicted_cm": found.predicted_cm if found else None,
        "range_cm": list(within) if within else None,
        "range_refusal": range_refusal,
        "refusal": refusal,
        "covers_months": list(found.covers_months) if found else None,
        "table": asdict(BAYLEY_PINNEAU),
    }


def _missing(sex: str | None, age_months: float | None, bone_age_months: float | None) -> str | None:
    """Which of the inputs there is not, the first of them."""
    if bone_age_months is None:
        return "no_bone_age"
    if sex not in (Sex.MALE, Sex.FEMALE):
        return "no_sex"
    return "no_age" if age_months is None else None
