"""Blind reading and consensus: who is handed what, what locks, what agrees, who decides, what is amended."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from annotations.agreement import agree, shuffled
from annotations.announce import ConsensusApproved, listen, stop_listening
from annotations.base.errors import Conflict, Invalid, NotAllowed, StaleState
from annotations.models import Consensus, Event, Exposure, Person, Read, Study
from annotations.permissions.blinding import study_is_blinded_for
from annotations.services import consensus as services
from annotations.services import protocols, reads
from annotations.services.events import first_broken_link
from annotations.services.exposures import record_exposure, record_exposures
from annotations.states import (
    ConsensusOrigin,
    ConsensusStatus,
    ExposureKind,
    ReadStatus,
    RoleName,
    StudyState,
)
from inference.standards.greulich_pyle import gp_standards_months
from tests.factories.people import make_person
from tests.factories.studies import film_of, make_study

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader() -> Person:
    return make_person("reader1", RoleName.READER)


@pytest.fixture
def second() -> Person:
    return make_person("reader2", RoleName.READER)


@pytest.fixture
def adjudicator() -> Person:
    return make_person("adjudicator", RoleName.ADJUDICATOR)


def give(person: Person, months: float, plate: int | None = None) -> Read:
    read = reads.read_next(person=person)
    assert read is not None
    return reads.submit_read(person=person, read=read, bone_age_months=months, plate_months=plate)


def the_consensus(study: Study) -> Consensus:
    return Consensus.objects.exclude(status=ConsensusStatus.REOPENED).get(radiograph__study=study)


def test_two_reads_within_the_tolerance_agree_on_their_mean_in_months(reader: Person, second: Person) -> None:
    study = make_study()
    give(reader, 120, 120)
    assert the_consensus(study).status == ConsensusStatus.OPEN
    give(second, 132)
    consensus = the_consensus(study)
    assert (consensus.status, consensus.bone_age_months, consensus.difference_months) == ("agreed", 126.0, 12.0)
    assert consensus.origin == ConsensusOrigin.MEAN_OF_READS


def test_beyond_the_tolerance_an_adjudicator_decides(
    reader: Person, second: Person, adjudicator: Person, reviewer: Person
) -> None:
    study = make_study()
    give(reader, 120)
    give(second, 132.5)
    consensus = the_consensus(study)
    assert (consensus.status, consensus.bone_age_months) == ("adjudicating", None)
    with pytest.raises(Invalid):
        services.settle(person=adjudicator, consensus=consensus, bone_age_months=130, reason=" ")
    services.settle(person=adjudicator, consensus=consensus, bone_age_months=130, reason="capitate")
    told: list[object] = []
    listen(ConsensusApproved, told.append)
    services.approve(person=reviewer, consensus=consensus)
    stop_listening(ConsensusApproved, told.append)
    assert (consensus.status, consensus.bone_age_months) == ("approved", 130)
    with pytest.raises(Conflict):
        services.approve(person=reviewer, consensus=consensus)


def test_a_third_reader_is_not_asked_for_what_two_have(reader: Person, second: Person) -> None:
    make_study()
    third = make_person("reader3", RoleName.READER)
    assert reads.read_next(person=reader) is not None
    assert reads.read_next(person=second) is not None
    assert reads.read_next(person=third) is None


def test_the_reading_begun_is_handed_out_again(reader: Person) -> None:
    make_study()
    make_study()
    assert reads.read_next(person=reader) == reads.read_next(person=reader)


def test_each_reader_reads_a_film_once(reader: Person) -> None:
    make_study()
    give(reader, 100)
    assert reads.read_next(person=reader) is None


@pytest.mark.parametrize(
    "study", [{"sex": None}, {"state": StudyState.EXCLUDED}, {"state": StudyState.RECEIVED}], ids=str
)
def test_what_cannot_be_read_is_not_handed_out(reader: Person, study: dict) -> None:
    make_study(**study)
    assert reads.read_next(person=reader) is None


@pytest.mark.parametrize("kind", list(ExposureKind))
def test_whoever_was_shown_something_is_not_asked(reader: Person, kind: ExposureKind) -> None:
    film = film_of(make_study())
    record_exposure(person=reader, radiograph=film.pk, kind=kind, place="test")
    assert reads.read_next(person=reader) is None


def test_an_exposure_is_kept_once(reader: Person) -> None:
    film = film_of(make_study())
    shown = [(film.pk, ExposureKind.CONSENSUS), (film.pk, ExposureKind.CONSENSUS)]
    assert record_exposures(person=reader, shown=shown, place="a") == 1
    assert record_exposures(person=reader, shown=shown, place="b") == 0
    assert Exposure.objects.get().place == "a"


def test_an_answer_is_a_bone_age_and_a_plate_of_that_sex(reader: Person) -> None:
    make_study(sex="F")
    read = reads.read_next(person=reader)
    assert read is not None
    assert reads.plates_of(read) == tuple(gp_standards_months("F"))
    for months in (-1, 241, float("nan"), float("inf")):
        with pytest.raises(Invalid):
            reads.submit_read(person=reader, read=read, bone_age_months=months, plate_months=None)
    with pytest.raises(Invalid) as refusal:
        reads.submit_read(person=reader, read=read, bone_age_months=32, plate_months=32)
    assert refusal.value.code == "no_such_plate"
    reads.submit_read(person=reader, read=read, bone_age_months=50.5, plate_months=50)


def test_a_locked_read_cannot_be_submitted_again(reader: Person) -> None:
    make_study()
    read = reads.read_next(person=reader)
    assert read is not None
    stale = Read.objects.get(pk=read.pk)
    reads.submit_read(person=reader, read=read, bone_age_months=100, plate_months=None)
    with pytest.raises(StaleState):
        reads.submit_read(person=reader, read=stale, bone_age_months=90, plate_months=None)
    with pytest.raises(Conflict):
        reads.submit_read(person=reader, read=read, bone_age_months=90, plate_months=None)


def test_nobody_answers_for_another(reader: Person, second: Person) -> None:
    make_study()
    read = reads.read_next(person=reader)
    assert read is not None
    with pytest.raises(NotAllowed):
        reads.submit_read(person=second, read=read, bone_age_months=100, plate_months=None)


def test_cannot_be_read_is_an_answer_and_another_is_asked(reader: Person, second: Person) -> None:
    make_study()
    read = reads.read_next(person=reader)
    assert read is not None
    with pytest.raises(Invalid):
        reads.cannot_read(person=reader, read=read, reason="")
    reads.cannot_read(person=reader, read=read, reason="motion")
    third, fourth = (make_person(name, RoleName.READER) for name in ("reader3", "reader4"))
    assert reads.read_next(person=reader) is None
    assert reads.read_next(person=second) is not None
    assert reads.read_next(person=third) is not None
    assert reads.read_next(person=fourth) is None


def test_after_two_gave_up_nobody_else_is_asked(reader: Person, second: Person) -> None:
    make_study()
    for person in (reader, second):
        read = reads.read_next(person=person)
        assert read is not None
        reads.cannot_read(person=person, read=read, reason="cast")
    assert reads.read_next(person=make_person("reader3", RoleName.READER)) is None


def test_a_forgotten_assignment_goes_back_to_the_pool(reader: Person, second: Person) -> None:
    study = make_study()
    protocols.change_protocol(person=make_person("boss", RoleName.ADMINISTRATOR), changes={"readers_required": 1})
    read = reads.read_next(person=reader)
    assert read is not None
    assert reads.read_next(person=second) is None
    Read.objects.filter(pk=read.pk).update(assigned_at=timezone.now() - timedelta(hours=25))
    assert reads.read_next(person=second) is not None
    read.refresh_from_db()
    assert read.status == ReadStatus.WITHDRAWN
    give(second, 60)
    assert the_consensus(study).origin == ConsensusOrigin.SINGLE_READ


def test_a_slip_is_amended_by_a_new_version_that_knows_of_the_age(reader: Person, second: Person) -> None:
    study = make_study()
    slip = give(reader, 36)
    give(second, 156)
    assert the_consensus(study).status == ConsensusStatus.ADJUDICATING
    record_exposure(person=reader, radiograph=slip.radiograph_id, kind=ExposureKind.CHRONOLOGICAL_AGE, place="reading")
    better = reads.amend_read(
        person=reader, read=slip, bone_age_months=156, plate_months=156, reason="3 y typed for 13 y"
    )
    slip.refresh_from_db()
    assert (better.version, better.amends, better.token, better.after_age_seen) == (2, slip, slip.token, True)
    assert (slip.is_current, slip.bone_age_months, slip.after_age_seen) == (False, 36, False)
    consensus = the_consensus(study)
    assert (consensus.status, consensus.bone_age_months) == ("agreed", 156)
    assert consensus.previous is not None
    with pytest.raises(Conflict):
        reads.amend_read(person=reader, read=slip, bone_age_months=1, plate_months=None, reason="again")


def test_an_approved_consensus_is_not_changed_by_an_amendment(reader: Person, second: Person, reviewer: Person) -> None:
    study = make_study()
    read = give(reader, 100)
    give(second, 100)
    services.approve(person=reviewer, consensus=the_consensus(study))
    with pytest.raises(Conflict) as refusal:
        reads.amend_read(person=reader, read=read, bone_age_months=99, plate_months=None, reason="slip")
    assert refusal.value.code == "already_approved"


def test_a_reopened_consensus_goes_to_an_adjudicator_even_if_the_reads_agree(
    reader: Person, second: Person, reviewer: Person, adjudicator: Person
) -> None:
    study = make_study()
    give(reader, 100)
    give(second, 104)
    successor = services.reopen(person=reviewer, consensus=the_consensus(study), reason="both too low")
    assert (successor.status, successor.difference_months) == ("adjudicating", 4)
    services.settle(person=adjudicator, consensus=successor, bone_age_months=112, reason="sesamoid")
    services.approve(person=reviewer, consensus=successor)
    assert Consensus.objects.filter(radiograph__study=study).count() == 2


@pytest.mark.parametrize("role", [RoleName.ADJUDICATOR, RoleName.REVIEWER])
def test_whoever_gave_a_read_neither_settles_nor_approves(reader: Person, second: Person, role: RoleName) -> None:
    study = make_study()
    give(reader, 100)
    give(second, 160)
    reader.roles.create(name=role)
    reader.forget_roles()
    consensus = the_consensus(study)
    decide = {
        RoleName.ADJUDICATOR: lambda: services.settle(
            person=reader, consensus=consensus, bone_age_months=100, reason="mine"
        ),
        RoleName.REVIEWER: lambda: services.approve(person=reader, consensus=consensus),
    }
    with pytest.raises(NotAllowed) as refusal:
        decide[role]()
    assert refusal.value.code == "gave_a_read"


def test_many_are_approved_one_by_one(reader: Person, second: Person, reviewer: Person) -> None:
    studies = [make_study(), make_study()]
    for _ in studies:
        give(reader, 100)
        give(second, 100 if _ is studies[0] else 150)
    outcome = services.approve_many(person=reviewer, consensuses=[the_consensus(study) for study in studies])
    assert outcome.changed == (the_consensus(studies[0]).pk,)
    assert [code for _, code, _ in outcome.refused] == ["wrong_state"]


def test_blinded_until_locked_or_approved(reader: Person, second: Person, reviewer: Person) -> None:
    study = make_study()
    everything = make_person("everything", *RoleName)
    assert study_is_blinded_for(everything, study), "blinding wins over all roles"
    assert not study_is_blinded_for(reviewer, study)
    read = reads.read_next(person=reader)
    assert study_is_blinded_for(reader, study)
    assert read is not None
    reads.submit_read(person=reader, read=read, bone_age_months=100, plate_months=None)
    assert not study_is_blinded_for(reader, study)
    give(second, 100)
    assert study_is_blinded_for(everything, study)
    services.approve(person=reviewer, consensus=the_consensus(study))
    assert not study_is_blinded_for(everything, study)


def test_a_new_protocol_leaves_what_was_begun_as_it_was(reader: Person, second: Person) -> None:
    boss = make_person("boss", RoleName.ADMINISTRATOR)
    study = make_study()
    give(reader, 100)
    new = protocols.change_protocol(person=boss, changes={"tolerance_months": 0.0, "readers_required": 3})
    assert (new.version, new.edition) == (2, the_consensus(study).protocol.edition)
    give(second, 106)
    assert the_consensus(study).status == ConsensusStatus.AGREED
    with pytest.raises(NotAllowed):
        protocols.change_protocol(person=reader, changes={"tolerance_months": 1.0})


def test_history_holds_no_age_and_its_chain_breaks_when_it_is_touched(
    reader: Person, second: Person, reviewer: Person
) -> None:
    study = make_study()
    give(reader, 101.5)
    give(second, 103.5)
    services.approve(person=reviewer, consensus=the_consensus(study))
    events = Event.objects.filter(study=study)
    told = " ".join(f"{event.old} {event.new} {event.reason} {event.verb}" for event in events)
    assert not any(number in told for number in ("101.5", "102.5", "103.5"))
    assert first_broken_link(str(study.pk)) is None
    forged = events.get(number=2)
    Event.objects.bulk_create([Event(**{**forged_values(forged), "number": 99, "chain": "x"})])
    assert first_broken_link("x") == 99


def forged_values(event: Event) -> dict:
    return {field.attname: getattr(event, field.attname) for field in Event._meta.concrete_fields if field.name != "id"}


def test_the_database_keeps_one_living_consensus_and_one_read_per_reader(reader: Person) -> None:
    study = make_study()
    read = reads.read_next(person=reader)
    assert read is not None
    consensus = the_consensus(study)
    with pytest.raises(IntegrityError), transaction.atomic():
        Consensus.objects.create(
            radiograph=read.radiograph, protocol=consensus.protocol, readers_required=2, tolerance_months=12
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Read.objects.create(
            radiograph=read.radiograph,
            reader=reader,
            protocol=read.protocol,
            method=read.method,
            edition=read.edition,
        )


AGES = st.lists(st.floats(min_value=0, max_value=240), min_size=1, max_size=6)


@given(ages=AGES, tolerance=st.floats(min_value=0, max_value=60))
def test_agreement_is_the_mean_exactly_within_the_tolerance(ages: list[float], tolerance: float) -> None:
    found = agree(ages, tolerance_months=tolerance)
    assert (found.bone_age_months is not None) == (max(ages) - min(ages) <= tolerance)
    if found.bone_age_months is not None:
        assert min(ages) - 1e-9 <= found.bone_age_months <= max(ages) + 1e-9
        assert found == agree(sorted(ages), tolerance_months=tolerance) or len(ages) > 2


@given(seed=st.integers(min_value=0, max_value=2**31))
def test_the_order_of_a_and_b_depends_on_the_seed_alone(seed: int) -> None:
    assert shuffled(["x", "y"], seed=seed) == shuffled(["x", "y"], seed=seed)


def test_both_orders_of_a_and_b_happen() -> None:
    assert {tuple(shuffled("xy", seed=seed)) for seed in range(20)} == {("x", "y"), ("y", "x")}
