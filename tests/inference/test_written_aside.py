"""Whole or not at all: what fails leaves nothing, and what is killed leaves nothing for ever."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from inference.written_aside import written_aside

WRITES_FOR_EVER = """
import sys, time
from pathlib import Path
from inference.written_aside import written_aside

with written_aside(Path(sys.argv[1])) as aside:
    aside.mkdir()
    (aside / "half").write_text("half")
    print("writing", flush=True)
    time.sleep(600)
"""


def _writer(path: Path) -> "subprocess.Popen[str]":
    """A process that is in the middle of writing."""
    writer = subprocess.Popen([sys.executable, "-c", WRITES_FOR_EVER, str(path)], stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    assert writer.stdout.readline() == "writing\n"
    return writer


def test_a_file_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "table.csv"
    for text in ("first", "second"):
        with written_aside(path) as aside:
            aside.write_text(text)
            assert not path.exists() or path.read_text() == "first"
        assert path.read_text() == text
    assert list(path.parent.iterdir()) == [path]


def test_a_folder_appears_when_it_is_complete(tmp_path: Path) -> None:
    path = tmp_path / "boxes"
    with written_aside(path) as aside:
        aside.mkdir()
        (aside / "README.md").write_text("boxes")
        assert not path.exists()
    assert (path / "README.md").read_text() == "boxes"
    assert list(tmp_path.iterdir()) == [path]


def test_what_fails_leaves_nothing_and_touches_nothing(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("before")
    with pytest.raises(UnicodeEncodeError), written_aside(path) as aside:
        aside.write_text("half " * 10_000 + "标", encoding="ascii")
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_what_a_killed_process_left_goes_with_the_next_write_and_what_is_being_written_stays(tmp_path: Path) -> None:
    path = tmp_path / "boxes [1].zip"
    killed, living = _writer(path), _writer(path)
    try:
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        assert len(list(tmp_path.glob(".boxes*.part"))) == 2
        with written_aside(path) as aside:
            aside.write_text("whole")
        assert path.read_text() == "whole"
        (being_written,) = tmp_path.glob(".boxes*.part")
        assert (being_written / path.name / "half").read_text() == "half"
    finally:
        living.kill()
        living.wait()
    with written_aside(path) as aside:
        aside.write_text("again")
    assert list(tmp_path.iterdir()) == [path]
