"""The evaluation report: the one shape that ``training evaluate`` writes and the evaluation page shows.

Units are months; the page divides by 12. Errors are estimate - truth. Table 3 is laid out as in the paper.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from inference.statistics.agreement import ccc, icc_2_1
from inference.statistics.case_filter import BandBy, CaseFilter
from inference.statistics.case_table import CaseTable
from inference.statistics.errors import bland_altman, differences, share_within
from inference.statistics.figures.bands import table3
from inference.statistics.measures import WITHIN_MONTHS, measures_of

Measures = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """One film with its truth and its estimate.

    Attributes:
        id: of the film, no identity.
        sex: M or F.
        truth_months: consensus or reference bone age.
        predicted_months: the estimate.
        chronological_age_months: None where unknown.
        interval_months: the model's own (lower, upper), if it gives one.
        study: id of the study on the page, if there is one.
        patient: pseudonym, so that one child's films are drawn together; None where nobody knows.
        without_age_months: the estimate of the same model when it is not told the chronological age.
    """

    id: str
    sex: Literal["M", "F"]
    truth_months: float
    predicted_months: float
    chronological_age_months: float | None = None
    interval_months: tuple[float, float] | None = None
    study: str | None = None
    patient: str | None = None
    without_age_months: float | None = None


def evaluation_report(cases: Sequence[Case], *, band_by: BandBy, synthetic: bool) -> dict[str, Any]:
    """Everything an evaluation page says about one model on one population, as plain JSON values.

    Args:
        cases: at least one.
        band_by: which age decides the row of table 3; the paper's "real age" is not defined, so it stands on the page.
        synthetic: whether the films are drawn; a mix counts as synthetic.

    Returns:
        See ``contract`` in the tests: n, synthetic, band_by, overall, by_sex, table3, unbanded, cases, bland_altman,
        within, agreement. ``unbanded`` counts cases without the age that table 3 is banded by; they are in all else.

    Raises:
        ValueError: no cases, or a value that is not a finite number.
    """
    if not cases:
        raise ValueError("No cases: approve consensus ages or choose another population first.")
    truth = [case.truth_months for case in cases]
    predicted = [case.predicted_months for case in cases]
    limits = bland_altman(truth, predicted)
    bands = table3(case_table(cases), CaseFilter(band_by=band_by)).values
    return {
        "n": len(cases),
        "synthetic": synthetic,
        "band_by": band_by,
        "overall": bands["all"]["total"],
        "by_sex": {"M": bands["all"]["male"], "F": bands["all"]["female"]},
        "table3": bands["rows"],
        "unbanded": bands["unbanded"],
        "cases": [_case_row(case) for case in cases],
        "bland_altman": None
        if limits is None
        else {"bias": limits.bias, "lower": limits.lower, "upper": limits.upper, "slope": limits.slope},
        "within": {str(limit): share_within(truth, predicted, limit) for limit in WITHIN_MONTHS},
        "agreement": _agreement(truth, predicted),
    }


def case_table(cases: Sequence[Case]) -> CaseTable:
    """The cases as columns; a film without a patient counts as a child of its own."""
    return CaseTable.from_rows(
        [
            {
                "id": case.id,
                "study": case.study,
                "patient": case.patient,
                "sex": case.sex,
                "consensus": case.truth_months,
                "predicted": case.predicted_months,
                "without_age": case.without_age_months,
                "chronological": case.chronological_age_months,
                "low": case.interval_months[0] if case.interval_months else None,
                "high": case.interval_months[1] if case.interval_months else None,
            }
            for case in cases
        ]
    )


def measures(cases: Sequence[Case]) -> Measures | None:
    """n, MAE, bias and RMSE of a group with their intervals, in months; None for an empty group."""
    if not cases:
        return None
    difference = differences([case.truth_months for case in cases], [case.predicted_months for case in cases])
    return measures_of(difference, case_table(cases).patient)


def _case_row(case: Case) -> dict[str, Any]:
    return {
        "id": case.id,
        "sex": case.sex,
        "truth_months": case.truth_months,
        "predicted_months": case.predicted_months,
        "chronological_age_months": case.chronological_age_months,
        "interval_months": None if case.interval_months is None else list(case.interval_months),
        "study": case.study,
        "patient": case.patient,
        "without_age_months": case.without_age_months,
    }


def _agreement(truth: Sequence[float], predicted: Sequence[float]) -> dict[str, float | None]:
    if len(truth) < 2:
        return {"icc_2_1": None, "ccc": None}

    return {"icc_2_1": icc_2_1(np.column_stack([truth, predicted])), "ccc": ccc(truth, predicted)}
