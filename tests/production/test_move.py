"""`move_to`: killed and started again, everything arrives; a worker then needs store, broker and database alone."""

import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.production.compose_files import ROOT
from tests.production.installation import Installation
from tests.services.postgres import postgres
from tests.services.redis import redis
from tests.services.s3 import KEY, SECRET, s3

WORK = """
import django; django.setup()
from boneage_web.registry.selectors import active_model
from boneage_web.runs.kinds import RunKind
from boneage_web.runs.services.ledger import create_run
model = active_model()
print(create_run(kind=RunKind.INFER, parameters={"model": str(model.pk), "cohort": None}, requested_by=None).pk)
"""
LOOK = """
import django; django.setup()
from boneage_web.runs.models import Run
from boneage_web.runs.run_log import log_tail
run = Run.objects.get(pk="{run}")
print(run.status, run.worker, run.error_message, log_tail(run.pk, 1000))
"""


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Addresses of an empty PostgreSQL, an empty store and a Redis, as settings."""
    keys = tmp_path_factory.mktemp("keys")
    (keys / "access").write_text(KEY)
    (keys / "secret").write_text(SECRET)
    with ExitStack() as stack:
        yield {
            "BONEAGE_DATABASE_URL": stack.enter_context(postgres()),
            "BONEAGE_STORAGE_URL": stack.enter_context(s3()),
            "BONEAGE_STORAGE_ACCESS_KEY_FILE": str(keys / "access"),
            "BONEAGE_STORAGE_SECRET_KEY_FILE": str(keys / "secret"),
            "BONEAGE_REDIS_URL": stack.enter_context(redis()),
        }


def words(servers: dict[str, str]) -> list[str]:
    return [
        *("move_to", "--database", servers["BONEAGE_DATABASE_URL"], "--storage", servers["BONEAGE_STORAGE_URL"]),
        *("--storage-access-key-file", servers["BONEAGE_STORAGE_ACCESS_KEY_FILE"]),
        *("--storage-secret-key-file", servers["BONEAGE_STORAGE_SECRET_KEY_FILE"]),
    ]


def until(condition: Callable[[], Any], seconds: float = 120) -> Any:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if value := condition():
            return value
        time.sleep(0.02)
    raise TimeoutError


def killed_when(site: Installation, command: list[str], condition: Callable[[], Any]) -> None:
    """Start a command and kill it in the middle."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", *command],
        cwd=ROOT, env=site.environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    until(lambda: condition() or process.poll() is not None)
    assert process.poll() is None, "it had ended before"
    process.send_signal(signal.SIGKILL)
    process.wait()


@pytest.mark.timeout(400)  # some fifteen Python processes start in it: minutes on a loaded machine
def test_a_site_moves_although_it_is_killed_twice(servers: dict[str, str], filled_folder: Path, tmp_path: Path) -> None:
    site = Installation(tmp_path / "one-machine")
    shutil.copytree(filled_folder, site.data_dir)
    before = site.state()
    assert [name for name in before["files"] if name.startswith("case_pictures/")]
    moved = Installation(tmp_path / "servers", **servers)  # nothing but the servers: no file of the first folder

    # in the middle of the files
    def lines() -> int:
        return sum(path.read_text().count('"name"') for path in site.data_dir.glob("move-*.jsonl"))

    killed_when(site, words(servers), lambda: lines() >= 3)

    # in the middle of the rows: somebody holds a table of the new database
    moved.must("migrate")
    url = servers["BONEAGE_DATABASE_URL"]
    with psycopg.connect(url) as holds, psycopg.connect(url, autocommit=True) as looks:
        holds.execute("LOCK TABLE annotations_event IN EXCLUSIVE MODE")

        def waits() -> bool:
            statement = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'INSERT%event%'"
            return looks.execute(statement).fetchone() is not None

        killed_when(site, words(servers), waits)
        holds.rollback()
        until(lambda: not waits())
        assert looks.execute("SELECT count(*) FROM annotations_radiograph").fetchone() == (0,)

    said = site.must(*words(servers))
    files = len(before["files"])
    assert f"{files} files; {files} of them are there already." in said
    assert "all digests equal" in said
    assert "chains hold" in said
    assert f"BONEAGE_DATABASE_URL={url}" in said
    assert moved.state() == before
    assert site.state()["rows"] == before["rows"], "what was moved from is as it was"

    # told twice, it does nothing twice; and the old database is not started by accident
    assert "are there." in site.must(*words(servers))
    refused = site.run("prepare")
    assert refused.returncode != 0
    assert "was moved to" in refused.stderr

    work_on_another_machine(servers, tmp_path, moved)


