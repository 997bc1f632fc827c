"""Predictions, the result page, evaluations, reactions: with a model whose answers are known."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from annotations.models import Consensus, Exposure, Person, Study
from annotations.models.append_only import AppendOnlyError
from annotations.services import consensus
from annotations.services.studies import state_facts
from annotations.states import ExposureKind, RoleName
from boneage_web.evaluation.models import BandBy, Evaluation
from boneage_web.evaluation.services.evaluations import EvaluationRequest, evaluate_cohort
from boneage_web.registry.models import ModelVersion
from boneage_web.results import selectors
from boneage_web.results.models import Prediction
from boneage_web.results.selectors import radiographs_to_predict
from boneage_web.results.services import predictions
from boneage_web.runs import bell
from boneage_web.runs.models import Run, Worker
from inference.anatomy.boxes import Box
from inference.explain import Contribution, Explanation
from inference.film_request import FilmRequest
from inference.imaging.view import View
from inference.progress import Cancelled, Progress
from inference.standards.bone_age_sd import SD_TABLES, sds
from tests.boneage_web.conftest import approve_age
from tests.boneage_web.route_table import make_model
from tests.factories.people import make_person
from tests.factories.studies import film_of, make_study, make_unreadable_film

pytestmark = pytest.mark.django_db


class Found(NamedTuple):
    """A box and how sure the model is."""

    box: Box
    score: float


@dataclass(frozen=True)
class Answer:
    """What a pipeline answers."""

    bone_age_months: float | None
    boxes: dict[str, Any] = field(default_factory=lambda: {"radius": Found(Box(1, 2, 30, 40), 0.9)})
    interval_months: tuple[float, float] | None = None
    inputs_used: tuple[str, ...] = ("region_features", "sex")
    stage_seconds: dict[str, float] = field(default_factory=lambda: {"detect": 0.123456})
    error_code: str | None = None
    error_message: str | None = None
    explanation: Explanation | None = None


def predict(request: FilmRequest) -> Answer:
    """Ten months below the chronological age, and no age without sex."""
    if request.sex is None:
        return Answer(None, error_code="sex_missing", error_message="State the sex.")
    age = request.chronological_age_months
    assert age is not None
    contributions = (Contribution("radius", -6.0), Contribution("sex", 4.0), Contribution("ulna", 0.5, found=False))
    explanation = Explanation(age - 10, age - 10, age - 8.5, contributions)
    return Answer(age - 10, interval_months=(age - 20, age), explanation=explanation)


class KnownModel:
    """Prepares nothing, answers with :func:`predict`, and remembers what it was shown and how much at once."""

    def __init__(self) -> None:
        self.shown: list[list[FilmRequest]] = []

    def prepare(self, request: FilmRequest) -> FilmRequest:
        return request

    def predict_prepared(self, films: Sequence[FilmRequest]) -> list[Answer]:
        self.shown.append(list(films))
        return [predict(one) for one in films]


@pytest.fixture(autouse=True)
def films(monkeypatch: pytest.MonkeyPatch) -> None:
    """Films of the factories hold no picture; what is read does not matter to a model that looks at the age."""
    monkeypatch.setattr(predictions, "read_film", lambda data: data)
    monkeypatch.setattr(bell.application, "send_task", lambda *args, **kwargs: None)


def ask(model: ModelVersion, *studies: Study) -> dict[str, int]:
    return predictions.predict_radiographs(
        model=model, radiographs=[film_of(study) for study in studies], asked=KnownModel(), run=None
    )


def test_each_film_is_asked_once_and_its_boxes_are_proposed() -> None:
    model, study = make_model(), make_study(stored=True)
    assert ask(model, study) == {"predicted": 1, "refused": 0, "known": 0}
    assert ask(model, study) == {"predicted": 0, "refused": 0, "known": 1}
    row = Prediction.objects.get()
    assert (row.bone_age_months, row.interval_low_months, row.interval_high_months) == (110, 100, 120)
    assert row.boxes == [{"region": "radius", "x0": 1, "y0": 2, "x1": 30, "y1": 40, "score": 0.9}]
    assert len(row.missing_regions) == 16
    assert row.base_months + sum(one["months"] for one in row.contributions) == row.bone_age_months
    assert row.contributions[2] == {"owner": "ulna", "months": 0.5, "found": False}
    proposal = film_of(study).box_sets.get()
    assert (proposal.status, proposal.model_label) == ("proposed", model.label)


def test_the_model_is_shown_the_film_as_people_see_it() -> None:
    film, asked = film_of(make_study(stored=True)), KnownModel()
    film.view_quarter_turns, film.view_mirrored = 3, True
    predictions.predict_radiographs(model=make_model(), radiographs=[film], asked=asked, run=None)
    assert [one.view for one in asked.shown[0]] == [View(3, mirrored=True)]


def test_films_are_looked_at_together_and_each_answer_is_kept_as_soon_as_it_is_there() -> None:
    model, asked = make_model(), KnownModel()
    ages = [100.0 + i for i in range(predictions.FILMS_TOGETHER + 2)]
    studies = [make_study(stored=True, chronological_age_months=age) for age in ages]
    kept: list[tuple[int, int]] = []

    def stops_after_five(progress: Progress) -> None:
        kept.append((progress.done, Prediction.objects.count()))
        if progress.done == predictions.FILMS_TOGETHER + 1:
            raise Cancelled

    radiographs = [film_of(study) for study in studies]
    with pytest.raises(Cancelled):
        predictions.predict_radiographs(
            model=model, radiographs=radiographs, asked=asked, run=None, on_progress=stops_after_five
        )
    assert kept == [(i, i) for i in range(predictions.FILMS_TOGETHER + 2)]
    assert [len(films) for films in asked.shown] == [predictions.FILMS_TOGETHER, 2]
    counts = predictions.predict_radiographs(model=model, radiographs=radiographs, asked=asked, run=None)
    assert counts == {"predicted": 1, "refused": 0, "known": predictions.FILMS_TOGETHER + 1}
    found = {row.radiograph_id: row.bone_age_months for row in Prediction.objects.all()}
    assert found == {one.pk: age - 10 for one, age in zip(radiographs, ages, strict=True)}, "no answer is another's"


def test_without_sex_there_are_boxes_and_no_age_until_somebody_states_it(
    client_of: Callable[[Person], Client],
) -> None:
    model, study = make_model(), make_study(sex=None, stored=True)
    reviewer = make_person("reviewer", RoleName.REVIEWER)
    assert ask(model, study) == {"predicted": 0, "refused": 1, "known": 0}
    result = client_of(reviewer).get(f"/api/v1/studies/{study.pk}/result").json()
    assert result["status"] == "refused"
    assert result["prediction"]["error"] == {"code": "sex_missing", "message": "State the sex."}
    assert result["prediction"]["boxes"]
    assert result["prediction"]["bone_age_months"] is None
    assert result["sds"] == []
    state_facts(person=reviewer, study=study, sex="F")
    study.refresh_from_db()
    assert client_of(reviewer).get(f"/api/v1/studies/{study.pk}/result").json()["prediction"]["outdated"] is True
    assert ask(model, study) == {"predicted": 1, "refused": 0, "known": 0}
    result = client_of(reviewer).get(f"/api/v1/studies/{study.pk}/result").json()
    assert (result["status"], result["prediction"]["sex_source"]) == ("preliminary", "stated")
    assert result["prediction"]["outdated"] is False
    assert Prediction.objects.count() == 2, "what was said before stays"


def test_a_film_that_cannot_be_read_is_a_refusal_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    from inference.imaging.errors import FilmError

    model, good, bad = make_model(), make_study(stored=True), make_study(stored=True)
    default_storage.delete(film_of(bad).film_name)
    default_storage.save(film_of(bad).film_name, ContentFile(b"broken"))

    def read(data: bytes) -> bytes:
        if data == b"broken":
            raise FilmError("truncated")
        return data

    monkeypatch.setattr(predictions, "read_film", read)
    assert ask(model, bad, good) == {"predicted": 1, "refused": 1, "known": 0}
    assert Prediction.objects.get(radiograph=film_of(bad)).error_code == "truncated"
    assert Prediction.objects.get(radiograph=film_of(good)).bone_age_months == 110


def test_a_prediction_is_never_changed() -> None:
    model, study = make_model(), make_study(stored=True)
    ask(model, study)
    row = Prediction.objects.get()
    row.bone_age_months = 1.0
    with pytest.raises(AppendOnlyError):
        row.save()
    with pytest.raises(AppendOnlyError):
        Prediction.objects.update(bone_age_months=1.0)
    with pytest.raises(IntegrityError), transaction.atomic():
        Prediction.objects.create(
            model_version=model, radiograph=film_of(study), inputs_key=row.inputs_key, sex="M", bone_age_months=1.0
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Prediction.objects.create(
            model_version=model, radiograph=film_of(study), inputs_key="-:-", sex=None, bone_age_months=1.0
        )


def test_the_result_stands_beside_named_tables_and_what_was_shown_is_remembered(
    client_of: Callable[[Person], Client],
) -> None:
    model, study = make_model(), make_study(stored=True)
    ask(model, study)
    approve_age(study, 115.0, reviewer=make_person("other", RoleName.REVIEWER))
    person = make_person("adjudicator", RoleName.ADJUDICATOR)
    result = client_of(person).get(f"/api/v1/studies/{study.pk}/result").json()
    assert result["difference_months"] == -10
    assert {row["table"]: row["sds"] for row in result["sds"]} == {
        table: pytest.approx(sds(table, "M", 120.0, 110.0)) for table in SD_TABLES
    }
    assert result["truth"]["bone_age_months"] == 115.0
    assert result["research_use_only"] is True
    assert result["prediction"]["model"]["synthetic"] is True
    kinds = set(Exposure.objects.filter(person=person).values_list("kind", flat=True))
    assert kinds == {ExposureKind.MODEL_RESULT, ExposureKind.CHRONOLOGICAL_AGE, ExposureKind.CONSENSUS}


def test_outside_a_table_there_is_no_score(client_of: Callable[[Person], Client]) -> None:
    model, study = make_model(), make_study(stored=True, chronological_age_months=300.0)
    ask(model, study)
    person = make_person("adjudicator", RoleName.ADJUDICATOR)
    rows = client_of(person).get(f"/api/v1/studies/{study.pk}/result").json()["sds"]
    assert [(row["sd_months"], row["sds"], row["class"]) for row in rows] == [(None, None, None)] * len(SD_TABLES)


@pytest.mark.parametrize("roles", [(RoleName.READER,), (RoleName.READER, RoleName.RESEARCHER, RoleName.ADMINISTRATOR)])
def test_who_may_still_read_a_film_is_told_nothing_whatever_other_roles(
    client_of: Callable[[Person], Client], roles: tuple[RoleName, ...]
) -> None:
    model, study = make_model(), make_study(stored=True)
    ask(model, study)
    reader = make_person("reader", *roles)
    browser = client_of(reader)
    refused = browser.get(f"/api/v1/studies/{study.pk}/result")
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "blinded")
    assert b"110" not in refused.content
    assert browser.post(f"/api/v1/studies/{study.pk}/predict").status_code == 403
    assert browser.get("/api/v1/evaluations").status_code == 403
    row = browser.get(f"/api/v1/studies/{study.pk}").json()
    assert (row["blinded"], row["prediction"]) == (True, None)
    assert not Exposure.objects.filter(person=reader).exists()


def test_the_study_list_shows_what_the_active_model_said(client_of: Callable[[Person], Client]) -> None:
    old, new = make_model("1" * 64, status="retired"), make_model("2" * 64)
    study, other = make_study(stored=True), make_study()
    ask(old, study)
    browser = client_of(make_person("reviewer", RoleName.REVIEWER))
    rows = {row["id"]: row for row in browser.get("/api/v1/studies").json()["results"]}
    assert rows[str(study.pk)]["prediction"] is None, "only the active model speaks here"
    ask(new, study)
    rows = {row["id"]: row for row in browser.get("/api/v1/studies").json()["results"]}
    assert rows[str(study.pk)]["prediction"] == {
        "bone_age_months": 110,
        "interval_months": [100, 120],
        "model": new.label,
    }
    found = browser.get("/api/v1/studies?has=predicted").json()["results"]
    assert [row["id"] for row in found] == [str(study.pk)]
    assert str(other.pk) in rows


def test_arriving_films_make_one_waiting_run_and_stated_facts_another(
    django_capture_on_commit_callbacks: Any,
) -> None:
    from annotations.announce import StudyReady, announce

    model, studies = make_model(), [make_study(stored=True) for _ in range(3)]
    with django_capture_on_commit_callbacks(execute=True):
        for study in studies:
            announce(StudyReady(study=study.pk, radiograph=film_of(study).pk))
    run = Run.objects.get()
    assert run.parameters == {"model": str(model.pk), "arrivals": True}
    ask(model, studies[0])
    waiting = radiographs_to_predict(scope=run.parameters)
    assert [radiograph.study_id for radiograph in waiting] == [study.pk for study in studies[1:]]
    sexless = make_study(sex=None)
    with django_capture_on_commit_callbacks(execute=True):
        state_facts(person=make_person("reviewer", RoleName.REVIEWER), study=sexless, sex="F")
    assert Run.objects.filter(parameters={"model": str(model.pk), "study": str(sexless.pk)}).count() == 1


def test_an_archive_is_shared_out_over_runs_without_a_film_twice_or_none(
    client_of: Callable[[Person], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selectors, "FILMS_PER_RUN", 2)
    model, studies = make_model(), [make_study(stored=True) for _ in range(5)]
    browser = client_of(make_person("researcher", RoleName.RESEARCHER))
    body = {"kind": "infer", "parameters": {"model": str(model.pk), "cohort": None}}
    first = browser.post("/api/v1/runs", body, content_type="application/json")
    assert first.status_code == 201
    runs = [dict(run.parameters) for run in Run.objects.order_by("created_at")]
    asked = {"model": str(model.pk), "cohort": None, "parts": 3}
    assert runs == [{**asked, "part": part} for part in (1, 2, 3)]
    assert first.json()["parameters"]["part"] == 1
    shared_out = [film.pk for parameters in runs for film in radiographs_to_predict(scope=parameters)]
    assert sorted(shared_out) == sorted(film_of(study).pk for study in studies)


def test_films_are_shared_out_over_the_workers_that_live(
    client_of: Callable[[Person], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selectors, "LEAST_FILMS_PER_RUN", 2)
    model = make_model()
    for _ in range(7):
        make_study()
    now = timezone.now()
    for name, queues, seen_at in (
        ("a:1", "cpu", now),
        ("b:1", "cpu,gpu", now),
        ("c:1", "gpu", now),
        ("d:1", "cpu", now - timedelta(hours=1)),
    ):
        Worker.objects.create(name=name, queues=queues, started_at=now, seen_at=seen_at)
    browser = client_of(make_person("researcher", RoleName.RESEARCHER))
    body = {"kind": "infer", "parameters": {"model": str(model.pk), "cohort": None}}
    first = browser.post("/api/v1/runs", body, content_type="application/json").json()
    batch = browser.get("/api/v1/runs", {"batch": first["batch"]}).json()["results"]
    assert sorted(run["parameters"]["part"] for run in batch) == [1, 2]
    assert {run["parameters"]["parts"] for run in batch} == {2}


def test_without_an_active_model_nothing_is_started(
    client_of: Callable[[Person], Client], django_capture_on_commit_callbacks: Any
) -> None:
    from annotations.announce import StudyReady, announce

    study = make_study()
    with django_capture_on_commit_callbacks(execute=True):
        announce(StudyReady(study=study.pk, radiograph=film_of(study).pk))
    assert not Run.objects.exists()
    answer = client_of(make_person("reviewer", RoleName.REVIEWER)).post(f"/api/v1/studies/{study.pk}/predict")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "no_active_model")


def evaluation_of(model: ModelVersion) -> Evaluation:
    request = EvaluationRequest(model=model.pk, cohort=None, snapshot=None, split="", band_by=BandBy.BONE_AGE)
    return evaluate_cohort(run=Run.objects.create(kind="evaluate"), request=request)


def test_an_evaluation_compares_approved_ages_and_says_whom_it_left_out(
    client_of: Callable[[Person], Client],
) -> None:
    model, reviewer = make_model(), make_person("reviewer", RoleName.REVIEWER)
    near, far, sexless, unasked, unapproved = (make_study(stored=True, sex=sex) for sex in ("M", "F", None, "M", "M"))
    for study, truth in ((near, 112.0), (far, 102.0), (sexless, 100.0), (unasked, 100.0)):
        approve_age(study, truth, reviewer=reviewer)
    unreadable = make_unreadable_film("motion", "cast")
    consensus.confirm_unreadable(
        person=reviewer, consensus=Consensus.objects.get(radiograph__study=unreadable, status="unreadable")
    )
    make_unreadable_film("motion", "cast")  # waits for a reviewer
    ask(model, near, far, sexless, unapproved, unreadable)
    evaluation = evaluation_of(model)
    assert evaluation.report["n"] == 2
    assert evaluation.report["overall"]["mae_months"] == pytest.approx(5.0)
    assert evaluation.report["overall"]["bias_months"] == pytest.approx(3.0)
    assert evaluation.report["offers"]["truths"] == {"consensus": 2, "single_read": 0}
    assert evaluation.left_out == {"sex_missing": 1, "not_predicted": 1, "no_bone_age": 1}
    browser = client_of(reviewer)
    address = f"/api/v1/evaluations/{evaluation.pk}"
    cases = browser.get(f"{address}/cases").json()["results"]
    assert [case["study"] for case in cases] == [str(far.pk), str(near.pk)]
    assert browser.get(address).json()["population"]["synthetic"] is True
    assert browser.get("/api/v1/evaluations").json()["results"][0]["overall"]["n"] == 2
    table = browser.get(f"{address}/figures/table3.csv").content.decode("utf-8-sig").splitlines()
    assert "# synthetic films,yes" in table
    head = next(line for line in table if line.startswith("band,")).split(",")
    last = dict(zip(head, table[-1].split(","), strict=True))
    assert (last["band"], last["n"], float(last["mae_months"])) == ("all", "2", pytest.approx(5.0))
