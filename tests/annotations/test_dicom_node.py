"""The DICOM node, called by dcmtk's programs: who is let in, what is kept, and what happens when it is killed."""

import io
import logging
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import pydicom
import pytest
from django.core.management import CommandError, call_command
from pydicom import uid

from annotations.gateway.capacity import Capacity, CapacityLimits
from annotations.gateway.dicom_node import STORED_CLASSES, DicomNode
from annotations.gateway.dicom_transport import LONGEST_PDU_BYTES
from annotations.gateway.node_settings import AllowedCaller, NodeSettings, NodeSettingsError
from annotations.services import quarantine
from annotations.services.intake import Reason
from annotations.states import Door
from tests.factories.dicom import drawn_hand, hand_dicom
from tests.services.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
PICTURE = drawn_hand(300, 240)
TITLES = ("-aet", "PACS", "-aec", "BONEAGE")


def film(number: int = 1, **more: Any) -> bytes:
    return hand_dicom(PICTURE, number=number, **more)


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, settings: Any) -> None:
    settings.DATA_DIR = tmp_path / "data"


def node_settings(**more: Any) -> NodeSettings:
    given = {"ae_title": "BONEAGE", "allowed_callers": (AllowedCaller.parse("PACS@127.0.0.0/8"),), **more}
    return NodeSettings(bind_address="127.0.0.1", port=0, **given)


@pytest.fixture
def started() -> Iterator[Callable[..., DicomNode]]:
    """``started(store=..., refuse=..., capacity=..., **settings)``: a node that is stopped at the end."""
    nodes: list[DicomNode] = []

    def start(*, capacity: Capacity | None = None, **more: Any) -> DicomNode:
        given = {name: more.pop(name) for name in ("store", "refuse") if name in more}
        node = DicomNode(node_settings(**more), capacity=capacity, **given)
        node.start()
        nodes.append(node)
        return node

    yield start
    for node in nodes:
        node.stop()


def call(
    program: str, node: DicomNode | int, *options: str, files: Sequence[str] = ()
) -> subprocess.CompletedProcess[str]:
    """One of dcmtk's programs, until it ends."""
    port = str(node if isinstance(node, int) else node.port)
    command = [program, *options, "127.0.0.1", port, *files]
    return subprocess.run(command, capture_output=True, text=True, timeout=50)


def written(folder: Path, *films: bytes) -> list[str]:
    paths = []
    for data in films:
        path = folder / f"{uuid4()}.dcm"
        path.write_bytes(data)
        paths.append(str(path))
    return paths


def held() -> list[bytes]:
    """The originals in quarantine, without the line before them."""
    return [path.read_bytes().partition(b"\n")[2] for path in quarantine.waiting()]


def test_echo(started: Callable[..., DicomNode]) -> None:
    node = started()
    assert call("echoscu", node, *TITLES).returncode == 0
    assert node.counts["echo"] == 1


@pytest.mark.parametrize(
    ("calling", "called", "why"),
    [
        ("STRANGER", "BONEAGE", "Calling AE Title Not Recognized"),
        ("pacs", "BONEAGE", "Calling AE Title Not Recognized"),
        ("FAR", "BONEAGE", "Calling AE Title Not Recognized"),
        ("PACS", "OTHER", "Called AE Title Not Recognized"),
    ],
)
def test_nobody_else_is_let_in(
    started: Callable[..., DicomNode], calling: str, called: str, why: str, tmp_path: Path
) -> None:
    callers = ("PACS@127.0.0.0/8", "FAR@10.0.0.0/8")
    node = started(allowed_callers=tuple(AllowedCaller.parse(text) for text in callers))
    answer = call("storescu", node, "-aet", calling, "-aec", called, files=written(tmp_path, film()))
    assert answer.returncode != 0
    assert why in answer.stdout + answer.stderr
    assert (node.counts["rejected"], held()) == (1, [])


def test_from_elsewhere_nothing_is_even_read(started: Callable[..., DicomNode], tmp_path: Path) -> None:
    node = started(allowed_callers=(AllowedCaller.parse("PACS@10.0.0.0/8"),))
    assert call("echoscu", node, *TITLES).returncode != 0
    assert node.counts == {}


