"""The way in: what is kept, what is refused, what is met again; and nothing that identifies."""

import gzip
import json
import logging
from collections.abc import Callable
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection

from annotations.announce import StudyReady, listen, stop_listening
from annotations.models import Cohort, Event, IntakeRecord, Patient, Person, Radiograph, Study
from annotations.services import intake, quarantine
from annotations.services import studies as study_services
from annotations.states import IntakeResult, RoleName, SexSource, StudyState
from inference.imaging.read import read_film
from inference.imaging.render import display_image
from tests.factories.films import changed, film, identifiers
from tests.factories.people import make_person
from tests.factories.studies import film_of, make_study

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, settings: Any) -> None:
    settings.DATA_DIR = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "objects"},
        },
    }


def take_in(data: bytes, **more: Any) -> intake.IntakeOutcome:
    return intake.receive(data=data, filename="Zhengxing_Mingzi.dcm", by=None, **more)


def everything_kept() -> bytes:
    """All rows of the database and all files of the data folder, as bytes."""
    with connection.cursor() as cursor:
        dump = ""
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            dump += str(cursor.fetchall())
    files = [path for path in Path(settings.DATA_DIR).rglob("*") if path.is_file()]
    names = " ".join(str(path) for path in files)
    contents = [gzip.decompress(raw) if path.suffix == ".gz" else raw for path in files for raw in [path.read_bytes()]]
    return b" ".join([dump.encode(), names.encode(), *contents])


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


def test_nothing_that_identifies_is_kept_or_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    take_in(film())
    take_in(film())
    take_in(film(2)[:5000])
    take_in(changed(film(3), StudyDate="20191399"))
    kept = everything_kept() + caplog.text.encode()
    words = [*identifiers(film()), *identifiers(film(2)), *identifiers(film(3)), "Zhengxing_Mingzi"]
    assert [word for word in words if word.encode() in kept] == []
    assert list((Path(settings.DATA_DIR) / "quarantine").iterdir()) == []


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

    monkeypatch.setattr(intake, "display_image", broken)
    outcome = take_in(film())
    assert outcome.reason is not None
    assert outcome.reason.code == "internal_error"
    assert "ValueError" in caplog.text
    assert "Zhengxing" not in caplog.text
    assert list((Path(settings.DATA_DIR) / "quarantine").iterdir()) == []


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
        (path,) = quarantine.leftovers()
        seen.append(oct(path.stat().st_mode & 0o777))
        with quarantine.take(path) as held:
            seen.append(held)
        assert path.exists()
        return genuine(*args, **kwargs)

    genuine = intake.deidentify
    monkeypatch.setattr(intake, "deidentify", looking)
    take_in(film())
    assert seen == ["0o600", None]


def test_what_a_crash_left_is_finished_or_removed() -> None:
    cohort = Cohort.objects.create(name="spring")
    folder = quarantine.folder()
    for number, data in enumerate((film(), b"no film at all" * 30)):
        held = quarantine.Held(data, radiograph=intake.uuid4(), by=None, cohort=cohort.pk)
        (folder / f"{number}.held").write_bytes(quarantine._first_line(held) + data)
    (folder / "half.part").write_bytes(b"half a fi")
    study = make_study(stored=True)
    default_storage.save(f"films/{intake.uuid4()}.dcm", BytesIO(b"an orphan"))  # type: ignore[arg-type]
    default_storage.save(f"films/{film_of(study).pk}.dcm.ab12.part", BytesIO(b"half a copy"))  # type: ignore[arg-type]
    resumed = intake.resume_quarantine()
    assert (resumed.finished, resumed.removed, resumed.orphans) == (1, 1, 2)
    assert list(folder.iterdir()) == []
    received = Study.objects.get(cohort=cohort)
    assert default_storage.exists(film_of(received).film_name)
    assert default_storage.exists(film_of(study).film_name)
    assert intake.resume_quarantine() == intake.Resumed(0, 0, 0)


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
