"""Sites' own tables, their corrections of a model, the closer look, and the log of openings."""

import csv
import io
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from django.test import Client

from annotations.models import Opening, Person, Radiograph
from annotations.states import OpeningKind, RoleName
from boneage_web.registry.models import ModelVersion
from boneage_web.results.models import FilmExamination, LocalCalibration, Prediction
from boneage_web.results.services import examinations
from boneage_web.runs import bell
from boneage_web.runs.models import Run
from inference.anatomy.boxes import Box
from inference.explain import PartAge
from inference.progress import ignore_progress
from inference.standards.growth import READER_SD_MONTHS, change, noise_limit_months, value_sd_months
from inference.standards.site_sd_table import SiteTableError, read_site_table
from tests.boneage_web.conftest import approve_age
from tests.boneage_web.route_table import make_model
from tests.factories.people import make_person
from tests.factories.studies import film_of, labelled, make_study

TABLE = "sex,age_months,sd_months\nF,60,9\nF,120,11\nF,180,10\n"
NEW = {"name_en": "Our girls", "name_zh": "本院女童", "source": "A, B 2020", "population": "one town", "table": TABLE}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "columns"),
        ("sex,age,sd\nF,1,1\n", "columns"),
        ("sex,age_months,sd_months\n", "no line"),
        ("sex,age_months,sd_months\nF,60,9\nF,120,9\n", "at least 3"),
        (TABLE + "F,60,9\n", "repeats"),
        (TABLE + "x,90,9\n", "write M or F"),
        (TABLE + "F,90,\n", "each of the three"),
        (TABLE + "F,90,nan\n", "no number"),
        (TABLE + "F,900,9\n", "none of a child"),
        (TABLE + "F,90,0.1\n", "in months"),
        (TABLE + "F,90,99\n", "cannot be right"),
        ("x" * 300_000, "larger than"),
    ],
)
def test_a_table_that_cannot_be_right_is_refused_by_its_line(text: str, said: str) -> None:
    with pytest.raises(SiteTableError, match=said):
        read_site_table(text)


def test_a_table_is_interpolated_and_never_clamped() -> None:
    spread = read_site_table("\ufeff" + TABLE).spreads["F"]
    assert [spread.at(age) for age in (59.9, 60, 90, 180, 180.1)] == [None, 9, 10, 10, None]
    assert spread.normal_range_months(120) == (98, 142)


def test_noise_of_two_readings_and_of_a_model() -> None:
    assert noise_limit_months(READER_SD_MONTHS, READER_SD_MONTHS) == pytest.approx(19.69, abs=0.01)
    assert value_sd_months((100.0, 132.9), 0.9) == pytest.approx(10.0, abs=0.01)
    assert value_sd_months(None, None) == READER_SD_MONTHS
    moved = change(bone_age_months=(100, 140), chronological_age_months=(100, 112), sd_months=(6.96, 6.96))
    assert (moved.rate, moved.within_noise) == (pytest.approx(40 / 12), False)
    assert change(bone_age_months=(100, 101), chronological_age_months=(100, 101), sd_months=(1, 1)).rate is None


@pytest.mark.django_db
def test_a_site_s_table_scores_results_until_it_is_retired(client_of: Callable[[Person], Client]) -> None:
    browser = client_of(make_person("administrator", RoleName.ADMINISTRATOR))
    study = make_study(sex="F", chronological_age_months=120.0)
    Prediction.objects.create(
        model_version=make_model(), radiograph=film_of(study), inputs_key="F:120.00", sex="F", bone_age_months=144.0
    )

    def post(path: str, body: dict[str, Any]) -> Any:
        return browser.post(f"/api/v1{path}", data=body, content_type="application/json")

    loaded = post("/references", NEW)
    assert loaded.status_code == 201, loaded.json()
    own = next(one for one in loaded.json() if not one["shipped"])
    assert (own["ages_months"], own["source"]) == ({"F": [60, 180]}, "A, B 2020")
    assert post("/references", NEW).json()["error"]["code"] == "table_known"
    assert post("/references", {**NEW, "source": " "}).status_code == 400
    assert post("/references", {**NEW, "table": "a,b"}).json()["error"]["code"] == "bad_table"
    assert post("/references/named-first", {"table": own["id"]}).json()[0]["named_first"] is True
    result = browser.get(f"/api/v1/studies/{study.pk}/result").json()
    assert (result["reference"], result["sds"][0]["table"]) == (own["id"], own["id"])
    assert result["sds"][0]["sds"] == pytest.approx(24 / 11)
    assert result["sds"][0]["normal_range_months"] == [98, 142]
    post(f"/references/{own['row']}/retire", {})
    result = browser.get(f"/api/v1/studies/{study.pk}/result").json()
    assert (result["reference"], len(result["sds"])) == ("gp1959_brush", 2)


