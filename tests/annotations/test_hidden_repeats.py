"""A film comes back to its reader among the others, and nothing tells that it did."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from annotations.api.present.home import home_json
from annotations.base.errors import Conflict, Invalid
from annotations.models import Consensus, Exposure, Person, Read, Study
from annotations.permissions.blinding import study_is_blinded_for
from annotations.permissions.rereads import repeats_due
from annotations.services import consensus as consensus_services
from annotations.services import protocols, reads
from annotations.services.exposures import record_exposure
from annotations.services.handing_out import keyed_share
from annotations.states import ConsensusStatus, ExposureKind, ReadRound, ReadStatus, RoleName
from tests.factories.people import make_person
from tests.factories.studies import film_of, make_study

pytestmark = pytest.mark.django_db(transaction=True)
Browser = Callable[[Person | None], Any]

AGE = 131.71
EVERY_FILM = {"repeat_share": 1.0, "repeat_after_days": 14, "repeat_after_reads": 2, "repeat_within_days": 90}


def ask_for(**changes: Any) -> None:
    boss = Person.objects.filter(username="boss").first() or make_person("boss", RoleName.ADMINISTRATOR)
    protocols.change_protocol(person=boss, changes=changes)


def give(person: Person, months: float = 100) -> Read:
    read = reads.read_next(person=person)
    assert read is not None
    return reads.submit_read(person=person, read=read, bone_age_months=months, plate_months=None)


def let_days_pass(days: float) -> None:
    """Shift what is stored into the past."""
    for read in Read.objects.all():
        for name in ("submitted_at", "closed_from", "withheld_until", "assigned_at"):
            at = getattr(read, name)
            if at is not None:
                setattr(read, name, at - timedelta(days=days))
        Read.objects.filter(pk=read.pk).update(
            submitted_at=read.submitted_at,
            closed_from=read.closed_from,
            withheld_until=read.withheld_until,
            assigned_at=read.assigned_at,
        )


@pytest.fixture
def reader() -> Person:
    return make_person("reader1", RoleName.READER)


def test_a_film_comes_back_after_the_gap_of_days_and_of_reads_and_only_once(reader: Person) -> None:
    ask_for(**EVERY_FILM)
    first = make_study()
    earlier = give(reader)
    assert earlier.will_repeat
    assert reads.read_next(person=reader) is None, "not on the same day"
    let_days_pass(15)
    assert reads.read_next(person=reader) is None, "no other film was read since"
    for _ in range(2):
        make_study()
        give(reader)
    again = reads.read_next(person=reader)
    assert again is not None
    assert (again.round, again.radiograph.study, again.repeats) == (ReadRound.REPEAT, first, earlier)
    assert again.token != earlier.token
    reads.submit_read(person=reader, read=again, bone_age_months=106, plate_months=None)
    let_days_pass(20)
    for _ in range(3):
        make_study()
    handed = [give(reader) for _ in range(5)]
    assert [read.radiograph.study for read in handed].count(first) == 0


def test_a_repeat_never_counts_in_the_consensus(reader: Person) -> None:
    ask_for(**EVERY_FILM | {"repeat_after_reads": 0})
    study = make_study()
    give(reader, 100)
    let_days_pass(15)
    assert give(reader, 108).round == ReadRound.REPEAT
    consensus = Consensus.objects.get(radiograph__study=study)
    assert (consensus.status, consensus.reads_claimed) == (ConsensusStatus.OPEN, 1)
    give(make_person("reader2", RoleName.READER), 104)
    consensus.refresh_from_db()
    assert (consensus.status, consensus.bone_age_months) == (ConsensusStatus.AGREED, 102)
    assert {read.bone_age_months for read in consensus_services.counted_reads(consensus)} == {100, 104}


def test_a_repeat_that_cannot_be_read_frees_no_place_of_the_consensus(reader: Person) -> None:
    ask_for(**EVERY_FILM | {"repeat_after_reads": 0})
    study = make_study()
    give(reader)
    let_days_pass(15)
    again = reads.read_next(person=reader)
    assert again is not None
    reads.cannot_read(person=reader, read=again, reason="moved")
    assert Consensus.objects.get(radiograph__study=study).reads_claimed == 1


def test_which_films_come_back_follows_from_a_key_and_the_share(reader: Person) -> None:
    ask_for(**EVERY_FILM | {"repeat_share": 0.3})
    for _ in range(60):
        make_study()
        give(reader)
    drawn = list(Read.objects.filter(reader=reader).order_by("pk"))
    for read in drawn:
        assert read.will_repeat == (keyed_share(f"{reader.pk}:{read.radiograph_id}", "boneage.repeat") < 0.3)
    assert 6 <= sum(read.will_repeat for read in drawn) <= 32, "0.3 of 60, with room for chance (p < 1e-3)"


@pytest.mark.parametrize("kind", list(ExposureKind))
def test_whoever_was_shown_something_is_not_handed_the_film_again(reader: Person, kind: ExposureKind) -> None:
    ask_for(**EVERY_FILM | {"repeat_after_reads": 0})
    study = make_study()
    give(reader)
    let_days_pass(15)
    assert repeats_due(reader, now=timezone.now()).count() == 1
    record_exposure(person=reader, radiograph=film_of(study).pk, kind=kind, place="test")
    assert reads.read_next(person=reader) is None


def test_a_repeat_is_not_handed_out_shortly_before_the_film_opens(reader: Person) -> None:
    ask_for(**EVERY_FILM | {"repeat_after_reads": 0})
    make_study()
    give(reader)
    let_days_pass(88.5)
    assert reads.read_next(person=reader) is None


@pytest.mark.parametrize("changes", [{"edition": "another"}, {"repeat_share": 0.0, "show_chronological_age": True}])
def test_another_edition_or_an_age_in_sight_would_give_the_repeat_away(reader: Person, changes: dict[str, Any]) -> None:
    ask_for(**EVERY_FILM | {"repeat_after_reads": 0})
    make_study()
    give(reader)
    let_days_pass(15)
    assert home_json(reader)["read"] == {"left": 1}
    ask_for(**changes)
    assert reads.read_next(person=reader) is None
    assert home_json(reader)["read"] == {"left": 0}, "a film that is counted and not handed out would tell as well"


def test_an_age_in_sight_and_hidden_repeats_exclude_each_other() -> None:
    ask_for(show_chronological_age=True)
    with pytest.raises(Invalid) as refusal:
        ask_for(repeat_share=0.1)
    assert refusal.value.code == "repeats_need_blind_readers"
    with pytest.raises(Invalid) as refusal:
        ask_for(repeat_after_days=30, repeat_within_days=31)
    assert refusal.value.code == "repeat_window_too_short"


def _told(browser: Any, token: str, study: Study) -> dict[str, Any]:
    """What the reader is told of a film once it is locked, without what differs between any two films."""
    room = browser.get(f"/reading/{token}")
    row = next(each for each in browser.get("/studies")["results"] if each["id"] == str(study.pk))
    own = {"token", "id", "pseudonym", "thumbnail_url", "received_at", "patient", "radiograph", "study_date"}
    room["read"] = room["read"] and sorted(room["read"])
    room["withheld_until"] = bool(room["withheld_until"])
    return {
        "room": {key: value for key, value in room.items() if key not in own},
        "row": {key: value for key, value in row.items() if key not in own},
        "events": [
            {key: value for key, value in event.items() if key not in ("id", "at", "object_id", "hash")}
            for event in browser.get(f"/studies/{study.pk}/events")
        ],
    }


def test_the_chosen_film_looks_like_any_other_after_its_lock(api: Browser, reader: Person) -> None:
    """Drawn or not, the same page, the same list, no age, no history of reads; the same again after the window."""
    ask_for(**EVERY_FILM)
    studies = [make_study(stored=True, chronological_age_months=AGE) for _ in range(2)]
    browser = api(reader)
    tokens = {}
    for _ in studies:
        token = browser.post("/read/next")["token"]
        browser.post(f"/reading/{token}/submit", {"bone_age_months": 100})
        read = Read.objects.get(token=token)
        tokens[read.radiograph.study_id] = token
    plain, chosen = studies
    Read.objects.filter(radiograph__study=plain).update(will_repeat=False)
    told = [_told(browser, tokens[study.pk], study) for study in studies]
    assert told[0] == told[1]
    assert told[0]["room"]["revealed"] is None
    assert str(AGE) not in str(told)
    assert not Exposure.objects.filter(person=reader).exists()

    let_days_pass(15)
    for study in studies:
        assert browser.get(f"/reading/{tokens[study.pk]}", expect=404)["error"]["code"] == "closed_for_now"
        assert browser.call("GET", f"/reading/{tokens[study.pk]}/pixels").status_code == 404
    assert study_is_blinded_for(reader, plain)
    assert study_is_blinded_for(reader, chosen)

    let_days_pass(80)
    told = [_told(browser, tokens[study.pk], study) for study in studies]
    assert told[0] == told[1]
    assert told[0]["room"]["revealed"]["chronological_age_months"] == AGE


def test_a_repeat_is_a_reading_like_any_other(api: Browser, reader: Person) -> None:
    """Page, headers and counts of a hidden repeat and of a fresh film differ in the token alone."""
    ask_for(**EVERY_FILM | {"repeat_after_reads": 0})
    make_study(stored=True, chronological_age_months=AGE)
    browser = api(reader)
    token = browser.post("/read/next")["token"]
    browser.post(f"/reading/{token}/submit", {"bone_age_months": 100})
    let_days_pass(15)
    assert home_json(reader)["read"] == {"left": 1}
    repeat = browser.post("/read/next")["token"]
    assert Read.objects.get(token=repeat).round == ReadRound.REPEAT
    assert home_json(reader)["read"] == {"left": 1}
    other_reader = make_person("reader2", RoleName.READER)
    fresh = api(other_reader).post("/read/next")["token"]
    assert Read.objects.get(token=fresh).round == ReadRound.INDEPENDENT

    def page(who: Person, of: str) -> tuple[Any, Any, Any]:
        asked = api(who).call("GET", f"/reading/{of}")
        pixels = api(who).call("GET", f"/reading/{of}/pixels")
        hide = ("Date",)
        return (
            asked.text.replace(of, "TOKEN"),
            {key: value for key, value in asked.headers.items() if key not in hide},
            {key: value for key, value in pixels.headers.items() if key not in hide},
        )

    assert page(reader, repeat) == page(other_reader, fresh)
    assert "100" not in str(browser.get(f"/reading/{repeat}")["read"])
    locked = browser.post(f"/reading/{repeat}/submit", {"bone_age_months": 105})
    assert locked["revealed"] is None
    assert set(locked) == set(api(other_reader).post(f"/reading/{fresh}/submit", {"bone_age_months": 105}))


def test_a_reading_is_corrected_in_the_first_days_only(reader: Person) -> None:
    ask_for(**EVERY_FILM)
    make_study()
    slip = give(reader, 36)
    better = reads.amend_read(person=reader, read=slip, bone_age_months=156, plate_months=None, reason="13 y, not 3 y")
    assert (better.version, better.after_age_seen, better.will_repeat) == (2, False, True)
    let_days_pass(15)
    better.refresh_from_db()
    with pytest.raises(Conflict) as refusal:
        reads.amend_read(person=reader, read=better, bone_age_months=150, plate_months=None, reason="again")
    assert refusal.value.code == "closed_for_now"


def test_a_forgotten_repeat_is_due_again(reader: Person) -> None:
    ask_for(**EVERY_FILM | {"repeat_after_reads": 0})
    make_study()
    give(reader)
    let_days_pass(15)
    again = reads.read_next(person=reader)
    assert again is not None
    let_days_pass(2)
    assert reads.read_next(person=make_person("other", RoleName.READER)) is not None
    again.refresh_from_db()
    assert again.status == ReadStatus.WITHDRAWN
    assert repeats_due(reader, now=timezone.now()).count() == 1
