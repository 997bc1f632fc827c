"""Reports that another machine wrote."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from boneage_web.evaluation.models import Evaluation
from tests.boneage_web.evaluations.asking import get
from tests.boneage_web.evaluations.imported_data import frozen, write_report
from tests.boneage_web.route_table import make_model

pytestmark = pytest.mark.django_db


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
    assert values["overall"]["bias_months"] == 10 + (len(ids) - 1) / 2
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
