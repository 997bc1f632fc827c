"""Re-reading rounds: what is chosen, who may read, what becomes truth, and that no number says which film is off."""

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db.models import Exists, OuterRef
from django.utils import timezone

from annotations.base.errors import Conflict, NotAllowed
from annotations.models import Consensus, Exposure, Person, Radiograph, Read, RereadCase, RereadRound, Study
from annotations.permissions.blinding import study_is_blinded_for
from annotations.permissions.rereads import rereadable_by
from annotations.selectors import prediction_hook
from annotations.selectors.reread_candidates import Choice
from annotations.services import consensus as consensus_services
from annotations.services import protocols, reads, rereads
from annotations.services.exposures import record_exposure
from annotations.states import (
    ConsensusOrigin,
    ConsensusStatus,
    ExposureKind,
    ReadRound,
    RereadCaseStatus,
    RereadKind,
    RereadRoundStatus,
    RoleName,
)
from tests.factories.people import make_person
from tests.factories.studies import film_of, make_study

pytestmark = pytest.mark.django_db(transaction=True)
Browser = Callable[[Person | None], Any]
TRUTH = 100.0
MODEL = {0: 131.37, 1: 72.73}
"""The first two films: over- and under-estimated. The others lie 3 months off."""
FARTHEST_TWO = Choice(cohort=None, threshold_months=None, largest=2, age_seen_allowed=False)
FAR_OFF = Choice(cohort=None, threshold_months=20, largest=None, age_seen_allowed=False)


class _Predictions:
    def __init__(self) -> None:
        self.months: dict[UUID, float] = {}

    def of_radiographs(self, radiographs: Any) -> dict[UUID, dict[str, Any]]:
        return {pk: {"bone_age_months": self.months[pk], "model": "m1"} for pk in radiographs if pk in self.months}

    def exists_for(self, study_column: str) -> Exists:
        return Exists(Radiograph.objects.filter(study=OuterRef(study_column)))


@pytest.fixture
def predictions() -> Iterator[_Predictions]:
    before = list(prediction_hook._sources)
    source = _Predictions()
    prediction_hook.register_predictions(source)
    yield source
    prediction_hook._sources[:] = before


@pytest.fixture
def films(predictions: _Predictions) -> list[Study]:
    """Twelve films that readers of long ago read, approved."""
    protocol = protocols.present_protocol()
    gone = [make_person(f"gone{number}", RoleName.READER) for number in (1, 2)]
    approver = make_person("approver", RoleName.REVIEWER)
    studies = [make_study(chronological_age_months=119.19) for _ in range(12)]
    for number, study in enumerate(studies):
        for person in gone:
            read = reads.read_next(person=person)
            assert read is not None
            reads.submit_read(person=person, read=read, bone_age_months=TRUTH, plate_months=None)
        consensus_services.approve(person=approver, consensus=Consensus.objects.get(radiograph__study=study))
        predictions.months[film_of(study).pk] = MODEL.get(number, TRUTH + 3)
    Person.objects.filter(pk__in=[person.pk for person in gone]).update(is_active=False)
    assert protocol.readers_required == 2
    return studies


@pytest.fixture
def readers() -> list[Person]:
    return [make_person(f"reader{number}", RoleName.READER) for number in (1, 2)]


@pytest.fixture
def researcher() -> Person:
    return make_person("researcher", RoleName.RESEARCHER)


def read_everything(person: Person, months: Callable[[Study], float]) -> list[Study]:
    done = []
    while (read := reads.read_next(person=person)) is not None:
        study = read.radiograph.study
        reads.submit_read(person=person, read=read, bone_age_months=months(study), plate_months=None)
        done.append(study)
    return done


