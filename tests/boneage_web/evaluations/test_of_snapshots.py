"""Evaluations on a part of a snapshot: each run kept once, each use of a test part counted."""

import pytest
from django.test import Client

from boneage_web.evaluation.models import BandBy
from boneage_web.evaluation.services.evaluations import EvaluationRequest, keep_split_evaluation
from boneage_web.evaluation.services.tables import load_table
from boneage_web.registry.models import Snapshot
from boneage_web.runs.models import Run
from tests.boneage_web.route_table import make_model
from tests.factories.studies import film_of, make_study

pytestmark = pytest.mark.django_db


def test_a_run_is_evaluated_once_and_a_locked_split_is_counted(browser: Client) -> None:
    model = make_model()
    snapshot = Snapshot.objects.create(
        name="locked", hash="0" * 64, synthetic=True, test_locked=True, manifest={"counts": {}, "split": {}}
    )
    request = EvaluationRequest(
        model=model.pk, cohort=None, snapshot=snapshot.pk, split="test", band_by=BandBy.CHRONOLOGICAL_AGE
    )
    study = make_study()
    case = {
        "id": str(film_of(study).pk),
        "sex": "M",
        "truth_months": 120.0,
        "predicted_months": 110.0,
        "chronological_age_months": 100.0,
        "interval_months": None,
        "study": None,
    }
    report = {"cases": [case], "synthetic": True, "refused": {"too_few_regions": 2}}
    runs = [Run.objects.create(kind="evaluate") for _ in range(2)]
    first = keep_split_evaluation(run=runs[0], request=request, report=report, radiographs=[])
    assert keep_split_evaluation(run=runs[0], request=request, report=report, radiographs=[]).pk == first.pk
    second = keep_split_evaluation(run=runs[1], request=request, report=report, radiographs=[])
    assert (first.number, second.number) == (1, 2)
    assert (first.case_table, first.band_by) == (second.case_table, "chronological_age")
    assert list(load_table(second.case_table).study) == [str(study.pk)]
    assert second.left_out == {"too_few_regions": 2}
    shown = browser.get(f"/api/v1/evaluations/{second.pk}").json()
    assert shown["population"] | {"locked": True, "evaluations_so_far": 2} == shown["population"]
