"""A study's result, put together from film, prediction, tables and truth."""

from typing import Any

from django.db.models import Q

from annotations.api.present.studies import radiograph_json, study_row
from annotations.models import Consensus, Person, Radiograph, Study
from annotations.states import ConsensusStatus
from boneage_web.registry.models import ModelVersion
from boneage_web.registry.serializers import trained_on
from boneage_web.results.models import Prediction
from boneage_web.results.selectors import shown_prediction
from boneage_web.results.services.predictions import inputs_key
from boneage_web.runs.kinds import RunKind, RunStatus
from boneage_web.runs.models import Run
from boneage_web.runs.serializers import RunSerializer
from inference.standards.bone_age_sd import SD_TABLES, age_class, sd_months, sds

RUNS_SHOWN = 5


def result_json(person: Person, study: Study) -> dict[str, Any]:
    """Everything the result page shows. Whoever may not see it must be turned away before."""
    radiograph = study.radiographs.filter(for_reading=True).first()
    prediction = shown_prediction(radiograph) if radiograph else None
    bone_age = prediction.bone_age_months if prediction else None
    age = study.chronological_age_months
    return {
        "study": study_row(person, study.pk, place="result"),
        "radiograph": radiograph_json(radiograph) if radiograph else None,
        "status": _status(prediction),
        "prediction": prediction_json(prediction, study) if prediction else None,
        "chronological_age_months": age,
        "difference_months": bone_age - age if bone_age is not None and age is not None else None,
        "sds": _scores(study.sex, age, bone_age),
        "quality": radiograph.quality if radiograph else [],
        "truth": _truth(radiograph) if radiograph else None,
        "runs": RunSerializer(_runs(study), many=True).data,
        "research_use_only": True,
    }


def prediction_json(prediction: Prediction, study: Study) -> dict[str, Any]:
    """One prediction. It is outdated when sex or age were stated after it was made."""
    low, high = prediction.interval_low_months, prediction.interval_high_months
    return {
        "bone_age_months": prediction.bone_age_months,
        "interval_months": [low, high] if low is not None and high is not None else None,
        "interval_coverage": prediction.model_version.manifest.get("interval", {}).get("coverage"),
        "boxes": prediction.boxes,
        "missing_regions": prediction.missing_regions,
        "sex": prediction.sex,
        "sex_source": prediction.sex_source or None,
        "inputs_used": prediction.inputs_used,
        "outdated": prediction.inputs_key != inputs_key(study),
        "model": _model(prediction.model_version),
        "created_at": prediction.created_at.isoformat(),
        "stage_seconds": prediction.stage_seconds,
        "error": {"code": prediction.error_code, "message": prediction.error_message}
        if prediction.error_code
        else None,
    }


def _model(model: ModelVersion) -> dict[str, Any]:
    data = trained_on(model)
    return {
        "id": str(model.pk),
        "label": model.label,
        "hash": model.hash,
        "trained_on": data,
        "synthetic": bool(data and data["synthetic"]),
    }


def _status(prediction: Prediction | None) -> str:
    if prediction is None:
        return "none"
    return "refused" if prediction.error_code else "preliminary"


def _scores(sex: str | None, age_months: float | None, bone_age_months: float | None) -> list[dict[str, Any]]:
    """One row for each table; without a value where the table ends: nothing is taken from its last row."""
    if sex is None or age_months is None or bone_age_months is None:
        return []
    rows = []
    for table in SD_TABLES.values():
        score = sds(table.id, sex, age_months, bone_age_months)  # type: ignore[arg-type]
        rows.append(
            {
                "table": table.id,
                "name_en": table.name_en,
                "name_zh": table.name_zh,
                "sd_months": sd_months(table.id, sex, age_months),  # type: ignore[arg-type]
                "sds": score,
                "class": age_class(score),
            }
        )
    return rows


def _truth(radiograph: Radiograph) -> dict[str, Any] | None:
    consensus = Consensus.objects.filter(radiograph=radiograph, status=ConsensusStatus.APPROVED).first()
    if consensus is None or consensus.approved_at is None:
        return None
    return {
        "bone_age_months": consensus.bone_age_months,
        "origin": consensus.origin,
        "approved_at": consensus.approved_at.isoformat(),
    }


def _runs(study: Study) -> list[Run]:
    """Inference runs about this study, and the one that takes arriving films while it is unfinished."""
    unfinished = Q(status__in=[RunStatus.QUEUED, RunStatus.RUNNING], parameters__arrivals=True)
    runs = Run.objects.filter(kind=RunKind.INFER).filter(Q(parameters__study=str(study.pk)) | unfinished)
    return list(runs.select_related("requested_by")[:RUNS_SHOWN])
