"""The release gate: a model that is worse, or cannot be compared, is refused until a person says why."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from annotations.models import Event, Person
from annotations.models.append_only import AppendOnlyError
from annotations.states import RoleName
from boneage_web.evaluation.services import tables
from boneage_web.evaluation.services.release import verdict_on
from boneage_web.registry.models import ModelVersion, Release, Snapshot, Yardstick
from boneage_web.registry.services import models as model_services
from tests.boneage_web.gate_site import evaluated, freeze, model_of
from tests.factories.people import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Models of these tests have no weights; tables of other tests are forgotten."""
    monkeypatch.setattr(model_services, "artifact_dir", lambda model: None)
    tables.forget_tables()


@pytest.fixture
def person() -> Person:
    return make_person("researcher", RoleName.RESEARCHER)


@pytest.fixture
def browser(client_of: Callable[[Person], Client], person: Person) -> Client:
    return client_of(person)


@pytest.fixture
def learnt() -> Snapshot:
    """What both models learnt from: other children than those of the gate."""
    return freeze("learnt from", [f"other-{number}" for number in range(6)], part="train")


@pytest.fixture
def held_back(person: Person) -> Snapshot:
    data = freeze("held back", [f"child-{number}" for number in range(80)], part="test")
    model_services.set_yardstick(snapshot=data, split="test", reason="consensus of three", person=person)
    return data


@pytest.fixture
def active(learnt: Snapshot, held_back: Snapshot) -> ModelVersion:
    model = model_of("a", learnt, status="active")
    evaluated(model, held_back, error_months=8)
    return model


@pytest.fixture
def candidate(learnt: Snapshot, active: ModelVersion) -> ModelVersion:
    return model_of("c", learnt)


def activate(browser: Client, model: ModelVersion, **body: str) -> Any:
    return browser.post(f"/api/v1/models/{model.pk}/activate", body, content_type="application/json")


def test_a_better_model_needs_no_reason(
    browser: Client, candidate: ModelVersion, active: ModelVersion, held_back: Snapshot
) -> None:
    evaluated(candidate, held_back, error_months=6)
    shown = browser.get(f"/api/v1/models/{candidate.pk}/release").json()["verdict"]
    assert shown["findings"] == []
    assert shown["ages"][0]["difference"] == pytest.approx(-2, abs=0.2)
    assert shown["ages"][0]["says"] == "better"
    assert {row["region"] for row in shown["regions"]} > {"all", "radius", "dp5"}
    assert activate(browser, candidate).status_code == 200
    active.refresh_from_db()
    assert active.status == "retired"


@pytest.mark.parametrize(
    ("how", "findings"),
    [
        ({"error_months": 9.0}, {"age_worse", "age_worse_male", "age_worse_female"}),
        ({"error_months": 8.0}, {"age_not_better"}),
        ({"error_months": 6.0, "missed": {"radius": 3}}, {"region_worse_radius"}),
        ({"error_months": 6.0, "refused": 4}, {"refuses_more"}),
        ({"error_months": 6.0, "films": 70}, {"other_films", "other_boxes"}),
        ({"error_months": 6.0, "films": 12}, {"other_films", "other_boxes", "too_few_films"}),
    ],
)
def test_a_worse_model_is_refused_and_a_reason_is_kept(
    browser: Client,
    candidate: ModelVersion,
    active: ModelVersion,
    held_back: Snapshot,
    how: dict[str, Any],
    findings: set[str],
) -> None:
    evaluated(candidate, held_back, **how)
    refused = activate(browser, candidate, reason="   ")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "release_gate")
    assert set(refused.json()["error"]["details"]["findings"]) == findings
    active.refresh_from_db()
    candidate.refresh_from_db()
    assert (active.status, candidate.status) == ("active", "candidate")
    assert not Release.objects.exists()

    assert activate(browser, candidate, reason="it reads infants, which the other cannot").status_code == 200
    kept = Release.objects.get()
    assert (set(kept.findings), kept.replaced) == (findings, active)
    assert kept.verdict["ages"]
    told = browser.get(f"/api/v1/models/{candidate.pk}/release").json()["releases"]
    assert [(row["reason"], row["replaced"]) for row in told] == [
        ("it reads infants, which the other cannot", active.label)
    ]
    assert Event.objects.get(verb="activate").reason == "it reads infants, which the other cannot"


