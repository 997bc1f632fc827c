"""A node that is stopped at the end, and a data folder for each test."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from annotations.gateway.capacity import Capacity
from annotations.gateway.dicom_node import DicomNode
from tests.annotations.dicom_node.callers import node_settings


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, settings: Any) -> None:
    settings.DATA_DIR = tmp_path / "data"


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
