"""Put a model's predictions beside the truth, and keep the figures (shape: `inference/statistics/report.py`)."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from annotations.base.errors import Conflict, Invalid
from annotations.models import Consensus, Radiograph
from annotations.states import ConsensusStatus, Sex, StudyState
from boneage_web.evaluation.models import BandBy, Evaluation
from boneage_web.registry.models import ModelVersion, Snapshot
from boneage_web.results.models import Prediction
from boneage_web.runs.models import Run
from inference.statistics.report import Case, evaluation_report

APPROVED_CONSENSUS = "approved consensus"
SPLITS = ("train", "validation", "test")


@dataclass(frozen=True)
class EvaluationRequest:
    """Which model on whom: a split of a snapshot, or the approved cases of a cohort (of all, without one)."""

    model: UUID
    cohort: UUID | None
    snapshot: UUID | None
    split: str
    band_by: BandBy

    def to_json(self) -> dict[str, Any]:
        """As a run's parameters."""
        return {
            "model": str(self.model),
            "cohort": str(self.cohort) if self.cohort else None,
            "snapshot": str(self.snapshot) if self.snapshot else None,
            "split": self.split or None,
            "band_by": str(self.band_by),
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "EvaluationRequest":
        """From a run's parameters."""
        return cls(
            model=UUID(values["model"]),
            cohort=UUID(values["cohort"]) if values["cohort"] else None,
            snapshot=UUID(values["snapshot"]) if values["snapshot"] else None,
            split=values["split"] or "",
            band_by=BandBy(values["band_by"]),
        )


def check_request(request: EvaluationRequest) -> None:
    """Refuse what cannot end well, before a run is made. Raises Invalid or Conflict."""
    if not ModelVersion.objects.filter(pk=request.model).exists():
        raise Invalid("unknown_model", "There is no such model. Choose one of the list.")
    if request.snapshot is not None:
        if request.cohort is not None or request.split not in SPLITS:
            raise Invalid("one_population", "Choose a cohort, or a snapshot with one of its splits.")
        if not Snapshot.objects.filter(pk=request.snapshot).exists():
            raise Invalid("unknown_snapshot", "There is no such snapshot. Choose one of the list.")
    elif request.split:
        raise Invalid("one_population", "A split belongs to a snapshot. Choose the snapshot too.")
    elif not approved_radiographs(request.cohort):
        raise Conflict("no_truth", "No bone age is approved here yet, so there is nothing to compare with.")


def approved_radiographs(cohort: UUID | None) -> list[Radiograph]:
    """Radiographs of ready studies with an approved bone age."""
    approved = Consensus.objects.filter(status=ConsensusStatus.APPROVED, radiograph__study__state=StudyState.READY)
    if cohort is not None:
        approved = approved.filter(radiograph__study__cohort=cohort)
    rows = approved.select_related("radiograph__study").order_by("radiograph__study__received_at", "radiograph_id")
    return [consensus.radiograph for consensus in rows]


def evaluate_cohort(*, run: Run, request: EvaluationRequest) -> Evaluation:
    """Compare the model's newest prediction of each approved radiograph with its approved bone age."""
    radiographs = approved_radiographs(request.cohort)
    ids = [radiograph.pk for radiograph in radiographs]
    truths = dict(
        Consensus.objects.filter(radiograph__in=ids, status=ConsensusStatus.APPROVED).values_list(
            "radiograph_id", "bone_age_months"
        )
    )
    newest: dict[UUID, Prediction] = {}
    for prediction in Prediction.objects.filter(model_version=request.model, radiograph__in=ids).order_by("created_at"):
        newest[prediction.radiograph_id] = prediction
    cases, left_out = [], Counter[str]()
    for radiograph in radiographs:
        answer = newest.get(radiograph.pk)
        if answer is None or answer.bone_age_months is None:
            left_out[answer.error_code if answer else "not_predicted"] += 1
        else:
            cases.append(_case(radiograph, truths[radiograph.pk], answer))
    if not cases:
        raise Conflict("nothing_to_compare", "The model gave a bone age for none of the approved films.")
    synthetic = any(radiograph.synthetic for radiograph in radiographs)
    report = evaluation_report(cases, band_by=request.band_by.value, synthetic=synthetic)
    return _keep(run=run, request=request, truth=APPROVED_CONSENSUS, report=report, left_out=dict(left_out))


def _case(radiograph: Radiograph, truth_months: float | None, answer: Prediction) -> Case:
    """Constraints of the tables promise what is asserted here: an approved age, and no prediction without sex."""
    assert truth_months is not None
    assert answer.bone_age_months is not None
    assert answer.sex is not None
    interval = None
    if answer.interval_low_months is not None and answer.interval_high_months is not None:
        interval = (answer.interval_low_months, answer.interval_high_months)
    return Case(
        id=str(radiograph.pk),
        sex="M" if answer.sex == Sex.MALE else "F",
        truth_months=truth_months,
        predicted_months=answer.bone_age_months,
        chronological_age_months=answer.chronological_age_months,
        interval_months=interval,
        study=str(radiograph.study_id),
    )


def keep_split_evaluation(*, run: Run, request: EvaluationRequest, report: Mapping[str, Any]) -> Evaluation:
    """Keep the figures that `training.evaluate` made for a split of a snapshot, which rests on approved consensus.

    Its cases get the studies of this site, so that each leads to its film; another banding is counted here.
    """
    studies = {
        str(radiograph): str(study)
        for radiograph, study in Radiograph.objects.filter(pk__in=[case["id"] for case in report["cases"]]).values_list(
            "pk", "study"
        )
    }
    cases = [Case(**{**case, "study": studies.get(case["id"])}) for case in report["cases"]]
    figures = evaluation_report(cases, band_by=request.band_by.value, synthetic=bool(report["synthetic"]))
    return _keep(
        run=run,
        request=request,
        truth=APPROVED_CONSENSUS,
        report={**report, **figures},
        left_out=dict(report.get("refused", {})),
    )


@transaction.atomic
def _keep(
    *, run: Run, request: EvaluationRequest, truth: str, report: Mapping[str, Any], left_out: dict[str, int]
) -> Evaluation:
    """One row for each run; numbered within its snapshot split, whichever model was asked."""
    known = Evaluation.objects.filter(run=run).first()
    if known is not None:
        return known
    before = 0
    if request.snapshot is not None:
        Snapshot.objects.select_for_update().filter(pk=request.snapshot).values_list("pk").get()
        before = Evaluation.objects.filter(snapshot=request.snapshot, split=request.split).count()
    return Evaluation.objects.create(
        model_version_id=request.model,
        run=run,
        cohort_id=request.cohort,
        snapshot_id=request.snapshot,
        split=request.split,
        truth=truth,
        band_by=request.band_by,
        number=before + 1,
        left_out=left_out,
        report=dict(report),
        created_by=run.requested_by,
    )
