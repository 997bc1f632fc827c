"""Who signs what, what a signature freezes, and what a correction is."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from annotations.models import Consensus, Event, Exposure, Opening, Person, Read, Study
from annotations.models.append_only import AppendOnlyError
from annotations.permissions.reads import readable_by
from annotations.services.consensus import counted_reads
from annotations.services.corrections import corrections_of
from annotations.services.studies import state_facts
from annotations.states import ExposureKind, ReadRound, RoleName
from boneage_web.results.models import Prediction, SignedResult
from tests.boneage_web.conftest import approve_age
from tests.boneage_web.route_table import make_model
from tests.factories.people import make_person
from tests.factories.studies import film_of, make_study

pytestmark = pytest.mark.django_db

SIGN: dict[str, Any] = {
    "basis": "model",
    "bone_age_months": 110.0,
    "reference": "gp1959_brush",
    "based_on_version": None,
}


def predicted(*, age: float = 110.0, chronological: float = 120.0, sex: str = "M") -> Study:
    study = make_study(chronological_age_months=chronological, sex=sex)
    Prediction.objects.create(
        model_version=make_model(f"{Prediction.objects.count():08x}" * 8, status="candidate"),
        radiograph=film_of(study),
        inputs_key=f"{sex}:{chronological:.2f}",
        sex=sex,
        chronological_age_months=chronological,
        bone_age_months=age,
        interval_low_months=age - 10,
        interval_high_months=age + 10,
    )
    return study


def sign(browser: Client, study: Study, **changed: Any) -> Any:
    return browser.post(
        f"/api/v1/studies/{study.pk}/result/sign", data={**SIGN, **changed}, content_type="application/json"
    )


def test_a_signature_makes_the_result_final_and_freezes_it(
    client_of: Callable[[Person], Client], reviewer: Person
) -> None:
    study, browser = predicted(), client_of(reviewer)
    answer = sign(browser, study)
    assert answer.status_code == 201, answer.json()
    result = answer.json()
    assert result["status"] == "signed"
    assert (result["signed"]["bone_age_months"], result["signed"]["version"]) == (110.0, 1)
    assert result["signed"]["signed_by"]["username"] == "reviewer"
    row = SignedResult.objects.get()
    assert row.content["status"] == "signed"
    assert row.content["sds"][0]["table"] == "gp1959_brush"
    assert Event.objects.get(study=study).verb == "sign"
    row.bone_age_months = 1.0
    with pytest.raises(AppendOnlyError):
        row.save()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE results_signedresult SET bone_age_months = 1")


def test_what_is_signed_is_what_was_shown(client_of: Callable[[Person], Client], reviewer: Person) -> None:
    study, browser = predicted(), client_of(reviewer)
    assert sign(browser, study, bone_age_months=111.0).json()["error"]["code"] == "stale_state"
    assert sign(browser, study, based_on_version=1).json()["error"]["code"] == "stale_state"
    assert sign(browser, study, basis="consensus").json()["error"]["code"] == "nothing_to_sign"
    assert sign(browser, study, basis="calibrated").json()["error"]["code"] == "nothing_to_sign"
    assert sign(browser, study, reference="somewhere").json()["error"]["code"] == "unknown_reference"
    state_facts(person=reviewer, study=study, chronological_age_months=120.5)
    Study.objects.filter(pk=study.pk).update(chronological_age_months=121.0)
    assert sign(browser, study).json()["error"]["code"] == "outdated"
    assert not SignedResult.objects.exists()


def test_far_from_the_age_the_identity_is_to_be_checked_first(
    client_of: Callable[[Person], Client], reviewer: Person
) -> None:
    study, browser = predicted(age=160.0), client_of(reviewer)
    shown = browser.get(f"/api/v1/studies/{study.pk}/result").json()
    assert shown["check_identity"] is True
    assert sign(browser, study, bone_age_months=160.0).json()["error"]["code"] == "check_identity"
    signed = sign(browser, study, bone_age_months=160.0, identity_checked=True)
    assert signed.json()["check_identity"] is True
    corrected = sign(
        browser, study, based_on_version=1, basis="correction", bone_age_months=116.0, reason="ulna is younger"
    )
    assert corrected.json()["check_identity"] is False, "it is asked of the age that stands, not of the model's"


def test_a_change_of_mind_is_a_new_version_with_a_reason(
    client_of: Callable[[Person], Client], reviewer: Person
) -> None:
    study, browser = predicted(), client_of(reviewer)
    sign(browser, study)
    assert sign(browser, study, based_on_version=1).json()["error"]["code"] == "reason_missing"
    other = client_of(make_person("adjudicator", RoleName.ADJUDICATOR))
    again = sign(other, study, based_on_version=1, basis="correction", bone_age_months=116.0, reason="ulna is older")
    assert again.json()["status"] == "amended"
    assert [(row["version"], row["bone_age_months"]) for row in again.json()["signatures"]] == [(2, 116.0), (1, 110.0)]
    first = SignedResult.objects.get(version=1)
    assert (first.bone_age_months, first.content["status"]) == (110.0, "signed"), "the old version stays as it was"
    assert sign(browser, study, based_on_version=1, reason="late").json()["error"]["code"] == "stale_state"


def test_a_correction_is_a_read_in_sight_of_the_model_and_no_independent_one(
    client_of: Callable[[Person], Client], reviewer: Person
) -> None:
    study, browser = predicted(), client_of(reviewer)
    browser.get(f"/api/v1/studies/{study.pk}/result")
    without = sign(browser, study, basis="correction", bone_age_months=117.0)
    assert without.json()["error"]["code"] == "reason_missing"
    assert sign(browser, study, basis="correction", bone_age_months=500.0, reason="x").status_code == 400
    assert sign(browser, study, basis="correction", bone_age_months=117.0, reason="carpals").status_code == 201
    read = Read.objects.get()
    assert (read.round, read.bone_age_months, read.after_age_seen) == (ReadRound.CORRECTION, 117.0, True)
    assert SignedResult.objects.get().read == read
    film = film_of(study)
    assert [one.bone_age_months for one in corrections_of(film)] == [117.0]
    assert not Consensus.objects.exists(), "it makes no truth by itself"
    assert Exposure.objects.filter(person=reviewer, kind=ExposureKind.MODEL_RESULT).exists()
    consensus = approve_age(study, 115.0, reviewer=make_person("other", RoleName.REVIEWER))
    assert counted_reads(consensus) == []
    detail = browser.get(f"/api/v1/consensus/{consensus.pk}").json()
    assert detail["corrections"] == [{"bone_age_months": 117.0, "reason": "carpals"}]
    sign(browser, study, basis="correction", bone_age_months=118.0, reason="again", based_on_version=1)
    assert [(one.version, one.bone_age_months) for one in corrections_of(film)] == [(2, 118.0)]


def test_who_corrected_is_never_asked_to_read_blind(client_of: Callable[[Person], Client], reviewer: Person) -> None:
    study = predicted()
    sign(client_of(reviewer), study, basis="correction", bone_age_months=117.0, reason="carpals")
    now_a_reader = make_person("new", RoleName.READER)
    assert film_of(study) in readable_by(now_a_reader)
    Read.objects.update(reader=now_a_reader)
    assert film_of(study) not in readable_by(now_a_reader)


@pytest.mark.parametrize(
    "roles", [(RoleName.LABELLER,), (RoleName.RESEARCHER,), (RoleName.ADMINISTRATOR,), (RoleName.READER,)]
)
def test_who_may_not_sign(client_of: Callable[[Person], Client], roles: tuple[RoleName, ...]) -> None:
    """A reader is turned away while they may still be asked to read it blind."""
    study, browser = predicted(), client_of(make_person("somebody", *roles))
    assert sign(browser, study).status_code == 403
    assert not SignedResult.objects.exists()


def test_a_reader_signs_what_is_approved(client_of: Callable[[Person], Client], reviewer: Person) -> None:
    study = predicted()
    approve_age(study, 114.0, reviewer=reviewer)
    browser = client_of(make_person("reader", RoleName.READER))
    answer = sign(browser, study, basis="consensus", bone_age_months=114.0)
    assert answer.status_code == 201, answer.json()
    content = SignedResult.objects.get().content
    assert (content["basis"], content["interval_months"]) == ("consensus", None), (
        "the model's interval is not the truth's"
    )


def test_opening_a_result_is_logged_once_in_a_while(client_of: Callable[[Person], Client], reviewer: Person) -> None:
    study, browser = predicted(), client_of(reviewer)
    for _ in range(3):
        browser.get(f"/api/v1/studies/{study.pk}")
        browser.get(f"/api/v1/studies/{study.pk}/result")
    assert sorted(Opening.objects.values_list("kind", "place")) == [("film", "study"), ("result", "result")]
    with pytest.raises(AppendOnlyError):
        Opening.objects.all().delete()


def test_the_child_s_other_films_stand_in_the_chart_but_not_those_to_be_read_blind(
    client_of: Callable[[Person], Client], reviewer: Person
) -> None:
    first, second = predicted(age=100.0, chronological=108.0), predicted(age=125.0, chronological=120.0)
    Study.objects.filter(pk=second.pk).update(patient=first.patient)
    points = client_of(reviewer).get(f"/api/v1/studies/{second.pk}/result").json()["growth"]["points"]
    assert [(one["study"], one["bone_age_months"]) for one in points] == [
        (str(first.pk), 100.0),
        (str(second.pk), 125.0),
    ]
    assert points[0]["change"] is None
    assert points[1]["change"]["rate"] == pytest.approx(25 / 12)
    assert points[1]["change"]["within_noise"] is True
    reader = make_person("reader", RoleName.READER)
    approve_age(second, 124.0, reviewer=reviewer)
    points = client_of(reader).get(f"/api/v1/studies/{second.pk}/result").json()["growth"]["points"]
    assert [one["study"] for one in points] == [str(second.pk)], "the first may still come to this reader"
    assert not Exposure.objects.filter(person=reader, radiograph=film_of(first)).exists()
