"""No bit of another read, a model's age, a consensus or the chronological age reaches who may still read blind.

The film's numbers are chosen so that they occur nowhere else; every answer that the reader can get is searched for
them, at every stage of the reading.
"""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from django.db.models import Exists, OuterRef

from annotations.models import Consensus, Exposure, Person, Radiograph, Study
from annotations.selectors import prediction_hook
from annotations.services import consensus as consensus_services
from annotations.services import reads
from annotations.states import RoleName
from tests.annotations.route_table import ROUTES, filled
from tests.factories.people import make_person
from tests.factories.studies import film_of, labelled, make_study

pytestmark = pytest.mark.django_db(transaction=True)

AGE, MODEL, FIRST, SECOND, SETTLED = 131.71, 133.37, 117.19, 119.23, 118.21
SECRETS = tuple(str(number) for number in (AGE, MODEL, FIRST, SECOND, SETTLED))
Browser = Callable[[Person | None], Any]


class _Predictions:
    """A stand-in for the roof's source, with one number for every film."""

    def of_radiographs(self, radiographs: Any) -> dict[UUID, dict[str, Any]]:
        return {pk: {"bone_age_months": MODEL, "interval_months": [MODEL, MODEL], "model": "m"} for pk in radiographs}

    def exists_for(self, study_column: str) -> Exists:
        return Exists(Radiograph.objects.filter(study=OuterRef(study_column)))


@pytest.fixture(autouse=True)
def _predictions() -> Iterator[None]:
    before = list(prediction_hook._sources)
    prediction_hook.register_predictions(_Predictions())
    yield
    prediction_hook._sources[:] = before


@pytest.fixture
def study() -> Study:
    study = make_study(stored=True, chronological_age_months=AGE)
    labelled(make_person("drawer", RoleName.LABELLER), study)
    return study


def read_by_another(months: float, name: str) -> None:
    person = make_person(name, RoleName.READER)
    read = reads.read_next(person=person)
    assert read is not None
    reads.submit_read(person=person, read=read, bone_age_months=months, plate_months=None)


def everything_to_get(browser: Any, study: Study, token: str | None) -> str:
    """The text and headers of every GET of this app that can be filled in."""
    consensus = Consensus.objects.filter(radiograph__study=study).first()
    values = {
        "study": str(study.pk),
        "radiograph": str(film_of(study).pk),
        "draft": str(film_of(study).box_sets.order_by("version").values_list("pk", flat=True).first()),
        "token": token or "none",
        "agreed": str(consensus.pk) if consensus else str(study.pk),
    }
    told = []
    for row in ROUTES:
        if row.method == "GET" and "pixels" not in row.path and "thumbnail" not in row.path:
            response = browser.call("GET", filled(row.path, values))
            assert response.status_code in (200, 204, 403, 404), row.path
            told.append(f"{response.text} {response.headers}")
    for query in ("has=read", "has=approved", "has=predicted", "age_min_months=100", "order=received_at"):
        told.append(browser.call("GET", f"/studies?{query}").text)
    return " ".join(told)


@pytest.mark.parametrize("roles", [(RoleName.READER,), tuple(RoleName)], ids=["reader", "every role"])
def test_nothing_is_told_before_the_lock(api: Browser, study: Study, roles: tuple[RoleName, ...]) -> None:
    person = make_person("blind", *roles)
    browser = api(person)
    token = browser.post("/read/next")["token"]
    told = everything_to_get(browser, study, token)
    read_by_another(FIRST, "other")
    told += everything_to_get(browser, study, token)
    assert [secret for secret in SECRETS if secret in told] == []
    assert not Exposure.objects.filter(person=person).exists()
    row = browser.get("/studies")["results"][0]
    assert (row["blinded"], row["reading"], row["prediction"], row["chronological_age_months"]) == (
        True,
        None,
        None,
        None,
    )

    browser.post(f"/reading/{token}/submit", {"bone_age_months": SECOND, "plate_months": None})
    after = everything_to_get(browser, study, token)
    assert str(AGE) in after
    assert str(SECOND) in after
    if RoleName.REVIEWER in roles:
        assert str(FIRST) in after
    else:
        assert str(FIRST) not in after, "a pure reader never sees another's read"


def test_nothing_is_told_to_a_reader_who_came_too_late_until_it_is_approved(api: Browser, study: Study) -> None:
    late = make_person("late", RoleName.READER, RoleName.RESEARCHER)
    browser = api(late)
    read_by_another(FIRST, "first")
    read_by_another(SECOND, "second")
    assert browser.call("POST", "/read/next", json={}).status_code == 204
    told = everything_to_get(browser, study, None)
    assert [secret for secret in SECRETS if secret in told] == []
    consensus = Consensus.objects.get(radiograph__study=study)
    assert consensus.bone_age_months == pytest.approx(SETTLED)
    consensus_services.approve(person=make_person("reviewer", RoleName.REVIEWER), consensus=consensus)
    told = everything_to_get(browser, study, None)
    assert str(AGE) in told
    assert str(round(SETTLED, 2)) in told


@pytest.mark.parametrize(
    "query", ["has=read", "has=approved", "has=predicted", "age_min_months=131", "age_max_months=132"]
)
def test_a_filter_tells_nothing_either(api: Browser, study: Study, query: str) -> None:
    read_by_another(FIRST, "other")
    blind = api(make_person("blind", RoleName.READER, RoleName.RESEARCHER))
    open_eyes = api(make_person("open", RoleName.RESEARCHER))
    page = blind.call("GET", f"/studies?{query}").json()
    assert (page["results"], page["total"]) == ([], 0)
    if query != "has=approved":
        assert open_eyes.call("GET", f"/studies?{query}").json()["total"] == 1


def test_who_was_shown_an_age_in_the_list_is_not_asked_to_read_blind(api: Browser, study: Study) -> None:
    person = make_person("researcher", RoleName.RESEARCHER)
    api(person).get("/studies")
    kinds = set(Exposure.objects.filter(person=person).values_list("kind", flat=True))
    assert kinds == {"chronological_age", "model_result"}
    person.roles.create(name=RoleName.READER)
    assert api(person).call("POST", "/read/next", json={}).status_code == 204


def test_looking_at_a_consensus_is_an_exposure(api: Browser, study: Study) -> None:
    read_by_another(FIRST, "first")
    read_by_another(SECOND, "second")
    reviewer = make_person("reviewer", RoleName.REVIEWER)
    api(reviewer).get("/consensus")
    kinds = set(Exposure.objects.filter(person=reviewer).values_list("kind", flat=True))
    assert {"consensus", "other_read"} <= kinds


def test_a_token_is_nobody_elses(api: Browser, study: Study) -> None:
    reader, other = (api(make_person(name, RoleName.READER)) for name in ("one", "two"))
    token = reader.post("/read/next")["token"]
    other.get(f"/reading/{token}", expect=404)
    assert other.call("GET", f"/reading/{token}/pixels").status_code == 404
    other.post(f"/reading/{token}/submit", {"bone_age_months": 1}, expect=404)
    headers = str(reader.call("GET", f"/reading/{token}/pixels").headers)
    assert str(film_of(study).pk) not in headers
    assert str(study.pk) not in headers
