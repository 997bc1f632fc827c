"""What a re-reading round changed: the model's error before and after, over everybody, over the films that were chosen
because model and consensus lay apart, and over those drawn at random, which say what reading again does by itself."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from django.db.models import QuerySet

from annotations.models import Consensus, RereadCase, RereadRound
from annotations.states import ConsensusStatus, RereadCaseStatus, RereadKind
from inference.statistics.bootstrap import bootstrap_interval
from inference.statistics.errors import bias, mae

FEWEST = 5
"""A mean over fewer films would say too much about each of them."""


class Film(NamedTuple):
    """One film's truth before and after, and the model's word, in months."""

    before: float
    after: float
    model: float


def round_figures(round_: RereadRound, *, visible: QuerySet[RereadCase]) -> dict[str, Any]:
    """Progress and figures of a round; cases that are not ``visible`` are in no figure.

    ``after`` is the approved re-read value; a film without one yet counts with its old value in ``all`` and is left out
    of ``chosen`` and ``control``.
    """
    cases = list(round_.cases.all())
    settled: dict[Any, float] = {
        case: months
        for case, months in Consensus.objects.filter(
            reread_case__round=round_, status=ConsensusStatus.APPROVED
        ).values_list("reread_case_id", "bone_age_months")
        if months is not None
    }
    open_to_person = set(visible.filter(round=round_).values_list("pk", flat=True))
    shown = [case for case in cases if case.pk in open_to_person]
    done = [case for case in shown if case.pk in settled]
    groups: dict[str, list[Film]] = {
        "all": [Film(truth, truth, model) for truth, model in round_.others_months]
        + [Film(case.before_months, settled.get(case.pk, case.before_months), case.model_months) for case in shown],
        "chosen": [_film(case, settled) for case in done if case.kind == RereadKind.CHOSEN],
        "control": [_film(case, settled) for case in done if case.kind == RereadKind.CONTROL],
    }
    return {
        "films": len(cases),
        "weighed": sum(case.status == RereadCaseStatus.WEIGHED for case in cases),
        "approved": len(settled),
        "unreadable": sum(case.status == RereadCaseStatus.UNREADABLE for case in cases),
        "dropped": sum(case.status == RereadCaseStatus.DROPPED for case in cases),
        "hidden_from_you": len(cases) - len(shown),
        "fewest": FEWEST,
        "groups": [{"group": name, "n": len(films), **_before_and_after(films)} for name, films in groups.items()],
    }


def _film(case: RereadCase, settled: dict[Any, float]) -> Film:
    return Film(case.before_months, settled[case.pk], case.model_months)


def _before_and_after(films: Sequence[Film]) -> dict[str, Any]:
    if len(films) < FEWEST:
        return {"before": None, "after": None, "change_months": None, "change_interval_months": None}
    model = [film.model for film in films]
    before, after = [film.before for film in films], [film.after for film in films]
    change = np.abs(np.subtract(model, after)) - np.abs(np.subtract(model, before))
    interval = bootstrap_interval(change)
    return {
        "before": _error(before, model),
        "after": _error(after, model),
        "change_months": float(change.mean()),
        "change_interval_months": None if interval is None else list(interval),
    }


def _error(truth: Sequence[float], model: Sequence[float]) -> dict[str, Any]:
    interval = bootstrap_interval(np.abs(np.subtract(model, truth)))
    return {
        "mae_months": mae(truth, model),
        "mae_interval_months": None if interval is None else list(interval),
        "bias_months": bias(truth, model),
    }
