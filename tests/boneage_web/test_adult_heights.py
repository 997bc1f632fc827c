"""A typed height and the adult height predicted of it, or why there is none: over HTTP, in reports, in signatures."""

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client

from annotations.models import Event, Person, Study
from annotations.models.append_only import AppendOnlyError
from annotations.states import AgeSource, RoleName
from boneage_web.results.models import HeightMeasurement, SignedResult, height
from boneage_web.results.reports.table import report_csv
from boneage_web.results.reports.text import report_text
from boneage_web.results.selectors import standing_height
from tests.boneage_web.report_facts import FACTS
from tests.boneage_web.test_signing import predicted, sign
from tests.factories.people import make_person
from tests.factories.studies import make_study

pytestmark = pytest.mark.django_db

HEIGHT: dict[str, Any] = {"height_cm": 142.3, "days_from_film": -12, "based_on": None}
ClientOf = Callable[[Person], Client]


def state(browser: Client, study: Study, **changed: Any) -> Any:
    return browser.post(
        f"/api/v1/studies/{study.pk}/result/height", data={**HEIGHT, **changed}, content_type="application/json"
    )


def result_of(browser: Client, study: Study) -> dict[str, Any]:
    return browser.get(f"/api/v1/studies/{study.pk}/result").json()


def test_a_height_predicts_an_adult_height(client_of: ClientOf, reviewer: Person) -> None:
    """A boy of 120 months, bone age 114 with an interval of 104 to 124: average, 76.9 %."""
    study, browser = predicted(age=114.0), client_of(reviewer)
    assert (result_of(browser, study)["adult_height"], result_of(browser, study)["heights"]) == (None, [])
    answer = state(browser, study)
    assert answer.status_code == 201, answer.json()
    said = answer.json()["adult_height"]
    assert (said["category"], said["percent"], said["refusal"]) == ("average", 76.9, None)
    assert said["predicted_cm"] == pytest.approx(142.3 / 0.769)
    # at 108 months the category begins to be retarded
    low, high = said["range_cm"]
    assert high == pytest.approx(142.3 / 0.752)
    assert low == pytest.approx(142.3 / (0.791 + (124 - 123) / 3 * 0.004))
    assert said["range_cm"] == result_of(browser, study)["adult_height"]["range_cm"]
    assert (said["model_age"], said["basis"], said["table"]["id"]) == (True, "model", "bayley_pinneau_1952")
    assert "one public transcription" in said["table"]["source_en"]
    assert "一份公开转录" in said["table"]["source_zh"]
    [line] = answer.json()["heights"]
    assert (line["height_cm"], line["days_from_film"], line["stated_by"]["username"]) == (142.3, -12, "reviewer")
    assert result_of(browser, study)["status"] == "preliminary"


def test_the_range_goes_as_far_as_the_steps_of_the_categories(client_of: ClientOf, reviewer: Person) -> None:
    study, browser = predicted(age=131.0), client_of(reviewer)
    low, high = state(browser, study).json()["adult_height"]["range_cm"]
    assert low == pytest.approx(142.3 / 0.804), "average just below 132 months"
    assert high == pytest.approx(142.3 / 0.767), "accelerated at 132 months"


def test_without_an_input_there_is_no_prediction_and_the_reason(client_of: ClientOf, reviewer: Person) -> None:
    browser = client_of(reviewer)
    nothing = make_study()
    assert state(browser, nothing).json()["adult_height"]["refusal"] == "no_bone_age"
    study = predicted()
    state(browser, study)
    Study.objects.filter(pk=study.pk).update(chronological_age_months=None, age_source=None)
    said = result_of(browser, study)["adult_height"]
    assert (said["refusal"], said["category"], said["predicted_cm"]) == ("no_age", None, None)
    Study.objects.filter(pk=study.pk).update(sex=None, sex_source=None)
    said = result_of(browser, study)["adult_height"]
    assert (said["refusal"], said["category"], said["predicted_cm"]) == ("no_sex", None, None)