def test_a_preview_counts_and_a_round_holds_the_farthest_and_as_many_at_random(
    films: list[Study], readers: list[Person], researcher: Person
) -> None:
    assert rereads.preview(person=researcher, choice=FAR_OFF) == rereads.Preview(12, 0, 2, 2, 2, "m1")
    round_ = rereads.start(person=researcher, choice=FARTHEST_TWO)
    chosen = {case.radiograph.study for case in round_.cases.filter(kind=RereadKind.CHOSEN)}
    controls = {case.radiograph.study for case in round_.cases.filter(kind=RereadKind.CONTROL)}
    assert chosen == set(films[:2])
    assert len(controls) == 2
    assert not controls & chosen
    assert len(round_.others_months) == 8
    with pytest.raises(Conflict) as refusal:
        rereads.preview(person=researcher, choice=FARTHEST_TWO)
    assert refusal.value.details["films"] == 8, "no film is in two rounds at a time"


def test_few_films_are_refused_since_counts_would_say_which(
    films: list[Study], readers: list[Person], researcher: Person
) -> None:
    for study in films[:3]:
        record_exposure(person=readers[0], radiograph=film_of(study).pk, kind=ExposureKind.MODEL_RESULT, place="test")
    with pytest.raises(Conflict) as refusal:
        rereads.preview(person=researcher, choice=FARTHEST_TWO)
    assert (refusal.value.code, refusal.value.details["too_few_readers"]) == ("too_few_films", 3)
    for act in (rereads.preview, rereads.start):
        with pytest.raises(NotAllowed):
            act(person=readers[0], choice=FARTHEST_TWO)


def test_who_saw_the_values_is_not_asked_and_who_saw_the_age_only_if_the_round_says_so(
    films: list[Study], readers: list[Person], researcher: Person
) -> None:
    knows, saw_age = readers
    film = film_of(films[0])
    make_person("reader3", RoleName.READER)
    make_person("reader4", RoleName.READER)
    record_exposure(person=knows, radiograph=film.pk, kind=ExposureKind.CONSENSUS, place="test")
    record_exposure(person=saw_age, radiograph=film.pk, kind=ExposureKind.CHRONOLOGICAL_AGE, place="test")
    round_ = rereads.start(person=researcher, choice=FARTHEST_TWO)
    case = round_.cases.get(radiograph=film)
    assert case not in rereadable_by(knows)
    assert case not in rereadable_by(saw_age)
    RereadRound.objects.update(age_seen_allowed=True)
    assert case not in rereadable_by(knows)
    assert case in rereadable_by(saw_age)


def test_the_films_are_blind_again_for_readers_until_they_answered(
    films: list[Study], readers: list[Person], researcher: Person, api: Browser
) -> None:
    both = make_person("both", RoleName.READER, RoleName.RESEARCHER)
    assert not study_is_blinded_for(readers[0], films[0]), "approved long ago"
    rereads.start(person=researcher, choice=FARTHEST_TWO)
    held = [case.radiograph.study for case in RereadCase.objects.select_related("radiograph__study")]
    for study in held:
        assert study_is_blinded_for(readers[0], study)
        assert study_is_blinded_for(both, study)
    told = api(both).call("GET", "/studies").text + api(both).call("GET", "/consensus").text
    told += api(both).call("GET", "/rereads").text
    assert not [number for number in MODEL.values() if str(number) in told]
    read_everything(readers[0], lambda _: 110)
    for study in held:
        assert not study_is_blinded_for(readers[0], study)


