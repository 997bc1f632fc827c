"""The database has the last word: rows that make no sense do not go in, whoever writes them."""

from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, models, transaction

from annotations.models import (
    BoxOperation,
    BoxSet,
    Consensus,
    Event,
    Exposure,
    IntakeRecord,
    Lease,
    Protocol,
    Radiograph,
    Read,
    RegionBox,
    Role,
    Study,
)
from annotations.services.protocols import present_protocol
from annotations.states import RoleName
from tests.factories.people import make_person
from tests.factories.studies import film_of, make_study

pytestmark = pytest.mark.django_db


def refused(model: type[models.Model], **values: Any) -> bool:
    """Whether the database refuses a row with these values."""
    try:
        with transaction.atomic():
            model.objects.bulk_create([model(**values)])  # type: ignore[attr-defined]
    except IntegrityError:
        return True
    return False


BOXED = {"region": "mc2", "state": "boxed", "origin": "drawn", "x0": 1, "y0": 1, "x1": 2, "y1": 2}


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({}, False),
        ({"region": "mc1"}, True),
        ({"state": "lost"}, True),
        ({"x1": 1}, True),
        ({"y1": 0.5}, True),
        ({"x0": None}, True),
        ({"x1": float("nan")}, True),
        ({"x1": float("inf")}, True),
        ({"x0": float("-inf")}, True),
        ({"origin": None}, True),
        ({"origin": "guessed"}, True),
        ({"absent_reason": "cut_off"}, True),
        ({"score": 1.5}, True),
        ({"state": "missing"}, True),
        ({"state": "absent", "absent_reason": "cut_off"}, True),
        ({"state": "missing", "x0": None, "y0": None, "x1": None, "y1": None}, False),
        ({"state": "absent", "x0": None, "y0": None, "x1": None, "y1": None}, True),
        ({"state": "absent", "absent_reason": "lost", "x0": None, "y0": None, "x1": None, "y1": None}, True),
        ({"state": "absent", "absent_reason": "cut_off", "x0": None, "y0": None, "x1": None, "y1": None}, False),
    ],
)
def test_a_region_is_boxed_absent_with_a_reason_or_missing(changes: dict[str, Any], wrong: bool) -> None:
    box_set = BoxSet.objects.create(radiograph=film_of(make_study()), author=make_person("a"), version=1)
    assert refused(RegionBox, box_set=box_set, **BOXED | changes) == wrong


def test_each_region_once() -> None:
    box_set = BoxSet.objects.create(radiograph=film_of(make_study()), author=make_person("a"), version=1)
    assert not refused(RegionBox, box_set=box_set, **BOXED)
    assert refused(RegionBox, box_set=box_set, **BOXED)


def test_box_sets() -> None:
    film, author, judge = film_of(make_study()), make_person("a"), make_person("j")
    base = {"radiograph": film, "author": author}
    assert not refused(BoxSet, version=1, **base)
    assert refused(BoxSet, version=2, **base), "one open draft per person and radiograph"
    assert refused(BoxSet, version=1, status="submitted", **base), "a version number once"
    assert refused(BoxSet, version=3, status="lost", **base)
    assert refused(BoxSet, version=3, status="proposed", **base), "people do not propose"
    assert refused(BoxSet, version=3, radiograph=film, source="model", status="draft", model_label="m")
    assert refused(BoxSet, version=3, radiograph=film, source="model", status="proposed"), "a model has a name"
    assert refused(BoxSet, version=3, status="returned", decided_by=judge, **base), "returned with a reason"
    assert refused(BoxSet, version=3, status="accepted", **base), "accepted by somebody"
    assert refused(BoxSet, version=3, status="accepted", decided_by=author, **base), "never by its author"
    assert not refused(BoxSet, version=3, status="accepted", decided_by=judge, **base)
    assert refused(BoxSet, version=4, status="accepted", decided_by=judge, **base), "one accepted per radiograph"


