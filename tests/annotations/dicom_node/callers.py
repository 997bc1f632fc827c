"""What the tests of the DICOM node share: films, dcmtk's programs, and what is in quarantine."""

import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

from annotations.gateway.dicom_node import DicomNode
from annotations.gateway.node_settings import AllowedCaller, NodeSettings
from annotations.services import quarantine
from tests.factories.dicom import drawn_hand, hand_dicom

ROOT = Path(__file__).resolve().parents[3]
PICTURE = drawn_hand(300, 240)
TITLES = ("-aet", "PACS", "-aec", "BONEAGE")


def film(number: int = 1, **more: Any) -> bytes:
    return hand_dicom(PICTURE, number=number, **more)


def node_settings(**more: Any) -> NodeSettings:
    given = {"ae_title": "BONEAGE", "allowed_callers": (AllowedCaller.parse("PACS@127.0.0.0/8"),), **more}
    return NodeSettings(bind_address="127.0.0.1", port=0, **given)


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