def test_rereads_become_truth_marked_as_such(
    films: list[Study], readers: list[Person], researcher: Person, api: Browser
) -> None:
    rereads.start(person=researcher, choice=FARTHEST_TWO)
    values = {films[0].pk: 124.0, films[1].pk: 80.0}
    for person in readers:
        browser = api(person)
        seen = browser.post("/read/next")
        page = browser.call("GET", f"/reading/{seen['token']}").text
        assert not [word for word in ("chosen", "control", "reread", "119.19", "131.37") if word in page]
        done = read_everything(person, lambda study: values.get(study.pk, TRUTH))
        assert len(done) == 4
    round_ = RereadRound.objects.get()
    assert round_.status == RereadRoundStatus.CLOSED
    living = Consensus.objects.exclude(status=ConsensusStatus.REOPENED).get(radiograph__study=films[0])
    assert (living.status, living.bone_age_months, living.origin) == ("agreed", 124.0, ConsensusOrigin.REREAD)
    assert living.previous is not None
    assert living.previous.bone_age_months == TRUTH
    reviewer = api(make_person("reviewer", RoleName.REVIEWER))
    (before,) = reviewer.get("/rereads")["results"]
    assert [group["n"] for group in before["groups"]] == [12, 0, 0]
    for consensus in Consensus.objects.filter(status=ConsensusStatus.AGREED):
        reviewer.post(f"/consensus/{consensus.pk}/approve")
    figures = reviewer.get(f"/rereads/{round_.pk}")
    everybody, chosen, _ = figures["groups"]
    errors_before = [31.37, 27.27] + 10 * [3]
    errors_after = [7.37, 7.27] + 10 * [3]
    assert everybody["before"]["mae_months"] == pytest.approx(sum(errors_before) / 12)
    assert everybody["after"]["mae_months"] == pytest.approx(sum(errors_after) / 12)
    assert everybody["change_months"] == pytest.approx((sum(errors_after) - sum(errors_before)) / 12)
    assert (chosen["n"], chosen["before"]) == (2, None), "a mean over two films would say too much"
    detail = reviewer.get(f"/consensus/{living.pk}")
    assert [step["bone_age_months"] for step in detail["history"]] == [TRUTH]


def test_a_disagreement_of_rereads_goes_to_an_adjudicator_who_sees_the_rereads_alone(
    films: list[Study], readers: list[Person], researcher: Person, api: Browser
) -> None:
    rereads.start(person=researcher, choice=FARTHEST_TWO)
    for number, person in enumerate(readers):
        read_everything(person, lambda _, number=number: 90 + 30 * number)  # type: ignore[misc]
    adjudicator = api(make_person("adjudicator", RoleName.ADJUDICATOR))
    rows = adjudicator.get("/consensus", status="adjudicating")["results"]
    assert len(rows) == 4
    assert {read["bone_age_months"] for row in rows for read in row["reads"]} == {90, 120}
    detail = adjudicator.get(f"/consensus/{rows[0]['id']}")
    assert [step["bone_age_months"] for step in detail["history"]] == [None], "the old value would guide"
    then = adjudicator.get(f"/studies/{rows[0]['study']}/at", moment=timezone.now().isoformat())
    assert (then["consensus"], then["reads"]) == (None, []), "nor does the study as it was tell it"
    lines = adjudicator.get(f"/studies/{rows[0]['study']}/events")
    assert not [line for line in lines if line["noun"] in ("read", "consensus")], "nor does its history"
    settled = adjudicator.post(f"/consensus/{rows[0]['id']}/settle", {"bone_age_months": 99, "reason": "capitate"})
    assert settled["origin"] == "reread"
    assert [step["bone_age_months"] for step in settled["history"]] == [TRUTH]


def test_an_amended_reread_is_weighed_again_and_an_old_read_changes_nothing_any_more(
    films: list[Study], readers: list[Person], researcher: Person
) -> None:
    rereads.start(person=researcher, choice=FARTHEST_TWO)
    for person in readers:
        read_everything(person, lambda _: 110)
    film = film_of(films[0])
    living = Consensus.objects.exclude(status=ConsensusStatus.REOPENED)
    slip = Read.objects.get(reader=readers[0], radiograph=film, round=ReadRound.REREAD)
    reads.amend_read(person=readers[0], read=slip, bone_age_months=114, plate_months=None, reason="typed wrong")
    assert living.get(radiograph=film).bone_age_months == 112
    old = Read.objects.filter(radiograph=film, round=ReadRound.INDEPENDENT).select_related("reader").first()
    assert old is not None
    reads.amend_read(person=old.reader, read=old, bone_age_months=60, plate_months=None, reason="late")
    assert living.get(radiograph=film).bone_age_months == 112


