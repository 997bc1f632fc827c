"""Everything that is said of one film's bone age, in one dictionary: pages, reports and objects are made of it alone.

Signing freezes it (`SignedResult.content`), so that a report of an old version stays what it was. It names no person
but the one who signed, and of the child only the pseudonym; other examinations of the child are not in it, since who
may see those differs from person to person.
"""

from collections.abc import Mapping
from typing import Any

from annotations.models import Consensus, Radiograph, Study
from annotations.states import ConsensusStatus
from boneage_web.registry.models import ModelVersion
from boneage_web.registry.serializers import trained_on
from boneage_web.results.adult_height import adult_height_facts
from boneage_web.results.calibrated import calibrated
from boneage_web.results.models import Basis, Prediction
from boneage_web.results.references import chosen_table, score_rows
from boneage_web.results.selectors import standing_height
from boneage_web.results.services.predictions import inputs_key
from inference.standards.bone_age_sd import CHECK_IDENTITY_SD

FORMAT = 2
"""1 had no `adult_height`; signed results of then still say 1."""


def approved_consensus(radiograph: Radiograph) -> Consensus | None:
    """The film's truth."""
    return Consensus.objects.filter(radiograph=radiograph, status=ConsensusStatus.APPROVED).first()


def film_facts(
    study: Study,
    radiograph: Radiograph,
    prediction: Prediction | None,
    *,
    basis: Basis = Basis.MODEL,
    bone_age_months: float | None = None,
    reference: str | None = None,
) -> dict[str, Any]:
    """The dictionary, of the present state of all rows.

    Args:
        basis, bone_age_months: whose age it speaks of, and which; by default the prediction's.
        reference: the table named first; by default the site's choice.
    """
    if basis is Basis.MODEL and bone_age_months is None and prediction is not None:
        bone_age_months = prediction.bone_age_months
    local = calibrated(prediction) if prediction else None
    interval, coverage = _interval(basis, prediction, local)
    age = study.chronological_age_months
    scores = score_rows(study.sex, age, bone_age_months)
    return {
        "format": FORMAT,
        "status": "preliminary",
        "version": None,
        "study": {
            "id": str(study.pk),
            "pseudonym": study.patient.pseudonym,
            "study_uid": study.study_uid,
            "laterality": radiograph.laterality,
            "modality": radiograph.modality,
            "synthetic": study.synthetic,
            "received_at": study.received_at.isoformat(),
        },
        "radiograph": {
            "id": str(radiograph.pk),
            "sop_instance_uid": radiograph.sop_instance_uid,
            "rows": radiograph.rows,
            "columns": radiograph.columns,
        },
        "basis": str(basis),
        "bone_age_months": bone_age_months,
        "interval_months": interval,
        "interval_coverage": coverage,
        "sex": study.sex,
        "sex_source": study.sex_source,
        "chronological_age_months": age,
        "age_source": study.age_source,
        "difference_months": bone_age_months - age if bone_age_months is not None and age is not None else None,
        "sds": scores,
        "reference": reference or chosen_table(),
        "adult_height": adult_height_facts(
            study,
            standing_height(study),
            basis=basis,
            bone_age_months=bone_age_months,
            interval_months=interval,
        ),
        "check_identity": any(row["sds"] is not None and abs(row["sds"]) > CHECK_IDENTITY_SD for row in scores),
        "quality": radiograph.quality,
        "prediction": prediction_facts(prediction, study) if prediction else None,
        "calibration": local,
        "parts": _parts(prediction),
        "signed_by": None,
        "signed_at": None,
        "reason": None,
        "research_use_only": True,
    }


def _interval(
    basis: Basis, prediction: Prediction | None, local: Mapping[str, Any] | None
) -> tuple[list[float] | None, float | None]:
    """A model's age has an interval; an age that a person stands for has none of the model's."""
    if prediction is None:
        return None, None
    coverage = prediction.model_version.manifest.get("interval", {}).get("coverage")
    if basis is Basis.CALIBRATED and local is not None:
        return local["interval_months"], coverage
    low, high = prediction.interval_low_months, prediction.interval_high_months
    if basis is Basis.MODEL and low is not None and high is not None:
        return [low, high], coverage
    return None, None


def prediction_facts(prediction: Prediction, study: Study) -> dict[str, Any]:
    """One prediction. It is outdated when sex or age were stated after it was made."""
    low, high = prediction.interval_low_months, prediction.interval_high_months
    return {
        "id": str(prediction.pk),
        "bone_age_months": prediction.bone_age_months,
        "interval_months": [low, high] if low is not None and high is not None else None,
        "interval_coverage": prediction.model_version.manifest.get("interval", {}).get("coverage"),
        "base_months": prediction.base_months,
        "contributions": prediction.contributions,
        "boxes": prediction.boxes,
        "missing_regions": prediction.missing_regions,
        "sex": prediction.sex,
        "sex_source": prediction.sex_source or None,
        "inputs_used": prediction.inputs_used,
        "outdated": prediction.inputs_key != inputs_key(study),
        "model": model_facts(prediction.model_version),
        "created_at": prediction.created_at.isoformat(),
        "stage_seconds": prediction.stage_seconds,
        "error": {"code": prediction.error_code, "message": prediction.error_message}
        if prediction.error_code
        else None,
    }


def model_facts(model: ModelVersion) -> dict[str, Any]:
    """Which model, and what it was trained on."""
    data = trained_on(model)
    return {
        "id": str(model.pk),
        "label": model.label,
        "hash": model.hash,
        "trained_on": data,
        "synthetic": bool(data and data["synthetic"]),
    }


def _parts(prediction: Prediction | None) -> list[dict[str, Any]]:
    examination = getattr(prediction, "examination", None) if prediction else None
    return list(examination.parts) if examination else []


def named_score(facts: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The row of the table that the facts name first; None without scores."""
    return next((row for row in facts["sds"] if row["table"] == facts["reference"]), None)