def work_on_another_machine(servers: dict[str, str], tmp_path: Path, site: Installation) -> None:
    """A worker with an empty folder and without keys: model and films come from the store, the log goes there."""
    worker_folder = tmp_path / "another-machine"
    other = Installation(worker_folder, **servers, BONEAGE_KEYS="0", BONEAGE_WORKER_THREADS="1")
    worker = subprocess.Popen(
        [sys.executable, "manage.py", "worker", "--queue", "cpu"],
        cwd=ROOT, env=other.environment(BONEAGE_SWEEP_SECONDS="1"), stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        run = site.python(WORK).strip()
        ended = "SELECT 1 FROM runs_run WHERE id = %s AND status IN ('succeeded', 'failed')"
        with psycopg.connect(servers["BONEAGE_DATABASE_URL"], autocommit=True) as looks:
            until(lambda: looks.execute(ended, [run]).fetchone(), 120)
        said = site.python(LOOK.format(run=run))
    finally:
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=45) == 0, worker.stderr.read() if worker.stderr else ""
    assert said.startswith("succeeded"), said
    assert "attempt 1 of infer" in said, "the web server reads the log of another machine's worker"
    assert not (worker_folder / "keys").exists()
    assert list((worker_folder / "artifacts").glob("*/manifest.json"))
    assert site.state()["rows"]["results_prediction"]["rows"] >= 1


@pytest.mark.timeout(180)
def test_a_database_of_others_is_left_alone(tmp_path: Path) -> None:
    site = Installation(tmp_path / "site")
    site.data_dir.mkdir()
    site.must("prepare")
    with postgres() as url:
        other = Installation(tmp_path / "other", BONEAGE_DATABASE_URL=url)
        other.must("prepare", "--shipped-model")
        refused = site.run("move_to", "--database", url)
        assert refused.returncode != 0
        assert "not this site's" in refused.stderr
        assert other.state()["rows"]["registry_modelversion"]["rows"] == 1
    gone = site.run("move_to", "--database", url)
    assert gone.returncode != 0
    assert "failed in the new place" in gone.stderr
    assert "Traceback" not in gone.stderr.split("failed in the new place")[0]
    assert not (site.data_dir / "moved_to").exists()


@pytest.mark.timeout(240)
def test_a_clinical_site_takes_its_vault_along(tmp_path: Path) -> None:
    vault = Installation(tmp_path / "site")
    vault.data_dir.mkdir()
    vault.must("vault_keys", "--out", str(tmp_path / "pair"))
    public = str(tmp_path / "pair" / "vault_public_key")
    site = Installation(vault.data_dir, BONEAGE_MODE="clinical", BONEAGE_VAULT_PUBLIC_KEY_FILE=public)
    site.fill(films=1)
    said = site.must("backup", "--to", str(tmp_path / "backups"))
    assert "vault's private key" in said
    kept = {path.name for path in (tmp_path / "backups" / "backups").glob("*/*")}
    assert {"vault.sqlite3", "default.sqlite3"} <= kept
    private = (tmp_path / "pair" / "vault_private_key").read_bytes().split()[1]
    assert not [path for path in (tmp_path / "backups").rglob("*") if path.is_file() and private in path.read_bytes()]

    with postgres() as url:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE DATABASE vault")
        vault_url = url.removesuffix("/postgres") + "/vault"
        refused = site.run("move_to", "--database", url)
        assert "--vault-database" in refused.stderr
        said = site.must("move_to", "--database", url, "--vault-database", vault_url)
        assert "films without one: 0" in said
        assert len(list((site.data_dir / "objects" / "films").iterdir())) == 1, "files that stay are not cleared away"
        with psycopg.connect(vault_url) as connection:
            assert connection.execute("SELECT count(*) FROM vault_vaultentry").fetchone() == (1,)