def test_what_is_stored_is_what_was_sent(
    started: Callable[..., DicomNode], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    node = started()
    data = film(patient_name="Zhang^Xiaoming")
    assert call("storescu", node, *TITLES, files=written(tmp_path, data)).returncode == 0
    (kept,) = held()
    sent, got = pydicom.dcmread(io.BytesIO(data)), pydicom.dcmread(io.BytesIO(kept))
    assert got == sent
    assert got.file_meta.TransferSyntaxUID == uid.ExplicitVRLittleEndian
    assert kept[kept.index(b"DICM") :].endswith(data[-5000:]), "no byte of the data set was encoded anew"
    assert (quarantine.waiting()[0].stat().st_mode & 0o777) == 0o600
    told = caplog.text
    assert not [word for word in ("Zhang", "HOSP-0012345", "PACS", str(sent.SOPInstanceUID)) if word in told]


@pytest.mark.parametrize(
    ("syntax", "flag"),
    [
        (uid.ImplicitVRLittleEndian, "-xi"),
        (uid.ExplicitVRBigEndian, "-xb"),
        (uid.DeflatedExplicitVRLittleEndian, "-xd"),
        (uid.RLELossless, "-xr"),
        (uid.JPEGLSLossless, "-xt"),
    ],
)
def test_transfer_syntaxes(started: Callable[..., DicomNode], tmp_path: Path, syntax: str, flag: str) -> None:
    node = started()
    answer = call("storescu", node, *TITLES, "-R", flag, files=written(tmp_path, film(transfer_syntax=syntax)))
    assert answer.returncode == 0, answer.stderr
    (kept,) = held()
    assert pydicom.dcmread(io.BytesIO(kept)).file_meta.TransferSyntaxUID == syntax


@pytest.mark.real_data
def test_one_real_film_in_eight_encodings(started: Callable[..., DicomNode], real_data: Path) -> None:
    node = started()
    flags = {"J2KI": "-xw", "J2KR": "-xv", "JLSL": "-xt", "JLSN": "-xu", "JPLL": "-xs", "JPLY": "-xx", "RLE": "-xr"}
    films = {path: flags.get(path.name[-4:].strip("_"), "-xe") for path in (real_data / "dicom").glob("*__RG3_*")}
    assert len(films) == 8
    for path, flag in films.items():
        answer = call("storescu", node, *TITLES, "-R", flag, files=[str(path)])
        assert answer.returncode == 0, path.name
    sent = {dataset.file_meta.TransferSyntaxUID: dataset for dataset in map(pydicom.dcmread, films)}
    kept = [pydicom.dcmread(io.BytesIO(data)) for data in held()]
    assert {dataset.file_meta.TransferSyntaxUID for dataset in kept} == set(sent)
    assert all(dataset.PixelData == sent[dataset.file_meta.TransferSyntaxUID].PixelData for dataset in kept)


def test_raw_data_and_captures_are_taken_so_that_they_are_refused_with_a_reason(
    started: Callable[..., DicomNode], tmp_path: Path
) -> None:
    node = started()
    raw = film(1, extra={"SOPClassUID": uid.DigitalXRayImageStorageForProcessing})
    capture, computed = film(2, modality="OT"), film(3, modality="CR")
    files = written(tmp_path, raw, capture, computed)
    assert call("storescu", node, *TITLES, files=files).returncode == 0
    kept = {pydicom.dcmread(io.BytesIO(data), stop_before_pixels=True).SOPClassUID for data in held()}
    assert kept == set(STORED_CLASSES) - {uid.DigitalXRayImageStorageForPresentation}
    tomograph = film(4, extra={"SOPClassUID": uid.CTImageStorage})
    refused = call("storescu", node, *TITLES, files=written(tmp_path, tomograph))
    assert refused.returncode != 0
    assert len(held()) == 3


def test_four_associations_at_once(started: Callable[..., DicomNode], tmp_path: Path) -> None:
    node = started()
    batches = [written(tmp_path, *(film(10 * batch + k) for k in range(5))) for batch in range(4)]
    senders = [
        threading.Thread(target=call, args=("storescu", node, *TITLES), kwargs={"files": batch}) for batch in batches
    ]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    sent = {str(pydicom.dcmread(path, stop_before_pixels=True).SOPInstanceUID) for batch in batches for path in batch}
    kept = [str(pydicom.dcmread(io.BytesIO(data), stop_before_pixels=True).SOPInstanceUID) for data in held()]
    assert (len(kept), set(kept)) == (20, sent)
    assert node.counts["store 0000"] == 20


def test_full_means_out_of_resources_and_ends_only_with_room_to_spare(
    started: Callable[..., DicomNode], tmp_path: Path
) -> None:
    waiting, now = [0], [0.0]
    limits = CapacityLimits(free_bytes=100, waiting=10)
    capacity = Capacity(limits, free_bytes=lambda: 10**9, waiting=lambda: waiting[0], clock=lambda: now[0])
    node = started(capacity=capacity)

    def status() -> str:
        now[0] += 10
        answer = call("storescu", node, "-v", *TITLES, files=written(tmp_path, film()))
        return re.findall(r"Received Store Response \((.*?)\)", answer.stdout + answer.stderr)[0]

    assert status() == "Success"
    waiting[0] = 10
    assert status() == "Refused: OutOfResources"
    waiting[0] = 9
    assert status() == "Refused: OutOfResources"
    waiting[0] = 8
    assert status() == "Success"


@pytest.mark.parametrize(("free", "room"), [([500, 99, 110, 124, 125], [True, False, False, False, True])])
def test_the_disk_closes_the_door_too(free: list[int], room: list[bool]) -> None:
    left, now = iter(free), iter(range(0, 1000, 10))
    capacity = Capacity(
        CapacityLimits(free_bytes=100, waiting=10),
        free_bytes=lambda: next(left),
        waiting=lambda: 0,
        clock=lambda: next(now),
    )
    assert [capacity.has_room() for _ in free] == room


def test_a_store_that_cannot_be_made_durable_is_not_acknowledged(
    started: Callable[..., DicomNode], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(**arguments: Any) -> None:
        raise OSError("/somewhere/Zhang^Xiaoming")

    node = started(store=broken)
    answer = call("storescu", node, *TITLES, files=written(tmp_path, film()))
    assert answer.returncode != 0
    assert node.counts["store A700"] == 1
    assert "Zhang" not in caplog.text


@pytest.mark.parametrize("error", [None, OSError("/somewhere/Zhang^Xiaoming")])
def test_an_object_beyond_the_limit_ends_the_association(
    started: Callable[..., DicomNode], tmp_path: Path, caplog: pytest.LogCaptureFixture, error: Exception | None
) -> None:
    refused: list[tuple[str, Door]] = []

    def refuse(reason: Reason, *, door: Door) -> None:
        refused.append((reason.code, door))
        if error:
            raise error

    node = started(store_limit_bytes=50_000, refuse=refuse)
    assert call("storescu", node, *TITLES, files=written(tmp_path, film())).returncode != 0
    assert (node.counts["too large"], held()) == (1, [])
    assert refused == [("file_too_large", Door.C_STORE)]
    assert call("echoscu", node, *TITLES).returncode == 0
    assert "Zhang" not in caplog.text


def test_strangers_who_announce_gigabytes_or_say_nothing_hold_nobody_up(started: Callable[..., DicomNode]) -> None:
    node = started()
    with (
        socket.create_connection(("127.0.0.1", node.port)) as silent,
        socket.create_connection(("127.0.0.1", node.port), timeout=20) as greedy,
    ):
        greedy.sendall(b"\1\0" + (LONGEST_PDU_BYTES + 1).to_bytes(4, "big"))
        assert greedy.recv(100) == b""
        assert call("echoscu", node, *TITLES).returncode == 0
        silent.close()


def test_stopping_lets_a_running_store_end(started: Callable[..., DicomNode], tmp_path: Path) -> None:
    entered, ended = threading.Event(), []

    def slow(**arguments: Any) -> Any:
        entered.set()
        time.sleep(1.0)
        ended.append(len(arguments["data"]))
        return uuid4()

    node = DicomNode(node_settings(), store=slow)
    node.start()
    answers: list[int] = []
    files = written(tmp_path, film())
    sender = threading.Thread(target=lambda: answers.append(call("storescu", node, "-v", *TITLES, files=files).stderr))
    sender.start()
    assert entered.wait(20)
    node.stop()
    sender.join(20)
    assert len(ended) == 1
    assert node.counts["store 0000"] == 1
    with pytest.raises(OSError):  # noqa: PT011  # whichever the system answers for a port on which nobody listens
        socket.create_connection(("127.0.0.1", node.port), timeout=2).close()


def certificate(folder: Path, name: str, *, signed_by: str | None = None) -> tuple[Path, Path]:
    """A PEM certificate and key for localhost, made by openssl."""
    key, path, request = folder / f"{name}.key", folder / f"{name}.pem", folder / f"{name}.csr"
    new_key = ["-newkey", "rsa:2048", "-nodes", "-keyout", str(key), "-subj", f"/CN={name}"]
    if signed_by is None:
        commands = [["req", "-x509", *new_key, "-out", str(path), "-days", "2"]]
    else:
        by = ["-CA", str(folder / f"{signed_by}.pem"), "-CAkey", str(folder / f"{signed_by}.key"), "-CAcreateserial"]
        commands = [
            ["req", *new_key, "-out", str(request)],
            ["x509", "-req", "-in", str(request), *by, "-out", str(path), "-days", "2"],
        ]
    for command in commands:
        subprocess.run(["openssl", *command], check=True, capture_output=True)
    return path, key


def test_tls_with_certificates_of_callers(started: Callable[..., DicomNode], tmp_path: Path) -> None:
    authority, _ = certificate(tmp_path, "authority")
    mine, my_key = certificate(tmp_path, "node", signed_by="authority")
    theirs, their_key = certificate(tmp_path, "pacs", signed_by="authority")
    stranger, stranger_key = certificate(tmp_path, "stranger")
    node = started(certificate=mine, key=my_key, client_authority=authority)
    files = written(tmp_path, film())

    def send(certificate_file: Path, key_file: Path) -> int:
        tls = ("+tls", str(key_file), str(certificate_file), "+cf", str(authority))
        return call("storescu", node, *TITLES, *tls, files=files).returncode

    assert send(theirs, their_key) == 0
    assert send(stranger, stranger_key) != 0
    assert call("storescu", node, *TITLES, files=files).returncode != 0, "without TLS"
    assert len(held()) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"ae_title": "TITLE-WITH-17-CHARS"},
        {"ae_title": "   "},
        {"allowed_callers": ()},
        {"certificate": Path("a.pem")},
        {"client_authority": Path("a.pem")},
        {"longest_pdu_bytes": 100},
    ],
)
def test_settings_that_cannot_be_meant_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(NodeSettingsError):
        node_settings(**wrong)
    for text in ("", "back\\slash", "PACS@host.name", "PACS@10.0.0.0/99"):
        with pytest.raises(NodeSettingsError):
            AllowedCaller.parse(text)


