"""The paper's tables: what is shipped is what is printed, and our code gives the paper's means from its cells."""

import numpy as np
import pytest

from inference.statistics import paper
from inference.statistics.case_filter import CaseFilter
from inference.statistics.case_table import CaseTable
from inference.statistics.figures.registry import FIGURES
from tests.factories.cases import paper_cohort

PRINTED = {"F": 0.474, "M": 0.445, "total": 0.461}


def test_table_1_adds_up_to_the_printed_sizes():
    sizes = {part: sum(sum(row[part].values()) for row in paper.age_distribution()) for part in paper.PARTS}
    assert sizes == {"train": 9486, "validation": 2372, "test": 1229}
    assert sum(sizes.values()) == 13_087


def test_table_2_names_its_sources():
    rows = paper.methods()
    assert [row.mae_years for row in rows if row.reference.startswith("CHBoneAI")] == [0.461, 0.455]
    assert all(row.reference and row.method and row.samples > 0 for row in rows)


def test_table_3_of_the_paper_comes_out_of_our_table_3():
    """As many cases in each cell as the paper's validation set has, each as far off as the cell's printed mean."""
    rows = []
    for sizes, errors in zip(paper.age_distribution(), paper.mae_by_band(), strict=True):
        for sex in ("F", "M"):
            truth = (sizes["from_years"] + 0.5) * 12
            rows += [
                {
                    "id": f"{sizes['from_years']}{sex}{i}",
                    "sex": sex,
                    "consensus": truth,
                    "predicted": truth + errors[sex] * 12 * (1 if i % 2 else -1),
                }
                for i in range(sizes["validation"][sex])
            ]
    values = FIGURES["table3"](CaseTable.from_rows(rows), CaseFilter()).values
    for row, printed in zip(values["rows"][1:-1], paper.mae_by_band(), strict=True):
        assert row["female"]["mae_months"] / 12 == pytest.approx(printed["F"])
        assert row["male"]["mae_months"] / 12 == pytest.approx(printed["M"])
    assert values["all"]["total"]["n"] == 2372
    for sex, group in (("F", "female"), ("M", "male"), ("total", "total")):
        assert round(values["all"][group]["mae_months"] / 12, 3) == PRINTED[sex]


def test_the_made_cohort_has_the_papers_sizes_and_about_its_errors():
    rows = paper_cohort()
    assert len(rows) == 13_087
    errors = np.array([abs(row["predicted_months"] - row["bone_age_months"]) for row in rows]) / 12
    validation = np.array([row["part"] == "validation" for row in rows])
    assert errors[validation].mean() == pytest.approx(0.461, abs=0.03)
