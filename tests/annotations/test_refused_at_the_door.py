"""What is refused before it is an arrival stands on the intake page, with its sentence and nothing else."""

import io
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from annotations.gateway.capacity import Capacity, CapacityLimits
from annotations.gateway.dicom_node import DicomNode
from annotations.gateway.node_settings import AllowedCaller, NodeSettings
from annotations.gateway.watched_folder import WatchedFolder
from annotations.models import Cohort, IntakeRecord, Person, Study
from annotations.selectors.funnel import funnel
from annotations.services import intake
from annotations.services.people import add_person
from annotations.services.take_in import GateUnavailableError
from annotations.states import Door, RoleName
from tests.factories.archives import zipped
from tests.factories.films import changed, film
from tests.factories.people import make_person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("own_folder")]
Browser = Callable[[Person | None], Any]

NAME = "Zhengxing"
PASSWORD = "a-long-sentence-9"


def kept() -> str:
    return str(list(IntakeRecord.objects.values()))


def test_a_film_too_large_for_the_upload(api: Browser, settings: Any) -> None:
    settings.UPLOAD_LIMIT_BYTES = 2 << 20
    person = make_person("labeller", RoleName.LABELLER)
    cohort = Cohort.objects.create(name="spring")
    browser = api(person)
    answer = browser.upload(f"{NAME}.dcm", b"x" * ((2 << 20) + 1), cohort=str(cohort.pk))
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")
    (record,) = browser.get("/intake/records")["results"]
    assert record.pop("at")
    assert record == {
        "door": "upload",
        "result": "rejected",
        "reason": {
            "code": "file_too_large",
            "message": "The file is larger than 2 megabytes, which no film of a hand is. Send the single film.",
            "message_zh": "文件超过 2 MB，手部影像不会这么大。请上传单张影像。",
        },
        "study": None,
        "by": {"id": str(person.pk), "username": "labeller", "display_name": person.display_name},
        "cohort": {"id": str(cohort.pk), "name": "spring"},
    }
    assert browser.get("/intake")["counts"] == [{"door": "upload", "result": "rejected", "count": 1}]
    assert NAME not in kept()
    assert funnel(Study.objects.all())["received"] == 0, "nobody has seen whether it was a film"


def test_what_dicomweb_brings_and_is_none(api: Browser, live_server: Any, settings: Any) -> None:
    pacs = add_person(by=None, username="pacs", display_name="PACS", password=PASSWORD, roles=[RoleName.LABELLER])
    settings.UPLOAD_LIMIT_BYTES = len(film(1))
    parts = [
        (b"application/dicom", b"text" * 100),
        (b"image/png", b"\x89PNG"),
        (b"application/dicom", changed(film(1), SOPInstanceUID=f"{NAME} Mingzi", PixelData=b"")),
        (b"application/dicom", film(1)),
        (b"application/dicom", film(1) + b"\0"),
    ]
    body = b"".join(b"--cut\r\nContent-Type: %s\r\n\r\n%s\r\n" % part for part in parts) + b"--cut--\r\n"
    headers = {"Content-Type": 'multipart/related; type="application/dicom"; boundary=cut'}
    address = f"{live_server.url}/api/v1/dicomweb/studies/1.2.3"
    answer = requests.post(address, data=body, headers=headers, auth=("pacs", PASSWORD), timeout=30)
    assert answer.status_code == 409
    rows = api(make_person("reviewer", RoleName.REVIEWER)).get("/intake/records")["results"]
    codes = ["unknown_format", "not_dicom", "no_instance_uid", "other_study", "file_too_large"]
    assert [row["reason"]["code"] for row in reversed(rows)] == codes
    assert {(row["door"], row["result"], row["by"]["username"]) for row in rows} == {("stow", "rejected", "pacs")}
    assert all(row["reason"]["message_zh"] != row["reason"]["message"] for row in rows)
    assert IntakeRecord.objects.filter(by=pacs).count() == 5
    assert not [word for word in (NAME, "1.2.3") if word in kept()]


