"""Fit a site's own correction to its approved cases, put it to use, take it back. The model itself stays as it is.

A straight line for each sex, as Deeplasia recalibrates on some hundred hands of a hospital. What it gains is measured
on cases that the line had not seen, in parts that keep a child's films together.
"""

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from django.db import IntegrityError, transaction
from django.utils import timezone
from numpy.typing import NDArray

from annotations.base.errors import Conflict, Invalid, NotAllowed, StaleState
from annotations.models import Cohort, Consensus, Person
from annotations.services.events import record_event
from annotations.states import ConsensusStatus, StudyState
from boneage_web.registry.models import ModelVersion, Snapshot
from boneage_web.registry.services.snapshots import snapshot_dir
from boneage_web.results.models import CalibrationStatus, LocalCalibration, Prediction
from boneage_web.results.permissions import can_calibrate
from boneage_web.results.services.predictions import inputs_key
from training.calibration import LEAST_HANDS, linear_correction
from training.snapshot import SnapshotError, read_snapshot

FEWEST_CASES = 100
"""Of both sexes together; each sex that is corrected needs :data:`training.calibration.LEAST_HANDS` of its own."""
PARTS = 5
Floats = NDArray[np.float64]
_NOT_YOU = "Researchers and administrators who do not read films work on corrections."


@dataclass(frozen=True, slots=True)
class Case:
    """An approved film with what the model said of it."""

    radiograph: str
    patient: str
    sex: str
    predicted_months: float
    truth_months: float


def fit_calibration(*, person: Person, model: ModelVersion, cohort: Cohort | None) -> LocalCalibration:
    """A candidate. Raises NotAllowed, and Conflict (`too_few_cases`) when the site has too few approved cases."""
    if not can_calibrate(person):
        raise NotAllowed("forbidden", _NOT_YOU)
    cases, left_out = _cases(model, cohort)
    by_sex = {sex: [case for case in cases if case.sex == sex] for sex in ("M", "F")}
    usable = {sex: found for sex, found in by_sex.items() if len(found) >= LEAST_HANDS}
    if len(cases) < FEWEST_CASES or not usable:
        raise Conflict(
            "too_few_cases",
            f"A correction needs {FEWEST_CASES} approved cases that the model has not learnt from, "
            f"{LEAST_HANDS} of a sex; there are {len(by_sex['M'])} boys and {len(by_sex['F'])} girls.",
            boys=len(by_sex["M"]),
            girls=len(by_sex["F"]),
        )
    try:
        lines = {sex: _line(found) for sex, found in usable.items()}
        measured = {sex: _measured(found) for sex, found in usable.items()}
    except SnapshotError as error:
        raise Conflict("ages_do_not_vary", str(error)) from None
    used = [case for found in usable.values() for case in found]
    key = json.dumps([[case.radiograph, case.predicted_months, case.truth_months] for case in used])
    with transaction.atomic():
        row = LocalCalibration.objects.create(
            model_version=model,
            cohort=cohort,
            lines=lines,
            measured=measured,
            cases=[case.radiograph for case in used],
            cases_hash=hashlib.sha256(key.encode()).hexdigest(),
            left_out=left_out,
            fitted_by=person,
        )
        record_event(who=person, verb="fit_calibration", row=row, study=None, new=row.status)
    return row


def _cases(model: ModelVersion, cohort: Cohort | None) -> tuple[list[Case], dict[str, int]]:
    """Approved films with the model's word on them, and why others are left out."""
    rows = Consensus.objects.filter(status=ConsensusStatus.APPROVED, radiograph__study__state=StudyState.READY)
    if cohort is not None:
        rows = rows.filter(radiograph__study__cohort=cohort)
    consensuses = list(rows.select_related("radiograph__study").order_by("radiograph_id"))
    answers: dict[tuple[UUID, str], Prediction] = {
        (one.radiograph_id, one.inputs_key): one
        for one in Prediction.objects.filter(
            model_version=model, radiograph__in=[row.radiograph_id for row in consensuses]
        )
    }
    learnt = learnt_from(model)
    cases, left_out = [], Counter[str]()
    for row in consensuses:
        study, answer = row.radiograph.study, answers.get((row.radiograph_id, inputs_key(row.radiograph.study)))
        if str(row.radiograph_id) in learnt:
            left_out["learnt_from"] += 1
        elif answer is None or answer.bone_age_months is None or row.bone_age_months is None or study.sex is None:
            left_out["no_model_age"] += 1
        else:
            cases.append(
                Case(
                    str(row.radiograph_id),
                    str(study.patient_id),
                    study.sex,
                    answer.bone_age_months,
                    row.bone_age_months,
                )
            )
    return cases, dict(left_out)