def test_studies_and_radiographs() -> None:
    study = make_study()
    wrong: list[dict[str, Any]] = [
        {"state": "lost"},
        {"state": "excluded", "reason_code": ""},
        {"sex": "X"},
        {"sex": None},
        {"sex_source": "stated"},
        {"chronological_age_months": -1},
        {"chronological_age_months": 361},
        {"age_source": None},
        {"chronological_age_months": None},
        {"sex_source": None},
    ]
    for values in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            Study.objects.filter(pk=study.pk).update(**values)
    film = film_of(study)
    copy = {field.attname: getattr(film, field.attname) for field in film._meta.concrete_fields}
    other = {"id": study.pk, "content_hash": "h", "sop_instance_uid": "u"}
    assert refused(Radiograph, **copy | other), "one radiograph for reading"
    assert refused(Radiograph, **copy | other | {"for_reading": False, "rows": 0})
    assert refused(Radiograph, **copy | other | {"for_reading": False, "laterality": "both"})
    assert not refused(Radiograph, **copy | other | {"for_reading": False})


def test_reads_and_consensus() -> None:
    film, reader, protocol = film_of(make_study()), make_person("r"), present_protocol()
    base = {
        "radiograph": film,
        "reader": reader,
        "protocol": protocol,
        "method": protocol.method,
        "edition": protocol.edition,
    }
    assert refused(Read, status="submitted", **base), "submitted with an age"
    assert refused(Read, bone_age_months=100, **base), "no age before it is submitted"
    assert refused(Read, status="unreadable", **base), "unreadable with a reason"
    assert refused(Read, status="submitted", submitted_at=film.created_at, **base), "NULL is no age"
    assert refused(Read, **base | {"method": "TW9"})
    assert not refused(Read, token="t", **base)
    assert refused(Read, token="t", version=2, **base), "one current version"
    consensus = {"radiograph": film, "protocol": protocol, "readers_required": 2, "tolerance_months": 12}
    assert refused(Consensus, status="agreed", **consensus)
    assert refused(Consensus, status="agreed", origin="single_read", **consensus), "NULL is no value"
    assert refused(Consensus, bone_age_months=100, origin="adjudicated", **consensus), "open without a value"
    settled = {"bone_age_months": 100, "origin": "adjudicated", "status": "settled"}
    assert refused(Consensus, **settled, **consensus), "settled by somebody, with a reason"
    assert refused(Consensus, **settled | {"status": "approved"}, **consensus), "approved by somebody"
    assert refused(Consensus, status="no_bone_age", **consensus), "confirmed by somebody"
    assert refused(Consensus, status="unreadable", bone_age_months=100, origin="single_read", **consensus), "no value"
    assert refused(Consensus, status="reopened", **consensus), "reopened with a reason"
    assert not refused(Consensus, **consensus)


def test_people_leases_exposures_protocol() -> None:
    person, film = make_person("p", RoleName.READER), film_of(make_study())
    assert refused(Role, person=person, name="king")
    assert refused(Role, person=person, name="reader")
    assert refused(Exposure, person=person, radiograph=film, kind="rumour", place="x")
    assert refused(Lease, radiograph=film, purpose="nap", person=person, expires_at=film.created_at)
    present_protocol()
    assert refused(Protocol, version=2), "one active protocol for all"
    assert refused(Protocol, version=2, is_active=False, readers_required=0)


@pytest.mark.parametrize("model", [Event, BoxOperation, Exposure, IntakeRecord], ids=lambda model: model.__name__)
def test_history_is_locked_by_the_database_itself(model: type[models.Model]) -> None:
    from django.db import connection

    with connection.cursor() as cursor, transaction.atomic():
        if connection.vendor == "sqlite":
            cursor.execute("SELECT sql FROM sqlite_master WHERE type='trigger' AND tbl_name=%s", [model._meta.db_table])
            assert "RAISE(ABORT" in cursor.fetchone()[0]
        else:
            cursor.execute(
                "SELECT count(*) FROM information_schema.triggers WHERE event_object_table=%s", [model._meta.db_table]
            )
            assert cursor.fetchone()[0] == 2
    assert issubclass(IntegrityError, DatabaseError)
