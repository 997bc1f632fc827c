"""Single cases of an evaluation: pages, exposure, blinding."""

from typing import Any

import pytest
from django.test import Client

from annotations.models import Exposure, Study
from annotations.states import ExposureKind, RoleName
from boneage_web.evaluation.models import Evaluation
from boneage_web.results.models import Prediction
from inference.statistics.figures.registry import FIGURES
from tests.boneage_web.conftest import approve_age
from tests.boneage_web.evaluations.asking import Browser, get, lines_of
from tests.boneage_web.route_table import make_evaluation, make_model
from tests.factories.cases import made_rows
from tests.factories.people import make_person
from tests.factories.studies import film_of, labelled, make_study

pytestmark = pytest.mark.django_db


def test_the_cases_of_all_pages_are_the_cases_of_the_filter(browser: Client, evaluation: Evaluation) -> None:
    seen: list[dict[str, Any]] = []
    cursor: dict[str, int] = {}
    while True:
        page = get(browser, evaluation, "/cases", sex="F", limit=60, **cursor).json()
        seen += page["results"]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert len(seen) == page["total"] == len({case["row"] for case in seen})
    sizes = [abs(case["difference_months"]) for case in seen]
    assert sizes == sorted(sizes, reverse=True)
    assert {case["sex"] for case in seen} == {"F"}


def test_a_cell_of_a_plot_leads_to_its_cases(browser: Client) -> None:
    evaluation = make_evaluation(make_model("7" * 64), made_rows(3000, seed=1))
    values = get(browser, evaluation, "/figures/bland_altman").json()["values"]
    x, y, n = max(values["density"], key=lambda cell: cell[2])
    half = values["cell_months"] / 2
    page = get(
        browser, evaluation, "/cases", plot="bland_altman", limit=100,
        x_from_months=x - half, x_to_months=x + half, y_from_months=y - half, y_to_months=y + half,
    ).json()  # fmt: skip
    assert page["total"] == n


def evaluated_film(truth: float = 110.0) -> tuple[Study, Evaluation]:
    """An approved study of this workplace with boxes, and an evaluation that it is a case of."""
    model, study = make_model(), make_study(stored=True)
    reviewer = make_person("approver", RoleName.REVIEWER)
    approve_age(study, truth, reviewer=reviewer)
    labelled(make_person("labeller", RoleName.LABELLER), study)
    film = film_of(study)
    film.box_sets.update(status="accepted", decided_by=reviewer, decided_at=study.received_at)
    box = {"region": "radius", "x0": 1, "y0": 2, "x1": 30, "y1": 40, "score": 0.9}
    Prediction.objects.create(
        model_version=model, radiograph=film, inputs_key="M:120.00", sex="M", bone_age_months=118.0, boxes=[box]
    )
    row = {
        "id": str(film.pk), "study": str(study.pk), "sex": "M", "consensus": truth, "predicted": 118.0,
        "chronological": 120.0,
    }  # fmt: skip
    return study, make_evaluation(model, [row])


def test_a_case_shows_film_boxes_and_hash_and_the_showing_is_remembered(client_of: Browser) -> None:
    study, evaluation = evaluated_film()
    person = make_person("looker", RoleName.RESEARCHER)
    browser = client_of(person)
    for name in FIGURES:
        get(browser, evaluation, f"/figures/{name}")
    assert not Exposure.objects.filter(person=person).exists(), "figures name no film"
    listed = get(browser, evaluation, "/cases").json()["results"]
    assert listed[0]["study"] == str(study.pk)
    shown = set(Exposure.objects.filter(person=person, radiograph=film_of(study)).values_list("kind", flat=True))
    assert shown == {ExposureKind.MODEL_RESULT, ExposureKind.CONSENSUS, ExposureKind.CHRONOLOGICAL_AGE}
    case = get(browser, evaluation, "/cases/0").json()
    assert case["radiograph"]["pixels_url"]
    assert [box["region"] for box in case["boxes"]] == ["radius"]
    assert len(case["labelled"]) == 17
    assert case["consensus"]["bone_age_months"] == 110
    assert case["model"]["hash"] == evaluation.model_version.hash
    assert case["synthetic"] is True
    assert Exposure.objects.filter(person=person, kind=ExposureKind.OTHER_READ).exists()


