"""What starts what: one table of facts and the jobs that follow. Facts are told after their commit."""

from collections.abc import Callable, Mapping
from typing import Any

from annotations import announce
from annotations.models import Study
from boneage_web.registry.selectors import active_model
from boneage_web.runs.kinds import RunKind
from boneage_web.runs.services.ledger import create_run, queued_run


def predict_arrivals(fact: announce.StudyReady) -> None:
    """One waiting run takes all films that have arrived when it begins; so a hundred films make few runs."""
    model = active_model()
    if model is None:
        return
    parameters = {"model": str(model.pk), "arrivals": True}
    if queued_run(kind=RunKind.INFER, parameters=parameters) is None:
        create_run(kind=RunKind.INFER, parameters=parameters, requested_by=None)


def predict_again(fact: announce.StudyFactsStated) -> None:
    """Somebody stated what the header lacked: the model is asked again with it."""
    model = active_model()
    if model is not None and Study.objects.filter(pk=fact.study, state="ready").exists():
        parameters = {"model": str(model.pk), "study": str(fact.study)}
        create_run(kind=RunKind.INFER, parameters=parameters, requested_by=None)


REACTIONS: Mapping[type, tuple[Callable[[Any], None], ...]] = {
    announce.StudyReady: (predict_arrivals,),
    announce.StudyFactsStated: (predict_again,),
}


def listen() -> None:
    """Enter the table; called once, when Django is ready."""
    for fact, jobs in REACTIONS.items():
        for job in jobs:
            announce.listen(fact, job)
