"""While re-reads wait for an adjudicator: who is shown the bone age that stands, and who nothing but the re-reads."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from annotations.models import Consensus, Person, Radiograph, Read, RereadCase, RereadRound, Study
from annotations.selectors.standing_truth import standing_truth
from annotations.services import consensus as consensus_services
from annotations.services.protocols import present_protocol
from annotations.services.rereads import weigh_case
from annotations.states import ReadRound, ReadStatus, RereadKind, RoleName
from boneage_web.evaluation.models import Evaluation
from boneage_web.results.models import Basis, Prediction
from boneage_web.results.services.signing import Signature, sign
from tests.boneage_web.conftest import approve_age
from tests.boneage_web.route_table import make_evaluation, make_model
from tests.factories.people import make_person
from tests.factories.studies import film_of, make_study

pytestmark = pytest.mark.django_db
Browser = Callable[[Person], Client]
OLD, MODEL, OWN_READ = 111.31, 157.53, 109.17


def give_read(film: Radiograph, name: str, months: float, **kind: Any) -> Read:
    return Read.objects.create(
        radiograph=film,
        reader=make_person(name, RoleName.READER),
        protocol=present_protocol(),
        method="Greulich-Pyle",
        status=ReadStatus.SUBMITTED,
        bone_age_months=months,
        submitted_at=film.study.received_at,
        **kind,
    )


@pytest.fixture
def evaluated() -> tuple[Study, Evaluation]:
    """A film that was read, approved and signed, with a model's age, in an evaluation."""
    model, study = make_model(), make_study(stored=True)
    film, reviewer = film_of(study), make_person("approver", RoleName.REVIEWER)
    give_read(film, "of long ago", OWN_READ)
    approve_age(study, OLD, reviewer=reviewer)
    Prediction.objects.create(
        model_version=model, radiograph=film, inputs_key="M:120.00", sex="M", bone_age_months=MODEL
    )
    signature = Signature(Basis.CONSENSUS, OLD, "gp1959_brush", None, identity_checked=True)
    sign(person=reviewer, study=study, signature=signature)
    row = {
        "id": str(film.pk), "study": str(study.pk), "sex": "M", "consensus": OLD, "predicted": MODEL,
        "chronological": 120.0,
    }  # fmt: skip
    return study, make_evaluation(model, [row])


def read_again(study: Study, *months: float) -> Consensus:
    """Re-reads of a round, weighed; the consensus that rests on them."""
    film = film_of(study)
    round_ = RereadRound.objects.create(
        number=1, model_label="m", largest=1, readers_required=len(months), tolerance_months=6,
        started_by=make_person("starter", RoleName.RESEARCHER),
    )  # fmt: skip
    case = RereadCase.objects.create(
        round=round_, radiograph=film, kind=RereadKind.CHOSEN, before_months=OLD, model_months=MODEL,
        reads_claimed=len(months),
    )  # fmt: skip
    for number, value in enumerate(months):
        give_read(film, f"again {number}", value, round=ReadRound.REREAD, reread_case=case)
    weigh_case(case=case)
    return Consensus.objects.exclude(status="reopened").get(radiograph=film)


def test_the_bone_age_that_stands_is_shown_marked_as_read_again(
    client_of: Browser, evaluated: tuple[Study, Evaluation]
) -> None:
    study, evaluation = evaluated
    browser = client_of(make_person("looker", RoleName.RESEARCHER))

    def shown() -> list[tuple[float, bool]]:
        truth = browser.get(f"/api/v1/studies/{study.pk}/result").json()["truth"]
        case = browser.get(f"/api/v1/evaluations/{evaluation.pk}/cases/0").json()["consensus"]
        return [(one["bone_age_months"], one["read_again"]) for one in (truth, case)]

    assert shown() == [(OLD, False)] * 2
    again = read_again(study, 90, 120)
    assert again.status == "adjudicating"
    assert shown() == [(OLD, True)] * 2
    adjudicator, approver = make_person("adj", RoleName.ADJUDICATOR), make_person("rev", RoleName.REVIEWER)
    consensus_services.settle(person=adjudicator, consensus=again, bone_age_months=100, reason="carpals")
    assert shown() == [(OLD, True)] * 2, "settled is not approved"
    again.refresh_from_db()
    consensus_services.approve(person=approver, consensus=again)
    assert shown() == [(100, False)] * 2


@pytest.mark.parametrize("more", [(), (RoleName.RESEARCHER, RoleName.REVIEWER, RoleName.ADMINISTRATOR)])
def test_who_may_settle_the_re_reads_is_shown_nothing_of_before(
    client_of: Browser, evaluated: tuple[Study, Evaluation], more: tuple[RoleName, ...]
) -> None:
    study, evaluation = evaluated
    browser = client_of(make_person("adjudicator", RoleName.ADJUDICATOR, *more))
    assert str(OLD) in browser.get(f"/api/v1/studies/{study.pk}/result").content.decode(), "before the round"
    again = read_again(study, 90, 120)
    paths = [
        *(f"studies/{study.pk}/{rest}" for rest in ("result", "result/report.txt", "result/report.csv", "deliveries")),
        f"studies/{study.pk}/events",
        f"studies/{study.pk}/at?moment=2999-01-01T00:00:00Z",
        f"consensus/{again.pk}",
        "consensus",
        *(f"evaluations/{evaluation.pk}/{rest}" for rest in ("cases", "cases/0", "cases.csv")),
    ]
    for path in paths:
        told = browser.get(f"/api/v1/{path}").content.decode()
        assert not [value for value in (OLD, MODEL, OWN_READ) if str(value) in told], path
    refused = browser.get(f"/api/v1/studies/{study.pk}/result")
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "decided_again")
    consensus_services.settle(
        person=make_person("another", RoleName.ADJUDICATOR), consensus=again, bone_age_months=100, reason="carpals"
    )
    assert str(OLD) in browser.get(f"/api/v1/studies/{study.pk}/result").content.decode(), "decided"


def test_what_a_reviewer_distrusted_does_not_stand(evaluated: tuple[Study, Evaluation]) -> None:
    study, _ = evaluated
    reviewer = make_person("doubter", RoleName.REVIEWER)
    film = film_of(study)
    plain = Consensus.objects.get(radiograph=film)
    consensus_services.reopen(person=reviewer, consensus=plain, reason="odd")
    assert standing_truth(film) is None


def test_a_re_read_that_a_reviewer_distrusted_does_not_bring_the_first_back(
    evaluated: tuple[Study, Evaluation],
) -> None:
    study, _ = evaluated
    reviewer = make_person("doubter", RoleName.REVIEWER)
    again = read_again(study, 90, 92)
    consensus_services.approve(person=reviewer, consensus=again)
    again.refresh_from_db()
    consensus_services.reopen(person=reviewer, consensus=again, reason="odd")
    assert standing_truth(film_of(study)) is None