@pytest.mark.parametrize("path", ["", "/figures/headline", "/figures/table3.csv", "/cases", "/cases/0", "/cases.csv"])
def test_who_may_read_blind_gets_nothing_whatever_other_roles(client_of: Browser, path: str) -> None:
    _, evaluation = evaluated_film()
    reader = make_person("both", RoleName.READER, RoleName.RESEARCHER, RoleName.ADMINISTRATOR)
    assert get(client_of(reader), evaluation, path).status_code == 403
    assert not Exposure.objects.filter(person=reader).exists()


def test_a_film_that_is_blinded_is_in_no_list_even_behind_the_door(monkeypatch: pytest.MonkeyPatch) -> None:
    """The selector holds by itself: the consensus was reopened since, and the asker reads."""
    from annotations.base.errors import NotThere
    from annotations.models import Consensus
    from boneage_web.evaluation.selectors import CaseOrder, case_detail, cases_page
    from inference.statistics.case_filter import CaseFilter

    _, evaluation = evaluated_film()
    Consensus.objects.update(status="reopened", reopen_reason="again")
    reader = make_person("reads", RoleName.READER, RoleName.RESEARCHER)
    page = cases_page(reader, evaluation, CaseFilter(), CaseOrder(), cursor=None, limit=10)
    assert page.rows == []
    with pytest.raises(NotThere):
        case_detail(reader, evaluation, CaseFilter(), 0, CaseOrder())
    assert not Exposure.objects.filter(person=reader).exists()


def test_a_file_of_cases_is_an_exposure_of_each_and_no_formula(client_of: Browser) -> None:
    study, evaluation = evaluated_film()
    person = make_person("looker", RoleName.REVIEWER)
    marks, rows = lines_of(get(client_of(person), evaluation, "/cases.csv"))
    assert rows[0]["study"] == str(study.pk)
    assert (rows[0]["difference_months"], marks["truth"]) == ("8.0", "approved consensus")
    assert Exposure.objects.filter(person=person, radiograph=film_of(study)).count() == 3


def test_a_case_says_which_come_before_and_after_it_in_the_order_of_the_list(
    browser: Client, evaluation: Evaluation
) -> None:
    for asked in ({"sex": "F", "order": "too_young"}, {"plot": "scatter", "x_from_months": 60, "x_to_months": 120}):
        listed = [one["row"] for one in get(browser, evaluation, "/cases", limit=100, **asked).json()["results"]]
        assert len(listed) > 3
        total = get(browser, evaluation, "/cases", **asked).json()["total"]
        for at, row in enumerate(listed[:3]):
            found = get(browser, evaluation, f"/cases/{row}", **asked).json()["neighbours"]
            before = listed[at - 1] if at else None
            assert found == {"place": at + 1, "total": total, "previous": before, "next": listed[at + 1]}
    boy = get(browser, evaluation, "/cases", sex="M").json()["results"][0]["row"]
    found = get(browser, evaluation, f"/cases/{boy}", sex="F").json()["neighbours"]
    assert (found["place"], found["previous"], found["next"]) == (None, None, None)


def test_a_neighbour_that_is_blinded_is_passed_over() -> None:
    from annotations.models import Consensus
    from boneage_web.evaluation.selectors import CaseOrder, case_detail
    from inference.statistics.case_filter import CaseFilter

    study, known = evaluated_film()
    rows = [
        {"id": "a", "sex": "M", "consensus": 100, "predicted": 130},
        {"id": str(film_of(study).pk), "study": str(study.pk), "sex": "M", "consensus": 100, "predicted": 120},
        {"id": "b", "sex": "M", "consensus": 100, "predicted": 110},
    ]
    evaluation = make_evaluation(known.model_version, rows)
    Consensus.objects.update(status="reopened", reopen_reason="again")
    reader = make_person("reads", RoleName.READER, RoleName.RESEARCHER)
    first = case_detail(reader, evaluation, CaseFilter(), 0, CaseOrder())["neighbours"]
    last = case_detail(reader, evaluation, CaseFilter(), 2, CaseOrder())["neighbours"]
    assert (first["previous"], first["next"]) == (None, 2)
    assert (last["previous"], last["next"]) == (0, None)


def test_a_film_of_elsewhere_has_numbers_and_no_picture(browser: Client, evaluation: Evaluation) -> None:
    case = get(browser, evaluation, "/cases").json()["results"][0]
    assert (case["study"], case["thumbnail_url"]) == (None, None)
    detail = get(browser, evaluation, f"/cases/{case['row']}").json()
    assert (detail["radiograph"], detail["boxes"], detail["reads"]) == (None, [], [])
    assert detail["truth_months"] == case["truth_months"]