def test_archives_and_files_of_the_command_line(api: Browser, tmp_path: Path, settings: Any) -> None:
    settings.UPLOAD_LIMIT_BYTES = 1 << 20
    inner = zipped(("film", zipped(("deeper", b"x"))))
    (tmp_path / f"1 {NAME}.zip").write_bytes(zipped(("a", b"x"))[:-10])
    (tmp_path / "2.zip").write_bytes(zipped((f"{NAME}.zip", inner)))
    (tmp_path / "3.zip").write_bytes(zipped())
    (tmp_path / "4.dcm").write_bytes(b"x" * (1 << 20) + b"x")
    paths = [str(path) for path in sorted(tmp_path.iterdir()) if path.is_file()]
    with pytest.raises(CommandError):
        call_command("import_dicom", *paths, "--cohort", "spring", stdout=io.StringIO(), stderr=io.StringIO())
    rows = api(make_person("labeller", RoleName.LABELLER)).get("/intake/records", door="command")["results"]
    codes = ["archive_damaged", "archive_nested", "archive_empty", "file_too_large"]
    assert [row["reason"]["code"] for row in reversed(rows)] == codes
    assert "1 MB" in rows[0]["reason"]["message_zh"]
    assert {(row["by"], row["cohort"]["name"]) for row in rows} == {(None, "spring")}
    assert NAME not in kept()


def test_an_object_too_large_for_the_node(api: Browser, tmp_path: Path) -> None:
    (tmp_path / "film.dcm").write_bytes(film(1))
    callers = (AllowedCaller("PACS"),)
    node = DicomNode(NodeSettings("BONEAGE", callers, port=0, store_limit_bytes=1 << 16))
    node.start()
    try:
        command = ["storescu", "-aet", "PACS", "-aec", "BONEAGE", "127.0.0.1", str(node.port), "film.dcm"]
        assert subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=50).returncode != 0
    finally:
        node.stop()
    (row,) = api(make_person("labeller", RoleName.LABELLER)).get("/intake/records")["results"]
    assert (row["door"], row["reason"]["code"], row["by"]) == ("c_store", "file_too_large", None)
    assert not [word for word in (NAME, "PACS") if word in kept()]


class Watched:
    """A watched folder whose files count as whole at once."""

    def __init__(self, root: Path) -> None:
        root.mkdir()
        room = Capacity(CapacityLimits(), free_bytes=lambda: 1 << 60, waiting=lambda: 0)
        self.root, self.folder = root, WatchedFolder(root, cohort=None, settle_seconds=0.0, capacity=room)


def test_archives_of_the_watched_folder(api: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    watched = Watched(tmp_path / "inbox")
    (watched.root / f"{NAME}.zip").write_bytes(zipped((f"{NAME}.dcm", b"x"))[:-10])
    with monkeypatch.context() as away:
        away.setattr("annotations.gateway.watched_folder.refuse_at_door", _unavailable)
        assert watched.folder.look() is True
    assert (watched.root / f"{NAME}.zip").exists(), "moved only when it is written down"
    assert watched.folder.look() is True
    assert watched.folder.look() is False
    assert (watched.root / "refused" / "archive_damaged" / f"{NAME}.zip").exists()
    (row,) = api(make_person("labeller", RoleName.LABELLER)).get("/intake/records")["results"]
    assert (row["door"], row["reason"]["code"], row["by"]) == ("folder", "archive_damaged", None)
    assert NAME not in kept()


def _unavailable(*reasons: Any, **more: Any) -> None:
    raise GateUnavailableError


def test_only_a_refusal_at_a_door_is_without_content() -> None:
    intake.refuse_at_door(intake.Reason.at_door("archive_empty"), door=Door.COMMAND)
    for wrong in ({"door": None}, {"arrival": intake.uuid4()}, {"result": "blocked"}):
        row = {"door": Door.COMMAND, "result": "rejected", "reason_code": "archive_empty", **wrong}
        with pytest.raises(IntegrityError), transaction.atomic():
            IntakeRecord.objects.bulk_create([IntakeRecord(**row)])
    with pytest.raises(KeyError):
        intake.Reason.at_door("no_such_reason")
