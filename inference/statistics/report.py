"""The evaluation report: the one shape that ``training evaluate`` writes and the evaluation page shows.

Units are months; the page divides by 12. Errors are estimate - truth. Table 3 is laid out as in the paper.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from inference.statistics.age_bands import AGE_BANDS, AgeBand, age_band
from inference.statistics.agreement import ccc, icc_2_1
from inference.statistics.bootstrap import bootstrap_interval
from inference.statistics.errors import bias, bland_altman, mae, rmse, share_within

BandBy = Literal["bone_age", "chronological_age"]
Measures = dict[str, Any]

WITHIN_MONTHS = (6, 12, 24)


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
    """

    id: str
    sex: Literal["M", "F"]
    truth_months: float
    predicted_months: float
    chronological_age_months: float | None = None
    interval_months: tuple[float, float] | None = None
    study: str | None = None


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
    return {
        "n": len(cases),
        "synthetic": synthetic,
        "band_by": band_by,
        "overall": measures(cases),
        "by_sex": {sex: measures([case for case in cases if case.sex == sex]) for sex in ("M", "F")},
        "table3": _table3(cases, band_by),
        "unbanded": sum(_banding_age(case, band_by) is None for case in cases),
        "cases": [_case_row(case) for case in cases],
        "bland_altman": None
        if limits is None
        else {"bias": limits.bias, "lower": limits.lower, "upper": limits.upper, "slope": limits.slope},
        "within": {str(limit): share_within(truth, predicted, limit) for limit in WITHIN_MONTHS},
        "agreement": _agreement(truth, predicted),
    }


def measures(cases: Sequence[Case]) -> Measures | None:
    """n, MAE with its interval, bias and RMSE of a group, in months; None for an empty group."""
    if not cases:
        return None
    truth = [case.truth_months for case in cases]
    predicted = [case.predicted_months for case in cases]
    interval = bootstrap_interval(np.abs(np.subtract(predicted, truth)))
    return {
        "n": len(cases),
        "mae_months": mae(truth, predicted),
        "mae_interval_months": None if interval is None else list(interval),
        "bias_months": bias(truth, predicted),
        "rmse_months": rmse(truth, predicted),
    }


def _table3(cases: Sequence[Case], band_by: BandBy) -> list[dict[str, Any]]:
    """All twenty bands, empty ones too, so that tables of two models lie side by side."""
    members: dict[AgeBand, list[Case]] = {band: [] for band in AGE_BANDS}
    for case in cases:
        age = _banding_age(case, band_by)
        if age is not None:
            members[age_band(age)].append(case)
    return [
        {
            "band": band.label,
            "from_years": band.from_years,
            "to_years": band.to_years,
            "female": measures([case for case in inside if case.sex == "F"]),
            "male": measures([case for case in inside if case.sex == "M"]),
            "total": measures(inside),
        }
        for band, inside in members.items()
    ]


def _banding_age(case: Case, band_by: BandBy) -> float | None:
    return case.truth_months if band_by == "bone_age" else case.chronological_age_months


def _case_row(case: Case) -> dict[str, Any]:
    return {
        "id": case.id,
        "sex": case.sex,
        "truth_months": case.truth_months,
        "predicted_months": case.predicted_months,
        "chronological_age_months": case.chronological_age_months,
        "interval_months": None if case.interval_months is None else list(case.interval_months),
        "study": case.study,
    }


def _agreement(truth: Sequence[float], predicted: Sequence[float]) -> dict[str, float | None]:
    if len(truth) < 2:
        return {"icc_2_1": None, "ccc": None}

    return {"icc_2_1": icc_2_1(np.column_stack([truth, predicted])), "ccc": ccc(truth, predicted)}
