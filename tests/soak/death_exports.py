"""Exports struck while they are made or sent: a file that somebody downloads, and one that a program writes.

A download is not a run: nobody takes it up again. What may not be is half a file that passes for a whole one. So the
person reads slowly, through a narrow window, the blow falls on the way, and either the file is whole or the connection
says that it is not; the next download is whole. What `manage.py export_boxes` writes has its name only when complete.
"""

import http.client
import io
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from tests.soak.death_blows import BLOWS
from tests.soak.served import ROOT

if TYPE_CHECKING:
    from tests.soak.deaths import World

FILES = ("/exports/boxes?format=voc", "/exports/studies?format=csv")
STRIKING = tuple(blow for blow in BLOWS if blow.name in {"kill the web", "kill everything", "restart"})
SLOW_SECONDS = 1.5
"""So long a whole slow download takes at least; the blow falls within it."""
_NARROW_BYTES = 4096
_SEGMENT_BYTES = 536
"""The smallest segment: the server's kernel then takes little at once, and a file of 30 kB waits in the server."""


@dataclass(frozen=True)
class Struck:
    """One export that was struck: where the blow found it, which it was, how the export ended, what was wrong."""

    at: str
    blow: str
    ended: str
    faults: list[str]


@dataclass(frozen=True)
class Export:
    """A kind of export, and one moment of it."""

    name: str
    live: Callable[["World"], Struck]


@dataclass
class Sent:
    """What arrived of one file.

    Attributes:
        whole: the connection said that this is all: as many bytes as announced.
    """

    data: bytes = b""
    announced: int = 0
    whole: bool = False


def download(site: "World", path: str, *, slowly: bool, into: Sent) -> None:
    """Read a file over a connection of its own; a broken one leaves what had arrived."""
    connection = http.client.HTTPConnection("127.0.0.1", site.served.port, timeout=60)
    try:
        connection.sock = _socket(site.served.port, narrow=slowly)
        cookie = "; ".join(f"{name}={value}" for name, value in site.caller.session.cookies.items())
        connection.request("GET", f"/api/v1{path}", headers={"Cookie": cookie})
        answer = connection.getresponse()
        if answer.status != 200:
            return
        into.announced = int(answer.headers["Content-Length"])
        pieces = max(1, into.announced // 1024)
        while piece := answer.read(1024):
            into.data += piece
            if slowly:
                time.sleep(SLOW_SECONDS / pieces)
        into.whole = len(into.data) == into.announced
    except (OSError, http.client.HTTPException):
        into.whole = False
    finally:
        connection.close()


def _socket(port: int, *, narrow: bool) -> socket.socket:
    made = socket.socket()
    made.settimeout(60)
    if narrow:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _NARROW_BYTES)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, _SEGMENT_BYTES)
    made.connect(("127.0.0.1", port))
    return made


def _struck_download(site: "World") -> Struck:
    path, blow = site.chance.choice(FILES), site.chance.choice(STRIKING)
    sent = Sent()
    reader = Thread(target=download, args=(site, path), kwargs={"slowly": True, "into": sent}, daemon=True)
    reader.start()
    time.sleep(site.chance.uniform(0, SLOW_SECONDS))
    at = f"{len(sent.data)} of {sent.announced or '?'} B"
    blow.strike(site, "")
    reader.join(120)
    if reader.is_alive():
        return Struck(at, blow.name, "hangs", [f"{path}: the download hangs"])
    again = Sent()
    download(site, path, slowly=False, into=again)
    return Struck(at, blow.name, "whole" if sent.whole else "cut", faults_of_download(path, sent, again))


def faults_of_download(path: str, sent: Sent, again: Sent) -> list[str]:
    """What is wrong with a struck download and the one after it."""
    wrong = []
    if not again.whole:
        wrong.append(f"{path}: the next download is not whole ({len(again.data)} of {again.announced} B)")
    if sent.whole and sent.data != again.data:
        wrong.append(f"{path}: what passed for whole is not the file ({len(sent.data)} of {len(again.data)} B)")
    if not again.data.startswith(sent.data):
        wrong.append(f"{path}: what arrived is not the file's beginning")
    if again.whole and path.startswith("/exports/boxes"):
        wrong += faults_of_zip(io.BytesIO(again.data), path)
    return wrong


def faults_of_zip(file: io.BytesIO | Path, name: str) -> list[str]:
    """Every entry of an archive is read to its checksum."""
    try:
        with zipfile.ZipFile(file) as archive:
            bad = archive.testzip()
            return [f"{name}: {bad} is damaged"] if bad else []
    except zipfile.BadZipFile as error:
        return [f"{name}: {error}"]


def _struck_program(site: "World") -> Struck:
    """`export_boxes`, killed while it writes, and then run to its end."""
    undisturbed, out = (site.folder / "exports" / name for name in ("undisturbed.zip", "boxes.zip"))
    undisturbed.unlink(missing_ok=True)
    first = _export(site, undisturbed)
    began = _begins_to_write(undisturbed, first)
    if first.wait():
        return Struck("the start", "none", "failed", ["an export that nothing disturbs fails"])
    seconds = time.monotonic() - began
    moment = site.chance.uniform(0, seconds)
    struck = _export(site, out)
    _begins_to_write(out, struck)
    time.sleep(moment)
    struck.kill()
    struck.wait()
    ended, wrong = "cut", list[str]()
    if out.exists():
        ended, wrong = "whole", faults_of_program(out, undisturbed)
        out.unlink()
    if _export(site, out).wait():
        wrong.append("the export after the killed one fails")
    wrong += faults_of_program(out, undisturbed)
    wrong += [f"{left.name} of a killed program is still there" for left in _half_written(out)]
    out.unlink(missing_ok=True)
    return Struck(f"{moment:.2f} of {seconds:.2f} s", "kill the program", ended, wrong)


def _begins_to_write(out: Path, program: "subprocess.Popen[bytes]") -> float:
    """The moment in which the file appears beside its later name, or the program ends."""
    while program.poll() is None:
        if _half_written(out):
            break
        time.sleep(0.005)
    return time.monotonic()


def _half_written(out: Path) -> list[Path]:
    """See `inference/written_aside.py`."""
    return list(out.parent.glob(f".{out.name}.*.part"))


def faults_of_program(out: Path, undisturbed: Path) -> list[str]:
    """The archive is there, whole, and the same to the last byte as the one that nothing disturbed."""
    if not out.exists():
        return [f"{out.name} is not there"]
    same = out.read_bytes() == undisturbed.read_bytes()
    return faults_of_zip(out, out.name) + ([] if same else [f"{out.name} is another file than the undisturbed one"])


def _export(site: "World", out: Path) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "manage.py", "export_boxes", "--pictures", "--out", str(out)],
        cwd=ROOT,
        env=site.served.environment,
        stdout=subprocess.DEVNULL,
    )


EXPORTS = (Export("download", _struck_download), Export("program", _struck_program))
