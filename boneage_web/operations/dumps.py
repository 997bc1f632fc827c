"""A database as one file, in its own tool's form: SQLite's backup interface, PostgreSQL's pg_dump and psql.

Both see one moment, beside people who work. A dump is restored whole or not at all.
"""

import gzip
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connections, transaction

from boneage_web.operations.rows import connected
from boneage_web.operations.stock import CHUNK_BYTES, copy_whole

_BEGIN = b"BEGIN; DROP SCHEMA public CASCADE; CREATE SCHEMA public;\n"
_WHOLE = b"PostgreSQL database dump complete"
_END, _SAID = b"\nCOMMIT;\n\\echo restored\n", b"restored"
"""psql commits nothing that breaks off before its end, even when this process is killed, and says that it has."""
SUFFIX = {"sqlite": "sqlite3", "postgresql": "sql.gz"}


class DumpError(Exception):
    """A database cannot be dumped or restored; the message says what to do."""


@contextmanager
def dumped(alias: str, path: Path) -> Iterator[str]:
    """Write the dump; within the block the alias that comes back reads exactly what the dump holds."""
    with _DUMPS[connections[alias].vendor](alias, path) as frozen:
        yield frozen


def restore_dump(alias: str, path: Path) -> None:
    """Put what the dump holds in the place of what is there. Raises DumpError; then nothing has changed."""
    connections[alias].close()
    _RESTORES[connections[alias].vendor](alias, path)


@contextmanager
def _dumped_sqlite(alias: str, path: Path) -> Iterator[str]:
    connection = connections[alias]
    connection.ensure_connection()
    with sqlite3.connect(path) as copy:
        connection.connection.backup(copy)
    copy.execute("PRAGMA journal_mode=DELETE")
    copy.close()
    with connected({"ENGINE": "django.db.backends.sqlite3", "NAME": path}, f"dump of {alias}") as frozen:
        yield frozen


@contextmanager
def _dumped_postgresql(alias: str, path: Path) -> Iterator[str]:
    with transaction.atomic(using=alias):
        with connections[alias].cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            (snapshot,) = cursor.fetchone()
        _write_dump(alias, path, snapshot)
        yield alias


def _write_dump(alias: str, path: Path, snapshot: str) -> None:
    arguments = ("--no-owner", "--no-privileges", f"--snapshot={snapshot}")
    with gzip.open(path, "wb", compresslevel=4) as file, _started(alias, "pg_dump", *arguments) as pg_dump:
        assert pg_dump.stdout is not None
        shutil.copyfileobj(pg_dump.stdout, file, CHUNK_BYTES)
        _, complained = pg_dump.communicate()
    if pg_dump.returncode != 0:
        raise DumpError(f"pg_dump failed: {complained.decode(errors='replace').strip()[:1000]}")


def _restore_sqlite(alias: str, path: Path) -> None:
    target = Path(connections[alias].settings_dict["NAME"])
    with sqlite3.connect(path) as copy:
        (verdict,) = copy.execute("PRAGMA integrity_check").fetchone()
    copy.close()
    if verdict != "ok":
        raise DumpError(f"{path} is a damaged database: {verdict}")
    if target.exists():
        with connections[alias].cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connections[alias].close()
    for name in (f"{target.name}-wal", f"{target.name}-shm"):  # of the database that goes
        target.with_name(name).unlink(missing_ok=True)
    copy_whole(path, target)


def _restore_postgresql(alias: str, path: Path) -> None:
    """One transaction: what was there is dropped and what was dumped is made, or nothing happens."""
    options = ("--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", f"--output={os.devnull}")
    with gzip.open(path, "rb") as dump, _started(alias, "psql", *options) as psql:
        assert psql.stdin is not None
        psql.stdin.write(_BEGIN)
        tail = b""
        while chunk := dump.read(CHUNK_BYTES):
            psql.stdin.write(chunk)
            tail = (tail + chunk)[-1000:]
        if _WHOLE in tail:
            psql.stdin.write(_END)
        said, complained = psql.communicate()
    if psql.returncode != 0 or _SAID not in said.splitlines():
        why = complained.decode(errors="replace").strip()[:1000] or f"{path} is not whole"
        raise DumpError(f"psql restored nothing: {why}")


@contextmanager
def _started(alias: str, program: str, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """One of PostgreSQL's programs on this database; killed when the block breaks off, so that it commits nothing."""
    found = shutil.which(program)
    if found is None:
        raise DumpError(f"{program} is not installed: apt-get install postgresql-client, of the server's version.")
    settings = connections[alias].settings_dict
    named = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    environment = {**os.environ, **{name: str(settings[key]) for name, key in named.items() if settings[key]}}
    process = subprocess.Popen(  # noqa: S603  # found above, no shell; the password is in nobody's list of processes
        [found, *arguments],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        yield process
    except BrokenPipeError:
        _, complained = process.communicate()
        raise DumpError(f"{program} broke off: {complained.decode(errors='replace').strip()[:1000]}") from None
    except BaseException:
        process.kill()
        process.wait()
        raise


_DUMPS: Mapping[str, Callable[[str, Path], Any]] = {"sqlite": _dumped_sqlite, "postgresql": _dumped_postgresql}
_RESTORES: Mapping[str, Callable[[str, Path], None]] = {
    "sqlite": _restore_sqlite,
    "postgresql": _restore_postgresql,
}
