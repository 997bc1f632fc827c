"""A film with writing left in it waits for a person, and ends the way that person says."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from django.conf import settings
from django.core.files.storage import default_storage

from annotations.models import BlockedFilm, Event, IntakeRecord, Radiograph, Study
from annotations.services import blocking, gate, intake
from annotations.services import take_in as taking
from annotations.states import BlockedState, Door, IntakeResult, RoleName
from inference.imaging.deidentify import deidentify
from inference.imaging.read import read_film
from inference.imaging.text_check import WrittenRegion
from tests.annotations.conftest import Api
from tests.factories.films import film
from tests.factories.people import make_person
from tests.factories.studies import film_of, make_blocked_film

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_folder")]

REGION = WrittenRegion(100.0, 200.0, 160.0, 215.0, 0.9)
RECTANGLE = {"x0": 98.5, "y0": 198.0, "x1": 161.0, "y1": 217.0}


@pytest.fixture
def sees_writing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The text check sees one line on every film that comes in."""
    genuine = deidentify
    monkeypatch.setattr(
        taking, "deidentify", lambda data, **more: genuine(data, **more, check_text=lambda *_, **__: (REGION,))
    )


@pytest.fixture
def nothing_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """The text check sees nothing on what is to be released."""
    genuine = blocking.release
    monkeypatch.setattr(
        blocking,
        "release",
        lambda data, rectangles, no_writing: genuine(
            data, rectangles, no_writing=no_writing, check_text=lambda *_, **__: ()
        ),
    )


def take_in(data: bytes) -> intake.IntakeOutcome:
    return intake.receive(data=data, filename="a.dcm", by=None, door=Door.C_STORE)


def waiting_copies() -> list[Path]:
    return list((Path(settings.DATA_DIR) / "quarantine" / "blocked").glob("*"))


@pytest.mark.usefixtures("sees_writing")
def test_a_blocked_film_is_in_no_store_and_no_study() -> None:
    outcome = take_in(film())
    assert (outcome.outcome, outcome.study) == (IntakeResult.BLOCKED, None)
    assert outcome.reason == intake.Reason.of("text_found")
    assert not Study.objects.exists()
    row = BlockedFilm.objects.get()
    assert (row.state, row.pk, row.regions) == (BlockedState.WAITING, outcome.arrival, [[100.0, 200.0, 160.0, 215.0]])
    (copy,) = waiting_copies()
    assert oct(copy.stat().st_mode & 0o777) == "0o600"
    header = pydicom.dcmread(copy)
    assert header.PatientIdentityRemoved == "NO"
    assert "BurnedInAnnotation" not in header
    assert gate.sweep() == 0
    again = take_in(film())
    assert again.outcome is IntakeResult.BLOCKED
    assert BlockedFilm.objects.count() == 1
    assert [record.result for record in IntakeRecord.objects.order_by("pk")] == ["blocked", "blocked"]


