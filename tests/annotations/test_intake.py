"""The way in: what is kept, what is refused, what is met again; and nothing that identifies."""

import errno
import fcntl
import gzip
import json
import logging
import os
from collections.abc import Callable
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import numpy as np
import pydicom
import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import OperationalError

from annotations.announce import StudyReady, listen, stop_listening
from annotations.models import Cohort, Event, IntakeRecord, Patient, Person, Radiograph, Study
from annotations.services import admit, film_store, gate, intake, quarantine
from annotations.services import studies as study_services
from annotations.services import take_in as taking
from annotations.states import Door, IntakeResult, RoleName, SexSource, StudyState
from inference.imaging.read import read_film
from inference.imaging.render import display_image
from tests.annotations.everything_kept import everything_kept
from tests.factories.films import changed, film, identifiers
from tests.factories.people import make_person
from tests.factories.studies import film_of, make_study

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_folder")]


def take_in(data: bytes, **more: Any) -> intake.IntakeOutcome:
    return intake.receive(data=data, filename="Zhengxing_Mingzi.dcm", by=None, **more)


def test_a_film_becomes_a_ready_study(django_capture_on_commit_callbacks: Callable[..., Any]) -> None:
    told: list[Any] = []
    listen(StudyReady, told.append)
    cohort = Cohort.objects.create(name="spring")
    by = make_person("labeller", RoleName.LABELLER)
    with django_capture_on_commit_callbacks(execute=True):
        outcome = intake.receive(data=film(), filename="a.dcm", by=by, cohort=cohort)
    stop_listening(StudyReady, told.append)
    assert (outcome.outcome, outcome.reason, outcome.file) == (IntakeResult.RECEIVED, None, "a.dcm")
    study = Study.objects.get(pk=outcome.study)
    assert (study.state, study.sex, study.sex_source, study.cohort) == ("ready", "F", SexSource.HEADER, cohort)
    assert study.chronological_age_months == pytest.approx(121, abs=1)
    assert study.synthetic
    assert told == [StudyReady(study=study.pk, radiograph=film_of(study).pk)]
    verbs = list(Event.objects.filter(study=study).order_by("number").values_list("verb", "old", "new"))
    assert verbs == [
        ("receive", "", "received"),
        ("deidentify", "received", "deidentified"),
        ("ready", "deidentified", "ready"),
    ]


def test_the_copies_are_the_cleaned_film() -> None:
    study = Study.objects.get(pk=take_in(film()).study)
    row = film_of(study)
    clean = read_film(default_storage.open(row.film_name).read())
    shown = display_image(clean)
    stored = gzip.decompress(default_storage.open(row.pixels_name).read())
    assert np.array_equal(np.frombuffer(stored, "<u2").reshape(row.rows, row.columns), shown.values)
    assert (row.window_center, row.window_width) == (shown.window_center, shown.window_width)
    assert default_storage.open(row.thumbnail_name).read(2) == b"\xff\xd8"


def test_nothing_that_identifies_is_kept_or_logged(caplog: pytest.LogCaptureFixture, own_folder: Path) -> None:
    caplog.set_level(logging.DEBUG)
    take_in(film())
    take_in(film())
    take_in(film(2)[:5000])
    take_in(changed(film(3), StudyDate="20191399"))
    kept = everything_kept(own_folder) + caplog.text.encode()
    words = [*identifiers(film()), *identifiers(film(2)), *identifiers(film(3)), "Zhengxing_Mingzi"]
    assert [word for word in words if word.encode() in kept] == []
    assert files_waiting() == []


@pytest.mark.parametrize("same", ["bytes", "instance"])
def test_the_same_film_again_is_a_duplicate_of_the_same_study(same: str) -> None:
    first = take_in(film())
    again = take_in(film() if same == "bytes" else changed(film(), StationName="OTHER"))
    assert (again.outcome, again.study) == (IntakeResult.DUPLICATE, first.study)
    assert Radiograph.objects.count() == 1
    results = list(IntakeRecord.objects.order_by("pk").values_list("result", flat=True))
    assert results == ["received", "duplicate"]


def test_two_films_of_one_examination_are_one_study() -> None:
    first, second = film(1, patient=7), film(2, patient=7)
    uid = pydicom.dcmread(BytesIO(first), stop_before_pixels=True).StudyInstanceUID
    one, two = take_in(first), take_in(changed(second, StudyInstanceUID=uid))
    assert one.study == two.study
    study = Study.objects.get(pk=one.study)
    assert study.radiographs.count() == 2
    assert study.radiographs.filter(for_reading=True).count() == 1
    assert take_in(film(3, patient=7)).study != study.pk
    assert Patient.objects.count() == 1


