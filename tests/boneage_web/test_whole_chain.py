"""Films become a snapshot, a training that can be stopped, and predictions of the shipped model, by the true code."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from annotations.models import BoxSet, Person, Study
from annotations.states import BoxSetStatus, RoleName
from boneage_web.folders import runs_dir
from boneage_web.registry.models import ModelVersion, Snapshot
from boneage_web.registry.services.snapshots import snapshot_dir
from boneage_web.runs import bell, tasks
from boneage_web.runs import progress as run_progress
from boneage_web.runs.kinds import RunKind
from boneage_web.runs.models import Run
from boneage_web.runs.services.ledger import request_cancel
from boneage_web.site.demonstration import register_shipped_model
from inference.anatomy.regions import REGION_IDS
from inference.progress import Progress
from tests.boneage_web.conftest import accept_boxes, approve_age, take_in
from tests.factories.people import make_person
from training.phantom.cohort import DemoFilm
from training.snapshot import read_snapshot

TASKS = {
    RunKind.SNAPSHOT: tasks.snapshot,
    RunKind.TRAIN: tasks.train,
    RunKind.INFER: tasks.infer,
    RunKind.EVALUATE: tasks.evaluate,
}

# The first test looks for letters on every film: half a minute alone, more than one on a machine that is busy.
pytestmark = [pytest.mark.django_db, pytest.mark.timeout(180)]


@pytest.fixture(autouse=True)
def no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bell.application, "send_task", lambda *args, **kwargs: None)


@pytest.fixture
def worked_on(drawn_films: list[DemoFilm], db: None) -> list[tuple[Study, DemoFilm]]:
    """Ready studies with accepted boxes and an approved bone age."""
    labeller, reviewer = make_person("l", RoleName.LABELLER), make_person("r", RoleName.REVIEWER)
    pairs = [(take_in(film), film) for film in drawn_films]
    ready = [(study, film) for study, film in pairs if study.state == "ready"]
    for study, film in ready:
        accept_boxes(study, film, author=labeller, reviewer=reviewer)
        approve_age(study, film.bone_age_months, reviewer=reviewer)
    return ready


@pytest.fixture
def post(client_of: Callable[[Person], Client], researcher: Person) -> Callable[..., Any]:
    """The researcher's browser sends something and gets its answer."""
    browser = client_of(researcher)

    def send(path: str, body: dict[str, Any], status: int = 201) -> Any:
        response = browser.post(f"/api/v1{path}", body, content_type="application/json")
        assert response.status_code == status, response.content[:500]
        return response.json()

    return send


def do(run_id: str) -> Run:
    """What a worker does when the bell rings, but for the heartbeat's own thread (the test's rows are uncommitted)."""
    TASKS[RunKind(Run.objects.get(pk=run_id).kind)](run_id)
    return Run.objects.get(pk=run_id)


@pytest.fixture(autouse=True)
def no_heartbeat(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_progress.BoundProgress, "_beat", lambda self, ended: None)


def frozen(post: Callable[..., Any], **other: Any) -> Snapshot:
    body = {"name": "first", "test_share": 0.2, "validation_share": 0.1, "seed": 3, **other}
    run = do(post("/snapshots", body, 202)["id"])
    assert run.status == "succeeded", run.error_message
    return Snapshot.objects.get(pk=run.outcome["snapshot"])


def test_accepted_boxes_and_approved_ages_are_frozen(
    worked_on: list[tuple[Study, DemoFilm]], post: Callable[..., Any]
) -> None:
    snapshot = frozen(post)
    data = read_snapshot(snapshot_dir(snapshot), verify_pictures=True)
    assert data.hash == snapshot.hash
    assert {radiograph.id for radiograph in data.radiographs} == {
        str(study.radiographs.get(for_reading=True).pk) for study, _ in worked_on
    }
    film_of = {str(study.radiographs.get(for_reading=True).pk): film for study, film in worked_on}
    for radiograph in data.radiographs:
        film = film_of[radiograph.id]
        assert (radiograph.sex, radiograph.bone_age_months) == (film.sex, film.bone_age_months)
        assert radiograph.synthetic
        assert (radiograph.rows, radiograph.columns) == film.phantom.pixels.shape
        for region, box in data.boxes(radiograph.id).items():
            assert box == pytest.approx(film.boxes[region], rel=1e-5)
    patients = {}
    for radiograph in data.radiographs:
        assert patients.setdefault(radiograph.patient, radiograph.split) == radiograph.split
    assert post("/snapshots", {"name": "first"}, 409)["error"]["code"] == "name_taken"


