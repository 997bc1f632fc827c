"""The DICOM node as a process: its settings, its command, and what happens when it is stopped or killed."""

import io
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pydicom
import pytest
from django.core.management import CommandError, call_command

from annotations.gateway.dicom_node import DicomNode
from annotations.gateway.node_settings import AllowedCaller, NodeSettingsError
from annotations.services import quarantine
from tests.annotations.dicom_node.callers import ROOT, TITLES, call, film, held, node_settings, written
from tests.services.ports import free_port


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