def test_another_patient_or_sex_in_one_examination_is_refused() -> None:
    uid = pydicom.dcmread(BytesIO(film(1)), stop_before_pixels=True).StudyInstanceUID
    take_in(film(1))
    assert take_in(changed(film(2), StudyInstanceUID=uid)).reason.code == "other_patient"  # type: ignore[union-attr]
    other_sex = changed(film(2, patient=1), StudyInstanceUID=uid, PatientSex="M")
    assert take_in(other_sex).reason.code == "contradictory_sex"  # type: ignore[union-attr]
    assert Radiograph.objects.count() == 1


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b"just a text, long enough to be read as something" * 9, "unknown_format"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "not_dicom"),
        (b"\xff\xd8\xff\xe0" + bytes(200), "not_dicom"),
        (film()[: len(film()) // 2], "truncated"),
        (changed(film(), NumberOfFrames=2), "multi_frame"),
        (changed(film(), Modality="CT"), "unsupported_modality"),
        (changed(film(), PatientBirthDate="20091399"), "bad_date"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_refusal_says_why_and_keeps_nothing(data: bytes, code: str) -> None:
    outcome = take_in(data)
    assert (outcome.outcome, outcome.study) == (IntakeResult.REJECTED, None)
    assert outcome.reason is not None
    assert outcome.reason.code == code
    assert outcome.reason.message
    assert outcome.reason.message_zh
    assert not Study.objects.exists()
    assert [path for path in Path(settings.DATA_DIR).rglob("*") if path.is_file()] == []
    assert IntakeRecord.objects.get().reason_code == code


def test_a_fault_of_ours_refuses_the_film_and_logs_no_value(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(film: object) -> None:
        raise ValueError("Zhengxing^Mingzi1")

    monkeypatch.setattr(admit, "display_image", broken)
    outcome = take_in(film())
    assert outcome.reason is not None
    assert outcome.reason.code == "internal_error"
    assert "ValueError" in caplog.text
    assert "Zhengxing" not in caplog.text
    assert files_waiting() == []


def test_a_film_without_sex_is_ready_and_somebody_says_it() -> None:
    study = Study.objects.get(pk=take_in(film(sex=None)).study)
    assert (study.state, study.sex) == ("ready", None)
    person = make_person("labeller", RoleName.LABELLER)
    study_services.state_facts(person=person, study=study, sex="M")  # type: ignore[arg-type]
    study.refresh_from_db()
    assert (study.sex, study.sex_source, study.sex_stated_by) == ("M", "stated", person)


def test_the_original_waits_closed_and_locked(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def looking(*args: Any, **kwargs: Any) -> Any:
        (path,) = quarantine.waiting()
        seen.append(oct(path.stat().st_mode & 0o777))
        with quarantine.take(path) as claim:
            seen.append(claim)
        assert path.exists()
        return genuine(*args, **kwargs)

    genuine = taking.deidentify
    monkeypatch.setattr(taking, "deidentify", looking)
    take_in(film())
    assert seen == ["0o600", None]


def arrive(data: bytes, **more: Any) -> UUID:
    return intake.arrive(data=data, by=None, door=Door.C_STORE, **more)


def files_waiting() -> list[Path]:
    return [path for path in quarantine.folder().iterdir() if path.is_file()]


def test_what_waits_is_taken_in_once_and_its_end_is_told() -> None:
    cohort = Cohort.objects.create(name="spring")
    good, bad = arrive(film(), cohort=cohort), arrive(b"no film at all" * 30)
    assert {intake.outcome_of(pk).outcome for pk in (good, bad)} == {IntakeResult.WAITING}  # type: ignore[union-attr]
    assert gate.work_off() == gate.WorkedOff(finished=1, refused=1)
    taken, refused = intake.outcome_of(good, filename="a.dcm"), intake.outcome_of(bad)
    assert taken is not None
    assert refused is not None
    assert (taken.outcome, taken.file, taken.study) == (IntakeResult.RECEIVED, "a.dcm", Study.objects.get().pk)
    assert refused.reason == intake.Reason.of("unknown_format")
    assert intake.outcome_of(uuid4()) is None
    assert list(IntakeRecord.objects.order_by("result").values_list("arrival", "door", "result")) == [
        (good, "c_store", "received"),
        (bad, "c_store", "rejected"),
    ]
    assert files_waiting() == []
    assert gate.work_off() == gate.WorkedOff()


def test_a_crash_between_record_and_deletion_changes_nothing() -> None:
    arrival = arrive(film())
    (path,) = quarantine.waiting()
    kept = path.read_bytes()
    gate.work_off()
    path.write_bytes(kept)
    gate.work_off()
    assert [record.result for record in IntakeRecord.objects.filter(arrival=arrival)] == ["received"]
    assert files_waiting() == []


def test_a_file_that_kills_its_process_is_refused_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    class KilledError(BaseException):
        pass

    def deadly(*args: Any, **kwargs: Any) -> None:
        raise KilledError

    arrival = arrive(film())
    monkeypatch.setattr(taking, "deidentify", deadly)
    for _ in range(taking.MAXIMUM_ATTEMPTS):
        with pytest.raises(KilledError):
            gate.work_off()
        assert quarantine.is_waiting(arrival)
    gate.work_off()
    outcome = intake.outcome_of(arrival)
    assert outcome is not None
    assert outcome.reason == intake.Reason.of("reader_crashed")
    assert files_waiting() == []


@pytest.mark.parametrize("trouble", [OperationalError("away"), OSError(errno.ENOSPC, "full")])
def test_a_film_waits_while_database_or_disk_fail(monkeypatch: pytest.MonkeyPatch, trouble: Exception) -> None:
    def failing(*args: Any, **kwargs: Any) -> None:
        raise trouble

    arrival = arrive(film())
    with monkeypatch.context() as patch:
        patch.setattr(admit.film_store, "store_copies", failing)
        for _ in range(taking.MAXIMUM_ATTEMPTS + 1):  # such attempts do not count
            assert gate.work_off().unavailable
        with pytest.raises(taking.GateUnavailableError):
            take_in(film(2))
    assert not IntakeRecord.objects.exists()
    gate.work_off()
    assert intake.outcome_of(arrival).outcome is IntakeResult.RECEIVED  # type: ignore[union-attr]


def test_a_file_swept_before_its_writer_has_locked_it_is_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    lock, swept = fcntl.flock, []

    def sweep_first(descriptor: int, how: int) -> None:
        if how == fcntl.LOCK_EX and not swept:
            swept.extend(quarantine.waiting())
            with quarantine.take(swept[0]):
                pass
        lock(descriptor, how)

    monkeypatch.setattr(fcntl, "flock", sweep_first)
    arrival = arrive(film())
    assert [path.suffix for path in swept] == [quarantine.PARTIAL]
    gate.work_off()
    assert intake.outcome_of(arrival).outcome is IntakeResult.RECEIVED  # type: ignore[union-attr]


def test_the_sweep_removes_what_nobody_knows() -> None:
    folder = quarantine.folder()
    (folder / "half.part").write_bytes(b"half a fi")
    stray = folder / "tmp1234.upload.dcm"
    stray.write_bytes(b"a body that was broken off")
    os.utime(stray, (0, 0))
    study = make_study(stored=True)
    default_storage.save(f"films/{uuid4()}.dcm", BytesIO(b"an orphan"))  # type: ignore[arg-type]
    default_storage.save(f"films/{film_of(study).pk}.dcm.ab12.part", BytesIO(b"half a copy"))  # type: ignore[arg-type]
    assert gate.sweep() == 2
    gate.work_off()
    assert files_waiting() == []
    assert default_storage.exists(film_of(study).film_name)
    assert gate.sweep() == 0


def test_an_empty_database_beside_a_full_store_deletes_nothing() -> None:
    """It is lost, or not restored yet."""
    for _ in range(film_store.MOST_LEFT_BY_CRASHES + 1):
        default_storage.save(f"films/{uuid4()}.dcm", BytesIO(b"a film"))  # type: ignore[arg-type]
    assert gate.sweep() == 0
    assert len(default_storage.listdir("films")[1]) == film_store.MOST_LEFT_BY_CRASHES + 1


def test_import_dicom_goes_on_and_says_so(tmp_path: Path) -> None:
    folder = tmp_path / "films"
    (folder / "below").mkdir(parents=True)
    (folder / "a.dcm").write_bytes(film(1))
    (folder / "b.txt").write_bytes(b"text" * 100)
    (folder / "below" / "c.dcm").write_bytes(film(2))
    out = StringIO()
    with pytest.raises(CommandError) as error:
        call_command("import_dicom", str(folder), str(tmp_path / "nowhere"), "--json", "--cohort", "new", stdout=out)
    assert error.value.returncode == 1
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [Path(line["file"]).name for line in lines] == ["a.dcm", "b.txt", "c.dcm", "nowhere"]
    assert [line["outcome"] for line in lines] == ["received", "rejected", "received", "rejected"]
    assert [line["reason"] and line["reason"]["code"] for line in lines] == [
        None,
        "unknown_format",
        None,
        "unreadable_file",
    ]
    assert Study.objects.filter(cohort__name="new").count() == 2
    out = StringIO()
    call_command("import_dicom", str(folder / "a.dcm"), stdout=out)
    assert "duplicate" in out.getvalue()


def test_a_better_film_takes_the_place_of_one_left_out_for_quality() -> None:
    first, second = film(1, patient=7), film(2, patient=7)
    uid = pydicom.dcmread(BytesIO(first), stop_before_pixels=True).StudyInstanceUID
    study = Study.objects.get(pk=take_in(first).study)
    Study.objects.filter(pk=study.pk).update(state=StudyState.EXCLUDED, reason_code="too_dark")
    take_in(changed(second, StudyInstanceUID=uid))
    study.refresh_from_db()
    assert (study.state, study.reason_code) == (StudyState.READY, "")
    assert film_of(study).pk != study.radiographs.get(for_reading=False).pk


def person(*roles: RoleName) -> Person:
    return make_person("somebody", *roles)


def test_a_contradiction_to_the_header_is_refused() -> None:
    study = Study.objects.get(pk=take_in(film()).study)
    with pytest.raises(study_services.Conflict) as refusal:
        study_services.state_facts(person=person(RoleName.REVIEWER), study=study, sex="M")  # type: ignore[arg-type]
    assert refusal.value.code == "contradictory_sex"