_KILLED = """
import os, signal, sys, time
import django; django.setup()
from annotations.gateway.dicom_node import DicomNode
from annotations.gateway.node_settings import AllowedCaller, NodeSettings
from annotations.services import intake
def die(*arguments, **named): os.kill(os.getpid(), signal.SIGKILL)
def store(**arguments):
    if sys.argv[1] == "half":
        os.replace = die  # the bytes are written, under a name that nobody takes up
    arrival = intake.arrive(**arguments)
    if sys.argv[1] == "whole":
        die()
    return arrival
settings = NodeSettings(ae_title="BONEAGE", allowed_callers=(AllowedCaller("PACS"),), bind_address="127.0.0.1", port=0)
node = DicomNode(settings, store=store)
node.start()
print(node.port, flush=True)
time.sleep(50)
"""


@pytest.mark.parametrize(("moment", "whole"), [("half", 0), ("whole", 1)])
def test_killed_between_receiving_and_answering_nothing_is_half(tmp_path: Path, moment: str, whole: int) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("BONEAGE_")}
    environment |= {"BONEAGE_DATA_DIR": str(tmp_path / "data"), "DJANGO_SETTINGS_MODULE": "boneage_web.settings.dev"}
    command = [sys.executable, "-c", _KILLED, moment]
    with subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True) as node:
        try:
            assert node.stdout is not None
            answer = call("storescu", int(node.stdout.readline()), *TITLES, files=written(tmp_path, film()))
            assert node.wait(timeout=20) == -signal.SIGKILL
        finally:
            node.kill()
    assert answer.returncode != 0, "what was not answered is sent again"
    kept = [path for path in quarantine.waiting() if path.suffix == quarantine.HELD]
    assert len(kept) == whole
    assert all(pydicom.dcmread(io.BytesIO(data)).PixelData for data in held() if kept)
    for path in quarantine.waiting():
        with quarantine.take(path) as claim:
            assert (claim is not None) == bool(whole)
    assert quarantine.waiting() == []