def approved_cases(model: ModelVersion, count: int, *, sex: str, bias: float) -> None:
    reviewer = Person.objects.filter(username="approver").first() or make_person("approver", RoleName.REVIEWER)
    noise = np.random.default_rng(3).normal(0, 3, count)
    for i in range(count):
        truth = 60.0 + 2 * i
        study = make_study(sex=sex, chronological_age_months=truth)
        Prediction.objects.create(
            model_version=model,
            radiograph=film_of(study),
            inputs_key=f"{sex}:{truth:.2f}",
            sex=sex,
            bone_age_months=truth + bias + noise[i],
            interval_low_months=truth + bias - 10,
            interval_high_months=truth + bias + 10,
        )
        approve_age(study, truth, reviewer=reviewer)


@pytest.mark.django_db
def test_a_correction_is_fitted_measured_and_shown_beside_the_model(client_of: Callable[[Person], Client]) -> None:
    model = make_model()
    browser = client_of(make_person("researcher", RoleName.RESEARCHER))

    def post(path: str, body: dict[str, Any]) -> Any:
        return browser.post(f"/api/v1{path}", data=body, content_type="application/json")

    approved_cases(model, 40, sex="F", bias=8)
    assert post("/calibrations", {"model": str(model.pk)}).json()["error"]["code"] == "too_few_cases"
    approved_cases(model, 60, sex="M", bias=8)
    row = post("/calibrations", {"model": str(model.pk)}).json()
    assert set(row["lines"]) == {"M"}, "40 girls are too few for a line of their own"
    measured = row["measured"]["M"]
    assert measured["before"]["bias_months"] == pytest.approx(8, abs=1)
    assert measured["after"]["bias_months"] == pytest.approx(0, abs=1)
    assert measured["after"]["mae_months"] < measured["before"]["mae_months"]

    def shown(months: float, sex: str = "M") -> Any:
        study = make_study(sex=sex, chronological_age_months=100.0)
        Prediction.objects.create(
            model_version=model, radiograph=film_of(study), inputs_key=f"{sex}:100.00", sex=sex, bone_age_months=months
        )
        return browser.get(f"/api/v1/studies/{study.pk}/result").json()

    assert shown(108.0)["calibration"] is None, "a candidate is shown nowhere"
    assert post(f"/calibrations/{row['id']}/activate", {"reason": " "}).status_code == 400
    assert post(f"/calibrations/{row['id']}/activate", {"reason": "bias"}).json()["status"] == "active"
    result = shown(108.0)
    assert result["prediction"]["bone_age_months"] == 108.0
    assert result["calibration"]["bone_age_months"] == pytest.approx(100, abs=2)
    assert shown(230.0)["calibration"]["outside"] is True
    assert shown(108.0, "F")["calibration"]["bone_age_months"] is None
    post(f"/calibrations/{row['id']}/retire", {})
    assert shown(108.0)["calibration"] is None
    again = post(f"/calibrations/{row['id']}/activate", {"reason": "once more"})
    assert (again.status_code, again.json()["error"]["code"]) == (409, "stale_state")
    assert shown(108.0)["calibration"] is None, "what was taken back is fitted anew, not put to use again"
    assert LocalCalibration.objects.count() == 1


