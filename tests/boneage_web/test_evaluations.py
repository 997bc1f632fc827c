"""Evaluation pages' API: figures kept by content, filters, single cases with exposure, files, imports, comparisons."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.cache import caches
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.test import Client

from annotations.models import Exposure, Person, Study
from annotations.states import ExposureKind, RoleName
from boneage_web.evaluation.models import Evaluation
from boneage_web.evaluation.services import tables
from boneage_web.results.models import Prediction
from inference.statistics import paper
from inference.statistics.figures.population import Member, distribution
from inference.statistics.figures.registry import FIGURES
from tests.boneage_web.conftest import approve_age
from tests.boneage_web.route_table import make_evaluation, make_model
from tests.boneage_web.test_report_page import pages_of
from tests.factories.cases import made_rows, paper_cohort
from tests.factories.people import make_person
from tests.factories.studies import film_of, labelled, make_study

pytestmark = pytest.mark.django_db

Browser = Callable[[Person], Client]


@pytest.fixture(autouse=True)
def fresh_tables(settings: Any, tmp_path: Path) -> None:
    """No figure and no table of another test."""
    caches["figures"].clear()
    tables.forget_tables()


@pytest.fixture
def evaluation() -> Evaluation:
    return make_evaluation(make_model(), made_rows(400, seed=6))


@pytest.fixture
def browser(client_of: Browser) -> Client:
    return client_of(make_person("researcher", RoleName.RESEARCHER))


def get(browser: Client, evaluation: Evaluation, path: str = "", **query: object) -> Any:
    return browser.get(f"/api/v1/evaluations/{evaluation.pk}{path}", query)


def lines_of(response: Any) -> tuple[dict[str, str], list[dict[str, str]]]:
    """Marks and rows of a CSV file."""
    lines = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    marks = {line[0][2:]: line[1] for line in lines if line[0].startswith("# ")}
    head, *rows = [line for line in lines if not line[0].startswith("# ")]
    return marks, [dict(zip(head, row, strict=True)) for row in rows]


def test_every_figure_has_an_address_and_a_file_with_the_same_rows(browser: Client, evaluation: Evaluation) -> None:
    for name in (*FIGURES, "table1", "table2"):
        found = get(browser, evaluation, f"/figures/{name}", sex="F", rejected="with")
        assert found.status_code == 200, name
        marks, rows = lines_of(get(browser, evaluation, f"/figures/{name}.csv", sex="F", rejected="with"))
        assert len(rows) == len(found.json()["rows"]), name
        assert marks["synthetic films"] == "yes"
        assert marks["model hash"] == evaluation.model_version.hash
        assert json.loads(marks["filter"])["sex"] == "F"


def test_a_figure_is_counted_once_and_kept_by_what_it_was_counted_from(
    browser: Client, evaluation: Evaluation, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = get(browser, evaluation, "/figures/headline", sex="M")
    same_cases = make_evaluation(evaluation.model_version, made_rows(400, seed=6))
    monkeypatch.setattr(tables, "count", lambda *_: pytest.fail("counted again"))
    assert get(browser, evaluation, "/figures/headline", sex="M").content == first.content
    assert get(browser, same_cases, "/figures/headline", sex="M").content == first.content
    again = browser.get(
        f"/api/v1/evaluations/{evaluation.pk}/figures/headline?sex=M", headers={"If-None-Match": first["ETag"]}
    )
    assert (again.status_code, again.content) == (304, b"")
    monkeypatch.undo()
    assert get(browser, evaluation, "/figures/headline", sex="F").json()["values"]["n"] != first.json()["values"]["n"]


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("/figures/nothing", {}, 404),
        ("/figures/detector", {}, 404),
        ("/figures/table3", {"sex": "X"}, 400),
        ("/figures/table3", {"colour": "red"}, 400),
        ("/figures/table3", {"from_years": -1}, 400),
        ("/figures/data_need", {"half_width_months": 0}, 400),
        ("/figures/clinical_class", {"sd_table": "nobody's"}, 400),
        ("/cases", {"order": "by name"}, 400),
        ("/cases", {"cursor": 123456}, 404),
        ("/cases/123456", {}, 404),
        ("/comparison", {}, 400),
    ],
)
def test_what_cannot_be_shown_is_refused(
    browser: Client, evaluation: Evaluation, path: str, query: dict[str, object], status: int
) -> None:
    response = get(browser, evaluation, path, **query)
    assert response.status_code == status
    assert response.json()["error"]["message"]


def test_a_table_that_was_changed_on_disk_is_not_believed(browser: Client, evaluation: Evaluation) -> None:
    path = Path(default_storage.path(f"evaluation_cases/{evaluation.case_table}.parquet"))
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    tables.forget_tables()
    response = get(browser, evaluation, "/figures/table3", sex="F")  # not kept yet
    assert (response.status_code, response.json()["error"]["code"]) == (404, "case_table_gone")


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
    from boneage_web.evaluation.selectors import case_detail, cases_page
    from inference.statistics.case_filter import CaseFilter

    _, evaluation = evaluated_film()
    Consensus.objects.update(status="reopened", reopen_reason="again")
    reader = make_person("reads", RoleName.READER, RoleName.RESEARCHER)
    page = cases_page(reader, evaluation, CaseFilter(), order="largest_error", rectangle=None, cursor=None, limit=10)
    assert page.rows == []
    with pytest.raises(NotThere):
        case_detail(reader, evaluation, CaseFilter(), 0)
    assert not Exposure.objects.filter(person=reader).exists()


def test_a_file_of_cases_is_an_exposure_of_each_and_no_formula(client_of: Browser) -> None:
    study, evaluation = evaluated_film()
    person = make_person("looker", RoleName.REVIEWER)
    marks, rows = lines_of(get(client_of(person), evaluation, "/cases.csv"))
    assert rows[0]["study"] == str(study.pk)
    assert (rows[0]["difference_months"], marks["truth"]) == ("8.0", "approved consensus")
    assert Exposure.objects.filter(person=person, radiograph=film_of(study)).count() == 3


def test_a_film_of_elsewhere_has_numbers_and_no_picture(browser: Client, evaluation: Evaluation) -> None:
    case = get(browser, evaluation, "/cases").json()["results"][0]
    assert (case["study"], case["thumbnail_url"]) == (None, None)
    detail = get(browser, evaluation, f"/cases/{case['row']}").json()
    assert (detail["radiograph"], detail["boxes"], detail["reads"]) == (None, [], [])
    assert detail["truth_months"] == case["truth_months"]


def test_two_models_are_compared_on_the_films_of_both(browser: Client) -> None:
    rows = made_rows(200, seed=3)
    near = [{**row, "predicted": row["predicted"] and row["consensus"] + 1} for row in rows[:150]]
    first, second = (
        make_evaluation(make_model("1" * 64), rows),
        make_evaluation(make_model("2" * 64, status="retired"), near),
    )
    found = get(browser, first, "/comparison", other=second.pk, rejected="with").json()["values"]
    both = sum(row["predicted"] is not None for row in rows[:150])
    assert found["n"] == both
    assert found["second"]["mae_months"] == pytest.approx(1)
    assert found["rows"][0]["difference_high"] < 0
    _, lines = lines_of(get(browser, first, "/comparison.csv", other=second.pk, rejected="with"))
    assert float(lines[0]["second_mae"]) == pytest.approx(1)
    methods = get(browser, first, "/figures/table2").json()["values"]["rows"]
    kinds = [row["kind"] for row in methods]
    assert kinds.count("ours") == 1, "the second saw other films"
    assert kinds.count("literature") == len(paper.methods())


def test_table_2_holds_evaluations_on_the_same_films_and_truth_alone(browser: Client) -> None:
    rows = made_rows(60, seed=3)
    one, same, other = (make_evaluation(make_model(hash_ * 64, status="retired"), rows) for hash_ in "123")
    other_truth = [{**row, "consensus": row["consensus"] + 1} for row in rows]
    make_evaluation(make_model("4" * 64, status="retired"), other_truth)
    make_evaluation(make_model("5" * 64, status="retired"), made_rows(60, seed=4))
    Evaluation.objects.bulk_create([_without_films_hash(other)])
    ours = {row["evaluation"] for row in methods_rows(browser, one) if row["kind"] == "ours"}
    assert ours == {str(one.pk), str(same.pk), str(other.pk)}
    unknown = Evaluation.objects.get(model_version__hash="6" * 64)
    alone = [row["evaluation"] for row in methods_rows(browser, unknown) if row["kind"] == "ours"]
    assert alone == [str(unknown.pk)], "what is not known is never the same"


def methods_rows(browser: Client, evaluation: Evaluation) -> list[dict[str, Any]]:
    return list(get(browser, evaluation, "/figures/table2").json()["values"]["rows"])


def _without_films_hash(of: Evaluation) -> Evaluation:
    """As an older version kept one: nothing says which films it saw."""
    report = {name: value for name, value in of.report.items() if name != "films_hash"}
    return Evaluation(
        model_version=make_model("6" * 64, status="retired"), truth=of.truth, band_by=of.band_by,
        case_table=of.case_table, report=report,
    )  # fmt: skip


def test_the_papers_cohort_gives_the_papers_table_1(browser: Client) -> None:
    cohort = paper_cohort()
    members = [Member(c["part"], c["sex"], c["bone_age_months"], c["chronological_age_months"]) for c in cohort]
    rows = [
        {"id": str(i), "sex": c["sex"], "consensus": c["bone_age_months"], "predicted": c["predicted_months"]}
        for i, c in enumerate(cohort)
        if c["part"] == "test"
    ]
    evaluation = make_evaluation(make_model(), rows, table1=distribution(members))
    table = get(browser, evaluation, "/figures/table1").json()
    printed = paper.age_distribution()
    for line, row in zip(table["rows"][1:19], printed, strict=True):
        expected = [row[part][sex] for part in ("train", "validation", "test") for sex in ("F", "M")]
        assert line[1:] == [*expected, sum(expected)]
    assert table["rows"][-1][-1] == 13_087
    few = get(browser, evaluation, "/figures/table3").json()["values"]
    small = [row[sex] for row in few["rows"] for sex in ("female", "male") if row[sex] and row[sex]["n"] < few["few"]]
    assert len(small) == 21 - 3, "21 of the paper's 36 test cells are small, 3 of them empty"


def is_drawn(text: str, pages: bytes) -> bool:
    """Whether plain letters stand on the pages: in the Latin font, or in the Chinese one in two bytes a letter."""
    return text.encode() in pages or b"".join(b"\\000" + letter.encode() for letter in text) in pages


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
@pytest.mark.parametrize("name", ["report.pdf", "model-card.pdf"])
def test_paper_says_what_the_page_says_and_what_its_numbers_rest_on(
    browser: Client, evaluation: Evaluation, name: str, language: str
) -> None:
    response = get(browser, evaluation, f"/{name}", language=language, sex="F")
    assert response["Content-Type"] == "application/pdf"
    pages = [page for page in pages_of(response.content) if b"BT" in page]
    assert pages
    drawn = b" ".join(pages)
    overall = get(browser, evaluation, "/figures/headline", sex="F").json()["values"]["overall"]
    for text in (f"{overall['mae_months'] / 12:.2f}", evaluation.case_table[:16]):
        assert is_drawn(text, drawn)
    if language == "en":
        assert all(b"(SYNTHETIC FILMS)" in page and b"(RESEARCH USE ONLY)" in page for page in pages)
    if (name, language) == ("model-card.pdf", "en"):
        assert b"MISSING: external validation" in drawn
    assert get(browser, evaluation, f"/{name}", language=language, sex="F").content == response.content


def test_paper_of_no_case_is_paper(browser: Client, evaluation: Evaluation) -> None:
    for name in ("report.pdf", "model-card.pdf"):
        assert get(browser, evaluation, f"/{name}", site="unheard of").content.startswith(b"%PDF")


def write_report(folder: Path, *, model_hash: str, snapshot_hash: str, ids: list[str]) -> Path:
    cases = [
        {
            "id": id_, "sex": "F", "truth_months": 100.0, "predicted_months": 110.0,
            "chronological_age_months": None, "interval_months": [90.0, 130.0], "study": None,
        }
        for id_ in ids
    ]  # fmt: skip
    population = {
        "kind": "snapshot", "name": "elsewhere", "hash": snapshot_hash, "split": "test", "locked": True,
        "evaluations_so_far": 4,
    }  # fmt: skip
    folder.mkdir()
    report = {
        "cases": cases, "synthetic": True, "band_by": "bone_age", "model": {"hash": model_hash},
        "population": population, "refused": {"too_few_regions": 1},
    }  # fmt: skip
    (folder / "report.json").write_text(json.dumps(report))
    return folder


def frozen(folder: Path) -> Any:
    from training.snapshot import read_snapshot
    from training.snapshot_writer import SnapshotWriter
    from training.split import HashSplit

    split = HashSplit(seed=1, test_share=0.4, validation_share=0.2, test_locked=True)
    writer = SnapshotWriter(folder, name="elsewhere", source="test", synthetic=True, split=split)
    for i in range(12):
        writer.add(
            id=f"h{i}", patient=f"p{i}", sex="F", bone_age_months=100.0, chronological_age_months=None,
            image=np.full((20, 10), i, np.uint16), marks={}, truth_origin="clinical_read", original_size=(10, 20),
            synthetic=True,
        )  # fmt: skip
    writer.close()
    return read_snapshot(folder)


def test_a_report_of_another_machine_is_taken_in_once(browser: Client, tmp_path: Path, capsys: Any) -> None:
    data = frozen(tmp_path / "snapshot")
    model = make_model()
    ids = [radiograph.id for radiograph in data.part("test")]
    report = write_report(tmp_path / "report", model_hash=model.hash, snapshot_hash=data.hash, ids=ids)
    for _ in range(2):
        call_command("import_evaluation", report=report, snapshot=data.dir)
    evaluation = Evaluation.objects.get()
    assert capsys.readouterr().out.splitlines() == [f"/evaluate/{evaluation.pk}"] * 2
    shown = get(browser, evaluation).json()
    assert shown["truths"] == {"consensus": 0, "single_read": len(ids)}
    assert shown["truth_origins"] == ["clinical_read"]
    assert shown["population"]["evaluations_so_far"] == 4
    assert (shown["population"]["name"], shown["population"]["split"]) == ("elsewhere", "test")
    values = get(browser, evaluation, "/figures/headline").json()["values"]
    assert values["overall"]["bias_months"] == 10
    parts = get(browser, evaluation, "/figures/table1").json()["values"]
    assert parts["n"] == 12
    assert set(parts["parts"]) == {"train", "validation", "test"}


@pytest.mark.parametrize("wrong", ["model", "snapshot", "file", "folder"])
def test_a_report_that_does_not_belong_here_is_refused(tmp_path: Path, wrong: str) -> None:
    data = frozen(tmp_path / "snapshot")
    model = make_model()
    report = write_report(
        tmp_path / "report",
        model_hash="f" * 64 if wrong == "model" else model.hash,
        snapshot_hash="e" * 64 if wrong == "snapshot" else data.hash,
        ids=[data.part("test")[0].id],
    )
    if wrong == "file":
        (report / "report.json").write_text("{}")
    folder = tmp_path / "nowhere" if wrong == "folder" else data.dir
    with pytest.raises(CommandError, match=r"not registered|made on snapshot|lacks|no snapshot"):
        call_command("import_evaluation", report=report, snapshot=folder)
    assert not Evaluation.objects.exists()
