"""Old evaluations become frozen case tables, by code that the migration keeps for itself."""

import ast
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from boneage_web.evaluation.services import tables
from inference.statistics.case_filter import CaseFilter, offers_of
from inference.statistics.case_table import CaseTable
from inference.statistics.figures.headline import headline
from inference.statistics.figures.population import Member, distribution
from tests.factories.cases import made_rows

ROOT = Path(__file__).resolve().parents[3]


def old_cases(n: int, *, with_age: bool = True) -> list[dict[str, Any]]:
    rows = [row for row in made_rows(n, seed=2, with_age=with_age) if row["predicted"] is not None]
    return [
        {
            "id": row["id"],
            "study": None,
            "sex": row["sex"],
            "truth_months": row["consensus"],
            "predicted_months": row["predicted"],
            "chronological_age_months": row["chronological"],
            "interval_months": [row["low"], row["high"]] if with_age else None,
        }
        for row in rows
    ]


def frozen(report: dict[str, Any]) -> Any:
    """The row of an old evaluation after the migration."""

    class Row:
        case_table = ""

        def save(self) -> None:
            pass

    row = Row()
    row.report = report  # type: ignore[attr-defined]

    class Rows:
        def filter(self, **_: object) -> list[Any]:
            return [row]

    class Apps:
        def get_model(self, *_: str) -> Any:
            return type("Old", (), {"objects": Rows()})

    import_module("boneage_web.evaluation.migrations.0002_case_tables").freeze_cases(Apps(), None)
    return row


@pytest.mark.parametrize(("n", "with_age"), [(1, True), (400, True), (400, False), (2600, True)])
def test_the_frozen_code_gives_what_the_living_code_gives_today(n: int, with_age: bool) -> None:
    """When this fails because the living code goes on, write today's numbers down here instead and leave 0002 alone."""
    cases = old_cases(n, with_age=with_age)
    row = frozen({"cases": cases, "synthetic": True, "baselines": {"a": 1}, "table3": []})
    rows = [
        {
            "id": case["id"],
            "sex": case["sex"],
            "consensus": case["truth_months"],
            "predicted": case["predicted_months"],
            "chronological": case["chronological_age_months"],
            "low": (case["interval_months"] or [None])[0],
            "high": (case["interval_months"] or [None])[-1],
        }
        for case in cases
    ]
    table = CaseTable.from_rows(rows)
    assert row.case_table == tables.keep_table(table)
    values = headline(table, CaseFilter()).values
    members = [Member("all", case["sex"], case["truth_months"], case["chronological_age_months"]) for case in cases]
    told = row.report.pop("overall")
    assert set(told) == set(values["overall"])
    for name, value in values["overall"].items():
        assert told[name] == (None if value is None else pytest.approx(value, rel=1e-12)), name
    assert row.report == {
        "synthetic": True,
        "baselines": {"a": 1},
        "truth_is_model": False,
        "table1": distribution(members),
        "detector": None,
        "n": values["n"],
        "offers": offers_of(table),
    }


def test_one_case_gives_numbers_that_are_known(own_folder: Path) -> None:
    case = old_cases(1)[0] | {"truth_months": 120.0, "predicted_months": 110.0}
    row = frozen({"cases": [case], "synthetic": False})
    assert row.report["overall"]["mae_months"] == 10
    assert row.report["overall"]["bias_months"] == -10
    assert row.report["overall"]["mae_interval_months"] is None


def test_no_migration_calls_code_that_goes_on_changing() -> None:
    guilty = []
    for path in [*ROOT.glob("annotations/migrations/*.py"), *ROOT.glob("boneage_web/*/migrations/*.py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            guilty += [
                f"{path.relative_to(ROOT)}: {name}"
                for name in names
                if name.split(".")[0] in ("annotations", "boneage_web", "inference", "training")
                and ".migrations" not in name
                and (isinstance(node, ast.ImportFrom) or ".services" in name or ".selectors" in name)
            ]
    assert not guilty
