"""The watched folder: what is whole, what becomes of it, and that nothing is lost or taken twice."""

import fcntl
import io
import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from annotations.gateway import watched_folder
from annotations.gateway.capacity import Capacity, CapacityLimits
from annotations.gateway.watched_folder import WatchedFolder
from annotations.models import Cohort, IntakeRecord, Study
from annotations.services import quarantine
from annotations.services.gate import work_off
from annotations.services.intake import IntakeOutcome, Reason
from annotations.states import Door, IntakeResult
from tests.factories.archives import zipped
from tests.factories.films import changed, film

pytestmark = pytest.mark.django_db

SETTLE_SECONDS = 10.0


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, settings: Any) -> None:
    settings.DATA_DIR = tmp_path / "data"
    default = {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path / "objects"}}
    settings.STORAGES = {**settings.STORAGES, "default": default}


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


class QuickGate:
    """Stands for the intake where a test is about the folder: takes films, knows them again, refuses text."""

    def __init__(self) -> None:
        self.calls: list[bytes] = []

    @property
    def taken(self) -> int:
        return len({data for data in self.calls if not data.startswith(b"text")})

    def receive(self, *, data: bytes, **more: Any) -> IntakeOutcome:
        known = data in self.calls
        self.calls.append(data)
        if data.startswith(b"text"):
            return IntakeOutcome("", IntakeResult.REJECTED, Reason.of("unknown_format"))
        return IntakeOutcome("", IntakeResult.DUPLICATE if known else IntakeResult.RECEIVED)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> QuickGate:
    quick = QuickGate()
    monkeypatch.setattr(watched_folder, "receive", quick.receive)
    return quick


class Watch:
    """A watched folder on a clock of its own."""

    def __init__(self, root: Path, **more: Any) -> None:
        self.now = 0.0
        self.room = True
        capacity = Capacity(
            CapacityLimits(), free_bytes=lambda: (1 << 60) * self.room, waiting=lambda: 0, clock=lambda: self.now
        )
        given = {"cohort": None, "capacity": capacity, **more}
        self.folder = WatchedFolder(root, settle_seconds=SETTLE_SECONDS, clock=lambda: self.now, **given)

    def look(self, *, after_seconds: float = 0.0) -> bool:
        self.now += after_seconds
        return self.folder.look()

    def settled(self) -> bool:
        """Two looks, the second when all that was there has settled."""
        self.look()
        return self.look(after_seconds=SETTLE_SECONDS)


def files(root: Path) -> set[str]:
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