def test_a_stopped_round_takes_its_readings_back(films: list[Study], readers: list[Person], researcher: Person) -> None:
    round_ = rereads.start(person=researcher, choice=FARTHEST_TWO)
    read = reads.read_next(person=readers[0])
    assert read is not None
    rereads.stop(person=researcher, round_=round_, reason="wrong cohort")
    read.refresh_from_db()
    assert read.status == "withdrawn"
    assert not RereadCase.objects.exclude(status=RereadCaseStatus.DROPPED).exists()
    assert reads.read_next(person=readers[0]) is None
    with pytest.raises(Conflict):
        rereads.stop(person=researcher, round_=round_, reason="again")
    assert not Exposure.objects.filter(person=readers[0]).exists()
    assert Consensus.objects.filter(status=ConsensusStatus.APPROVED).count() == 12


def say_unreadable(person: Person, film: Radiograph) -> None:
    """The person answers everything, and of this film that it cannot be read."""
    while (read := reads.read_next(person=person)) is not None:
        if read.radiograph_id == film.pk:
            reads.cannot_read(person=person, read=read, reason="cast over the wrist")
        else:
            reads.submit_read(person=person, read=read, bone_age_months=TRUTH, plate_months=None)


def test_a_film_that_two_readers_cannot_read_ends_its_case_and_keeps_its_bone_age(
    films: list[Study], readers: list[Person], researcher: Person, api: Browser
) -> None:
    round_ = rereads.start(person=researcher, choice=FARTHEST_TWO)
    film = film_of(films[0])
    for person in readers:
        say_unreadable(person, film)
    case = round_.cases.get(radiograph=film)
    assert case.status == RereadCaseStatus.UNREADABLE
    round_.refresh_from_db()
    assert round_.status == RereadRoundStatus.CLOSED, "nothing of it waits for anybody any more"
    standing = Consensus.objects.exclude(status=ConsensusStatus.REOPENED).get(radiograph=film)
    assert (standing.status, standing.bone_age_months) == ("approved", TRUTH)
    (shown,) = api(researcher).get("/rereads")["results"]
    assert (shown["films"], shown["weighed"], shown["unreadable"], shown["dropped"]) == (4, 3, 1, 0)
    lines = api(researcher).get(f"/studies/{films[0].pk}/events")
    assert [line["reason"] for line in lines if line["verb"] == "give_up_reread"] == [
        "2 readers say that it cannot be read"
    ]
    assert not study_is_blinded_for(readers[0], films[0])


def test_a_reading_of_a_case_that_cannot_be_weighed_any_more_is_taken_back(
    films: list[Study], readers: list[Person], researcher: Person
) -> None:
    third = make_person("third", RoleName.READER)
    round_ = rereads.start(person=researcher, choice=FARTHEST_TWO)
    film = film_of(films[0])
    say_unreadable(readers[0], film)
    held = []
    for person in (readers[1], third):
        while (read := reads.read_next(person=person)) is not None and read.radiograph_id != film.pk:
            reads.submit_read(person=person, read=read, bone_age_months=TRUTH, plate_months=None)
        assert read is not None
        held.append(read)
    reads.cannot_read(person=readers[1], read=held[0], reason="cast")
    held[1].refresh_from_db()
    assert held[1].status == "withdrawn"
    assert round_.cases.get(radiograph=film).status == RereadCaseStatus.UNREADABLE
    with pytest.raises(Conflict):
        reads.submit_read(person=third, read=held[1], bone_age_months=TRUTH, plate_months=None)


def test_cases_that_stood_open_before_are_ended_by_the_migration(
    films: list[Study], readers: list[Person], researcher: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    round_ = rereads.start(person=researcher, choice=FARTHEST_TWO)
    film = film_of(films[0])
    monkeypatch.setattr(rereads, "UNREADABLE_ENDS", 99)
    for person in readers:
        say_unreadable(person, film)
    assert round_.cases.get(radiograph=film).status == RereadCaseStatus.OPEN
    import_module("annotations.migrations.0013_end_unreadable_rereads").end_cases(apps, None)
    assert round_.cases.get(radiograph=film).status == RereadCaseStatus.UNREADABLE
    assert round_.cases.filter(status=RereadCaseStatus.WEIGHED).count() == 3
    round_.refresh_from_db()
    assert round_.status == RereadRoundStatus.CLOSED
