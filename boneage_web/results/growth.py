"""Earlier and later examinations of the same child, as far as this person may see them."""

from dataclasses import asdict
from itertools import pairwise
from typing import Any
from uuid import UUID

from annotations.models import Person, Radiograph, Study
from annotations.permissions.blinding import earlier_values_shown
from annotations.permissions.studies import studies_visible_to
from annotations.selectors.standing_truth import standing_truth
from annotations.services.exposures import record_exposures
from annotations.states import ExposureKind, StudyState
from boneage_web.results.models import Basis, SignedResult
from boneage_web.results.selectors import shown_prediction
from inference.standards.growth import READER_SD_MONTHS, change, noise_limit_months, value_sd_months


def examinations_of_child(person: Person, study: Study) -> list[dict[str, Any]]:
    """All examinations of the child with a bone age and an age, by age; this one is among them.

    What the person may still have to read blind or to decide again is left out; what is shown is remembered.
    """
    studies = studies_visible_to(person).filter(
        earlier_values_shown(person, "pk"), patient=study.patient_id, state=StudyState.READY
    )
    films = Radiograph.objects.filter(
        study__in=studies, for_reading=True, study__chronological_age_months__isnull=False
    ).select_related("study")
    points = [point for film in films if (point := _point(film)) is not None]
    shown = [(UUID(one["radiograph"]), kind) for one in points for kind in _kinds(one)]
    record_exposures(person=person, shown=shown, place="growth")
    points.sort(key=lambda one: (one["chronological_age_months"], one["study"]))
    for earlier, later in pairwise(points):
        later["change"] = asdict(
            change(
                bone_age_months=(earlier["bone_age_months"], later["bone_age_months"]),
                chronological_age_months=(earlier["chronological_age_months"], later["chronological_age_months"]),
                sd_months=(earlier["sd_months"], later["sd_months"]),
            )
        )
    return points


def _point(film: Radiograph) -> dict[str, Any] | None:
    """The signed age, else the approved one, else the model's."""
    signed = SignedResult.objects.filter(radiograph=film).first()
    standing = standing_truth(film)
    prediction = shown_prediction(film)
    sd = READER_SD_MONTHS
    if signed is not None:
        months, origin = signed.bone_age_months, f"signed_{signed.basis}"
        if signed.basis in (Basis.MODEL, Basis.CALIBRATED):
            interval = signed.content["interval_months"]
            sd = value_sd_months(tuple(interval) if interval else None, signed.content["interval_coverage"])
    elif standing is not None and standing.consensus.bone_age_months is not None:
        months, origin = standing.consensus.bone_age_months, "consensus"
    elif prediction is not None and prediction.bone_age_months is not None:
        months, origin = prediction.bone_age_months, "model"
        low, high = prediction.interval_low_months, prediction.interval_high_months
        sd = value_sd_months(
            (low, high) if low is not None and high is not None else None,
            prediction.model_version.manifest.get("interval", {}).get("coverage"),
        )
    else:
        return None
    return {
        "study": str(film.study_id),
        "radiograph": str(film.pk),
        "chronological_age_months": film.study.chronological_age_months,
        "bone_age_months": months,
        "origin": origin,
        "sd_months": sd,
        "change": None,
    }


def _kinds(point: dict[str, Any]) -> list[ExposureKind]:
    said = {
        "consensus": ExposureKind.CONSENSUS,
        "signed_consensus": ExposureKind.CONSENSUS,
        "signed_correction": ExposureKind.OTHER_READ,
    }
    return [ExposureKind.CHRONOLOGICAL_AGE, said.get(point["origin"], ExposureKind.MODEL_RESULT)]


def reader_noise_months() -> float:
    """Below this two single readings cannot be told apart."""
    return noise_limit_months(READER_SD_MONTHS, READER_SD_MONTHS)