def test_films_are_taken_in_and_deleted_and_refused_ones_are_moved(
    inbox: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    cohort = Cohort.objects.create(name="ward")
    (inbox / "2024").mkdir()
    (inbox / "2024" / "张小明.dcm").write_bytes(film(1))
    (inbox / "b.dcm").write_bytes(film(2))
    (inbox / "again.dcm").write_bytes(film(2))
    (inbox / "Zhengxing.dcm").write_bytes(changed(film(3), Modality="CT"))
    watch = Watch(inbox, cohort=cohort)
    assert watch.settled() is True
    assert watch.look() is False
    refused = "refused/unsupported_modality/Zhengxing.dcm"
    assert files(inbox) == {refused, f"{refused}.reason.txt"}
    assert "CR, DX" in (inbox / f"{refused}.reason.txt").read_text()
    assert (inbox / "2024").is_dir(), "whoever writes into it may need it"
    assert Study.objects.filter(cohort=cohort).count() == 2
    assert watch.folder.counts == {"received": 2, "duplicate": 1, "rejected": 1}
    records = str(list(IntakeRecord.objects.values()))
    assert set(IntakeRecord.objects.values_list("door", flat=True)) == {Door.FOLDER}
    assert not [word for word in ("Zhengxing", "张小明", "inbox") if word in caplog.text + records]


def test_a_growing_file_waits_until_it_is_whole(inbox: Path, gate: QuickGate) -> None:
    data, path = film(1), inbox / "a.dcm"
    watch = Watch(inbox)
    for end in (1000, 2000, 3000):
        path.write_bytes(data[:end])
        watch.look(after_seconds=SETTLE_SECONDS - 1)
    assert len(gate.calls) == 0
    path.write_bytes(data)
    watch.look(after_seconds=1)
    watch.look(after_seconds=SETTLE_SECONDS - 1)
    assert gate.taken == 0
    watch.look(after_seconds=1)
    assert (gate.taken, files(inbox)) == (1, set())


def test_a_file_that_changes_while_it_is_read_is_not_deleted(
    inbox: Path, gate: QuickGate, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = inbox / "a.dcm"
    path.write_bytes(film(1))

    def receive_while_written(**arguments: Any) -> IntakeOutcome:
        outcome = gate.receive(**arguments)
        path.write_bytes(film(2))
        return outcome

    monkeypatch.setattr(watched_folder, "receive", receive_while_written)
    watch = Watch(inbox)
    watch.settled()
    assert path.read_bytes() == film(2)
    monkeypatch.setattr(watched_folder, "receive", gate.receive)
    watch.settled()
    assert (gate.taken, files(inbox)) == (2, set())


def test_what_is_not_a_film_that_was_put_there_is_left_alone(inbox: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.dcm").write_bytes(film(9))
    (inbox / "link.dcm").symlink_to(outside / "secret.dcm")
    (inbox / "link").symlink_to(outside)
    os.mkfifo(inbox / "pipe")
    left = {".hidden", "a.dcm.part", "b.tmp", "c.crdownload", "DICOMDIR", "Thumbs.db"}
    for name in left:
        (inbox / name).write_bytes(film(1))
    watch = Watch(inbox)
    assert watch.settled() is False
    assert IntakeRecord.objects.count() == 0
    assert files(inbox) == left | {"link.dcm"}
    assert (outside / "secret.dcm").exists()


def test_a_folder_swapped_for_a_link_leads_nowhere(inbox: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "a.dcm").write_bytes(film(9))
    (inbox / "sub").mkdir()
    (inbox / "sub" / "a.dcm").write_bytes(film(1))
    watch = Watch(inbox)
    watch.look()
    place = ("sub", "a.dcm")
    sign = watch.folder._seen[place][0]
    os.rename(inbox / "sub", inbox / ".sub")
    (inbox / "sub").symlink_to(outside)
    watch.folder._hand_in(place, sign)
    assert IntakeRecord.objects.count() == 0
    assert (outside / "a.dcm").exists()


def test_refused_is_no_way_out_either(inbox: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (inbox / "refused").symlink_to(outside)
    (inbox / "a.txt").write_bytes(b"text" * 100)
    watch = Watch(inbox)
    watch.settled()
    assert list(outside.iterdir()) == []
    assert (inbox / "a.txt").exists()
    assert watch.look(after_seconds=100) is False
    assert IntakeRecord.objects.count() == 1, "it is not tried again and again"


def test_a_locked_file_waits(inbox: Path, gate: QuickGate) -> None:
    path = inbox / "a.dcm"
    path.write_bytes(film(1))
    watch = Watch(inbox)
    with path.open("rb+") as writer:
        fcntl.flock(writer, fcntl.LOCK_EX)
        assert watch.settled() is True
        assert len(gate.calls) == 0
    watch.look()
    assert files(inbox) == set()


def test_names_that_are_taken_get_a_number(inbox: Path, gate: QuickGate) -> None:
    watch = Watch(inbox)
    for text in (b"text one" * 99, b"text two" * 99):
        (inbox / "a.txt").write_bytes(text)
        watch.settled()
    folder = inbox / "refused" / "unknown_format"
    assert files(folder) == {"a.txt", "a.txt.reason.txt", "a.2.txt", "a.2.txt.reason.txt"}
    assert (folder / "a.2.txt").read_bytes() == b"text two" * 99


@pytest.mark.parametrize(
    ("archive", "kept", "films"),
    [
        (lambda: zipped(("a", film(1)), ("b", film(2)), ("DICOMDIR", b"x")), None, 2),
        (lambda: zipped(("a", film(1)), ("张.txt", b"text" * 99)), "unknown_format", 1),
        (lambda: zipped(("a", b"text" * 99), ("b", zipped(("c", zipped())))), "several_reasons", 0),
        (lambda: zipped(("a", film(1)))[:-30], "archive_damaged", 0),
        (lambda: zipped(), "archive_empty", 0),
        (lambda: zipped((".a", film(1))), "archive_empty", 0),
    ],
)
def test_archives_go_whole(
    inbox: Path, gate: QuickGate, archive: Callable[[], bytes], kept: str | None, films: int
) -> None:
    (inbox / "out.zip").write_bytes(archive())
    watch = Watch(inbox)
    watch.settled()
    assert gate.taken == films
    expected = {f"refused/{kept}/out.zip", f"refused/{kept}/out.zip.reason.txt"} if kept else set()
    assert files(inbox) == expected
    if kept == "unknown_format":
        said = (inbox / "refused" / kept / "out.zip.reason.txt").read_text()
        assert "received\ta" in said
        assert "unknown_format\t张.txt" in said


def test_with_gate_processes_the_original_stays_until_its_end_is_recorded(inbox: Path, settings: Any) -> None:
    settings.GATE_PROCESSES = 1
    (inbox / "a.dcm").write_bytes(film(1))
    (inbox / "b.txt").write_bytes(b"text" * 99)
    watch = Watch(inbox)
    assert watch.settled() is True
    assert len(quarantine.waiting()) == 2
    assert watch.look(after_seconds=100) is True
    assert files(inbox) == {"a.dcm", "b.txt"}
    assert len(quarantine.waiting()) == 2, "nothing is handed in twice"
    work_off()
    watch.look()
    assert files(inbox) == {"refused/unknown_format/b.txt", "refused/unknown_format/b.txt.reason.txt"}
    assert watch.look() is False


def test_a_blocked_film_is_with_us_and_goes_from_the_folder(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = IntakeOutcome("", IntakeResult.BLOCKED)
    monkeypatch.setattr(watched_folder, "receive", lambda **arguments: blocked)
    (inbox / "a.dcm").write_bytes(film(1))
    Watch(inbox).settled()
    assert files(inbox) == set()


class KilledError(BaseException):
    """Stands for the end of the process."""


@pytest.mark.parametrize("moment", ["receive", "unlink", "put_aside"])
def test_killed_at_any_moment_nothing_is_lost_or_taken_twice(
    inbox: Path, gate: QuickGate, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    (inbox / "a.dcm").write_bytes(film(1))
    (inbox / "b.txt").write_bytes(b"text" * 99)

    def killed(*arguments: Any, **named: Any) -> None:
        raise KilledError

    target = watched_folder.os if moment == "unlink" else watched_folder
    with monkeypatch.context() as patched:
        patched.setattr(target, moment, killed)
        with pytest.raises(KilledError):
            Watch(inbox).settled()
    Watch(inbox).settled()
    assert files(inbox) == {"refused/unknown_format/b.txt", "refused/unknown_format/b.txt.reason.txt"}
    assert gate.taken == 1


def test_without_room_nothing_is_handed_in(inbox: Path, gate: QuickGate) -> None:
    (inbox / "a.dcm").write_bytes(film(1))
    watch = Watch(inbox)
    watch.room = False
    assert watch.settled() is True
    assert len(gate.calls) == 0
    watch.room = True
    watch.look(after_seconds=100)
    assert gate.taken == 1


def test_what_cannot_be_deleted_is_not_taken_again_and_again(
    inbox: Path, gate: QuickGate, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def forbidden(*arguments: Any, **named: Any) -> None:
        raise PermissionError(13, "Permission denied", "/inbox/Zhang.dcm")

    (inbox / "a.dcm").write_bytes(film(1))
    monkeypatch.setattr(watched_folder.os, "unlink", forbidden)
    watch = Watch(inbox)
    watch.settled()
    assert watch.look(after_seconds=100) is False
    assert len(gate.calls) == 1
    assert "error 13" in caplog.text
    assert "Zhang" not in caplog.text


@pytest.mark.django_db(transaction=True)
def test_the_command(inbox: Path, tmp_path: Path) -> None:
    (inbox / "a.dcm").write_bytes(film(1))
    (inbox / f"{uuid4()}.part").write_bytes(b"x")
    out = io.StringIO()
    call_command("watch_folder", str(inbox), "--once", "--settle-seconds", "0", "--cohort", "ward", stdout=out)
    assert "received 1" in out.getvalue()
    assert Study.objects.get().cohort.name == "ward"
    with pytest.raises(CommandError, match="not there"):
        call_command("watch_folder", str(tmp_path / "nowhere"), "--once")
    descriptor = os.open(inbox, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    with pytest.raises(CommandError, match="watched already"):
        call_command("watch_folder", str(inbox), "--once")
    os.close(descriptor)