@pytest.mark.django_db
def test_a_closer_look_is_asked_for_once_and_kept(
    client_of: Callable[[Person], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bell.application, "send_task", lambda *args, **kwargs: None)
    monkeypatch.setattr(examinations, "read_film", lambda data: data)
    study = make_study(stored=True)
    prediction = Prediction.objects.create(
        model_version=make_model(), radiograph=film_of(study), inputs_key="M:120.00", sex="M", bone_age_months=118.0
    )
    browser = client_of(make_person("reviewer", RoleName.REVIEWER))
    address = f"/api/v1/studies/{study.pk}"
    first = browser.post(f"{address}/examine", content_type="application/json").json()
    assert browser.post(f"{address}/examine", content_type="application/json").json()["id"] == first["id"]

    def look(request: Any, on_progress: Any) -> Any:
        patch = SimpleNamespace(box=Box(0, 0, 10, 10), months=-3.0)
        gone = SimpleNamespace(box=Box(5, 0, 15, 10), months=None)
        part = PartAge("carpals", None, None, "too_few_regions")
        return SimpleNamespace(bone_age_months=118.0, patches=[patch, gone], parts=[part])

    run = Run.objects.get(pk=first["id"])
    kept = examinations.examine_prediction(prediction=prediction, look=look, run=run, on_progress=ignore_progress)
    again = examinations.examine_prediction(prediction=prediction, look=look, run=run, on_progress=ignore_progress)
    assert (kept, FilmExamination.objects.count()) == (again, 1)
    seen = browser.get(f"{address}/result").json()["examination"]
    assert [one["months"] for one in seen["patches"]] == [-3.0, None]
    assert seen["parts"][0]["error_code"] == "too_few_regions"
    assert browser.post(f"{address}/examine", content_type="application/json").json()["error"]["code"] == "examined"


@pytest.mark.django_db
def test_administrators_see_and_export_who_opened_what(client_of: Callable[[Person], Client]) -> None:
    study, other = make_study(), make_study()
    person = make_person("=cmd", RoleName.REVIEWER)
    for film in (film_of(study), film_of(other)):
        Opening.objects.create(person=person, radiograph=film, kind=OpeningKind.FILM, place="study")
    browser = client_of(make_person("administrator", RoleName.ADMINISTRATOR))
    page = browser.get("/api/v1/openings?limit=1").json()
    assert (page["results"][0]["pseudonym"], page["next"] is None) == (other.patient.pseudonym, False)
    rest = browser.get("/api/v1/openings", {"cursor": page["next"]}).json()
    assert [row["study"] for row in rest["results"]] == [str(study.pk)]
    assert len(browser.get("/api/v1/openings", {"study": str(study.pk)}).json()["results"]) == 1
    file = browser.get("/api/v1/openings.csv")
    rows = list(csv.DictReader(io.StringIO(b"".join(file.streaming_content).decode("utf-8-sig"))))
    assert [row["study"] for row in rows] == [str(study.pk), str(other.pk)]
    assert rows[0]["username"] == "'=cmd"
    both = client_of(make_person("both", RoleName.ADMINISTRATOR, RoleName.READER))
    assert both.get("/api/v1/openings").status_code == 403, "a reader would see which films came back"


@pytest.mark.django_db
def test_pixels_fetched_ahead_are_a_line_of_their_own_and_only_for_who_may_be_handed_the_film(
    client_of: Callable[[Person], Client],
) -> None:
    waiting, other = (film_of(make_study(stored=True)) for _ in range(2))
    labeller, looker = make_person("labeller", RoleName.LABELLER), make_person("looker", RoleName.RESEARCHER)
    labelled(make_person("somebody", RoleName.LABELLER), other.study)

    def fetch(person: Person, film: Radiograph, ahead: bool) -> list[tuple[str, str]]:
        headers = {"X-Fetched-Ahead": "1"} if ahead else {}
        sent = client_of(person).get(f"/api/v1/radiographs/{film.pk}/pixels", headers=headers)
        assert sent.status_code == 200
        return list(Opening.objects.filter(person=person, radiograph=film).order_by("pk").values_list("kind", "place"))

    assert fetch(labeller, waiting, ahead=True) == [("prefetched", "pixels")], "never without a line"
    assert fetch(labeller, waiting, ahead=True) == [("prefetched", "pixels")]
    draft = client_of(labeller).post("/api/v1/label/next", {}, "application/json").json()["box_set"]
    client_of(labeller).get(f"/api/v1/box-sets/{draft}")
    told = Opening.objects.filter(person=labeller, radiograph=waiting).order_by("pk").values_list("kind", "place")
    assert list(told) == [("prefetched", "pixels"), ("film", "workbench")], "shown: opened"
    assert fetch(labeller, other, ahead=True) == [("film", "pixels")], "nobody hands it to them"
    assert fetch(looker, waiting, ahead=True) == [("film", "pixels")], "nor any film to whoever labels none"