def learnt_from(model: ModelVersion) -> set[str]:
    """Radiographs of this site that the model was fitted or chosen on: no ground to correct it."""
    snapshot = model.run.parameters.get("snapshot") if model.run else None
    row = Snapshot.objects.filter(pk=UUID(snapshot)).first() if snapshot else None
    if row is None:
        return set()
    return {one.id for one in read_snapshot(snapshot_dir(row)).radiographs if one.split != "test"}


def _columns(cases: list[Case]) -> tuple[Floats, Floats]:
    return np.array([case.predicted_months for case in cases]), np.array([case.truth_months for case in cases])


def _line(cases: list[Case]) -> dict[str, float]:
    predicted, truths = _columns(cases)
    intercept, slope = linear_correction(predicted, truths)
    if slope <= 0:
        raise Conflict("no_sense", "On these cases the model's ages fall while the true ones rise. Correct nothing.")
    return {
        "intercept_months": intercept,
        "slope": slope,
        "n": len(cases),
        "low_months": float(predicted.min()),
        "high_months": float(predicted.max()),
    }


def _measured(cases: list[Case]) -> dict[str, Any]:
    """Errors before and after, each case corrected by a line that was fitted without its child."""
    predicted, truths = _columns(cases)
    part = _parts(cases)
    corrected = predicted.copy()
    for number in range(PARTS):
        held = part == number
        slope, intercept = np.polyfit(predicted[~held], truths[~held], 1)
        corrected[held] = np.maximum(0.0, intercept + slope * predicted[held])
    return {
        "n": len(cases),
        "patients": len({case.patient for case in cases}),
        "before": _errors(predicted - truths),
        "after": _errors(corrected - truths),
    }


def _parts(cases: list[Case]) -> NDArray[np.int64]:
    """Part 0 to 4 of each case; children in the order of a hash of their id, so that it is the same every time."""
    patients = sorted({case.patient for case in cases}, key=lambda one: hashlib.sha256(one.encode()).hexdigest())
    part_of = {patient: number % PARTS for number, patient in enumerate(patients)}
    return np.array([part_of[case.patient] for case in cases])


def _errors(differences: Floats) -> dict[str, float]:
    return {"mae_months": float(np.abs(differences).mean()), "bias_months": float(differences.mean())}


@transaction.atomic
def activate_calibration(*, person: Person, calibration: LocalCalibration, reason: str) -> LocalCalibration:
    """Show a candidate's ages beside the model's from now on; the one in use before is retired.

    A retired one is not put to use again: the cases that speak for it are older than the reasons against it. Fit anew.
    Raises NotAllowed, Invalid, StaleState.
    """
    if not can_calibrate(person):
        raise NotAllowed("forbidden", _NOT_YOU)
    if not reason.strip():
        raise Invalid("reason_missing", "Say why the correction is put to use.", field="reason")
    candidate = LocalCalibration.objects.filter(pk=calibration.pk, status=CalibrationStatus.CANDIDATE)
    if not candidate.exists():
        raise StaleState("correction", "a candidate")
    LocalCalibration.objects.filter(model_version=calibration.model_version_id, status=CalibrationStatus.ACTIVE).update(
        status=CalibrationStatus.RETIRED
    )
    try:
        with transaction.atomic():
            changed = candidate.update(
                status=CalibrationStatus.ACTIVE, activated_by=person, activated_at=timezone.now(), reason=reason.strip()
            )
    except IntegrityError:
        changed = 0
    if changed != 1:
        raise StaleState("correction", "a candidate")
    record_event(
        who=person, verb="activate_calibration", row=calibration, study=None, new="active", reason=reason.strip()
    )
    calibration.refresh_from_db()
    return calibration


@transaction.atomic
def retire_calibration(*, person: Person, calibration: LocalCalibration) -> LocalCalibration:
    """Show the model's ages alone again."""
    if not can_calibrate(person):
        raise NotAllowed("forbidden", _NOT_YOU)
    rows = LocalCalibration.objects.filter(pk=calibration.pk, status=CalibrationStatus.ACTIVE)
    if rows.update(status=CalibrationStatus.RETIRED) != 1:
        raise StaleState("correction", "active")
    record_event(who=person, verb="retire_calibration", row=calibration, study=None, old="active", new="retired")
    calibration.refresh_from_db()
    return calibration
