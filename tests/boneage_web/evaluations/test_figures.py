"""Figures of an evaluation: kept by content, filtered, as files, compared."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from boneage_web.evaluation.models import Evaluation
from boneage_web.evaluation.services import tables
from inference.statistics import paper
from inference.statistics.figures.population import Member, distribution
from inference.statistics.figures.registry import FIGURES
from tests.boneage_web.evaluations.asking import get, lines_of
from tests.boneage_web.route_table import make_evaluation, make_model
from tests.factories.cases import made_rows, paper_cohort

pytestmark = pytest.mark.django_db


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