def test_beyond_the_table_nothing_is_predicted(client_of: ClientOf, reviewer: Person) -> None:
    """A boy who is 13 months behind at a bone age of 13 y 1 m: his table ends at 13 y."""
    study, browser = predicted(age=157.0, chronological=170.0), client_of(reviewer)
    said = state(browser, study).json()["adult_height"]
    assert (said["refusal"], said["category"], said["covers_months"]) == ("outside_table", "retarded", [72, 156])
    assert (said["predicted_cm"], said["percent"], said["range_cm"]) == (None, None, None)
    at_the_end = predicted(age=150.0, chronological=170.0)
    said = state(browser, at_the_end).json()["adult_height"]
    assert (said["percent"], said["range_cm"], said["range_refusal"]) == (86.0, None, "outside_table")


def test_an_age_in_completed_years_is_said_to_be_one(client_of: ClientOf, reviewer: Person) -> None:
    study, browser = predicted(), client_of(reviewer)
    assert state(browser, study).json()["adult_height"]["age_may_be_higher"] is False
    Study.objects.filter(pk=study.pk).update(age_source=AgeSource.PATIENT_AGE)
    assert result_of(browser, study)["adult_height"]["age_may_be_higher"] is True
    text = browser.get(f"/api/v1/studies/{study.pk}/result/report.txt").json()["text"]
    assert "the category may be another" in text


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"height_cm": 74.9}, "bad_height"),
        ({"height_cm": 1.42}, "bad_height"),
        ({"height_cm": 56}, "bad_height"),
        ({"height_cm": 1423}, "bad_height"),
        ({"height_cm": 220.1}, "bad_height"),
        ({"height_cm": 142.35}, "bad_height"),
        ({"days_from_film": None}, "height_day_missing"),
        ({"days_from_film": -93}, "height_far_from_film"),
        ({"days_from_film": 93}, "height_far_from_film"),
        ({"height_cm": None}, "no_height"),
        ({"height_cm": None, "days_from_film": None}, "no_height"),
        ({"based_on": 1}, "stale_state"),
        ({"measured_on": "2026-01-01"}, "invalid"),
    ],
)
def test_what_cannot_be_a_height_of_this_film_is_refused(
    client_of: ClientOf, reviewer: Person, changed: dict[str, Any], code: str
) -> None:
    study, browser = predicted(), client_of(reviewer)
    answer = state(browser, study, **changed)
    assert (answer.status_code >= 400, answer.json()["error"]["code"]) == (True, code)
    assert not HeightMeasurement.objects.exists()
    assert not Event.objects.filter(study=study).exists()


@pytest.mark.parametrize("changed", [{"height_cm": 75}, {"height_cm": 220}, {"days_from_film": 92}])
def test_the_limits_themselves_are_taken(client_of: ClientOf, reviewer: Person, changed: dict[str, Any]) -> None:
    assert state(client_of(reviewer), predicted(), **changed).status_code == 201


def test_a_correction_is_a_new_line_and_a_height_can_be_taken_back(client_of: ClientOf, reviewer: Person) -> None:
    study, browser = predicted(), client_of(reviewer)
    state(browser, study)
    other = client_of(make_person("adjudicator", RoleName.ADJUDICATOR))
    assert state(other, study, height_cm=124.3, based_on=1).json()["error"]["code"] == "reason_missing"
    assert state(other, study, height_cm=124.3, reason="late").json()["error"]["code"] == "stale_state"
    changed = state(other, study, height_cm=124.3, based_on=1, reason="digits swapped").json()
    assert [(row["number"], row["height_cm"]) for row in changed["heights"]] == [(2, 124.3), (1, 142.3)]
    assert changed["adult_height"]["height"]["height_cm"] == 124.3
    gone = state(other, study, height_cm=None, days_from_film=None, based_on=2, reason="another child")
    assert (gone.status_code, gone.json()["adult_height"]) == (201, None)
    assert [row["height_cm"] for row in gone.json()["heights"]] == [None, 124.3, 142.3]
    assert standing_height(study) is None
    again = state(other, study, height_cm=None, days_from_film=None, based_on=3, reason="x")
    assert again.json()["error"]["code"] == "no_height"
    assert state(browser, study, height_cm=130, based_on=3, reason="this child").status_code == 201
    told = Event.objects.filter(study=study).order_by("number").values_list("verb", "old", "new", "reason")
    assert list(told) == [
        ("state_height", "", "142.3 cm", ""),
        ("change_height", "142.3 cm", "124.3 cm", "digits swapped"),
        ("withdraw_height", "124.3 cm", "", "another child"),
        ("change_height", "", "130.0 cm", "this child"),
    ]


