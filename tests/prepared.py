"""Embedded databases, brought up to date once and copied: from empty that takes several seconds, and a hundred tests
need one; and the data folder of a demonstration without films. Made anew whenever the code of the web floors changes;
kept among the machine's temporary files.

A site prepares its own database from empty in ``tests/production`` and ``tests/boneage_web/test_supervisor.py``.
"""

import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from functools import cache
from pathlib import Path

import django

from inference.artifact import shipped_artifact

ROOT = Path(__file__).resolve().parents[1]
ALIASES = {"default": "db.sqlite3", "vault": "vault/vault.sqlite3"}
"""Django's name of a database -> where a site has it in its data folder."""
_MIGRATE = """
import sys
import django; django.setup()
from django.core.management import call_command
if sys.argv[1] == "vault":
    call_command("migrate", "vault", database="vault", verbosity=0)
    call_command("migrate", database="vault", fake=True, verbosity=0)  # no other app may write there, so nothing to do
else:
    call_command("migrate", database=sys.argv[1], verbosity=0)
"""
_DEMONSTRATE = """
import django; django.setup()
from boneage_web.site import demonstration, preparation
preparation.prepare(print)
demonstration.make_accounts()
demonstration.register_shipped_model()
"""
KEPT_SECONDS = 86_400
"""Databases of older code that nobody used for so long are thrown away."""


def make_databases() -> None:
    """Make them now, unless they are there."""
    _folder()


def put_databases(data_dir: Path, *, clinical: bool = False) -> None:
    """Give a data folder that has none yet its databases, empty and up to date; the vault's only in clinical mode."""
    for alias in ("default", "vault") if clinical else ("default",):
        path = data_dir / ALIASES[alias]
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        put_database(alias, path)


def put_database(alias: str, path: Path) -> None:
    """A copy of one of them at ``path``."""
    shutil.copyfile(_folder() / f"{alias}.sqlite3", path)


def put_demonstration(data_dir: Path) -> None:
    """Give an empty data folder all that ``manage.py serve --accounts-only`` makes in it before anything starts."""
    shutil.copytree(_demonstration(), data_dir, dirs_exist_ok=True)


@cache
def _demonstration() -> Path:
    """The data folder that is copied; made by the first who asks, while the others wait."""
    whole = _folder() / f"demonstration-{shipped_artifact().name}"
    with (_folder() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not whole.exists():
            part = whole.with_suffix(".part")
            shutil.rmtree(part, ignore_errors=True)
            put_databases(part)
            environment = _without_settings() | {"BONEAGE_DATA_DIR": str(part), "BONEAGE_DEMONSTRATION": "1"}
            made = subprocess.run(
                [sys.executable, "-c", _DEMONSTRATE], cwd=ROOT, env=environment, capture_output=True, text=True
            )
            if made.returncode:
                raise RuntimeError(f"the demonstration for the tests could not be made:\n{made.stderr}")
            part.rename(whole)
    return whole


@cache
def _folder() -> Path:
    """Where they lie; made by the first who asks, while the others wait."""
    name = f"boneage-prepared-{os.getuid()}"
    folder = Path(tempfile.gettempdir()) / f"{name}-{_sign_of_the_code()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "vault.sqlite3").exists():
            for old in folder.parent.glob(f"{name}-*"):
                if time.time() - old.stat().st_mtime > KEPT_SECONDS:
                    shutil.rmtree(old, ignore_errors=True)
            _make(folder)
        os.utime(folder)
    return folder


def _sign_of_the_code() -> str:
    seen = hashlib.sha256(f"{sys.version} {django.__version__}".encode())
    for part in ("annotations", "boneage_web"):
        for path in sorted((ROOT / part).rglob("*.py")):
            seen.update(f"{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    return seen.hexdigest()[:16]


def _without_settings() -> dict[str, str]:
    """The environment of a site that nobody has set up in any way."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BONEAGE_", "DJANGO_"))}
    return kept | {"DJANGO_SETTINGS_MODULE": "boneage_web.settings.dev"}


def _make(folder: Path) -> None:
    """Every migration on both databases, side by side, as in clinical mode."""
    with tempfile.TemporaryDirectory(prefix="boneage-preparing-") as data_dir:
        environment = _without_settings() | {"BONEAGE_DATA_DIR": data_dir, "BONEAGE_MODE": "clinical"}
        making = [
            subprocess.Popen(
                [sys.executable, "-c", _MIGRATE, alias],
                cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True,
            )
            for alias in ALIASES
        ]  # fmt: skip
        for one in making:
            _, said = one.communicate()
            if one.returncode:
                raise RuntimeError(f"the databases for the tests could not be made:\n{said}")
        for alias, name in ALIASES.items():  # the last one last: it says that all are there
            part = folder / f"{alias}.part"
            with closing(sqlite3.connect(Path(data_dir) / name)) as made, closing(sqlite3.connect(part)) as copy:
                made.backup(copy)
            part.rename(folder / f"{alias}.sqlite3")
