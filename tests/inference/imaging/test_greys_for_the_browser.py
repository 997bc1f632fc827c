"""The greys that the browser's own table is held against: `frontend/tests/workbench/greys.json`, made by this file.

`python -m tests.inference.imaging.test_greys_for_the_browser` writes it anew; frontend/tests/workbench/greys.test.ts
reads it.
"""

import json
from pathlib import Path
from typing import Any, get_args

import numpy as np

from inference.imaging.film import WindowFunction
from inference.imaging.render import window_to_8bit

TARGET = Path(__file__).parents[3] / "frontend/tests/workbench/greys.json"
WINDOWS = ((300.0, 256.0), (2000.0, 4000.0), (1234.25, 517.3), (40000.0, 60000.0), (700.0, 1.0))
"""Center and width: narrow, round numbers (whose greys fall on halves), broken ones, wide, a step."""


def greys() -> list[dict[str, Any]]:
    """For each window and function: grey values about the window, and what is shown for them."""
    tables = []
    for center, width in WINDOWS:
        about = np.linspace(center - 0.75 * width, center + 0.75 * width, 41)
        near = center + np.arange(-2, 3)
        values = np.unique(np.clip(np.rint(np.concatenate([about, near])), 0, 65535)).astype(np.uint16)
        for function in get_args(WindowFunction):
            shown = window_to_8bit(values, center, width, function)
            window = {"center": center, "width": width, "function": function}
            tables.append({"window": window, "values": values.tolist(), "greys": shown.tolist()})
    return tables


def _text() -> str:
    return "[\n" + ",\n".join(json.dumps(table) for table in greys()) + "\n]\n"


def test_the_committed_greys_are_those_of_the_server():
    assert TARGET.read_text(encoding="utf-8") == _text()


def test_the_functions_differ_in_them():
    narrow = [table["greys"] for table in greys() if table["window"]["width"] == 256]
    assert len(narrow) == len({tuple(shown) for shown in narrow}) == 3


if __name__ == "__main__":
    TARGET.write_text(_text(), encoding="utf-8")