@pytest.mark.usefixtures("nothing_left")
def test_a_released_film_is_blank_where_a_rectangle_was_drawn(
    api: Callable[..., Api], django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    row = make_blocked_film(regions=(REGION,))
    person = make_person("reviewer", RoleName.REVIEWER)
    reviewer = api(person)
    assert [each["id"] for each in reviewer.get("/blocked")["results"]] == [str(row.pk)]
    assert reviewer.get("/home")["blocked"] == {"left": 1}
    shown = reviewer.get(f"/blocked/{row.pk}")
    assert shown["regions"] == [{"x0": 100.0, "y0": 200.0, "x1": 160.0, "y1": 215.0}]
    pixels = reviewer.call("GET", shown["pixels_url"])
    assert pixels.headers["Cache-Control"] == "no-store"
    before = np.frombuffer(pixels.content, "<u2").reshape(shown["rows"], shown["columns"])
    answer = reviewer.post(f"/blocked/{row.pk}/release", {"rectangles": [RECTANGLE], "no_writing": False})
    assert answer["outcome"] == "received"
    study = Study.objects.get(pk=answer["study"])
    radiograph = film_of(study)
    assert radiograph.pk == row.pk
    after = read_film(default_storage.open(radiograph.film_name).read()).pixels
    inside = np.s_[198:217, 98:161]
    assert after[inside].std() < before[inside].std() / 2
    outside = np.ones(after.shape, bool)
    outside[190:225, 90:170] = False
    assert np.array_equal(after[outside], before[outside])
    header = pydicom.dcmread(BytesIO(default_storage.open(radiograph.film_name).read()))
    assert (header.PatientIdentityRemoved, header.BurnedInAnnotation) == ("YES", "NO")
    row.refresh_from_db()
    assert (row.state, row.decided_by) == (BlockedState.RELEASED, person)
    assert row.rectangles == [[98.5, 198.0, 161.0, 217.0]]
    assert Event.objects.filter(verb="release", object_id=str(row.pk), who=person).exists()
    assert waiting_copies() == []
    refused = reviewer.post(f"/blocked/{row.pk}/release", {"rectangles": [RECTANGLE], "no_writing": True}, expect=409)
    assert refused["error"]["code"] == "already_decided"
    assert reviewer.call("GET", shown["pixels_url"]).status_code == 409
    assert reviewer.get("/blocked")["total"] == 0
    assert reviewer.get("/home")["blocked"] == {"left": 0}


def test_a_film_stays_blocked_while_writing_is_seen_on_it(monkeypatch: pytest.MonkeyPatch) -> None:
    row = make_blocked_film(regions=(REGION,))
    genuine = blocking.release
    other = WrittenRegion(1.0, 2.0, 30.0, 12.0, 0.8)
    monkeypatch.setattr(
        blocking,
        "release",
        lambda data, rectangles, no_writing: genuine(
            data, rectangles, no_writing=no_writing, check_text=lambda *_, **__: (other,)
        ),
    )
    person = make_person("reviewer", RoleName.REVIEWER)
    boxes = [blocking.Box(**RECTANGLE)]
    outcome = blocking.release_film(person=person, film=row, rectangles=boxes, no_writing=False)
    assert outcome.outcome is IntakeResult.BLOCKED
    row.refresh_from_db()
    assert (row.state, row.regions) == (BlockedState.WAITING, [[1.0, 2.0, 30.0, 12.0]])
    assert not Radiograph.objects.exists()
    stated = blocking.release_film(person=person, film=row, rectangles=boxes, no_writing=True)
    assert stated.outcome is IntakeResult.RECEIVED
    assert Radiograph.objects.get().deidentification["judged_by"] == "person"


def test_a_refused_film_is_gone_and_stays_refused(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    genuine = deidentify
    monkeypatch.setattr(
        taking, "deidentify", lambda data, **more: genuine(data, **more, check_text=lambda *_, **__: (REGION,))
    )
    take_in(film())
    row = BlockedFilm.objects.get()
    person = make_person("administrator", RoleName.ADMINISTRATOR)
    with pytest.raises(blocking.Invalid):
        blocking.refuse_film(person=person, film=row, reason="  ")
    with django_capture_on_commit_callbacks(execute=True):
        outcome = blocking.refuse_film(person=person, film=row, reason="a page of a report")
    assert outcome.outcome is IntakeResult.REJECTED
    assert waiting_copies() == []
    assert take_in(film()).reason == intake.Reason.of("refused_by_person")
    assert BlockedFilm.objects.get().reason == "a page of a report"


@pytest.mark.usefixtures("nothing_left")
def test_a_released_film_that_contradicts_its_study_is_refused() -> None:
    row = make_blocked_film(regions=(REGION,))
    other = taking.admit(
        deidentify(film(2), key=settings.DEIDENTIFICATION_KEY, check_text=lambda *_, **__: ()),
        taking.Arrival(intake.uuid4(), "f" * 64, Door.UPLOAD, None, None),
    )
    Study.objects.filter(pk=other.study).update(study_uid=row.study_uid)
    person = make_person("reviewer", RoleName.REVIEWER)
    outcome = blocking.release_film(person=person, film=row, rectangles=[blocking.Box(**RECTANGLE)], no_writing=False)
    assert outcome.reason == intake.Reason.of("other_patient")
    row.refresh_from_db()
    assert row.state == BlockedState.REFUSED


@pytest.mark.usefixtures("sees_writing")
def test_known_contents_and_outcomes_over_http(api: Callable[..., Api]) -> None:
    import hashlib

    data = film()
    labeller = api(make_person("labeller", RoleName.LABELLER))
    handed_in = labeller.upload("a.dcm", data).json()
    assert handed_in["outcome"] == "blocked"
    digest = hashlib.sha256(data).hexdigest()
    known = labeller.post("/uploads/known", {"sha256": [digest, "0" * 64]})
    assert known == [{"sha256": digest, "outcome": "blocked", "study": None}]
    assert labeller.post("/uploads/outcomes", {"ids": [handed_in["id"]]}) == [handed_in | {"file": ""}]
    assert labeller.post("/uploads/known", {"sha256": ["xyz"]}, expect=400)
    told = labeller.get("/intake")
    assert (told["waiting"], told["blocked"], told["mode"]) == (0, 1, "research")
    assert told["counts"] == [{"door": "upload", "result": "blocked", "count": 1}]
    (record,) = labeller.get("/intake/records", result="blocked")["results"]
    assert record["reason"]["message_zh"] == intake.Reason.of("text_found").message_zh
    assert labeller.get("/intake/records", result="received")["results"] == []
    assert labeller.get("/blocked", expect=403)


def test_the_sentence_of_a_refusal_is_kept_with_its_words(api: Callable[..., Api]) -> None:
    reason = take_in(film()[: len(film()) - 1000]).reason
    assert reason is not None
    small = pydicom.dcmread(BytesIO(film()))
    small.Rows, small.PixelData = 40, small.PixelData[: 40 * small.Columns * 2]
    out = BytesIO()
    small.save_as(out, enforce_file_format=True)
    told = take_in(out.getvalue()).reason
    assert told is not None
    rows = api(make_person("labeller", RoleName.LABELLER)).get("/intake/records")["results"]
    assert rows[0]["reason"] == {"code": "too_small", "message": told.message, "message_zh": told.message_zh}
    assert "64" in told.message