def test_what_was_never_measured_is_not_better(
    browser: Client, candidate: ModelVersion, active: ModelVersion, held_back: Snapshot
) -> None:
    assert verdict_on(candidate)["findings"] == ["candidate_not_evaluated"]
    assert activate(browser, candidate).status_code == 409


def test_without_films_for_the_gate_nothing_is_compared(browser: Client, learnt: Snapshot) -> None:
    model_of("a", learnt, status="active")
    assert verdict_on(model_of("c", learnt))["findings"] == ["no_yardstick"]


def test_a_model_that_saw_the_films_proves_nothing(active: ModelVersion, held_back: Snapshot) -> None:
    seen = freeze("seen", ["child-3", "other-9"], part="train")
    cheat, stranger = model_of("d", seen), model_of("e", None)
    for model in (cheat, stranger):
        evaluated(model, held_back, error_months=1)
    assert verdict_on(cheat)["findings"] == ["candidate_learnt_from"]
    assert verdict_on(stranger)["findings"] == ["candidate_data_unknown"]


def test_laying_the_active_model_aside_is_no_way_past_the_gate(
    browser: Client, candidate: ModelVersion, active: ModelVersion, held_back: Snapshot, person: Person
) -> None:
    evaluated(candidate, held_back, error_months=9)
    model_services.retire(model=active, person=person)
    assert activate(browser, candidate).json()["error"]["code"] == "release_gate"


def test_the_first_model_of_a_site_has_nothing_to_beat(browser: Client, learnt: Snapshot) -> None:
    first = model_of("a", learnt)
    assert verdict_on(first)["against"] is None
    assert activate(browser, first).status_code == 200


def test_a_verdict_on_another_model_than_the_one_in_use_is_stale(
    candidate: ModelVersion, active: ModelVersion, held_back: Snapshot, learnt: Snapshot, person: Person
) -> None:
    evaluated(candidate, held_back, error_months=6)
    verdict = verdict_on(candidate)
    model_services.activate(model=model_of("b", learnt), person=person, reason="meanwhile")
    with pytest.raises(model_services.StaleState):
        model_services.activate(model=candidate, person=person, verdict=verdict)


def test_the_films_of_the_gate_are_set_with_a_reason_and_stay_in_the_history(
    browser: Client, held_back: Snapshot
) -> None:
    def set_to(split: str, reason: str) -> Any:
        body = {"snapshot": str(held_back.pk), "split": split, "reason": reason}
        return browser.post("/api/v1/yardstick", body, content_type="application/json")

    assert browser.get("/api/v1/yardstick").json()["yardstick"]["films"] == 80
    assert set_to("test", "").status_code == 400
    assert set_to("validation", "smaller").json()["error"]["code"] == "empty_part"
    assert set_to("test", "once more").json()["yardstick"]["reason"] == "once more"
    assert list(Yardstick.objects.values_list("reason", flat=True)) == ["once more", "consensus of three"]


def test_releases_are_written_once(candidate: ModelVersion, held_back: Snapshot, person: Person) -> None:
    evaluated(candidate, held_back, error_months=6)
    model_services.activate(model=candidate, person=person, verdict=verdict_on(candidate))
    kept = Release.objects.get()
    with pytest.raises(AppendOnlyError):
        kept.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        Release.objects.create(model_version=candidate, findings=["age_worse"], at=kept.at, reason="")


def test_whoever_reads_is_not_told(client_of: Callable[[Person], Client], candidate: ModelVersion) -> None:
    both = client_of(make_person("both", RoleName.RESEARCHER, RoleName.READER))
    assert both.get(f"/api/v1/models/{candidate.pk}/release").status_code == 403
