"""Prepared questions answer as the querysets that they are made of, for each value, person and thread."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.db.models import Count, QuerySet
from django.utils import timezone

from annotations.base.prepared import MOST_VALUES, prepared, prepared_update
from annotations.models import BoxSet, Lease, Person, Radiograph, Read, Study
from annotations.permissions.boxes import box_sets_visible_to
from annotations.permissions.queues import LabelPool, circumstances, label_pool
from annotations.permissions.studies import studies_visible_to
from annotations.services import reads
from annotations.services.leases import take_lease
from annotations.states import PRIORITY_RANK, LeasePurpose, RoleName, StudyState
from tests.factories.people import PERSONAS, make_person, make_personas
from tests.factories.studies import film_of, labelled, make_study

pytestmark = pytest.mark.django_db


def counted(build: Callable[..., Any]) -> tuple[Callable[..., Any], list[tuple[Any, ...]]]:
    """The function, and with what it was called."""
    calls: list[tuple[Any, ...]] = []

    def counting(*values: Any) -> Any:
        calls.append(values)
        return build(*values)

    return counting, calls


def test_it_is_built_twice_and_then_only_its_values_change(settings: Any) -> None:
    settings.COMPARE_PREPARED = False
    studies = [make_study() for _ in range(5)]
    build, calls = counted(lambda pk: Radiograph.objects.filter(study=pk).select_related("study__patient"))
    question = prepared(build)
    for study in studies:
        (film,) = question(study.pk)
        assert film == film_of(study)
        assert film.study == study
        assert film.study.patient.pseudonym == study.patient.pseudonym  # came with it
    assert question(uuid4()) == []
    assert len(calls) == 2
    assert not {study.pk for study in studies} & {pk for (pk,) in calls}, "no value of a caller is in what is kept"


def test_rows_are_new_each_time() -> None:
    study = make_study()
    question = prepared(lambda pk: Study.objects.filter(pk=pk))
    (first,) = question(study.pk)
    first.state = StudyState.EXCLUDED
    Study.objects.filter(pk=study.pk).update(reason="moved")
    (second,) = question(study.pk)
    assert (second.state, second.reason) == (StudyState.READY, "moved")


@pytest.mark.parametrize(
    "shaped",
    [
        lambda rows: rows,
        lambda rows: rows.values_list("pk", flat=True),
        lambda rows: rows.values_list("state", "received_at"),
        lambda rows: rows.values("pk", "synthetic"),
        lambda rows: rows.annotate(films=Count("radiographs")).order_by("-films", "pk"),
        lambda rows: rows.order_by("-pk")[:2],
        lambda rows: rows.prefetch_related("radiographs"),
        lambda rows: rows.none(),
    ],
)
def test_every_form_of_rows_is_the_queryset_s_own(shaped: Callable[[QuerySet], QuerySet]) -> None:
    made = [make_study() for _ in range(4)]

    def build(since: datetime, state: StudyState) -> QuerySet:
        return shaped(Study.objects.filter(received_at__gte=since, state=state))

    question = prepared(build)
    for since in (made[0].received_at, made[2].received_at, timezone.now() + timedelta(days=1)):
        for state in (StudyState.READY, StudyState.EXCLUDED):
            expected = list(build(since, state))
            answer = question(since, state)
            assert answer == expected
            assert [getattr(row, "films", None) for row in answer] == [getattr(row, "films", None) for row in expected]


def test_a_clock_or_a_computed_value_is_never_kept(settings: Any) -> None:
    settings.COMPARE_PREPARED = False
    study = make_study()
    at = study.received_at
    by_clock, clock_calls = counted(lambda: Study.objects.filter(received_at__lte=timezone.now()))
    computed, computed_calls = counted(lambda now: Study.objects.filter(received_at__gt=now - timedelta(days=1)))
    question = prepared(by_clock)
    assert [question() for _ in range(3)] == [[study]] * 3
    question = prepared(computed)
    assert question(at) == [study]
    assert question(at + timedelta(days=2)) == []
    assert (len(clock_calls), len(computed_calls)) == (5, 4)  # two probes, and once for each asking


def test_a_clock_that_stands_still_between_two_probes_is_not_kept_either(settings: Any) -> None:
    settings.COMPARE_PREPARED = False
    study = make_study()
    stopped = [study.received_at - timedelta(seconds=1)]
    question = prepared(lambda pk: Study.objects.filter(pk=pk, received_at__lte=stopped[0]))
    assert question(study.pk) == []
    stopped[0] = study.received_at
    assert question(study.pk) == [study]


def test_building_must_not_ask_the_database() -> None:
    study = make_study()
    question = prepared(lambda pk: Study.objects.filter(pk=pk if Study.objects.exists() else None))
    with pytest.raises(AssertionError, match="must not ask the database"):
        question(study.pk)


def test_whoever_decides_by_a_value_is_found_out_by_the_tests() -> None:
    decisive = uuid4()

    def build(pk: UUID) -> QuerySet[Study]:
        return Study.objects.all() if pk == decisive else Study.objects.filter(pk=pk)

    question = prepared(build)
    assert question(uuid4()) == []
    with pytest.raises(AssertionError, match="must not be prepared"):
        question(decisive)


def test_tuples_count_by_their_length(settings: Any) -> None:
    settings.COMPARE_PREPARED = False
    studies = [make_study() for _ in range(3)]
    build, calls = counted(lambda pks: Study.objects.filter(pk__in=pks))
    question = prepared(build)
    for chosen in (studies, studies[:2], studies[1:], [], studies):
        assert set(question(tuple(study.pk for study in chosen))) == set(chosen)
    assert len(calls) == 6  # three lengths
    many = tuple(uuid4() for _ in range(MOST_VALUES))
    for _ in range(2):
        assert question((*many, studies[0].pk)) == [studies[0]]
    assert len(calls) == 8  # too many to be kept: built for each asking


def test_something_that_is_neither_value_nor_shape_is_asked_as_before() -> None:
    study = make_study()
    question = prepared(lambda pks: Study.objects.filter(pk__in=pks))
    assert question([study.pk]) == [study]
    assert question({study.pk}) == [study]


def test_each_person_gets_their_own_and_each_set_of_roles_its_own_rule() -> None:
    people = make_personas()
    people["both"] = make_person("both", RoleName.LABELLER, RoleName.READER)
    people["another"] = make_person("another", RoleName.LABELLER)
    for name in ("labeller", "another"):
        labelled(people[name], make_study())
    Radiograph.objects.update(label_twice=True)
    study = make_study()
    visible = prepared(lambda person: box_sets_visible_to(person).order_by("pk"))
    seen = prepared(lambda person, pk: studies_visible_to(person).filter(pk=pk))
    for name, person in people.items():
        person = Person.objects.get(pk=person.pk)
        assert visible(person) == list(box_sets_visible_to(person).order_by("pk")), name
        assert [row.blinded for row in seen(person, study.pk)] == [
            row.blinded for row in studies_visible_to(person).filter(pk=study.pk)
        ], name
    assert [box_set.author_id for box_set in visible(people["labeller"])] == [people["labeller"].pk]
    assert [box_set.author_id for box_set in visible(people["another"])] == [people["another"].pk]
    assert len(visible(people["reviewer"])) == 2
    assert set(PERSONAS) < set(people)


def test_whoever_may_read_blind_is_told_by_the_clock_and_not_by_what_was_kept() -> None:
    """The rule looks at the clock, so it is never kept: a reading becomes visible when its time has come."""
    reader = make_person("reader", RoleName.READER, RoleName.RESEARCHER)
    study = make_study(stored=True)
    labelled(make_person("drawer", RoleName.LABELLER), study)
    seen = prepared(lambda person, pk: studies_visible_to(person).filter(pk=pk))
    assert [row.blinded for row in seen(reader, study.pk)] == [True]
    read = reads.read_next(person=reader)
    assert read is not None
    reads.submit_read(person=reader, read=read, bone_age_months=120, plate_months=None)
    assert [row.blinded for row in seen(reader, study.pk)] == [False]
    Read.objects.filter(pk=read.pk).update(withheld_until=timezone.now() + timedelta(hours=1))
    assert [row.blinded for row in seen(reader, study.pk)] == [True]
    Read.objects.filter(pk=read.pk).update(withheld_until=timezone.now() - timedelta(seconds=1))
    assert [row.blinded for row in seen(reader, study.pk)] == [False]


def test_a_stand_in_knows_nothing_but_its_key_and_its_roles() -> None:
    person = make_person("mei", RoleName.LABELLER)
    question = prepared(lambda who: Study.objects.filter(reason=who.username))
    with pytest.raises(AssertionError, match="must not ask the database"):
        question(person)


def test_pools_of_films_to_label_are_kept_and_follow_the_clock(settings: Any) -> None:
    settings.COMPARE_PREPARED = False
    mei, li = make_person("mei", RoleName.LABELLER), make_person("li", RoleName.LABELLER)
    film = film_of(make_study())
    build, calls = counted(lambda person, pool, found: label_pool(person, pool, found))
    question = prepared(build)
    now = timezone.now()
    assert question(mei, LabelPool.ONCE, circumstances(now)) == [film]
    assert take_lease(person=li, radiograph=film.pk, purpose=LeasePurpose.LABEL)
    assert question(mei, LabelPool.ONCE, circumstances(now)) == []
    assert question(li, LabelPool.ONCE, circumstances(now)) == [film]
    until = Lease.objects.get().expires_at
    assert question(mei, LabelPool.ONCE, circumstances(until + timedelta(seconds=1))) == [film]
    assert len(calls) == 2


def test_an_update_changes_what_its_values_say() -> None:
    studies = [make_study() for _ in range(3)]
    change = prepared_update(
        lambda pk, rank, reason: (Study.objects.filter(pk=pk), {"priority": rank, "reason": reason})
    )
    assert [change(study.pk, number, f"because {number}") for number, study in enumerate(studies, 1)] == [1, 1, 1]
    assert change(uuid4(), 1, "nobody") == 0
    assert [(study.priority, study.reason) for study in Study.objects.order_by("received_at", "pk")] == [
        (number, f"because {number}") for number in PRIORITY_RANK.values()
    ]
    nothing = prepared_update(lambda pk: (Study.objects.filter(pk__in=()), {"reason": ""}))
    assert nothing(studies[0].pk) == 0


def test_an_update_that_the_database_refuses_breaks_the_transaction_as_any_other() -> None:
    study = make_study()
    change = prepared_update(lambda pk, state: (Study.objects.filter(pk=pk), {"state": state}))
    with pytest.raises(Exception, match=r"(?i)check"), transaction.atomic():
        change(study.pk, "nonsense")
    assert Study.objects.get().state == StudyState.READY


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_rows_are_held_only_inside_a_transaction() -> None:
    study = make_study()
    question = prepared(lambda pk: Study.objects.select_for_update().filter(pk=pk))
    with transaction.atomic():
        assert question(study.pk) == [study]
    with pytest.raises(transaction.TransactionManagementError):
        question(study.pk)


@pytest.mark.postgres
def test_what_is_asked_again_is_planned_once() -> None:
    study = make_study()
    question = prepared(lambda pk: Study.objects.filter(pk=pk))
    for _ in range(4):
        assert question(study.pk) == [study]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT statement FROM pg_prepared_statements WHERE statement LIKE %s", ['%%"annotations_study"%%']
        )
        kept = [statement for (statement,) in cursor.fetchall()]
    assert any('WHERE "annotations_study"."id" = $1' in statement for statement in kept), kept


@pytest.mark.django_db(transaction=True)
def test_threads_that_ask_at_once_get_their_own_answers() -> None:
    studies = [make_study() for _ in range(8)]
    question = prepared(lambda pk: BoxSet.objects.filter(radiograph__study=pk).select_related("radiograph"))
    people = [make_person(f"person{number}", RoleName.LABELLER) for number in range(8)]
    sets = [labelled(person, study) for person, study in zip(people, studies, strict=True)]
    barrier = Barrier(8)

    def ask(number: int) -> list[list[BoxSet]]:
        try:
            barrier.wait()
            return [question(studies[number].pk) for _ in range(20)]
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        for number, answers in enumerate(pool.map(ask, range(8))):
            assert answers == [[sets[number]]] * 20
