"""The list of studies: pages, filters, few queries; and answers that have the shape of the schema."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework import serializers

from annotations.api.serializers.boxes import BoxSetSerializer
from annotations.api.serializers.people import (
    AccountPageSerializer,
    CohortPageSerializer,
    HomeSerializer,
    ProtocolSerializer,
)
from annotations.api.serializers.reading import ConsensusPageSerializer, ConsensusSerializer, ReadingSerializer
from annotations.api.serializers.studies import EventSerializer, StudyPageSerializer, StudySerializer
from annotations.models import Cohort, Person
from annotations.states import RoleName, StudyState
from tests.annotations.route_table import filled, world
from tests.factories.people import make_person, make_personas
from tests.factories.studies import labelled, make_study

MOST_QUERIES = 12
"""Session, person, that they were seen, roles, studies, count, radiographs, predictions, assignments, known exposures,
and new ones (one insert)."""


def client_of(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend="boneage_web.site.signed_in.PersonBackend")
    return client


@pytest.mark.django_db
def test_pages_follow_each_other_without_gap_or_repeat() -> None:
    ids = [str(make_study().pk) for _ in range(7)]
    client = client_of(make_person("labeller", RoleName.LABELLER))
    seen: list[str] = []
    cursor = ""
    while cursor is not None:
        page = client.get(f"/api/v1/studies?limit=3&cursor={cursor}").json()
        seen += [row["id"] for row in page["results"]]
        assert page["total"] == (7 if not cursor else None)
        cursor = page["next"]
    assert seen == ids[::-1]
    oldest = client.get("/api/v1/studies?order=received_at&limit=2").json()["results"]
    assert [row["id"] for row in oldest] == ids[:2]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("state=excluded", {"excluded"}),
        ("sex=F", {"girl"}),
        ("cohort={cohort}", {"girl"}),
        ("age_min_months=100&age_max_months=140", {"boy", "excluded"}),
        ("q={pseudonym}", {"boy"}),
        ("has=labelled", {"boy"}),
        ("has=approved", set()),
        ("state=&sex=&q=&has=", {"boy", "girl", "excluded"}),
    ],
)
def test_filters(query: str, expected: set[str]) -> None:
    cohort = Cohort.objects.create(name="spring")
    studies = {
        "boy": make_study(),
        "girl": make_study(sex="F", cohort=cohort, chronological_age_months=60),
        "excluded": make_study(state=StudyState.EXCLUDED),
    }
    labeller = make_person("labeller", RoleName.LABELLER)
    labelled(labeller, studies["boy"])
    values = {"cohort": str(cohort.pk), "pseudonym": studies["boy"].patient.pseudonym}
    page = client_of(labeller).get(f"/api/v1/studies?{filled(query, values)}").json()
    assert {row["id"] for row in page["results"]} == {str(studies[name].pk) for name in expected}
    assert page["total"] == len(expected)


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["colour=red", "state=lost", "cursor=abc", "limit=0", "has=everything", "cohort=x"])
def test_what_the_list_does_not_know_is_refused(query: str) -> None:
    response = client_of(make_person("labeller", RoleName.LABELLER)).get(f"/api/v1/studies?{query}")
    assert response.status_code == 400
    assert set(response.json()["error"]) == {"code", "message", "details"}


@pytest.mark.django_db
@pytest.mark.parametrize("roles", [(RoleName.LABELLER,), tuple(RoleName)], ids=["labeller", "every role"])
def test_a_long_page_takes_no_more_queries_than_a_short_one(
    roles: tuple[RoleName, ...], django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for _ in range(12):
        make_study()
    client = client_of(make_person("somebody", *roles))
    counts = []
    for limit in (2, 12):
        with django_assert_max_num_queries(MOST_QUERIES) as queries:
            assert len(client.get(f"/api/v1/studies?limit={limit}").json()["results"]) == limit
        counts.append(_reads(queries))
    assert counts[0] == counts[1]


def _reads(queries: CaptureQueriesContext) -> int:
    return sum(query["sql"].startswith("SELECT") for query in queries.captured_queries)


ANSWERS: tuple[tuple[str, str, type[serializers.BaseSerializer], bool], ...] = (
    ("administrator", "/home", HomeSerializer, False),
    ("labeller", "/studies", StudyPageSerializer, False),
    ("labeller", "/studies/{study}", StudySerializer, False),
    ("labeller", "/studies/{study}/events", EventSerializer, True),
    ("labeller", "/box-sets/{draft}", BoxSetSerializer, False),
    ("reader", "/reading/{token}", ReadingSerializer, False),
    ("reviewer", "/consensus", ConsensusPageSerializer, False),
    ("reviewer", "/consensus/{agreed}", ConsensusSerializer, False),
    ("administrator", "/people", AccountPageSerializer, False),
    ("nobody", "/cohorts", CohortPageSerializer, False),
    ("nobody", "/protocol", ProtocolSerializer, False),
)


@pytest.mark.django_db
@pytest.mark.parametrize(("persona", "path", "shape", "many"), ANSWERS, ids=lambda value: str(value))
def test_answers_have_exactly_the_fields_of_the_schema(
    persona: str, path: str, shape: type[serializers.BaseSerializer], many: bool
) -> None:
    personas = make_personas()
    Cohort.objects.create(name="spring")
    answer = client_of(personas[persona]).get(f"/api/v1{filled(path, world(personas))}").json()
    for each in answer if many else [answer]:
        assert_shape(each, shape(), path)


def assert_shape(value: Any, field: Any, where: str) -> None:
    """The value has the fields of the serializer, no more and, where required, no fewer; at every depth."""
    if value is None:
        assert field.allow_null, f"{where} is null"
    elif isinstance(field, serializers.ListSerializer):
        for number, each in enumerate(value):
            assert_shape(each, field.child, f"{where}[{number}]")
    elif isinstance(field, serializers.Serializer):
        required = {name for name, child in field.fields.items() if child.required}
        assert required <= set(value) <= set(field.fields), where
        for name, each in value.items():
            assert_shape(each, field.fields[name], f"{where}.{name}")
    elif isinstance(field, serializers.ListField):
        for each in value:
            assert_shape(each, field.child, where)
    else:
        field.run_validation(value)


def test_a_shape_that_is_wrong_is_found() -> None:
    good = {"version": 1, "method": "m", "edition": "e", "readers_required": 2, "tolerance_months": 1.0}
    good |= {"show_chronological_age": False, "repeat_share": 0.0}
    good |= {"repeat_after_days": 14, "repeat_after_reads": 20, "repeat_within_days": 90}
    good |= {"label_twice_share": 0.0, "cohort": None}
    assert_shape(good, ProtocolSerializer(), "protocol")
    for wrong in ({**good, "extra": 1}, {key: good[key] for key in list(good)[1:]}):
        with pytest.raises(AssertionError):
            assert_shape(wrong, ProtocolSerializer(), "protocol")


@pytest.mark.django_db
def test_who_has_no_role_sees_no_study() -> None:
    make_study()
    page = client_of(make_person("nobody")).get("/api/v1/studies").json()
    assert (page["results"], page["total"]) == ([], 0)
