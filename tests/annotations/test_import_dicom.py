"""`manage.py import_dicom`: files, folders and zips; each film with its own end, and a summary."""

import json
import os
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from annotations.management.commands import import_dicom
from annotations.models import IntakeRecord, Radiograph, Study
from annotations.services.intake import IntakeOutcome, Reason
from annotations.services.take_in import GateUnavailableError
from annotations.states import Door, IntakeResult
from tests.factories.archives import zipped
from tests.factories.films import changed, film

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, settings: Any) -> None:
    settings.DATA_DIR = tmp_path / "data"
    default = {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path / "objects"}}
    settings.STORAGES = {**settings.STORAGES, "default": default}


def run(*arguments: str) -> tuple[list[dict[str, Any]], str, int]:
    """Lines of --json, what went to standard error, exit status."""
    out, err, status = StringIO(), StringIO(), 0
    try:
        call_command("import_dicom", *arguments, "--json", stdout=out, stderr=err)
    except CommandError as error:
        status = error.returncode
    return [json.loads(line) for line in out.getvalue().splitlines()], err.getvalue(), status


def test_a_folder_with_a_zip_and_what_systems_leave_behind(tmp_path: Path) -> None:
    folder = tmp_path / "films"
    (folder / "sub").mkdir(parents=True)
    (folder / "__MACOSX").mkdir()
    (folder / "__MACOSX" / "x").write_bytes(b"x")
    for litter in (".DS_Store", "DICOMDIR", "Thumbs.db"):
        (folder / litter).write_bytes(b"x")
    (folder / "a.dcm").write_bytes(film(1))
    (folder / "sub" / "批次.zip").write_bytes(
        zipped(("左手.dcm", film(2)), ("again.dcm", film(1)), ("raw", changed(film(3), Modality="CT")))
    )
    (folder / "broken.zip").write_bytes(zipped(("a", film(4)))[:-30])
    (folder / "sub" / "loop").symlink_to(folder)
    lines, told, status = run(str(folder), str(tmp_path / "nowhere"), "--cohort", "spring")
    ends = {Path(line["file"]).name: line["reason"]["code"] if line["reason"] else line["outcome"] for line in lines}
    assert ends == {
        "a.dcm": "received",
        "broken.zip": "archive_damaged",
        "左手.dcm": "received",
        "again.dcm": "duplicate",
        "raw": "unsupported_modality",
        "nowhere": "unreadable_file",
    }
    assert lines[2]["file"] == str(folder / "sub" / "批次.zip" / "左手.dcm")
    assert status == 1
    assert "6 films: received 2, duplicate 1, rejected 3" in told
    assert "unsupported_modality 1" in told
    assert Study.objects.filter(cohort__name="spring").count() == 2
    assert set(IntakeRecord.objects.values_list("door", flat=True)) == {Door.COMMAND}
    assert (folder / "a.dcm").exists(), "what is named stays where it is"
    again, _, _ = run(str(folder / "a.dcm"))
    assert [line["outcome"] for line in again] == ["duplicate"]
    assert Radiograph.objects.count() == 2


def test_a_name_in_another_encoding_is_shown(tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path) + b"/in"
    os.mkdir(folder)
    Path(os.fsdecode(folder + b"/" + "张.dcm".encode("gb18030"))).write_bytes(b"text" * 100)
    lines, _, _ = run(str(tmp_path / "in"))
    assert [Path(line["file"]).name for line in lines] == ["张.dcm"]


def test_a_file_over_the_limit_is_not_read(tmp_path: Path, settings: Any) -> None:
    settings.UPLOAD_LIMIT_BYTES = 1000
    (tmp_path / "large").write_bytes(film())
    lines, _, _ = run(str(tmp_path / "large"))
    assert lines[0]["reason"]["code"] == "file_too_large"


def test_blocked_films_are_counted_and_are_no_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = IntakeOutcome("a", IntakeResult.BLOCKED, Reason("text_found", "", ""))
    monkeypatch.setattr(import_dicom, "receive", lambda **arguments: blocked)
    (tmp_path / "a").write_bytes(film())
    lines, told, status = run(str(tmp_path / "a"))
    assert ([line["outcome"] for line in lines], status) == (["blocked"], 0)
    assert "1 films: blocked 1" in told
    assert "wait for a reviewer" in told


def test_it_breaks_off_when_nothing_can_be_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unavailable(**arguments: Any) -> None:
        raise GateUnavailableError

    monkeypatch.setattr(import_dicom, "receive", unavailable)
    (tmp_path / "a").write_bytes(film())
    (tmp_path / "b").write_bytes(film())
    lines, _, status = run(str(tmp_path / "a"), str(tmp_path / "b"))
    assert (lines, status) == ([], 2)


def test_progress_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_dicom, "TELL_EVERY_SECONDS", -1.0)
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(film())
    _, told, _ = run(str(tmp_path / "a"), str(tmp_path / "b"))
    assert "1 of 2 files: received 1" in told
