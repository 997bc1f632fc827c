"""The DICOM node when there is much, too much, or no room left."""

import io
import re
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pydicom
import pytest

from annotations.gateway.capacity import Capacity, CapacityLimits
from annotations.gateway.dicom_node import DicomNode
from annotations.gateway.dicom_transport import LONGEST_PDU_BYTES
from annotations.services.intake import Reason
from annotations.states import Door
from tests.annotations.dicom_node.callers import TITLES, call, film, held, written


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