def test_a_line_is_never_changed_also_by_the_database(client_of: ClientOf, reviewer: Person) -> None:
    study = predicted()
    state(client_of(reviewer), study)
    row = HeightMeasurement.objects.get()
    row.height_cm = 150
    with pytest.raises(AppendOnlyError):
        row.save()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE results_heightmeasurement SET height_cm = 150")
    of_this = {"study": study, "stated_by": reviewer, "days_from_film": 0}
    for wrong in (
        {"number": 1, "height_cm": 140},
        {"number": 2, "height_cm": 140},
        {"number": 2, "height_cm": 14, "reason": "x"},
        {"number": 2, "height_cm": None, "reason": "x"},
        {"number": 2, "height_cm": 140, "reason": "x", "days_from_film": 93},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            HeightMeasurement.objects.create(**{**of_this, **wrong})


def test_what_is_signed_contains_the_height_that_was_shown(client_of: ClientOf, reviewer: Person) -> None:
    study, browser = predicted(), client_of(reviewer)
    state(browser, study)
    assert sign(browser, study).json()["error"]["code"] == "stale_state", "the page showed none"
    assert sign(browser, study, height=1).status_code == 201
    frozen = SignedResult.objects.get().content
    assert frozen["format"] == 2
    assert frozen["adult_height"]["height"]["height_cm"] == 142.3
    shown = result_of(browser, study)["signed"]
    assert (shown["height_changed"], shown["adult_height"]["predicted_cm"]) == (
        False,
        frozen["adult_height"]["predicted_cm"],
    )


def test_a_height_typed_after_signing_is_not_in_what_was_signed(client_of: ClientOf, reviewer: Person) -> None:
    study, browser = predicted(), client_of(reviewer)
    sign(browser, study, basis="correction", bone_age_months=126.0, reason="carpals")
    assert result_of(browser, study)["signed"]["height_changed"] is False
    after = state(browser, study).json()
    assert (after["signed"]["adult_height"], after["signed"]["height_changed"]) == (None, True)
    assert (after["adult_height"]["basis"], after["adult_height"]["percent"]) == ("correction", 79.5)
    assert (after["adult_height"]["model_age"], after["adult_height"]["range_refusal"]) == (False, "no_interval")
    report = f"/api/v1/studies/{study.pk}/result/report.txt"
    assert "adult height" not in browser.get(report).json()["text"]
    signed_again = {"based_on_version": 1, "reason": "with the height", "height": 1, "basis": "correction"}
    assert sign(browser, study, bone_age_months=126.0, **signed_again).status_code == 201
    assert "Predicted adult height: 179.0 cm" in browser.get(report).json()["text"]
    assert "adult height" not in browser.get(report, {"version": 1}).json()["text"], "the old version stays as it was"
    state(browser, study, height_cm=None, days_from_film=None, based_on=1, reason="another child")
    assert "179.0 cm" in browser.get(report).json()["text"]
    assert result_of(browser, study)["signed"]["height_changed"] is True


def test_results_of_before_there_were_heights_still_make_reports(client_of: ClientOf, reviewer: Person) -> None:
    """Their contents say nothing of an adult height (format 1)."""
    study, browser = predicted(), client_of(reviewer)
    sign(browser, study)
    signed = SignedResult.objects.get()
    old = {key: value for key, value in signed.content.items() if key != "adult_height"} | {"format": 1, "version": 2}
    SignedResult.objects.create(
        radiograph=signed.radiograph, version=2, amends=signed, basis="model", bone_age_months=110.0, content=old,
        reference="gp1959_brush", reason="x", prediction=signed.prediction, inputs_key="M:120.00", signed_by=reviewer,
        signed_at=signed.signed_at,
    )  # fmt: skip
    assert result_of(browser, study)["signed"]["adult_height"] is None
    for form in ("txt", "csv", "fhir", "pdf"):
        assert browser.get(f"/api/v1/studies/{study.pk}/result/report.{form}").status_code == 200


@pytest.mark.parametrize("roles", [(RoleName.READER,), (RoleName.READER, RoleName.REVIEWER)])
def test_who_may_still_read_the_film_blind_types_no_height_and_sees_none(
    client_of: ClientOf, reviewer: Person, roles: tuple[RoleName, ...]
) -> None:
    study = predicted()
    state(client_of(reviewer), study)
    blind = client_of(make_person("blind", *roles))
    assert state(blind, study, based_on=1, reason="x").json()["error"]["code"] == "blinded"
    history = blind.get(f"/api/v1/studies/{study.pk}/events").content.decode()
    assert "height" not in history
    assert "142.3" not in history
    assert "142.3" in client_of(reviewer).get(f"/api/v1/studies/{study.pk}/events").content.decode()


def test_a_film_that_is_left_out_takes_no_height(client_of: ClientOf, reviewer: Person) -> None:
    study, browser = predicted(), client_of(reviewer)
    Study.objects.filter(pk=study.pk).update(state="excluded", reason_code="excluded_by_person")
    assert "state_height" not in result_of(browser, study)["can"]
    assert state(browser, study).json()["error"]["code"] == "forbidden"


SAID: dict[str, Any] = {
    "height": {"number": 1, "height_cm": 142.3, "days_from_film": -12, "stated_at": "2026-01-01T08:00:00+00:00"},
    "basis": "model",
    "model_age": True,
    "age_may_be_higher": False,
    "category": "accelerated",
    "percent": 91.33,
    "predicted_cm": 155.81,
    "range_cm": [149.2, 166.04],
    "range_refusal": None,
    "refusal": None,
    "covers_months": [84.0, 210.0],
    "table": {"id": "t", "name_en": "A table", "name_zh": "某表", "source_en": "a book", "source_zh": "某书"},
}


def test_reports_say_it_in_both_languages() -> None:
    facts = {**FACTS, "adult_height": SAID}
    english, chinese = (report_text(facts, (), language) for language in ("en", "zh-Hans"))
    for line in (
        "Height: 142.3 cm; measured 12 days before the film",
        "Predicted adult height: 155.8 cm",
        "Over the interval of the bone age: 149.2 – 166.0 cm",
        "Percent of mature height: 91.3 %",
        "Category of the table: accelerated (bone age 12 months or more ahead of age)",
        "Table: A table; a book",
        "Rests on a model's bone age, not on a reading.",
    ):
        assert line in english.splitlines()
    for line in ("身高：142.3 cm；拍片前 12 天测量", "预测成年身高：155.8 cm", "所用表：某表；某书"):
        assert line in chinese.splitlines()
    row = next(csv.DictReader(io.StringIO(report_csv(facts))))
    assert (row["height_cm"], row["height_days_from_film"], row["adult_height_cm"]) == ("142.3", "-12", "155.81")
    assert (row["adult_height_category"], row["adult_height_table"]) == ("accelerated", "t")
    without = next(csv.DictReader(io.StringIO(report_csv(FACTS))))
    assert (without["height_cm"], without["adult_height_cm"]) == ("", "")
    assert "dult height" not in report_text(FACTS, (), "en")


@pytest.mark.parametrize(
    ("changed", "line"),
    [
        ({"refusal": "no_age", "category": None, "covers_months": None}, "without the chronological age"),
        ({"refusal": "no_sex", "category": None, "covers_months": None}, "the sex is not known"),
        ({"refusal": "outside_table"}, "goes from a bone age of 7 y to 17 y 6 m"),
    ],
)
def test_reports_say_why_there_is_no_prediction(changed: dict[str, Any], line: str) -> None:
    nothing = {"predicted_cm": None, "percent": None, "range_cm": None}
    text = report_text({**FACTS, "adult_height": {**SAID, **nothing, **changed}}, (), "en")
    assert f"Predicted adult height: no prediction: {'for this sex and category the table ' * ('goes' in line)}" in text
    assert line in text


def test_the_page_checks_a_height_by_the_limits_of_the_service() -> None:
    page = (Path(__file__).resolve().parents[2] / "frontend" / "src" / "core" / "height.ts").read_text(encoding="utf-8")
    limits = {
        name: float(value) for name, value in re.findall(r"^export const ([A-Z_]+) = (\d+);$", page, re.MULTILINE)
    }
    assert limits == {name: getattr(height, name) for name in ("SHORTEST_CM", "TALLEST_CM", "MOST_DAYS_FROM_FILM")}
