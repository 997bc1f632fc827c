"""Killed in the middle: after a restart the film is there once, whole, or not at all; and nothing else is."""

import os
import random
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.factories.films import film
from tests.prepared import put_databases

SEED = 20240131
KILLS = 6
_CHECK = """
import django; django.setup()
import sys
from pathlib import Path
from annotations.services import gate
from tests.factories.read_once import read_films_once, recall_what_was_read
read_films_once(); recall_what_was_read(Path(sys.argv[1]))
gate.sweep(); print(gate.work_off())
"""


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("BONEAGE_")}
    environment |= {"BONEAGE_DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "boneage_web.settings.dev"}
    return subprocess.run([sys.executable, *arguments], env=environment, capture_output=True, text=True, timeout=50)


def stored(folder: Path) -> list[str]:
    return sorted(path.name.split(".")[0] for path in (folder / "objects").rglob("*") if path.is_file())


def rows(folder: Path) -> list[tuple[str, str]]:
    with sqlite3.connect(folder / "db.sqlite3") as database:
        return database.execute(
            "SELECT r.id, s.state FROM annotations_radiograph r JOIN annotations_study s ON s.id = r.study_id"
        ).fetchall()


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with an empty database and a film beside it."""
    folder = tmp_path_factory.mktemp("data")
    put_databases(folder)
    (folder / "quarantine").mkdir()
    (folder / "film").write_bytes(film())
    return folder


@pytest.fixture
def folder(fresh: Path, steps: int, tmp_path: Path) -> Path:
    with sqlite3.connect(fresh / "db.sqlite3") as old, sqlite3.connect(tmp_path / "db.sqlite3") as new:
        old.backup(new)
    (tmp_path / "quarantine").mkdir()
    for name in ("film", "film.lines"):
        (tmp_path / name).write_bytes((fresh / name).read_bytes())
    return tmp_path


@pytest.fixture(scope="module")
def steps(fresh: Path, tmp_path_factory: pytest.TempPathFactory) -> int:
    """How many steps a whole intake has, on a copy."""
    copy = tmp_path_factory.mktemp("whole")
    with sqlite3.connect(fresh / "db.sqlite3") as old, sqlite3.connect(copy / "db.sqlite3") as new:
        old.backup(new)
    (copy / "quarantine").mkdir()
    whole = run(copy, "-m", "tests.annotations.kill_intake", str(fresh / "film"), "0")
    assert whole.returncode == 0, whole.stderr
    count, outcome = whole.stdout.split()
    assert outcome == "received"
    return int(count)


@pytest.mark.parametrize("number", range(KILLS))
def test_killed_at_any_step_the_film_is_there_once(folder: Path, steps: int, number: int) -> None:
    assert steps > 2 * KILLS
    width = steps / KILLS  # one kill in each part of the way, at a seeded place in it
    at = 1 + int(number * width + random.Random(SEED + number).random() * (width - 1))
    killed = run(folder, "-m", "tests.annotations.kill_intake", str(folder / "film"), str(at))
    assert killed.returncode == -9, f"step {at} of {steps}: {killed.stderr}"
    resumed = run(folder, "-c", _CHECK, str(folder / "film.lines"))
    assert resumed.returncode == 0, resumed.stderr
    assert [path for path in (folder / "quarantine").iterdir() if path.is_file()] == [], f"step {at}"
    after = rows(folder)
    assert len(after) <= 1, f"step {at}"
    assert stored(folder) == [_uuid(pk) for pk, _ in after for _ in range(3)], f"step {at}"
    again = run(folder, "-m", "tests.annotations.kill_intake", str(folder / "film"), "0")
    assert again.returncode == 0, again.stderr
    assert again.stdout.split()[1] == ("duplicate" if after else "received")
    assert [state for _, state in rows(folder)] == ["ready"]
    assert stored(folder) == [_uuid(pk) for pk, _ in rows(folder) for _ in range(3)]


def _uuid(text: str) -> str:
    plain = text.replace("-", "")
    return "-".join((plain[:8], plain[8:12], plain[12:16], plain[16:20], plain[20:]))