def test_a_second_attempt_at_a_snapshot_ends_like_the_first(
    worked_on: list[tuple[Study, DemoFilm]], post: Callable[..., Any]
) -> None:
    snapshot = frozen(post)
    Snapshot.objects.all().delete()  # as if the worker had died between the folder and the row
    Run.objects.filter(pk=snapshot.run_id).update(status="queued")
    assert do(str(snapshot.run_id)).status == "succeeded"
    assert Snapshot.objects.get().hash == snapshot.hash


@pytest.mark.timeout(240)  # TensorFlow loads: seconds alone, minutes on a machine that is busy
def test_a_training_that_is_cancelled_stops_and_leaves_no_model(
    worked_on: list[tuple[Study, DemoFilm]], post: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot = frozen(post)
    asked = post(
        "/runs",
        {"kind": "train", "parameters": {"snapshot": str(snapshot.pk), "preset": "tiny", "overrides": {"steps": 4}}},
    )
    seen: list[str] = []
    plain = run_progress.BoundProgress.__call__

    def cancel_at_the_second_report(self: run_progress.BoundProgress, progress: Progress) -> None:
        seen.append(progress.phase)
        if progress.done == 0 and len(seen) == 2:
            request_cancel(run=Run.objects.get(pk=asked["id"]))
            if self.lease.cancel_requested():
                self._stop = run_progress.Cancelled
        plain(self, progress)

    monkeypatch.setattr(run_progress.BoundProgress, "__call__", cancel_at_the_second_report)
    run = do(asked["id"])
    assert run.status == "cancelled"
    assert seen == ["prepare", "prepare"], "it stopped where it was told"
    assert not (runs_dir() / asked["id"] / "detector").exists()
    assert not ModelVersion.objects.exists()


def test_a_training_that_cannot_end_well_is_refused_before_it_starts(
    post: Callable[..., Any], researcher: Person
) -> None:
    empty = Snapshot.objects.create(
        name="ages only",
        hash="0" * 64,
        synthetic=True,
        manifest={"counts": {"parts_with_boxes": {"train": 0}}},
    )
    parameters = {"snapshot": str(empty.pk), "preset": "tiny"}
    answer = post("/runs", {"kind": "train", "parameters": parameters}, 409)
    assert answer["error"]["code"] == "nothing_to_train_on"
    answer = post("/runs", {"kind": "train", "parameters": {**parameters, "preset": "huge"}}, 400)
    assert "preset" in answer["error"]["details"]["fields"]
    boxed = Snapshot.objects.create(
        name="boxed", hash="1" * 64, synthetic=True, manifest={"counts": {"parts_with_boxes": {"train": 1}}}
    )
    parameters = {"snapshot": str(boxed.pk), "preset": "tiny", "overrides": {"schedule.highest": 0}}
    answer = post("/runs", {"kind": "train", "parameters": parameters}, 400)
    assert answer["error"]["code"] == "setting_least"
    assert answer["error"]["details"] == {
        "settings": "schedule.highest", "least": 1e-9, "reason": "highest must be at least 1e-09, not 0.0"
    }  # fmt: skip
    assert not Run.objects.exists()


@pytest.mark.timeout(240)
def test_the_shipped_model_predicts_and_is_evaluated(
    worked_on: list[tuple[Study, DemoFilm]], post: Callable[..., Any], own_folder: Path
) -> None:
    model = register_shipped_model()
    assert model.status == "active"
    assert register_shipped_model().pk == model.pk
    asked = post(
        "/runs", {"kind": "evaluate", "parameters": {"model": str(model.pk), "cohort": None, "band_by": "bone_age"}}
    )
    run = do(asked["id"])
    assert run.status == "succeeded", run.error_message
    predictions = model.predictions.all()
    assert predictions.count() == len(worked_on), "films without a prediction are predicted first"
    assert all(len(row.boxes) + len(row.missing_regions) == len(REGION_IDS) for row in predictions)
    report = model.evaluations.get().report
    assert report["n"] == predictions.filter(bone_age_months__isnull=False).count() > 0
    assert report["synthetic"] is True
    proposed = BoxSet.objects.filter(status=BoxSetStatus.PROPOSED)
    assert proposed.count() == sum(bool(row.boxes) for row in predictions)
    again = do(post("/runs", {"kind": "infer", "parameters": {"model": str(model.pk)}})["id"])
    assert again.outcome == {"predicted": 0, "refused": 0, "known": len(worked_on)}
