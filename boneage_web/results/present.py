"""A study's result as its page shows it, put together from the facts, the signatures and the child's other films."""

from typing import Any

from django.conf import settings
from django.db.models import Q

from annotations.api.present.people import person_json
from annotations.api.present.studies import radiograph_json, study_row
from annotations.models import Person, Radiograph, Study
from annotations.selectors.standing_truth import standing_truth
from boneage_web.results.adult_height import adult_height_facts
from boneage_web.results.facts import film_facts
from boneage_web.results.growth import examinations_of_child, reader_noise_months
from boneage_web.results.models import Basis, HeightMeasurement, SignedResult
from boneage_web.results.permissions import can_examine, can_sign, can_state_height
from boneage_web.results.selectors import shown_prediction, standing_height
from boneage_web.results.services.predictions import inputs_key
from boneage_web.runs.kinds import RunKind, RunStatus
from boneage_web.runs.models import Run
from boneage_web.runs.serializers import RunSerializer

RUNS_SHOWN = 5


def result_json(person: Person, study: Study) -> dict[str, Any]:
    """Everything the result page shows. Whoever may not see it must be turned away before."""
    radiograph = study.radiographs.filter(for_reading=True).first()
    prediction = shown_prediction(radiograph) if radiograph else None
    facts = film_facts(study, radiograph, prediction) if radiograph else None
    height = standing_height(study)
    signed = list(_signatures(radiograph)) if radiograph else []
    examination = getattr(prediction, "examination", None) if prediction else None
    return {
        "study": study_row(person, study.pk, place="result"),
        "radiograph": radiograph_json(radiograph) if radiograph else None,
        "status": _status(facts, signed),
        "prediction": facts["prediction"] if facts else None,
        "calibration": facts["calibration"] if facts else None,
        "chronological_age_months": study.chronological_age_months,
        "age_source": study.age_source,
        "difference_months": facts["difference_months"] if facts else None,
        "sds": facts["sds"] if facts else [],
        "reference": facts["reference"] if facts else None,
        "check_identity": _check_identity(facts, signed),
        "adult_height": _adult_height(study, height, facts, signed),
        "heights": [_height_json(row) for row in _heights(study)],
        "quality": radiograph.quality if radiograph else [],
        "truth": truth_json(radiograph) if radiograph else None,
        "signed": _newest_signed_json(signed[0], study, height) if signed else None,
        "signatures": [_signed_json(one) for one in signed],
        "examination": {
            "bone_age_months": examination.bone_age_months,
            "patches": examination.patches,
            "parts": examination.parts,
            "created_at": examination.created_at.isoformat(),
        }
        if examination
        else None,
        "growth": {"points": examinations_of_child(person, study), "reader_noise_months": reader_noise_months()},
        "can": _can(person, study),
        "site_mode": settings.MODE,
        "runs": RunSerializer(_runs(study), many=True).data,
        "research_use_only": True,
    }


def _heights(study: Study) -> Any:
    return HeightMeasurement.objects.filter(study=study).select_related("stated_by")


def _height_json(row: HeightMeasurement) -> dict[str, Any]:
    return {
        "number": row.number,
        "height_cm": row.height_cm,
        "days_from_film": row.days_from_film,
        "reason": row.reason or None,
        "stated_by": person_json(row.stated_by),
        "stated_at": row.stated_at.isoformat(),
    }


def _adult_height(
    study: Study, height: HeightMeasurement | None, facts: dict[str, Any] | None, signed: list[SignedResult]
) -> dict[str, Any] | None:
    """Of the bone age that stands, the signed one or else the model's, with the height that counts now."""
    if not signed:
        return facts["adult_height"] if facts else None
    return adult_height_facts(
        study,
        height,
        basis=Basis(signed[0].basis),
        bone_age_months=signed[0].bone_age_months,
        interval_months=signed[0].content["interval_months"],
    )


def _check_identity(facts: dict[str, Any] | None, signed: list[SignedResult]) -> bool:
    """Of the bone age that stands, the signed one or else the model's: a corrected age is asked about itself."""
    standing = signed[0].content if signed else facts
    return bool(standing and standing["check_identity"])


def _signatures(radiograph: Radiograph) -> Any:
    return SignedResult.objects.filter(radiograph=radiograph).select_related("signed_by")


def _status(facts: dict[str, Any] | None, signed: list[SignedResult]) -> str:
    if signed:
        return "signed" if signed[0].version == 1 else "amended"
    if facts is None or facts["prediction"] is None:
        return "none"
    return "refused" if facts["prediction"]["error"] else "preliminary"


def _signed_json(signed: SignedResult) -> dict[str, Any]:
    return {
        "version": signed.version,
        "basis": signed.basis,
        "bone_age_months": signed.bone_age_months,
        "reference": signed.reference,
        "reason": signed.reason or None,
        "signed_by": person_json(signed.signed_by),
        "signed_at": signed.signed_at.isoformat(),
    }


def _newest_signed_json(signed: SignedResult, study: Study, height: HeightMeasurement | None) -> dict[str, Any]:
    """The signature that counts, with the facts that were frozen with it, and whether they were changed since."""
    return _signed_json(signed) | {
        "outdated": signed.inputs_key != inputs_key(study),
        "sds": signed.content["sds"],
        "interval_months": signed.content["interval_months"],
        "interval_coverage": signed.content["interval_coverage"],
        "difference_months": signed.content["difference_months"],
        "chronological_age_months": signed.content["chronological_age_months"],
        "adult_height": signed.content.get("adult_height"),
        "height_changed": _number(signed.content.get("adult_height")) != (height.number if height else None),
    }


def _number(adult_height: dict[str, Any] | None) -> int | None:
    """Which line of the study's heights it rests on; contents of format 1 rest on none."""
    return adult_height["height"]["number"] if adult_height else None


def truth_json(radiograph: Radiograph) -> dict[str, Any] | None:
    """The approved bone age of a film, and whether it is being read again; None where there is none."""
    standing = standing_truth(radiograph)
    if standing is None or standing.consensus.approved_at is None:
        return None
    return {
        "bone_age_months": standing.consensus.bone_age_months,
        "origin": standing.consensus.origin,
        "approved_at": standing.consensus.approved_at.isoformat(),
        "read_again": standing.read_again,
    }


def _can(person: Person, study: Study) -> list[str]:
    allowed = {
        "sign": can_sign(person, study),
        "examine": can_examine(person, study),
        "state_height": can_state_height(person, study),
    }
    return [verb for verb, yes in allowed.items() if yes]


def _runs(study: Study) -> list[Run]:
    """Runs about this study, and the one that takes arriving films while it is unfinished."""
    unfinished = Q(kind=RunKind.INFER, status__in=[RunStatus.QUEUED, RunStatus.RUNNING], parameters__arrivals=True)
    own = Q(kind__in=[RunKind.INFER, RunKind.EXAMINE], parameters__study=str(study.pk))
    return list(Run.objects.filter(own | unfinished).select_related("requested_by")[:RUNS_SHOWN])