def test_the_command_says_what_is_wrong_with_its_settings(settings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    settings.DICOM_ALLOWED_CALLERS = ()
    with pytest.raises(CommandError, match="No device is allowed to call"):
        call_command("dicom_node")
    settings.DICOM_ALLOWED_CALLERS = ("PACS@10.0.0.0/8",)
    call_command("dicom_node", "--check")
    assert "can be used" in capsys.readouterr().out
    settings.DICOM_CERTIFICATE_FILE = settings.DICOM_KEY_FILE = Path("/nowhere/a.pem")
    with pytest.raises(CommandError, match="PEM"):
        call_command("dicom_node", "--check")


def test_the_command_ends_on_sigterm(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("BONEAGE_")}
    environment |= {
        "BONEAGE_DATA_DIR": str(tmp_path / "data"),
        "DJANGO_SETTINGS_MODULE": "boneage_web.settings.dev",
        "BONEAGE_DICOM_PORT": str(free_port()),
        "BONEAGE_DICOM_ALLOWED_CALLERS": "PACS",
    }
    command = [sys.executable, "manage.py", "dicom_node"]
    with subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True) as node:
        try:
            assert node.stdout is not None
            assert "listens on port" in node.stdout.readline()
            port = int(environment["BONEAGE_DICOM_PORT"])
            assert call("storescu", port, *TITLES, files=written(tmp_path, film())).returncode == 0
            node.terminate()
            assert node.wait(timeout=20) == 0
        finally:
            node.kill()
    assert len(held()) == 1
