"""Films -> snapshot -> training -> model -> inference -> result -> evaluation, through the tasks and the true code."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from annotations.models import BoxSet, Person
from annotations.states import BoxSetStatus, RoleName
from boneage_web.registry.models import ModelVersion
from boneage_web.results.models import Prediction
from boneage_web.runs import bell, tasks
from boneage_web.runs.kinds import RunKind
from boneage_web.runs.models import Run
from tests.boneage_web.conftest import accept_boxes, approve_age, take_in
from tests.factories.people import make_person
from training.phantom.cohort import DemoFilm

TASKS = {
    RunKind.SNAPSHOT: tasks.snapshot,
    RunKind.TRAIN: tasks.train,
    RunKind.INFER: tasks.infer,
    RunKind.EVALUATE: tasks.evaluate,
}
QUICK = {"steps": 3, "auxiliary_steps": 2}


def do(run_id: str) -> dict[str, Any]:
    """What a worker does when the bell rings."""
    TASKS[RunKind(Run.objects.get(pk=run_id).kind)](run_id)
    run = Run.objects.get(pk=run_id)
    assert run.status == "succeeded", (run.error_code, run.error_message)
    return dict(run.outcome)


def answer(response: Any, status: int = 200) -> Any:
    assert response.status_code == status, response.content[:500]
    return response.json()


@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(180)  # TensorFlow compiles its graphs; training itself is five steps
def test_from_films_to_an_evaluation(
    drawn_films: list[DemoFilm],
    client_of: Callable[[Person], Client],
    researcher: Person,
    monkeypatch: pytest.MonkeyPatch,
    own_folder: Path,
) -> None:
    monkeypatch.setattr(bell.application, "send_task", lambda *args, **kwargs: None)
    labeller, reviewer = make_person("l", RoleName.LABELLER), make_person("r", RoleName.REVIEWER)
    studies = [take_in(film) for film in drawn_films]
    for study, film in zip(studies, drawn_films, strict=True):
        if study.state == "ready":
            accept_boxes(study, film, author=labeller, reviewer=reviewer)
            approve_age(study, film.bone_age_months, reviewer=reviewer)
    browser = client_of(researcher)

    def post(path: str, body: dict[str, Any], status: int = 201) -> Any:
        return answer(browser.post(f"/api/v1{path}", body, content_type="application/json"), status)

    frozen = post("/snapshots", {"name": "first", "test_share": 0.2, "validation_share": 0.1, "seed": 3}, 202)
    snapshot = do(frozen["id"])["snapshot"]
    shown = answer(browser.get(f"/api/v1/snapshots/{snapshot}"))
    ready = sum(study.state == "ready" for study in studies)
    assert shown["counts"]["radiographs"] == shown["counts"]["with_boxes"] == ready
    assert shown["synthetic"] is True

    training = post(
        "/runs", {"kind": "train", "parameters": {"snapshot": snapshot, "preset": "tiny", "overrides": QUICK}}
    )
    model_id = do(training["id"])["model"]
    model = answer(browser.get(f"/api/v1/models/{model_id}"))
    assert (model["status"], model["preset"], model["trained_on"]["synthetic"]) == ("candidate", "tiny", True)
    assert answer(browser.get(f"/api/v1/runs/{training['id']}"))["curve"]
    answer(browser.post(f"/api/v1/models/{model_id}/activate", {}, content_type="application/json"))
    assert ModelVersion.objects.get(pk=model_id).status == "active"

    study = next(study for study in studies if study.state == "ready")
    outcome = do(post(f"/studies/{study.pk}/predict", {})["id"])
    assert outcome == {"predicted": outcome["predicted"], "refused": outcome["refused"], "known": 0}
    result = answer(browser.get(f"/api/v1/studies/{study.pk}/result"))
    prediction = Prediction.objects.get()
    assert result["status"] in ("preliminary", "refused")
    assert result["prediction"]["model"]["id"] == model_id
    assert len(result["prediction"]["boxes"]) + len(result["prediction"]["missing_regions"]) == 17
    assert result["prediction"]["bone_age_months"] == prediction.bone_age_months
    assert BoxSet.objects.filter(status=BoxSetStatus.PROPOSED).count() == bool(prediction.boxes)

    again = do(post("/runs", {"kind": "infer", "parameters": {"model": model_id}})["id"])
    assert again["known"] == 1
    assert again["predicted"] + again["refused"] == ready - 1
